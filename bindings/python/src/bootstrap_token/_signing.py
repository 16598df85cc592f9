"""Signatures over cluster-info: detached JWS, HS256."""

from __future__ import annotations

from ctypes import c_bool

from . import _memory
from ._functions import FUNCTIONS
from ._memory import Text, text
from ._token import Token, pointer_of

_sign = FUNCTIONS["jws_sign"]
_check = FUNCTIONS["jws_check"]
_sign_with_key = FUNCTIONS["jws_sign_with_key"]
_check_with_key = FUNCTIONS["jws_check_with_key"]


def sign(content: Text, token: Token) -> str:
    """Signs a content as the controller manager signs cluster-info's kubeconfig."""
    jws = _memory.Bytes()
    _memory.call(_sign, pointer_of(token), *text(content, "content"), jws)
    return jws.copy().decode()


def verify(content: Text, jws: Text, token: Token) -> None:
    """Returns if a detached JWS is the token's signature over a content, and raises if not."""
    _memory.checked(_check, c_bool(), pointer_of(token), *text(content, "content"), *text(jws, "jws"))


def sign_with_key(content: Text, token_id: Text, key: Text) -> str:
    """Signs under a token ID with any key, for a token secret that is not well formed: the controller manager's signer
    does not look at its form."""
    jws = _memory.Bytes()
    _memory.call(_sign_with_key, *text(token_id, "token_id"), *text(key, "key"), *text(content, "content"), jws)
    return jws.copy().decode()


def verify_with_key(content: Text, jws: Text, token_id: Text, key: Text) -> None:
    """Returns if a detached JWS is what `sign_with_key` makes, and raises if not."""
    _memory.checked(
        _check_with_key,
        c_bool(),
        *text(token_id, "token_id"),
        *text(key, "key"),
        *text(content, "content"),
        *text(jws, "jws"),
    )
