"""Texts into the library, and what it made out of it."""

from __future__ import annotations

from ctypes import Array, c_bool, c_char, c_int64, c_size_t, c_void_p, memmove, string_at
from typing import Any, Callable, TypeVar, Union

from . import _errors
from ._functions import FUNCTIONS
from ._pointer import Pointer

#: What a text may be passed as. Only a `bytearray` can be wiped by its owner; it is read where it stands.
Text = Union[str, bytes, bytearray]

#: What a check answers with.
Answer = TypeVar("Answer", c_bool, c_int64)

_error_code = FUNCTIONS["error_code"]
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


class Bytes(Pointer):
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
    # By the types' own methods: a subclass may have others, and a length that is not true would be read.
    if isinstance(value, str):
        # A lone surrogate becomes bytes that the library refuses; Python's own error would hold the text.
        value = str.encode(value, "utf-8", "surrogatepass")
    if isinstance(value, bytes):
        return value, bytes.__len__(value)
    if isinstance(value, bytearray):
        size = bytearray.__len__(value)
        return (c_char * size).from_buffer(value), size
    raise TypeError(f"{name} has to be str, bytes or bytearray, not {type(value).__name__}")


def call(function: Callable[..., int], *arguments: Any) -> None:
    """Calls a function whose last argument is the error object."""
    error = c_void_p()
    result = function(*arguments, error)
    if result:
        del arguments  # a bytearray must not stay locked for as long as the exception lives
        _errors.fail(result, error)


def checked(function: Callable[..., None], answer: Answer, *arguments: Any) -> Answer:
    """Asks what is answered by an output, the last argument but the error object: an answer of no is raised."""
    error = c_void_p()
    function(*arguments, answer, error)
    if not answer.value:
        del arguments  # as in `call`
        _errors.fail(_error_code(error), error)
    return answer


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
