"""Moments, which the library has as Unix seconds."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from enum import Enum

from ._codes import Code
from ._errors import InvalidInputError


class Never(Enum):
    """The type of `NEVER`."""

    NEVER = "never"

    def __str__(self) -> str:
        return "never"

    def __repr__(self) -> str:
        return "NEVER"


#: The expiration, and the `ttl`, of a token that never expires.
NEVER = Never.NEVER

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_SECOND = timedelta(seconds=1)


def since_epoch(moment: datetime | None, name: str) -> timedelta:
    """`None` is now: the one place where this package asks the clock."""
    if moment is None:
        moment = datetime.now(timezone.utc)
    if not isinstance(moment, datetime):
        raise TypeError(f"{name} has to be a datetime, not {type(moment).__name__}")
    if moment.utcoffset() is None:
        raise InvalidInputError(Code.INVALID_ARGUMENT, f"{name} has no time zone: give it one, such as timezone.utc")
    return moment - _EPOCH


def unix_seconds(moment: datetime | None, name: str) -> int:
    return since_epoch(moment, name) // _SECOND


def with_nanoseconds(moment: datetime | None, name: str) -> tuple[int, int]:
    """Unix seconds and the nanoseconds after them."""
    seconds, rest = divmod(since_epoch(moment, name), _SECOND)
    return seconds, rest.microseconds * 1000


def from_unix_seconds(seconds: int) -> datetime:
    try:
        return _EPOCH + timedelta(seconds=seconds)
    except OverflowError:  # the year 0, or 9999 seen from the west
        edge = datetime.min if seconds < 0 else datetime.max
        return edge.replace(tzinfo=timezone.utc)


def whole_seconds(span: timedelta, name: str) -> int:
    if not isinstance(span, timedelta):
        raise TypeError(f"{name} has to be a timedelta, not {type(span).__name__}")
    return span // _SECOND
