"""The three programs in `examples/python`."""

import json
import os
import runpy
import subprocess
import sys
import tempfile
import unittest
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from unittest import mock

import samples
from paths import EXAMPLES, SOURCE
from test_cluster import CASE

from bootstrap_token import Record, Token


def run(program: str, *arguments: str, stdin: str = "") -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-B", "-X", "dev", "-W", "error", str(EXAMPLES / program), *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
    )


class Examples(unittest.TestCase):
    def test_mint(self) -> None:
        done = run("mint.py", "rack 7")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(json.loads(done.stdout)["metadata"]["namespace"], "kube-system")
        record = Record.from_secret_json(done.stdout)
        self.assertEqual(record.token, Token.parse(done.stderr.rstrip("\n")))
        self.assertEqual(record.description, "rack 7")
        expiration = record.expiration
        assert isinstance(expiration, datetime)
        self.assertTrue(record.is_expired(expiration))
        self.assertFalse(record.is_expired(expiration - timedelta(seconds=1)))

    def test_check(self) -> None:
        for typed in (samples.TEXT, samples.TEXT + "\n", samples.TEXT + "\r\n"):
            done = run("check.py", stdin=typed)
            self.assertEqual(
                (done.returncode, done.stdout, done.stderr),
                (0, "k3x9qf.****************: good, its Secret is bootstrap-token-k3x9qf\n", ""),
            )

    def test_check_tells_what_is_wrong(self) -> None:
        for typed, message in (
            ("", "the token is empty (expected [a-z0-9]{6}\\.[a-z0-9]{16})\n"),
            ("abcdef.0123456789abcdef", "abcdef.****************: easy to guess (PUBLIC_EXAMPLE)\n"),
            (
                samples.TEXT + "x",
                "the token secret has 17 characters instead of 16 (expected [a-z0-9]{6}\\.[a-z0-9]{16})\n",
            ),
            (samples.TEXT.upper(), None),
        ):
            with self.subTest(message=message):
                done = run("check.py", stdin=typed)
                self.assertEqual((done.returncode, done.stdout), (1, ""))
                if message is not None:
                    self.assertEqual(done.stderr, message)
                self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
                self.assertNotIn(samples.SECRET, done.stderr.lower())

    def test_verify(self) -> None:
        with tempfile.TemporaryDirectory() as name:
            config_map, token, other = (Path(name) / file for file in ("cluster-info.json", "token", "other"))
            config_map.write_text(CASE["config_map"])
            token.write_bytes(CASE["token"].encode() + b"\r\n")
            other.write_text(samples.TEXT)
            zeros = "sha256:" + "0" * 64

            done = run("verify.py", str(config_map), str(token), zeros, CASE["pins"])
            self.assertEqual((done.returncode, done.stdout, done.stderr), (0, CASE["server"] + "\n", ""))
            for arguments, reason in (
                ((config_map, token, zeros), "pin"),
                ((config_map, other, CASE["pins"]), "sign"),
                ((token, token, CASE["pins"]), "JSON"),
                ((config_map, config_map, CASE["pins"]), "token"),
                ((config_map, Path(name) / "missing", CASE["pins"]), "No such file"),
            ):
                with self.subTest(reason):
                    done = run("verify.py", *map(str, arguments))
                    self.assertEqual((done.returncode, done.stdout), (1, ""))
                    self.assertTrue(done.stderr.startswith("not to be trusted: "), done.stderr)
                    self.assertIn(reason, done.stderr)
                    self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
            self.assertEqual(run("verify.py").returncode, 2)

    def test_verify_wipes_what_it_read(self) -> None:
        passed: list[Any] = []

        def parse(text: Any) -> Token:
            passed.append(text)
            return token

        with tempfile.TemporaryDirectory() as name, Token.parse(CASE["token"]) as token:
            config_map, file = Path(name) / "cluster-info.json", Path(name) / "token"
            config_map.write_text(CASE["config_map"])
            file.write_text(CASE["token"])
            with mock.patch.object(Token, "parse", parse), mock.patch.object(sys, "stdout", StringIO()):
                with mock.patch.object(sys, "argv", ["verify.py", str(config_map), str(file), CASE["pins"]]):
                    with self.assertRaises(SystemExit) as done:
                        runpy.run_path(str(EXAMPLES / "verify.py"), run_name="__main__")
        self.assertEqual(done.exception.code, 0)
        self.assertEqual(passed, [bytearray(len(CASE["token"]))])


if __name__ == "__main__":
    unittest.main()
