"""No secret where nobody asked for one."""

import copy
import json
import logging
import pickle
import traceback
import unittest
from typing import Any, Callable

import samples
from test_cluster import CASE, cluster

import bootstrap_token as bt

#: What is passed where it does not belong; none of it may come back.
CANARY = "qx7canary" + "9z" * 8


class Shown(unittest.TestCase):
    def test_what_is_shown(self) -> None:
        token, record, trusted = samples.token(), samples.record(now=samples.NOW), cluster()
        self.assertEqual(str(token), "k3x9qf.****************")
        self.assertEqual(repr(token), "<Token k3x9qf.****************>")
        self.assertEqual(f"{token}", "k3x9qf.****************")
        self.assertIn("k3x9qf.****************", repr(record))
        for handle in (token, record, trusted):
            for shown in (str(handle), repr(handle), f"{handle}", f"{handle} {handle!r}", ascii([handle])):
                self.assertNotIn(samples.SECRET, shown)

    def test_a_log(self) -> None:
        with self.assertLogs() as logs:
            logging.warning("%s %r", samples.token(), samples.record())
        self.assertNotIn(samples.SECRET, "".join(logs.output))

    def test_neither_pickled_nor_copied(self) -> None:
        for handle in (samples.token(), samples.record(), cluster()):
            dumps: list[Callable[[Any], object]] = [copy.copy, copy.deepcopy]
            dumps += [lambda value, number=number: pickle.dumps(value, number) for number in range(6)]  # type: ignore[misc]
            for dump in dumps:
                with self.assertRaises(TypeError):
                    dump(handle)
            with self.assertRaises(TypeError):
                json.dumps(handle)
            self.assertFalse(hasattr(handle, "__dict__"))

    def test_an_error_can_be_pickled(self) -> None:
        with self.assertRaises(bt.InvalidInputError) as caught:
            bt.Token.parse("")
        again = pickle.loads(pickle.dumps(caught.exception))
        self.assertIs(type(again), bt.InvalidInputError)
        self.assertEqual((again.code, str(again)), (bt.Code.TOKEN_EMPTY, str(caught.exception)))
        self.assertEqual(repr(again), f"InvalidInputError(Code.TOKEN_EMPTY, {str(again)!r})")


def failing(text: Any) -> dict[str, Callable[[], object]]:
    """Each function that takes a text, with one that it refuses."""
    token = samples.token()
    pins, config_map = CASE["pins"], CASE["config_map"]
    return {
        "parse": lambda: bt.Token.parse(text),
        "from_parts, id": lambda: bt.Token.from_parts(text, samples.SECRET),
        "from_parts, secret": lambda: bt.Token.from_parts("k3x9qf", text),
        "group": lambda: bt.Record(token, groups=[text]),
        "from_secret_json": lambda: bt.Record.from_secret_json(text),
        "records_from_list_json": lambda: bt.records_from_list_json(text),
        "usage": lambda: bt.Usage.parse(text),
        "groups_identity": lambda: bt.groups_identity(text),
        "id_in_secret_name": lambda: bt.id_in_secret_name(text),
        "expiration_remaining": lambda: bt.expiration_remaining(text),
        "verify": lambda: bt.verify("", text, token),
        "sign_with_key": lambda: bt.sign_with_key("", text, "key"),
        "verify_with_key": lambda: bt.verify_with_key("", text, "k3x9qf", "key"),
        "ca_pins": lambda: bt.ca_pins(text),
        "pin_matches": lambda: bt.pin_matches(pins, text),
        "Cluster.verify": lambda: bt.Cluster.verify(text, token, pins=pins),
        "Cluster.verify_by_ca": lambda: bt.Cluster.verify_by_ca(config_map, token, certificates=text),
        "Cluster.danger_verify_without_pin": lambda: bt.Cluster.danger_verify_without_pin(text, token),
    }


def failing_pins(pins: Any) -> dict[str, Callable[[], object]]:
    """Each function that takes pins, which are `str` and may be several."""
    token = samples.token()
    return {
        "pin_matches, pins": lambda: bt.pin_matches(pins, CASE["ca_pem"]),
        "Cluster.verify, pins": lambda: bt.Cluster.verify(CASE["config_map"], token, pins=pins),
    }


class Errors(unittest.TestCase):
    def check(self, text: Any, forbidden: tuple[str, ...]) -> None:
        self.check_each(failing(text), type(text).__name__, forbidden)

    def check_each(self, calls: dict[str, Callable[[], object]], kind: str, forbidden: tuple[str, ...]) -> None:
        for what, call in calls.items():
            with self.subTest(what, kind=kind):
                with self.assertRaises(bt.BootstrapTokenError) as caught:
                    call()
                error = caught.exception
                self.assertIn(error.code, list(bt.Code))
                self.assertGreater(len(str(error)), 10)
                told = [str(error), repr(error), repr(error.args), *traceback.format_exception(None, error, None)]
                for word in forbidden:
                    self.assertNotIn(word, "".join(told))
                self.assertIsNone(error.__cause__)
                self.assertIsNone(error.__context__)

    def test_no_error_holds_what_was_passed(self) -> None:
        for text in (CANARY, CANARY.encode(), bytearray(CANARY.encode())):
            self.check(text, (CANARY, CANARY[:12]))

    def test_what_is_not_utf8(self) -> None:
        for text in (CANARY + "\udc80", CANARY.encode() + b"\xff", CANARY + "\0"):
            self.check(text, (CANARY, CANARY[:12]))

    def test_pins(self) -> None:
        for canary in (CANARY, CANARY + "\udc80", CANARY + "\0", "sha256:" + CANARY):
            for pins in (canary, [canary], (CASE["pins"], canary)):
                self.check_each(failing_pins(pins), type(pins).__name__, (CANARY, CANARY[:12]))

    def test_other_types(self) -> None:
        value: Any
        for value in (None, 7, 1.5, [CANARY], (CANARY,), memoryview(CANARY.encode()), object()):
            for what, call in failing(value).items():
                with self.subTest(what, kind=type(value).__name__):
                    with self.assertRaises(TypeError) as caught:
                        call()
                    self.assertNotIn(CANARY, str(caught.exception))
            for predicate in (bt.Token.is_valid, bt.id_is_valid, bt.group_is_valid):
                with self.assertRaises(TypeError):
                    predicate(value)

    def test_a_bytearray_can_be_wiped_while_the_error_lives(self) -> None:
        for what in failing(""):
            text = bytearray(CANARY.encode())
            with self.subTest(what):
                try:
                    failing(text)[what]()
                except bt.BootstrapTokenError as error:
                    text.clear()  # a BufferError if somebody still held it
                    self.assertIsNotNone(error.__traceback__)

    def test_what_is_exposed_can_be_wiped(self) -> None:
        token = samples.token()
        for exposed in (token.expose(), token.expose_secret(), samples.record().expose_secret_json()):
            exposed.clear()


class Numbers(unittest.TestCase):
    def test_a_code_of_a_newer_library(self) -> None:
        from bootstrap_token import _errors

        error = _errors.of(999, "something new")
        self.assertIs(type(error), bt.BootstrapTokenError)
        self.assertEqual((error.code, error.code.name, str(error)), (999, "OTHER_999", "something new"))
        self.assertEqual(bt.Weakness(77).name, "OTHER_77")
        with self.assertRaises(ValueError):
            bt.Code("7")  # type: ignore[arg-type]

    def test_every_code_has_its_exception(self) -> None:
        from bootstrap_token import _errors

        for code in bt.Code:
            error = _errors.of(code, "message")
            self.assertIs(error.code, code)
        for code in (bt.Code.PANIC, bt.Code.OTHER, bt.Code.NO_RANDOMNESS):
            self.assertIs(type(_errors.of(code, "")), bt.BootstrapTokenError)
        for code in (bt.Code.NOT_PINNED, bt.Code.CLUSTER_INFO_NOT_SIGNED, bt.Code.SECRET_MISSING_KEY):
            self.assertIsInstance(_errors.of(code, ""), LookupError)
        for code in (bt.Code.TOKEN_LENGTH, bt.Code.JWS_SIGNATURE, bt.Code.AUTHORITY_EXPIRED, bt.Code.INVALID_UTF8):
            self.assertIsInstance(_errors.of(code, ""), ValueError)


if __name__ == "__main__":
    unittest.main()
