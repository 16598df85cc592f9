"""What the README shows works."""

import re
import sys
import unittest
from contextlib import redirect_stdout
from io import StringIO
from types import ModuleType
from typing import Any
from unittest import mock

import samples
from paths import ROOT

from bootstrap_token import NAMESPACE, Record, Token

README = ROOT / "bindings" / "python" / "README.md"


class Readme(unittest.TestCase):
    def test_every_block_runs(self) -> None:
        blocks = re.findall(r"^```python\n(.*?)^```$", README.read_text(), flags=re.DOTALL | re.MULTILINE)
        self.assertEqual(len(blocks), 4)
        case = samples.vector("cluster_info.json", "pinned")
        given = {"typed": case["token"], "cluster_info": case["config_map"], "pin": case["pins"]}
        kubernetes: Any = ModuleType("kubernetes")
        kubernetes.client, kubernetes.config = mock.Mock(), mock.Mock()
        for number, block in enumerate(blocks):
            shown = StringIO()
            names: dict[str, Any] = {"token": Token.generate(), **given}
            with mock.patch.dict(sys.modules, kubernetes=kubernetes), redirect_stdout(shown):
                exec(compile(block, f"README, block {number}", "exec"), names)
            if number == 0:
                self.assertLessEqual(len(block.splitlines()), 10)
                ((namespace, secret), _) = kubernetes.client.CoreV1Api().create_namespaced_secret.call_args
                self.assertEqual(namespace, NAMESPACE)
                self.assertEqual(Record.from_secret(secret).token, Token.parse(shown.getvalue().rstrip("\n")))


if __name__ == "__main__":
    unittest.main()
