"""Texts into the library, and what it made out of it."""

from __future__ import annotations

from ctypes import Array, c_char, c_size_t, c_void_p, memmove, string_at
from typing import Any, Callable, Union

from . import _errors
from ._functions import FUNCTIONS

#: What a text may be passed as. Only a `bytearray` can be wiped by its owner; it is read where it stands.
Text = Union[str, bytes, bytearray]

_bytes_data = FUNCTIONS["bytes_data"]
_bytes_len = FUNCTIONS["bytes_len"]
_bytes_free = FUNCTIONS["bytes_free"]

#: Taken from the header: the room that `copy_*` and `expose_*` want, with a NUL.
ID_SIZE = 7
SECRET_SIZE = 17
TEXT_SIZE = 24
SECRET_NAME_SIZE = 23
JWS_KEY_NAME_SIZE = 22
CA_PIN_SIZE = 72


class Bytes(c_void_p):
    """Bytes that a call made; wiped and freed when nothing refers to them."""

    def __del__(self, free: Callable[..., None] = _bytes_free) -> None:
        free(self)

    def copy(self) -> bytes:
        return string_at(_bytes_data(self), _bytes_len(self))

    def expose(self) -> bytearray:
        size = _bytes_len(self)
        exposed = bytearray(size)
        memmove((c_char * size).from_buffer(exposed), _bytes_data(self), size)
        return exposed


def text(value: Text, name: str) -> tuple[Any, int]:
    """The pointer and the length that the library wants for a text."""
    if isinstance(value, str):
        # A lone surrogate becomes bytes that the library refuses; Python's own error would hold the text.
        value = value.encode("utf-8", "surrogatepass")
    if isinstance(value, bytes):
        return value, len(value)
    if isinstance(value, bytearray):
        return (c_char * len(value)).from_buffer(value), len(value)
    raise TypeError(f"{name} has to be str, bytes or bytearray, not {type(value).__name__}")


def call(function: Callable[..., int], *arguments: Any) -> None:
    """Calls a function whose last argument is the error object."""
    error = c_void_p()
    result = function(*arguments, error)
    if result:
        del arguments  # a bytearray must not stay locked for as long as the exception lives
        _errors.fail(result, error)


def copied(function: Callable[..., int], size: int, *arguments: Any) -> str:
    """What a function writes into a buffer of that size as its last arguments but the error object."""
    buffer: Array[c_char] = (c_char * size)()
    try:
        call(function, *arguments, buffer, size)
    finally:
        del arguments  # as in `call`
    return str(buffer.value.decode())


def exposed(function: Callable[..., int], size: int, *arguments: Any) -> bytearray:
    """As `copied`, in the one place that the caller can wipe."""
    secret = bytearray(size)
    call(function, *arguments, (c_char * size).from_buffer(secret), size)
    del secret[-1:]  # the NUL
    return secret


def borrowed(function: Callable[..., int | None], owner: c_void_p | None, *arguments: Any) -> str:
    """A text that belongs to an object; `owner` keeps that alive."""
    length = c_size_t()
    pointer = function(owner, *arguments, length)
    if pointer is None:
        raise _errors.ClosedError()
    return string_at(pointer, length.value).decode()
