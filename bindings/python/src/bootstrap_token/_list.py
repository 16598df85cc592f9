"""A list of Secrets, read in one crossing."""

from __future__ import annotations

from typing import Callable, NamedTuple

from . import _memory
from ._errors import BootstrapTokenError
from ._functions import FUNCTIONS, LIST_FROM_JSON_UNLOCKED
from ._memory import Text
from ._pointer import Pointer
from ._record import Record

_from_json = FUNCTIONS["record_list_from_json"]
_len = FUNCTIONS["record_list_len"]
_name = FUNCTIONS["record_list_name"]
_get = FUNCTIONS["record_list_get"]
_free = FUNCTIONS["record_list_free"]


class Entry(NamedTuple):
    """A Secret of a list: its record, or the reason why it has none."""

    name: str
    record: Record | None
    error: BootstrapTokenError | None


class _ListPointer(Pointer):
    def __del__(self, free: Callable[..., None] = _free) -> None:
        free(self)


class _Borrowed(Pointer):
    """A record in a list, which it keeps alive."""

    owner: _ListPointer


def records_from_list_json(json: Text) -> list[Entry]:
    """Reads a `SecretList` (or a `List`) as the API server sends it, in JSON: the Secrets in it that are of a bootstrap
    token's type, in order. Their token secrets are wiped when the last of the records is closed or collected. Other
    threads run meanwhile, unless it is read from a bytearray, which they could change."""
    secrets = _ListPointer()
    from_json = _from_json if isinstance(json, bytearray) else LIST_FROM_JSON_UNLOCKED
    _memory.call(from_json, *_memory.text(json, "json"), secrets)
    return [_entry(secrets, index) for index in range(_len(secrets))]


def _entry(secrets: _ListPointer, index: int) -> Entry:
    name = _memory.borrowed(_name, secrets, index)
    pointer = _Borrowed()
    pointer.owner = secrets
    try:
        _memory.call(_get, secrets, index, pointer)
    except BootstrapTokenError as error:
        return Entry(name, None, error.with_traceback(None))
    return Entry(name, Record._of(pointer), None)
