"""Pointers to what the library made."""

from __future__ import annotations

from ctypes import c_void_p
from typing import NoReturn


class Pointer(c_void_p):
    """A pointer that owns what it points to, or keeps it alive. A second one would free it a second time."""

    def _refused(self, *_: object) -> NoReturn:
        raise TypeError("a pointer to what the library made belongs to one owner: it is neither copied nor pickled")

    __copy__ = __deepcopy__ = __reduce__ = __setstate__ = _refused
