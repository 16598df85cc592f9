"""The token."""

from __future__ import annotations

from ctypes import c_void_p
from typing import Callable, ClassVar

from . import _errors, _memory
from ._codes import Weakness
from ._functions import FUNCTIONS
from ._handle import Handle
from ._memory import Text
from ._pointer import Pointer

_is_valid = FUNCTIONS["is_valid"]
_parse = FUNCTIONS["parse"]
_generate = FUNCTIONS["generate"]
_from_parts = FUNCTIONS["from_parts"]
_clone = FUNCTIONS["clone"]
_free = FUNCTIONS["free"]
_equal = FUNCTIONS["equal"]
_find_weakness = FUNCTIONS["find_weakness"]
_copy_id = FUNCTIONS["copy_id"]
_copy_secret_name = FUNCTIONS["copy_secret_name"]
_copy_jws_key_name = FUNCTIONS["copy_jws_key_name"]
_expose_secret = FUNCTIONS["expose_secret"]
_expose_text = FUNCTIONS["expose_text"]
_fail = _errors.fail
_text = _memory.text


class _Pointer(Pointer):
    def __del__(self, free: Callable[..., None] = _free) -> None:
        free(self)


class Token(Handle):
    """A bootstrap token: its ID, which is public, and its secret, which is wiped when the token is closed or collected.
    Never changes, so that threads may share it."""

    __slots__ = ()
    __hash__: ClassVar[None]  # type: ignore[assignment]  # a hash of the secret would tell of it

    def __init__(self) -> None:
        raise TypeError("a Token is made by Token.parse, Token.generate or Token.from_parts")

    @classmethod
    def parse(cls, text: Text) -> Token:
        """Reads `<id>.<secret>`; nothing is trimmed."""
        # Written out, without `call`, because tokens are parsed by the thousand.
        pointer = _Pointer()
        error = c_void_p()
        data, size = _text(text, "text")
        result = _parse(data, size, pointer, error)
        if result:
            del data
            _fail(result, error)
        token: Token = cls.__new__(cls)
        token._pointer = pointer
        return token

    @classmethod
    def generate(cls) -> Token:
        """Draws a token from the operating system's randomness."""
        pointer = _Pointer()
        _memory.call(_generate, pointer)
        return cls._of(pointer)

    @classmethod
    def from_parts(cls, token_id: Text, secret: Text) -> Token:
        """Makes a token of an ID and a secret, as they stand in a Secret's data."""
        pointer = _Pointer()
        _memory.call(_from_parts, *_text(token_id, "token_id"), *_text(secret, "secret"), pointer)
        return cls._of(pointer)

    @classmethod
    def _of(cls, pointer: c_void_p) -> Token:
        token: Token = cls.__new__(cls)
        token._pointer = pointer
        return token

    @classmethod
    def _copy_of(cls, borrowed: c_void_p) -> Token:
        pointer = _Pointer()
        _memory.call(_clone, borrowed, pointer)
        return cls._of(pointer)

    @staticmethod
    def is_valid(text: Text) -> bool:
        """Whether a text is a token."""
        # The shortest way for the usual case; `text` knows the others.
        if type(text) is str:
            try:
                data = text.encode()
            except UnicodeEncodeError:
                pass
            else:
                valid: bool = _is_valid(data, len(data))
                return valid
        valid = _is_valid(*_text(text, "text"))
        return valid

    @property
    def id(self) -> str:
        """The token ID, which is public."""
        return _memory.copied(_copy_id, _memory.ID_SIZE, self._pointer)

    @property
    def secret_name(self) -> str:
        """The name of the token's Secret, `bootstrap-token-<id>`."""
        return _memory.copied(_copy_secret_name, _memory.SECRET_NAME_SIZE, self._pointer)

    @property
    def jws_key_name(self) -> str:
        """The key of the token's signature in cluster-info, `jws-kubeconfig-<id>`."""
        return _memory.copied(_copy_jws_key_name, _memory.JWS_KEY_NAME_SIZE, self._pointer)

    @property
    def weakness(self) -> Weakness:
        """Why the token is easy to guess, if it is: `Weakness.NONE`, which is false, if no weakness was found."""
        return Weakness(_find_weakness(self._open()))

    def expose(self) -> bytearray:
        """The whole token, `<id>.<secret>`: whoever reads it can join the cluster, so wipe it after use."""
        return _memory.exposed(_expose_text, _memory.TEXT_SIZE, self._pointer)

    def expose_secret(self) -> bytearray:
        """The token secret alone: wipe it after use."""
        return _memory.exposed(_expose_secret, _memory.SECRET_SIZE, self._pointer)

    def __eq__(self, other: object) -> bool:
        """Compares the secrets in constant time."""
        if not isinstance(other, Token):
            return NotImplemented
        equal: bool = _equal(self._open(), other._open())
        return equal

    def __str__(self) -> str:
        return "<closed>" if self.closed else f"{self.id}.****************"

    def __repr__(self) -> str:
        return f"<Token {self}>"


def pointer_of(token: Token) -> c_void_p | None:
    if not isinstance(token, Token):
        raise TypeError(f"token has to be a Token, not {type(token).__name__}")
    return token._pointer
