#!/usr/bin/env python3
"""Verifies a cluster before joining it: `verify.py CLUSTER_INFO TOKEN_FILE PIN...`. CLUSTER_INFO is the ConfigMap as
anybody can read it, so nothing in it is trusted until the token and a pin have vouched for it:

    curl --insecure https://10.0.0.1:6443/api/v1/namespaces/kube-public/configmaps/cluster-info"""

import sys
from pathlib import Path

from bootstrap_token import BootstrapTokenError, Cluster, Token


def read_token(path: str) -> Token:
    typed = bytearray(64)
    try:
        with open(path, "rb", buffering=0) as file:  # no other copy of it
            del typed[file.readinto(typed) or 0 :]
        while typed.endswith((b"\r", b"\n")):
            typed.pop()
        return Token.parse(typed)
    finally:
        typed[:] = bytes(len(typed))


def main() -> int:
    if len(sys.argv) < 4:
        print("usage: verify.py CLUSTER_INFO TOKEN_FILE PIN...", file=sys.stderr)
        return 2
    config_map, token_file, *pins = sys.argv[1:]
    try:
        with read_token(token_file) as token:
            with Cluster.verify(Path(config_map).read_bytes(), token, pins=pins) as cluster:
                print(cluster.server)
    except (BootstrapTokenError, OSError) as error:
        print(f"not to be trusted: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
