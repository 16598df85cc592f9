#!/usr/bin/env python3
"""Checks a token that somebody typed, read from standard input, and says what is wrong with it without repeating it."""

import sys

from bootstrap_token import BootstrapTokenError, Token


def main() -> int:
    typed = bytearray(sys.stdin.buffer.readline().rstrip(b"\r\n"))
    try:
        token = Token.parse(typed)
    except BootstrapTokenError as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        typed[:] = bytes(len(typed))
    with token:
        if token.weakness:
            print(f"{token}: easy to guess ({token.weakness.name})", file=sys.stderr)
            return 1
        print(f"{token}: good, its Secret is {token.secret_name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
