"""The library's functions, bound once, with their types."""

from __future__ import annotations

from ctypes import CDLL, POINTER, c_bool, c_char_p, c_int64, c_size_t, c_uint32, c_void_p
from typing import Any, Callable

from . import _library

PREFIX = "bootstrap_token_"

_Object = c_void_p  # owned pointers among them: ctypes would turn a c_char_p into bytes and lose the pointer
_Out = POINTER(c_void_p)
_Text = [c_char_p, c_size_t]
_Buffer = [c_char_p, c_size_t]
_Length = POINTER(c_size_t)
_Answer = POINTER(c_bool)

_RESULT = c_uint32

#: What each function returns and takes, in the order of the header.
SIGNATURES: dict[str, tuple[Any, list[Any]]] = {
    "abi_version": (c_uint32, []),
    "version": (c_char_p, []),
    "result_name": (c_char_p, [c_uint32]),
    "result_message": (c_char_p, [c_uint32]),
    "error_code": (_RESULT, [_Object]),
    "error_message": (c_char_p, [_Object]),
    "error_free": (None, [_Object]),
    "bytes_data": (c_void_p, [_Object]),
    "bytes_len": (c_size_t, [_Object]),
    "bytes_free": (None, [_Object]),
    "parse": (_RESULT, [*_Text, _Out, _Out]),
    "generate": (_RESULT, [_Out, _Out]),
    "from_parts": (_RESULT, [*_Text, *_Text, _Out, _Out]),
    "clone": (_RESULT, [_Object, _Out, _Out]),
    "is_valid": (c_bool, [*_Text]),
    "copy_id": (_RESULT, [_Object, *_Buffer, _Out]),
    "expose_secret": (_RESULT, [_Object, *_Buffer, _Out]),
    "expose_text": (_RESULT, [_Object, *_Buffer, _Out]),
    "equal": (c_bool, [_Object, _Object]),
    "find_weakness": (c_uint32, [_Object]),
    "free": (None, [_Object]),
    "record_new": (_RESULT, [_Object, c_int64, _Out, _Out]),
    "record_free": (None, [_Object]),
    "record_token": (c_void_p, [_Object]),
    "record_expiration": (c_int64, [_Object]),
    "record_is_expired": (c_bool, [_Object, c_int64, c_uint32]),
    "record_usages": (c_uint32, [_Object]),
    "record_other_usage_count": (c_size_t, [_Object]),
    "record_other_usage": (c_void_p, [_Object, c_size_t, _Length]),
    "record_group_count": (c_size_t, [_Object]),
    "record_group": (c_void_p, [_Object, c_size_t, _Length]),
    "record_description": (c_void_p, [_Object, _Length]),
    "record_set_expiration": (_RESULT, [_Object, c_int64, _Out]),
    "record_set_ttl": (_RESULT, [_Object, c_int64, c_int64, _Out]),
    "record_set_usages": (_RESULT, [_Object, c_uint32, _Out]),
    "record_add_group": (_RESULT, [_Object, *_Text, _Out]),
    "record_clear_groups": (_RESULT, [_Object, _Out]),
    "record_set_description": (_RESULT, [_Object, *_Text, _Out]),
    "copy_secret_name": (_RESULT, [_Object, *_Buffer, _Out]),
    "record_from_secret_json": (_RESULT, [*_Text, _Out, _Out]),
    "record_expose_secret_json": (_RESULT, [_Object, _Out, _Out]),
    "record_list_from_json": (_RESULT, [*_Text, _Out, _Out]),
    "record_list_len": (c_size_t, [_Object]),
    "record_list_name": (c_void_p, [_Object, c_size_t, _Length]),
    "record_list_get": (_RESULT, [_Object, c_size_t, _Out, _Out]),
    "record_list_free": (None, [_Object]),
    "id_is_valid": (c_bool, [*_Text]),
    "group_is_valid": (c_bool, [*_Text]),
    "usage_parse": (_RESULT, [*_Text, POINTER(c_uint32), _Out]),
    "groups_identity": (_RESULT, [*_Text, _Out, _Out]),
    "copy_id_in_secret_name": (_RESULT, [*_Text, *_Buffer, _Out]),
    "expiration_check": (None, [*_Text, c_int64, c_uint32, POINTER(c_int64), _Out]),
    "copy_jws_key_name": (_RESULT, [_Object, *_Buffer, _Out]),
    "jws_sign": (_RESULT, [_Object, *_Text, _Out, _Out]),
    "jws_check": (None, [_Object, *_Text, *_Text, _Answer, _Out]),
    "jws_sign_with_key": (_RESULT, [*_Text, *_Text, *_Text, _Out, _Out]),
    "jws_check_with_key": (None, [*_Text, *_Text, *_Text, *_Text, _Answer, _Out]),
    "ca_count": (_RESULT, [*_Text, POINTER(c_size_t), _Out]),
    "ca_pin_compute": (_RESULT, [*_Text, c_size_t, *_Buffer, _Out]),
    "ca_pin_check": (None, [*_Text, *_Text, _Answer, _Out]),
    "cluster_info_verify": (_RESULT, [*_Text, _Object, *_Text, c_int64, _Out, _Out]),
    "cluster_info_verify_by_ca": (_RESULT, [*_Text, _Object, *_Text, c_int64, _Out, _Out]),
    "cluster_info_danger_verify_without_pin": (_RESULT, [*_Text, _Object, c_int64, _Out, _Out]),
    "cluster_server": (c_void_p, [_Object, _Length]),
    "cluster_ca_pem": (c_void_p, [_Object, _Length]),
    "cluster_expose_kubeconfig": (_RESULT, [_Object, _Object, _Out, _Out]),
    "cluster_free": (None, [_Object]),
}

_LIBRARY = _library.load()


def _bind(name: str, library: CDLL = _LIBRARY) -> Callable[..., Any]:
    try:
        function = getattr(library, PREFIX + name)
    except AttributeError:
        raise ImportError(
            f"{_LIBRARY._name} has no {PREFIX}{name}: it is older than this package; {_library.REMEDY}"
        ) from None
    function.restype, function.argtypes = SIGNATURES[name]
    bound: Callable[..., Any] = function
    return bound


FUNCTIONS: dict[str, Callable[..., Any]] = {name: _bind(name) for name in SIGNATURES}

_UNLOCKED = CDLL(_LIBRARY._name, handle=_LIBRARY._handle)

#: What takes long with thousands of Secrets: other threads run meanwhile, and must not be able to change what is read.
LIST_FROM_JSON_UNLOCKED = _bind("record_list_from_json", _UNLOCKED)


def version() -> str:
    """The version of the library, such as `0.1.0`."""
    return str(FUNCTIONS["version"]().decode())


def path() -> str:
    """The file that the library was loaded from, or its name if the system found it."""
    return _LIBRARY._name
