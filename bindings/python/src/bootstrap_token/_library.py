"""Finds libbootstrap_token and loads it."""

from __future__ import annotations

import ctypes
import ctypes.util
import os
import sys
from pathlib import Path

#: BOOTSTRAP_TOKEN_ABI_VERSION of the header that this package was written against.
ABI_VERSION = 2

#: The environment variable that names the library's file.
VARIABLE = "BOOTSTRAP_TOKEN_LIBRARY"

if sys.platform == "darwin":
    FILE_NAME = "libbootstrap_token.dylib"
    SYSTEM_NAME = f"libbootstrap_token.{ABI_VERSION}.dylib"
elif sys.platform == "win32":
    FILE_NAME = SYSTEM_NAME = "bootstrap_token.dll"
else:
    FILE_NAME = "libbootstrap_token.so"
    SYSTEM_NAME = f"libbootstrap_token.so.{ABI_VERSION}"

REMEDY = (
    f"set {VARIABLE} to the file of a libbootstrap_token with ABI {ABI_VERSION}, "
    "install a wheel that has it inside, or install it on the system"
)


def load() -> ctypes.PyDLL:
    """Loads the library that `BOOTSTRAP_TOKEN_LIBRARY` names; without it the one beside this file; without that the
    system's. What was named or stands beside this file and cannot be used is an error, not a reason to look on."""
    named = os.environ.get(VARIABLE)
    if named:
        return _open(named, f"which {VARIABLE} names")
    beside = Path(__file__).with_name(FILE_NAME)
    if beside.exists():
        return _open(str(beside), "which came with this package")
    return _open_system(beside)


def _open_system(beside: Path) -> ctypes.PyDLL:
    try:
        ctypes.PyDLL(SYSTEM_NAME)
        name: str | None = SYSTEM_NAME
    except OSError:
        name = ctypes.util.find_library("bootstrap_token")
    if name is None:
        raise ImportError(
            f"libbootstrap_token is nowhere: {VARIABLE} is not set, there is no {beside}, "
            f"and the system has no {SYSTEM_NAME}; {REMEDY}"
        )
    return _open(name, "which the system has")


def _open(path: str, origin: str) -> ctypes.PyDLL:
    # PyDLL keeps the interpreter's lock: the calls are shorter than giving it away and taking it back.
    try:
        library = ctypes.PyDLL(path)
    except OSError as error:
        raise ImportError(f"{path}, {origin}, cannot be loaded: {error}; {REMEDY}", path=path) from None
    try:
        abi_version = library.bootstrap_token_abi_version
    except AttributeError:
        raise ImportError(f"{path}, {origin}, is no libbootstrap_token; {REMEDY}", path=path) from None
    abi_version.restype = ctypes.c_uint32
    found = abi_version()
    if found != ABI_VERSION:
        raise ImportError(
            f"{path}, {origin}, has ABI {found}, this package needs ABI {ABI_VERSION}; {REMEDY}", path=path
        )
    return library
