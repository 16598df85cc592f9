"""What a Secret's single values have to be."""

from __future__ import annotations

from ctypes import c_int64
from datetime import datetime, timedelta

from . import _memory, _moment
from ._functions import FUNCTIONS
from ._memory import Text, text

_id_is_valid = FUNCTIONS["id_is_valid"]
_group_is_valid = FUNCTIONS["group_is_valid"]
_groups_identity = FUNCTIONS["groups_identity"]
_copy_id_in_secret_name = FUNCTIONS["copy_id_in_secret_name"]
_expiration_check = FUNCTIONS["expiration_check"]


def id_is_valid(token_id: Text) -> bool:
    """Whether a text is a token ID."""
    valid: bool = _id_is_valid(*text(token_id, "token_id"))
    return valid


def group_is_valid(group: Text) -> bool:
    """Whether a text is an extra group."""
    valid: bool = _group_is_valid(*text(group, "group"))
    return valid


def groups_identity(extra_groups: Text) -> list[str]:
    """The groups that a token's bearer is in, sorted, by the value of `auth-extra-groups` in its Secret."""
    groups = _memory.Bytes()
    _memory.call(_groups_identity, *text(extra_groups, "extra_groups"), groups)
    return groups.copy().decode().split(",")


def id_in_secret_name(name: Text) -> str:
    """The token ID in the name of a Secret."""
    return _memory.copied(_copy_id_in_secret_name, _memory.ID_SIZE, *text(name, "name"))


def expiration_remaining(expiration: Text, now: datetime | None = None) -> timedelta:
    """How much time is left to a token by the value of `expiration` in its Secret: RFC 3339, or empty for a token that
    never expires, which is told as 292 years. If nothing is left, the error has the code `EXPIRED`."""
    moment = _moment.with_nanoseconds(now, "now")
    remaining = _memory.checked(_expiration_check, c_int64(), *text(expiration, "expiration"), *moment)
    return timedelta(microseconds=remaining.value // 1000)
