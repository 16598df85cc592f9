"""Measures what a call costs, beside a regular expression: prints `name<TAB>ours_us<TAB>re_us`."""

import re
import timeit
from typing import Callable

from bootstrap_token import Token

TEXT = "k3x9qf.7w2mz0r8tc4vb1nj"
PATTERN = re.compile(r"([a-z0-9]{6})\.([a-z0-9]{16})")

CALLS = 1_000
ROUNDS = 1_000


def microseconds(function: Callable[[], object]) -> float:
    """The best of several rounds: what else the machine does is no cost of ours."""
    return min(timeit.repeat(function, number=CALLS, repeat=ROUNDS)) / CALLS * 1e6


def check() -> bool:
    return Token.is_valid(TEXT)


def check_by_re() -> bool:
    return PATTERN.fullmatch(TEXT) is not None


def parse() -> Token:
    return Token.parse(TEXT)


def parse_by_re() -> object:
    match = PATTERN.fullmatch(TEXT)
    return match and match.groups()


def main() -> None:
    for name, ours, by_re in (
        ("check a token", check, check_by_re),
        ("parse a token", parse, parse_by_re),
    ):
        print(f"{name}\t{microseconds(ours):.2f}\t{microseconds(by_re):.2f}")


if __name__ == "__main__":
    main()
