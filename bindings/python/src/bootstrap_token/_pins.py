"""Public key pins of CA certificates, `sha256:<hex>`."""

from __future__ import annotations

from collections.abc import Iterable
from ctypes import c_bool, c_size_t
from typing import Union

from . import _memory
from ._codes import Code
from ._errors import NotFoundError
from ._functions import FUNCTIONS
from ._memory import Text, text

_count = FUNCTIONS["ca_count"]
_compute = FUNCTIONS["ca_pin_compute"]
_check = FUNCTIONS["ca_pin_check"]

#: One or more pins: one text, with commas between them, or several.
Pins = Union[str, Iterable[str]]


def joined(pins: Pins) -> str:
    if isinstance(pins, str):
        return pins
    listed = list(pins) if isinstance(pins, Iterable) else [pins]
    for pin in listed:
        if not isinstance(pin, str):
            raise TypeError(f"pins has to be str or several of them, not {type(pin).__name__}")
    return ",".join(listed)


def ca_pins(certificates: Text) -> list[str]:
    """The pin of each certificate of a file, PEM (a bundle) or DER (one certificate)."""
    count = c_size_t()
    _memory.call(_count, *text(certificates, "certificates"), count)
    return [
        _memory.copied(_compute, _memory.CA_PIN_SIZE, *text(certificates, "certificates"), index)
        for index in range(count.value)
    ]


def pin_matches(pins: Pins, certificates: Text) -> bool:
    """Whether a certificate of a file has one of the pins. The other certificates of a bundle are not vouched for."""
    try:
        _memory.checked(_check, c_bool(), *text(joined(pins), "pins"), *text(certificates, "certificates"))
    except NotFoundError as error:
        if error.code is not Code.NOT_PINNED:
            raise
        return False
    return True
