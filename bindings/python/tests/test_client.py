"""Beside the official `kubernetes` client, where it is installed."""

import base64
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import threading
import unittest
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import samples
from paths import ROOT, SOURCE
from test_cluster import CASE, NOW

from bootstrap_token import Cluster, Record, Token


class ApiServer(BaseHTTPRequestHandler):
    """Keeps what is created, and knows nothing else."""

    stored: dict[str, dict[str, Any]] = {}
    requests: list[tuple[str, str]] = []

    def do_POST(self) -> None:
        secret = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        secret["metadata"]["creationTimestamp"] = "2030-05-01T10:00:00Z"
        self.stored[f"{self.path}/{secret['metadata']['name']}"] = secret
        self.answer(201, secret)

    def do_GET(self) -> None:
        self.answer(200, self.stored[self.path])

    def answer(self, status: int, secret: dict[str, Any]) -> None:
        self.requests.append((self.command, self.path))
        body = json.dumps(secret).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        pass


@unittest.skipUnless(importlib.util.find_spec("kubernetes"), "the official client is not installed")
class OfficialClient(unittest.TestCase):
    def client(self) -> Any:
        from kubernetes import client

        return client

    def test_it_takes_what_we_write(self) -> None:
        secret = samples.record(now=samples.NOW).to_secret()
        self.assertEqual(self.client().ApiClient().sanitize_for_serialization(secret), secret)

    def test_we_read_what_it_returns(self) -> None:
        client = self.client()
        secret = samples.record(now=samples.NOW, description="rack 7").to_secret()
        metadata = client.V1ObjectMeta(
            name=secret["metadata"]["name"], namespace="kube-system", creation_timestamp=samples.NOW, labels={"a": "b"}
        )
        for kind in ({"api_version": "v1", "kind": "Secret"}, {}):
            returned = client.V1Secret(metadata=metadata, type=secret["type"], data=secret["data"], **kind)
            for form in (returned, returned.to_dict()):
                self.assertEqual(Record.from_secret(form).to_secret(), secret)

    def test_we_read_its_cluster_info(self) -> None:
        client = self.client()
        data = json.loads(CASE["config_map"])["data"]
        metadata = client.V1ObjectMeta(name="cluster-info", namespace="kube-public", creation_timestamp=samples.NOW)
        with Token.parse(CASE["token"]) as token:
            config_map = client.V1ConfigMap(metadata=metadata, data=data)
            self.assertEqual(Cluster.verify(config_map, token, pins=CASE["pins"], now=NOW).server, CASE["server"])

    def test_an_installer(self) -> None:
        server = HTTPServer(("127.0.0.1", 0), ApiServer)
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        self.addCleanup(server.server_close)
        self.addCleanup(serving.join)
        self.addCleanup(server.shutdown)
        kubeconfig = {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "c",
            "clusters": [{"name": "c", "cluster": {"server": f"http://127.0.0.1:{server.server_port}"}}],
            "users": [{"name": "c", "user": {}}],
            "contexts": [{"name": "c", "context": {"cluster": "c", "user": "c"}}],
        }
        with tempfile.TemporaryDirectory() as name:
            file = Path(name) / "kubeconfig"
            file.write_text(json.dumps(kubeconfig))
            done = subprocess.run(
                [sys.executable, str(ROOT / "tests" / "python" / "installer.py"), str(file)],
                capture_output=True,
                text=True,
                env={**os.environ, "PYTHONPATH": str(SOURCE)},
            )
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        token = Token.parse(done.stdout.rstrip("\n"))
        secrets = "/api/v1/namespaces/kube-system/secrets"
        self.assertEqual(ApiServer.requests, [("POST", secrets), ("GET", f"{secrets}/{token.secret_name}")])
        data = ApiServer.stored[f"{secrets}/{token.secret_name}"]["data"]
        self.assertEqual(base64.b64decode(data["token-secret"]), token.expose_secret())


if __name__ == "__main__":
    unittest.main()
