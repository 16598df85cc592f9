"""Puts libbootstrap_token beside the module, if BOOTSTRAP_TOKEN_LIBRARY names its file, and tags the wheel for the
platform; without it the wheel is for any platform and takes the system's library."""

import os
import sys
import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FILE_NAMES = {"darwin": "libbootstrap_token.dylib", "win32": "bootstrap_token.dll"}


class LibraryHook(BuildHookInterface[Any]):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        named = os.environ.get("BOOTSTRAP_TOKEN_LIBRARY")
        if version == "editable" or not named:
            return
        library = Path(named).resolve()
        if not Path(named).is_absolute():
            raise ValueError(
                "BOOTSTRAP_TOKEN_LIBRARY has to be an absolute path: a build runs in a directory of its own"
            )
        if not library.is_file():
            raise FileNotFoundError(f"BOOTSTRAP_TOKEN_LIBRARY names {library}, which is no file")
        file_name = FILE_NAMES.get(sys.platform, "libbootstrap_token.so")
        build_data["force_include"][str(library)] = f"bootstrap_token/{file_name}"
        # The functions are called through ctypes: any Python 3 on the platform will do.
        platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{platform}"
