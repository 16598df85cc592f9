#!/usr/bin/env python3
"""What an installer does: mints a token, writes its Secret with the official client, reads it back, and hands the token
over on standard output: `installer.py KUBECONFIG`."""

import sys
from datetime import timedelta

from kubernetes import client, config

from bootstrap_token import NAMESPACE, Record, Token


def main() -> int:
    config.load_kube_config(config_file=sys.argv[1])
    api = client.CoreV1Api()
    with Token.generate() as token:
        with Record(token, ttl=timedelta(minutes=10), description="minted by a Python installer") as record:
            api.create_namespaced_secret(NAMESPACE, record.to_secret())
        with Record.from_secret(api.read_namespaced_secret(token.secret_name, NAMESPACE)) as stored:
            with stored.token as read:
                if read != token or stored.is_expired():
                    print("the API server has another token than was written", file=sys.stderr)
                    return 1
        sys.stdout.buffer.write(token.expose() + b"\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
