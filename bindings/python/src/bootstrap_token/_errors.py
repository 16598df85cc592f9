"""What the library's failures become."""

from __future__ import annotations

from ctypes import c_void_p
from typing import NoReturn

from ._codes import Code
from ._functions import FUNCTIONS

_error_message = FUNCTIONS["error_message"]
_error_free = FUNCTIONS["error_free"]
_result_message = FUNCTIONS["result_message"]


class BootstrapTokenError(Exception):
    """A call failed: `code` tells a program why, `str()` a person. Neither holds a secret,
    nor a text that was not understood."""

    def __init__(self, code: Code, message: str) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message

    def __str__(self) -> str:
        return self.message

    def __repr__(self) -> str:
        return f"{type(self).__name__}(Code.{self.code.name}, {self.message!r})"

    def __reduce__(self) -> tuple[type[BootstrapTokenError], tuple[Code, str]]:
        return type(self), (self.code, self.message)


class InvalidInputError(BootstrapTokenError, ValueError):
    """What was passed is not what it has to be, or not to be trusted."""


class NotFoundError(BootstrapTokenError, LookupError):
    """What was looked for is not there: a signature, a pinned certificate, a key."""


class ClosedError(BootstrapTokenError, ValueError):
    """A token, record or cluster was used after `close()`."""

    def __init__(self, code: Code = Code.NULL_POINTER, message: str = "used after close()") -> None:
        super().__init__(code, message)


#: No fault of the input.
_OWN = frozenset({Code.BUFFER_TOO_SMALL, Code.PANIC, Code.OTHER, Code.NO_RANDOMNESS})

_NOT_FOUND = frozenset(
    {
        Code.SECRET_MISSING_KEY,
        Code.NOT_PINNED,
        Code.CERTIFICATE_MISSING,
        Code.CLUSTER_INFO_NO_KUBECONFIG,
        Code.CLUSTER_INFO_NOT_SIGNED,
        Code.KUBECONFIG_NO_CLUSTER,
        Code.KUBECONFIG_NO_AUTHORITY,
    }
)


def of(number: int, message: str) -> BootstrapTokenError:
    code = Code(number)
    if code is Code.NULL_POINTER:
        return ClosedError()  # nothing else here is ever NULL
    if code in _NOT_FOUND:
        return NotFoundError(code, message)
    if code in _OWN or code.name.startswith("OTHER_"):
        return BootstrapTokenError(code, message)
    return InvalidInputError(code, message)


def fail(number: int, error: c_void_p) -> NoReturn:
    """Raises what a call returned, and frees its error object."""
    message = _error_message(error) or _result_message(number)
    _error_free(error)
    raise of(number, message.decode())
