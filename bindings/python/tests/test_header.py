"""What this package says of the library is what the header says."""

import ctypes
import re
import unittest
from datetime import timedelta
from typing import Any

from paths import HEADER, SYMBOLS

import bootstrap_token
from bootstrap_token import _functions, _memory, _record
from bootstrap_token._codes import OpenEnum

TEXT = re.sub(r"/\*.*?\*/", "", HEADER.read_text(), flags=re.DOTALL)


def enumerators(enum: str) -> dict[str, int]:
    prefix = f"bootstrap_token_{enum}_".upper()
    return {name: int(number) for name, number in re.findall(rf"\b{prefix}(\w+) = (\d+)", TEXT)}


def constants() -> dict[str, str]:
    return dict(re.findall(r"^#define BOOTSTRAP_TOKEN_(\w+) +(\S+)$", TEXT, flags=re.MULTILINE))


def prototypes() -> dict[str, tuple[Any, list[Any]]]:
    """Each function of the header, with its types as ctypes has them."""
    found = {}
    for result, name, arguments in re.findall(r"^([\w ]+?[ *]+)(bootstrap_token_\w+)\(([^)]*)\)", TEXT, flags=re.M):
        if "typedef" in result or "NONNULL" in name:
            continue
        names = [] if arguments == "void" else [" ".join(argument.split()) for argument in arguments.split(",")]
        found[name] = (returned(result, name), [taken(argument) for argument in names])
    return found


def returned(result: str, name: str) -> Any:
    c_type = result.replace("BOOTSTRAP_TOKEN_MUST_USE", "").strip()
    if c_type == "const char *":
        # Those that end with NUL and have no length beside them.
        return ctypes.c_char_p if re.search("version|result_|error_message", name) else ctypes.c_void_p
    return NUMBERS.get(c_type, ctypes.c_void_p)


def taken(argument: str) -> Any:
    c_type = re.sub(r"\w+$", "", argument).strip()
    if c_type in ("const char *", "char *"):
        return ctypes.c_char_p
    if c_type in NUMBERS:
        return NUMBERS[c_type]
    if c_type.endswith("**"):
        return ctypes.POINTER(ctypes.c_void_p)
    pointee = c_type.rstrip(" *")
    return ctypes.POINTER(NUMBERS[pointee]) if pointee in NUMBERS else ctypes.c_void_p


NUMBERS: dict[str, Any] = {
    "void": None,
    "bool": ctypes.c_bool,
    "size_t": ctypes.c_size_t,
    "int64_t": ctypes.c_int64,
    "uint32_t": ctypes.c_uint32,
    "bootstrap_token_result": ctypes.c_uint32,
    "bootstrap_token_weakness": ctypes.c_uint32,
}


#: Of a function's flags: `FUNCFLAG_PYTHONAPI` of ctypes.
KEEPS_THE_LOCK = 4

#: What the library exports and this package has no use for: a token lies in the library's memory, and a record has
#: kubeadm's defaults.
UNUSED = {"parse_into", "generate_into", "from_parts_into", "clone_into", "wipe", "record_new_bare"}


class Header(unittest.TestCase):
    maxDiff = None

    def check_enum(self, enum: type[OpenEnum], name: str) -> None:
        self.assertGreater(len(enumerators(name)), 4)
        self.assertEqual({member.name: member.value for member in enum}, enumerators(name))

    def test_codes(self) -> None:
        self.check_enum(bootstrap_token.Code, "result")

    def test_weaknesses(self) -> None:
        self.check_enum(bootstrap_token.Weakness, "weakness")

    def test_names_of_the_codes(self) -> None:
        for code in bootstrap_token.Code:
            name = _functions.FUNCTIONS["result_name"](code).decode()
            self.assertEqual(name, f"BOOTSTRAP_TOKEN_RESULT_{code.name}")

    def test_constants(self) -> None:
        ours = {
            "ABI_VERSION": bootstrap_token.ABI_VERSION,
            "VERSION": f'"{bootstrap_token.library_version()}"',
            "NAMESPACE": f'"{bootstrap_token.NAMESPACE}"',
            "SECRET_TYPE": f'"{bootstrap_token.SECRET_TYPE}"',
            "DEFAULT_GROUP": f'"{bootstrap_token.DEFAULT_GROUP}"',
            "ID_SIZE": _memory.ID_SIZE,
            "SECRET_SIZE": _memory.SECRET_SIZE,
            "TEXT_SIZE": _memory.TEXT_SIZE,
            "SECRET_NAME_SIZE": _memory.SECRET_NAME_SIZE,
            "JWS_KEY_NAME_SIZE": _memory.JWS_KEY_NAME_SIZE,
            "CA_PIN_SIZE": _memory.CA_PIN_SIZE,
            "DEFAULT_TTL": bootstrap_token.DEFAULT_TTL // timedelta(seconds=1),
            "NEVER": _record.NEVER_SECONDS,
            "USAGE_AUTHENTICATION": bootstrap_token.Usage.AUTHENTICATION.value,
            "USAGE_SIGNING": bootstrap_token.Usage.SIGNING.value,
        }
        theirs = {
            name: value
            for name, value in constants().items()
            if name not in ("MUST_USE", "H", "STORAGE_SIZE") and not name.startswith("VERSION_")
        }
        self.assertEqual({name: str(value) for name, value in ours.items()}, theirs)

    def test_every_symbol_is_bound(self) -> None:
        symbols = SYMBOLS.read_text().split()
        known = set(_functions.SIGNATURES) | UNUSED
        self.assertEqual({_functions.PREFIX + name for name in known}, set(symbols))
        self.assertEqual(set(_functions.FUNCTIONS), set(_functions.SIGNATURES))

    def test_every_signature(self) -> None:
        theirs = {name: types for name, types in prototypes().items() if name[len(_functions.PREFIX) :] not in UNUSED}
        self.assertEqual({_functions.PREFIX + name: types for name, types in _functions.SIGNATURES.items()}, theirs)

    def test_signatures_are_those_that_are_called(self) -> None:
        function: Any
        for name, function in _functions.FUNCTIONS.items():
            result, arguments = _functions.SIGNATURES[name]
            self.assertEqual((function.restype, function.argtypes), (result, arguments), name)

    def test_the_lock_is_given_away_for_a_list_alone(self) -> None:
        unlocked: Any = _functions.LIST_FROM_JSON_UNLOCKED
        self.assertFalse(unlocked._flags_ & KEEPS_THE_LOCK)
        self.assertEqual((unlocked.restype, unlocked.argtypes), _functions.SIGNATURES["record_list_from_json"])
        function: Any
        for name, function in _functions.FUNCTIONS.items():
            self.assertTrue(function._flags_ & KEEPS_THE_LOCK, name)


if __name__ == "__main__":
    unittest.main()
