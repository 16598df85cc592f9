"""The wheel that BOOTSTRAP_TOKEN_WHEEL names, in an environment that has nothing else."""

import os
import subprocess
import sys
import sysconfig
import tempfile
import unittest
import venv
import zipfile
from pathlib import Path

from paths import EXAMPLES

from bootstrap_token import library_version

WHEEL = os.environ.get("BOOTSTRAP_TOKEN_WHEEL")


@unittest.skipUnless(WHEEL, "BOOTSTRAP_TOKEN_WHEEL names no wheel")
class Wheel(unittest.TestCase):
    def setUp(self) -> None:
        self.wheel = Path(WHEEL or "")

    def test_name_and_content(self) -> None:
        platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
        self.assertEqual(self.wheel.name, f"bootstrap_token-{library_version()}-py3-none-{platform}.whl")
        with zipfile.ZipFile(self.wheel) as content:
            names = content.namelist()
            metadata = content.read(next(name for name in names if name.endswith("/METADATA"))).decode()
            tags = content.read(next(name for name in names if name.endswith("/WHEEL"))).decode()
        self.assertIn("bootstrap_token/libbootstrap_token.so", names)
        self.assertIn("bootstrap_token/py.typed", names)
        self.assertFalse([name for name in names if "test" in name or name.endswith(".pyc")])
        self.assertNotIn("Requires-Dist", metadata)
        self.assertIn("Root-Is-Purelib: false", tags)
        self.assertIn(f"Tag: py3-none-{platform}\n", tags)

    def test_in_an_empty_environment(self) -> None:
        with tempfile.TemporaryDirectory() as name:
            venv.create(name)
            python = str(Path(name) / "bin" / "python")
            environment = {"PATH": os.environ["PATH"], "HOME": name}
            pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "--python", python]
            subprocess.run([*pip, "install", "--no-index", str(self.wheel)], check=True, env=environment)
            program = "import bootstrap_token as b; print(b.library_path()); print(b.library_version())"
            done = subprocess.run(
                [python, "-X", "dev", "-W", "error", "-c", program],
                env=environment,
                capture_output=True,
                text=True,
                cwd=name,
            )
            self.assertEqual(done.returncode, 0, done.stderr)
            path, version = done.stdout.splitlines()
            self.assertTrue(path.startswith((name, os.path.realpath(name))), path)
            self.assertEqual(version, library_version())
            minted = subprocess.run([python, str(EXAMPLES / "mint.py")], env=environment, capture_output=True)
            self.assertEqual(minted.returncode, 0, minted.stderr)


if __name__ == "__main__":
    unittest.main()
