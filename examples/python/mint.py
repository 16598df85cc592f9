#!/usr/bin/env python3
"""Mints a token and prints its Secret, without a cluster:

    mint.py "rack 7" | kubectl apply -f -

The token itself goes to standard error, for whoever hands it over."""

import sys
from datetime import timedelta

from bootstrap_token import Record, Token


def main() -> None:
    description = sys.argv[1] if len(sys.argv) > 1 else ""
    with Token.generate() as token, Record(token, ttl=timedelta(hours=2), description=description) as record:
        for exposed, stream in ((record.expose_secret_json(), sys.stdout), (token.expose(), sys.stderr)):
            stream.buffer.write(exposed)
            stream.buffer.write(b"\n")
            exposed[:] = bytes(len(exposed))  # this copy is ours to wipe


if __name__ == "__main__":
    main()
