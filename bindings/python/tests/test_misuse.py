"""Objects that are not what they say, and second owners: an error, never a crash."""

import array
import copy
import ctypes
import pickle
import sys
import threading
import unittest
from typing import Any, Callable, cast

import samples
from samples import TEXT
from test_secrecy import failing

import bootstrap_token as bt
from bootstrap_token import _list, _record, _token
from bootstrap_token._handle import Handle
from bootstrap_token._pointer import Pointer


def lying(base: Any, length: int) -> Any:
    """A subclass that says of itself whatever it likes."""

    def said(*_: object) -> Any:
        return "A" * 100 if base is str else b"A" * 100

    def is_long(_: object) -> int:
        return length

    body = {"__len__": is_long, "__bytes__": said, "encode": said, "decode": said, "__buffer__": said, "__str__": said}
    return type(f"Lying{base.__name__}", (base,), body)


def outcome(call: Callable[[], object]) -> tuple[bt.Code, str]:
    try:
        call()
    except bt.BootstrapTokenError as error:
        return error.code, str(error)
    raise AssertionError("no error")


class Lies(unittest.TestCase):
    def values(self, text: bytes) -> "list[tuple[Any, Any]]":
        """Each as it is, and as a subclass has it."""
        values: list[tuple[Any, Any]] = []
        for length in (0, 1, len(text) + 1, 1 << 20, 1 << 40):
            values.append((text, lying(bytes, length)(text)))
            values.append((text.decode(), lying(str, length)(text.decode())))
            if sys.version_info < (3, 12):  # a later one asks `__buffer__`, and refuses what is not true
                values.append((bytearray(text), lying(bytearray, length)(text)))
        return values

    def test_a_token_is_read_as_it_is(self) -> None:
        for _, value in self.values(TEXT.encode()):
            with self.subTest(type(value).__name__, length=len(value)):
                self.assertTrue(bt.Token.is_valid(value))
                with bt.Token.parse(value) as token:
                    self.assertEqual(token.expose(), TEXT.encode())

    def test_every_function_answers_as_for_the_plain_text(self) -> None:
        for text in (b"\x00" * 50, b"x", b"07401b..", b"{}"):
            for plain, value in self.values(text):
                plainly, calls = failing(plain), failing(value)
                for what, call in calls.items():
                    with self.subTest(what, kind=type(value).__name__, length=len(value)):
                        self.assertEqual(outcome(call), outcome(plainly[what]))

    def test_a_length_that_is_no_number(self) -> None:
        for base, text in ((bytes, TEXT.encode()), (str, TEXT)):
            self.assertTrue(bt.Token.is_valid(lying(base, cast(int, "long"))(text)))

    def test_a_bytearray_that_lies_is_read_as_it_is_or_refused(self) -> None:
        for length in (0, 1, len(TEXT) + 1, 1 << 40):
            value = lying(bytearray, length)(TEXT.encode())
            try:
                with bt.Token.parse(value) as token:
                    self.assertEqual(token.expose(), TEXT.encode())
            except (TypeError, ValueError) as error:
                self.assertNotIn(TEXT[7:], str(error))

    def test_other_buffers_are_refused(self) -> None:
        text = TEXT.encode()
        value: Any
        for value in (
            memoryview(text),
            memoryview(bytearray(text * 2))[::2],
            memoryview(bytearray(text))[::-1],
            array.array("B", text),
            ctypes.create_string_buffer(text),
            ctypes.c_char_p(text),
        ):
            for what, call in failing(value).items():
                with self.subTest(what, kind=type(value).__name__), self.assertRaises(TypeError):
                    call()

    def test_what_only_looks_like_a_text(self) -> None:
        for base in (str, bytes, bytearray):

            class Pretender:
                __class__ = base  # type: ignore[assignment]

                def __len__(self) -> int:
                    return 1 << 40

            with self.assertRaises(TypeError):
                bt.Token.parse(Pretender())  # type: ignore[arg-type]


class Resized(unittest.TestCase):
    def test_a_bytearray_by_another_thread(self) -> None:
        text, done = bytearray(TEXT.encode()), threading.Event()

        def resize() -> None:
            while not done.is_set():
                try:
                    text.extend(bytes(1 << 12))
                    del text[len(TEXT) :]
                except BufferError:
                    pass

        thread = threading.Thread(target=resize)
        thread.start()
        try:
            for _ in range(2000):
                try:
                    bt.Token.parse(text).close()
                    bt.ca_pins(text)
                    bt.records_from_list_json(text)
                except bt.BootstrapTokenError:
                    pass
        finally:
            done.set()
            thread.join()

    def test_by_what_gives_the_groups(self) -> None:
        group, description = bytearray(bt.DEFAULT_GROUP.encode()), bytearray(b"rack 7")

        def groups() -> Any:
            yield group
            group.clear()
            description.extend(bytes(range(65, 91)) * 1000)
            yield bt.DEFAULT_GROUP

        with samples.token() as token, bt.Record(token, groups=groups(), description=description) as record:
            self.assertEqual(record.groups, (bt.DEFAULT_GROUP,) * 2)
            self.assertEqual(record.description, description.decode())


def subclasses(base: type) -> "set[type]":
    found: set[type] = set(base.__subclasses__())
    return found.union(*(subclasses(each) for each in found))


class Owners(unittest.TestCase):
    DUMPS: "list[Callable[[Any], object]]" = [
        copy.copy,
        copy.deepcopy,
        lambda value: value.__reduce__(),
        lambda value: value.__reduce_ex__(2),
        *(lambda value, number=number: pickle.dumps(value, number) for number in range(6)),
    ]

    def refused(self, value: Any) -> None:
        for dump in self.DUMPS:
            with self.subTest(type(value).__name__), self.assertRaises(TypeError) as caught:
                dump(value)
            self.assertIn("belongs to one owner", str(caught.exception))

    def test_no_pointer_is_copied(self) -> None:
        kinds = subclasses(Pointer)
        self.assertGreater(len(kinds), 5)
        for kind in kinds:
            self.refused(kind())
            with self.assertRaises(TypeError):
                kind().__setstate__(({}, b"\x01" * 8))
        for pointer in (samples.token()._pointer, samples.record()._pointer):
            self.refused(pointer)

    def test_every_pointer_is_one_of_those(self) -> None:
        for module in (_token, _record, _list):
            for name, value in vars(module).items():
                if isinstance(value, type) and issubclass(value, ctypes.c_void_p) and value is not ctypes.c_void_p:
                    self.assertTrue(issubclass(value, Pointer), name)

    def test_no_handle_is_copied(self) -> None:
        kinds: set[Any] = {kind for kind in subclasses(Handle) if kind.__module__.startswith("bootstrap_token.")}
        self.assertEqual(kinds, {bt.Token, bt.Record, bt.Cluster})
        for kind in kinds:
            self.refused(kind.__new__(kind))


if __name__ == "__main__":
    unittest.main()
