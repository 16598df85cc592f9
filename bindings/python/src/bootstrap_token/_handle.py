"""What the library made and Python holds."""

from __future__ import annotations

from ctypes import c_void_p
from types import TracebackType
from typing import NoReturn, TypeVar

from ._errors import ClosedError

Self = TypeVar("Self", bound="Handle")


class Handle:
    """Owns a pointer. The pointer object frees what it points to when nothing refers to it any more, so that a call in
    another thread ends before: `close()` only lets go of it."""

    __slots__ = ("_pointer", "__weakref__")

    _pointer: c_void_p | None

    @property
    def closed(self) -> bool:
        return self._pointer is None

    def close(self) -> None:
        """Lets go of it: it is wiped and freed now, or when nothing uses it any more, such as a call in another thread
        or another record of the same list. Closing twice is allowed, using it afterwards is a `ClosedError`."""
        self._pointer = None

    def _open(self) -> c_void_p:
        pointer = self._pointer
        if pointer is None:
            raise ClosedError()
        return pointer

    def __enter__(self: Self) -> Self:
        self._open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __reduce__(self) -> NoReturn:
        raise TypeError(f"a {type(self).__name__} belongs to one owner: it is neither copied nor pickled")
