"""The record: a token with what stands beside it in its Secret."""

from __future__ import annotations

import json
from collections.abc import Iterable
from ctypes import c_void_p
from datetime import datetime, timedelta
from typing import Any, Callable

from . import _memory, _moment, _objects
from ._functions import FUNCTIONS
from ._handle import Handle
from ._memory import Text
from ._moment import NEVER, Never
from ._pointer import Pointer
from ._token import Token, pointer_of
from ._usage import KNOWN, Usage

#: The group that kubeadm gives by default; taken from the header.
DEFAULT_GROUP = "system:bootstrappers:kubeadm:default-node-token"
#: How long kubeadm lets a token live by default; taken from the header.
DEFAULT_TTL = timedelta(seconds=86400)
#: BOOTSTRAP_TOKEN_NEVER: what `NEVER` is to the library.
NEVER_SECONDS = 2**63 - 1

_call = _memory.call
_new = FUNCTIONS["record_new"]
_free = FUNCTIONS["record_free"]
_record_token = FUNCTIONS["record_token"]
_expiration = FUNCTIONS["record_expiration"]
_is_expired = FUNCTIONS["record_is_expired"]
_usages = FUNCTIONS["record_usages"]
_other_usage = FUNCTIONS["record_other_usage"]
_other_usage_count = FUNCTIONS["record_other_usage_count"]
_group = FUNCTIONS["record_group"]
_group_count = FUNCTIONS["record_group_count"]
_description = FUNCTIONS["record_description"]
_set_expiration = FUNCTIONS["record_set_expiration"]
_set_ttl = FUNCTIONS["record_set_ttl"]
_set_usages = FUNCTIONS["record_set_usages"]
_add_group = FUNCTIONS["record_add_group"]
_clear_groups = FUNCTIONS["record_clear_groups"]
_set_description = FUNCTIONS["record_set_description"]
_from_secret_json = FUNCTIONS["record_from_secret_json"]
_expose_secret_json = FUNCTIONS["record_expose_secret_json"]


class _Pointer(Pointer):
    def __del__(self, free: Callable[..., None] = _free) -> None:
        free(self)


class Record(Handle):
    """A token with its expiration, usages, extra groups and description: what stands in the Secret
    `bootstrap-token-<id>`. Never changes, so that threads may share it."""

    __slots__ = ()

    def __init__(
        self,
        token: Token,
        *,
        ttl: timedelta | Never | None = None,
        expiration: datetime | Never | None = None,
        usages: Usage | None = None,
        groups: Iterable[Text] | None = None,
        description: Text | None = None,
        now: datetime | None = None,
    ) -> None:
        """Makes a record of a token, which is copied, with kubeadm's defaults for what is not given or `None`. Either
        `ttl`, counted from `now`, or `expiration`; each may be `NEVER`, for a token that never expires. Whole seconds
        count, and a `ttl` has at least one."""
        self._pointer = None
        if usages is not None and not isinstance(usages, Usage):
            raise TypeError(f"usages has to be a Usage, not {type(usages).__name__}")
        if isinstance(groups, (str, bytes, bytearray)):
            raise TypeError("groups has to be several texts, not one")
        if expiration is not None and ttl is not None:
            raise TypeError("ttl and expiration exclude each other")
        pointer = _Pointer()
        seconds = _moment.unix_seconds(now, "now")
        _call(_new, pointer_of(token), seconds, pointer)
        if expiration is NEVER or ttl is NEVER:
            _call(_set_expiration, pointer, NEVER_SECONDS)
        elif expiration is not None:
            _call(_set_expiration, pointer, _moment.unix_seconds(expiration, "expiration"))
        elif ttl is not None:
            _call(_set_ttl, pointer, _moment.whole_seconds(ttl, "ttl"), seconds)
        if usages is not None:
            _call(_set_usages, pointer, usages.value)
        if groups is not None:
            _call(_clear_groups, pointer)
            for group in groups:
                _call(_add_group, pointer, *_memory.text(group, "group"))
        if description is not None:
            _call(_set_description, pointer, *_memory.text(description, "description"))
        self._pointer = pointer

    @classmethod
    def from_secret_json(cls, json: Text) -> Record:
        """Reads a Secret as the API server sends it, in JSON, by kubeadm's rules."""
        pointer = _Pointer()
        _call(_from_secret_json, *_memory.text(json, "json"), pointer)
        return cls._of(pointer)

    @classmethod
    def from_secret(cls, secret: Any) -> Record:
        """Reads a Secret as a dict, or as the official `kubernetes` client returns it."""
        return cls.from_secret_json(_objects.to_json(secret, "secret"))

    @classmethod
    def _of(cls, pointer: c_void_p) -> Record:
        record: Record = cls.__new__(cls)
        record._pointer = pointer
        return record

    @property
    def token(self) -> Token:
        """The token: a copy, which outlives the record and is closed by itself."""
        record = self._open()  # keeps alive what is borrowed from it
        return Token._copy_of(_record_token(record))

    @property
    def expiration(self) -> datetime | Never:
        """The moment from which the token is refused, in UTC; `NEVER` if it never expires. Either can be given
        to a new record. What `datetime` cannot hold is its first or last moment."""
        seconds = _expiration(self._open())
        return NEVER if seconds == NEVER_SECONDS else _moment.from_unix_seconds(seconds)

    def is_expired(self, now: datetime | None = None) -> bool:
        """Whether the token is refused at `now`; at the very moment of its expiration it is."""
        expired: bool = _is_expired(self._open(), *_moment.with_nanoseconds(now, "now"))
        return expired

    @property
    def usages(self) -> Usage:
        """What the token may be used for."""
        return Usage(_usages(self._open()) & KNOWN.value)

    @property
    def other_usages(self) -> tuple[str, ...]:
        """Usages that the cluster's own components do not know, such as k0s' `controller-join`."""
        record = self._open()
        return tuple(_memory.borrowed(_other_usage, record, index) for index in range(_other_usage_count(record)))

    @property
    def groups(self) -> tuple[str, ...]:
        """The extra groups, in stored order."""
        record = self._open()
        return tuple(_memory.borrowed(_group, record, index) for index in range(_group_count(record)))

    @property
    def description(self) -> str:
        """What the token is for, in words; empty for none."""
        return _memory.borrowed(_description, self._pointer)

    def expose_secret_json(self) -> bytearray:
        """The JSON of the record's Secret, ready for the API server. As secret as the token: wipe it after use."""
        content = _memory.Bytes()
        _call(_expose_secret_json, self._pointer, content)
        return content.expose()

    def to_secret(self) -> dict[str, Any]:
        """The record's Secret as the official `kubernetes` client takes it. As secret as the token."""
        content = self.expose_secret_json()
        try:
            secret: dict[str, Any] = json.loads(content)
        finally:
            content[:] = bytes(len(content))
        return secret

    def __repr__(self) -> str:
        if self.closed:
            return "<Record <closed>>"
        with self.token as token:
            return f"<Record {token} expiration={self.expiration} usages={self.usages} groups={self.groups}>"
