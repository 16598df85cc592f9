"""Which library is loaded, and what is said if none can be."""

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from types import ModuleType
from typing import Optional
from unittest import mock

from paths import SOURCE

import bootstrap_token

LIBRARY = bootstrap_token.library_path()
REMEDY = (
    "set BOOTSTRAP_TOKEN_LIBRARY to the file of a libbootstrap_token with ABI 2, "
    "install a wheel that has it inside, or install it on the system"
)


def lone_library_module() -> ModuleType:
    """`_library` without the package, which would load at once."""
    spec = importlib.util.spec_from_file_location("lone", SOURCE / "bootstrap_token" / "_library.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Loader(unittest.TestCase):
    def setUp(self) -> None:
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = Path(directory.name)

    def compiled(self, source: str) -> Path:
        """A library of our own; `source` is C."""
        file = self.directory / "fake.c"
        file.write_text(source)
        library = self.directory / "fake.so"
        subprocess.run(["cc", "-shared", "-fPIC", "-o", str(library), str(file)], check=True)
        return library

    def package(self) -> Path:
        """A copy of the package, beside which a library can be put."""
        shutil.copytree(SOURCE / "bootstrap_token", self.directory / "bootstrap_token")
        return self.directory / "bootstrap_token"

    def run_import(self, source: Path, library: Optional[object], **more: str) -> "subprocess.CompletedProcess[str]":
        environment: dict[str, str] = {"PATH": os.environ["PATH"], "PYTHONPATH": str(source), **more}
        if library is not None:
            environment["BOOTSTRAP_TOKEN_LIBRARY"] = str(library)
        program = "import bootstrap_token as b; print(b.library_path(), b.Token.is_valid('k3x9qf.7w2mz0r8tc4vb1nj'))"
        return subprocess.run(
            [sys.executable, "-B", "-X", "dev", "-W", "error", "-c", program],
            env=environment,
            capture_output=True,
            text=True,
        )

    def refused(self, library: Optional[object], source: Path = SOURCE) -> str:
        done = self.run_import(source, library)
        self.assertEqual(done.returncode, 1, done.stdout)
        last = done.stderr.strip().splitlines()[-1]
        self.assertTrue(last.startswith("ImportError: "), done.stderr)
        return last[len("ImportError: ") :]

    def test_another_abi(self) -> None:
        fake = self.compiled("unsigned bootstrap_token_abi_version(void) { return 7; }")
        self.assertEqual(
            self.refused(fake),
            f"{fake}, which BOOTSTRAP_TOKEN_LIBRARY names, has ABI 7, this package needs ABI 2; {REMEDY}",
        )

    def test_a_library_that_is_older(self) -> None:
        fake = self.compiled("unsigned bootstrap_token_abi_version(void) { return 2; }")
        self.assertEqual(
            self.refused(fake), f"{fake} has no bootstrap_token_version: it is older than this package; {REMEDY}"
        )

    def test_another_library(self) -> None:
        fake = self.compiled("int other(void) { return 7; }")
        self.assertEqual(
            self.refused(fake), f"{fake}, which BOOTSTRAP_TOKEN_LIBRARY names, is no libbootstrap_token; {REMEDY}"
        )

    def test_no_library(self) -> None:
        text = self.directory / "text.so"
        text.write_text("not a library")
        self.assertTrue(
            self.refused(text).startswith(f"{text}, which BOOTSTRAP_TOKEN_LIBRARY names, cannot be loaded: ")
        )

    def test_no_file(self) -> None:
        missing = self.directory / "missing.so"
        message = self.refused(missing)
        self.assertTrue(
            message.startswith(f"{missing}, which BOOTSTRAP_TOKEN_LIBRARY names, cannot be loaded: "), message
        )
        self.assertTrue(message.endswith(REMEDY), message)

    def test_the_named_one_goes_before_the_one_beside(self) -> None:
        (self.package() / "libbootstrap_token.so").write_text("not a library")
        done = self.run_import(self.directory, LIBRARY)
        self.assertEqual(done.stdout, f"{LIBRARY} True\n", done.stderr)

    def test_the_one_beside(self) -> None:
        beside = self.package() / "libbootstrap_token.so"
        shutil.copy(LIBRARY, beside)
        for library in (None, ""):
            done = self.run_import(self.directory, library)
            self.assertEqual(done.stdout, f"{beside} True\n", done.stderr)

    def test_a_broken_one_beside_is_not_passed_over(self) -> None:
        beside = self.package() / "libbootstrap_token.so"
        beside.write_text("not a library")
        self.assertTrue(
            self.refused(None, self.directory).startswith(f"{beside}, which came with this package, cannot be loaded: ")
        )

    def test_the_systems(self) -> None:
        self.package()
        shutil.copy(LIBRARY, self.directory / "libbootstrap_token.so.2")
        done = self.run_import(self.directory, None, LD_LIBRARY_PATH=str(self.directory))
        self.assertEqual(done.stdout, "libbootstrap_token.so.2 True\n", done.stderr)

    def test_none_anywhere(self) -> None:
        module = lone_library_module()
        module.SYSTEM_NAME = "libbootstrap_token_of_nobody.so.0"  # type: ignore[attr-defined]
        with mock.patch.dict(os.environ), mock.patch("ctypes.util.find_library", return_value=None):
            os.environ.pop("BOOTSTRAP_TOKEN_LIBRARY", None)
            with self.assertRaises(ImportError) as caught:
                module.load()
        self.assertEqual(
            str(caught.exception),
            "libbootstrap_token is nowhere: BOOTSTRAP_TOKEN_LIBRARY is not set, there is no "
            f"{SOURCE}/bootstrap_token/libbootstrap_token.so, and the system has no libbootstrap_token_of_nobody.so.0; "
            + REMEDY,
        )


if __name__ == "__main__":
    unittest.main()
