"""What a token may be used for."""

from __future__ import annotations

from ctypes import c_uint32
from enum import Flag

from . import _memory
from ._functions import FUNCTIONS
from ._memory import Text

_usage_parse = FUNCTIONS["usage_parse"]


class Usage(Flag):
    """What a token may be used for; `Usage(0)` is nothing."""

    #: As a bearer token at the API server.
    AUTHENTICATION = 1
    #: As the key that signs cluster-info.
    SIGNING = 2

    @classmethod
    def parse(cls, name: Text) -> Usage:
        """The usage of that name, `authentication` or `signing`."""
        bit = c_uint32()
        _memory.call(_usage_parse, *_memory.text(name, "name"), bit)
        return cls(bit.value)


#: The bits of the header; a newer library may know more.
KNOWN = Usage.AUTHENTICATION | Usage.SIGNING
