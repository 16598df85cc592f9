"""What several tests need."""

import json
from datetime import datetime, timezone
from typing import Any

from paths import VECTORS

from bootstrap_token import Record, Token

TEXT = "k3x9qf.7w2mz0r8tc4vb1nj"
SECRET = TEXT[7:]
NOW = datetime(2030, 5, 1, 10, 0, tzinfo=timezone.utc)


def token() -> Token:
    return Token.parse(TEXT)


def record(**fields: Any) -> Record:
    with token() as minted:
        return Record(minted, **fields)


def vector(file: str, name: str) -> dict[str, Any]:
    """A case of the vectors, by its name."""
    cases: dict[str, Any] = {case["name"]: case for case in json.loads((VECTORS / file).read_text())}
    found: dict[str, Any] = cases[name]
    return found
