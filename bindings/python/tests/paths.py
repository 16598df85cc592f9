"""Where things stand in the repository."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
SOURCE = ROOT / "bindings" / "python" / "src"
HEADER = ROOT / "include" / "bootstrap_token.h"
SYMBOLS = ROOT / "include" / "bootstrap_token.symbols"
VECTORS = ROOT / "tests" / "vectors"
EXAMPLES = ROOT / "examples" / "python"
