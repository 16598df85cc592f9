"""What is freed, when, and what happens afterwards."""

import gc
import json
import os
import subprocess
import sys
import threading
import unittest
import weakref
from typing import Any, Callable
from unittest import mock

import samples
from test_cluster import CASE, cluster

import bootstrap_token as bt
from bootstrap_token import _cluster, _errors, _list, _memory, _record, _token

POINTERS: dict[str, Any] = {
    "token": _token._Pointer,
    "record": _record._Pointer,
    "cluster": _cluster._Pointer,
    "list": _list._ListPointer,
    "bytes": _memory.Bytes,
}


class Counted(unittest.TestCase):
    """Counts what is freed, by its kind."""

    def setUp(self) -> None:
        gc.collect()
        self.freed: list[str] = []
        for kind, pointer in POINTERS.items():
            (free,) = pointer.__del__.__defaults__
            patch = mock.patch.object(pointer.__del__, "__defaults__", (self.counting(kind, free),))
            patch.start()
            self.addCleanup(patch.stop)

    def counting(self, kind: str, free: Callable[[Any], None]) -> Callable[[Any], None]:
        def freeing(pointer: Any) -> None:
            if pointer.value is not None:
                self.freed.append(kind)
            free(pointer)

        return freeing

    def test_close_frees_once(self) -> None:
        for make, kind in ((samples.token, "token"), (cluster, "cluster")):
            handle: Any = make()
            self.freed.clear()
            handle.close()
            self.assertEqual(self.freed, [kind])
            self.assertTrue(handle.closed)
            handle.close()
            del handle
            gc.collect()
            self.assertEqual(self.freed, [kind])

    def test_a_with_block_frees(self) -> None:
        with samples.token() as token:
            self.assertEqual(self.freed, [])
            self.assertFalse(token.closed)
        self.assertEqual(self.freed, ["token"])
        with self.assertRaises(ZeroDivisionError), samples.token():
            raise ZeroDivisionError
        self.assertEqual(self.freed, ["token"] * 2)

    def test_collection_frees(self) -> None:
        token = samples.token()
        gone = weakref.ref(token)
        del token
        self.assertIsNone(gone())
        self.assertEqual(self.freed, ["token"])

    def test_a_cycle_is_collected(self) -> None:
        class Holder:
            pass

        holder: Any = Holder()
        holder.itself = holder
        holder.token = samples.token()
        del holder
        self.assertEqual(self.freed, [])
        gc.collect()
        self.assertEqual(self.freed, ["token"])

    def test_a_failed_call_leaves_nothing(self) -> None:
        for _ in range(3):
            with self.assertRaises(bt.BootstrapTokenError):
                bt.Token.parse("")
        with samples.token() as token:
            with self.assertRaises(bt.BootstrapTokenError):
                bt.Record(token, groups=["nobody"])
            gc.collect()
            self.assertEqual(self.freed, ["record"])
        self.assertEqual(self.freed, ["record", "token"])

    def test_an_error_is_freed(self) -> None:
        with mock.patch.object(_errors, "_error_free", wraps=_errors._error_free) as free:
            for _ in range(3):
                with self.assertRaises(bt.BootstrapTokenError):
                    bt.Token.parse("")
        self.assertEqual(free.call_count, 3)
        self.assertTrue(all(call.args[0].value for call in free.call_args_list))

    def test_what_was_written_is_freed(self) -> None:
        record = samples.record()
        self.freed.clear()
        record.expose_secret_json()
        self.assertEqual(self.freed, ["bytes"])

    def test_a_records_token_outlives_it(self) -> None:
        record = samples.record()
        token = record.token
        record.close()
        self.assertEqual(token, samples.token())

    def test_a_list_lives_as_long_as_its_records(self) -> None:
        secret = samples.record().to_secret()
        text = json.dumps({"kind": "SecretList", "apiVersion": "v1", "items": [secret] * 2})
        first, second = (entry.record for entry in bt.records_from_list_json(text))
        assert first is not None and second is not None
        self.freed.clear()
        first.close()
        gc.collect()
        self.assertEqual(self.freed, [])
        with second.token as token:
            self.assertEqual(token, samples.token())
        self.freed.clear()
        second.close()
        self.assertEqual(self.freed, ["list"])


class Closed(unittest.TestCase):
    def test_every_use_after_close_is_an_error(self) -> None:
        token, record, trusted = samples.token(), samples.record(), cluster()
        other = samples.token()
        uses: list[tuple[str, Callable[[], object]]] = [
            ("sign", lambda: bt.sign("", token)),
            ("verify", lambda: bt.verify("", "", token)),
            ("Record", lambda: bt.Record(token)),
            ("Cluster", lambda: bt.Cluster.danger_verify_without_pin(CASE["config_map"], token)),
            ("kubeconfig for a token", lambda: cluster().expose_kubeconfig(token)),
            ("kubeconfig of a cluster", lambda: trusted.expose_kubeconfig(other)),
            ("==", lambda: token == other),
            ("== from the right", lambda: other == token),
            ("is_expired", lambda: record.is_expired()),
        ]
        for handle in (token, record, trusted):
            uses.append((f"with {type(handle).__name__}", handle.__enter__))
            for name in dir(type(handle)):
                if name.startswith("_") or name in ("closed", "close"):
                    continue
                attribute = getattr(type(handle), name)
                if isinstance(attribute, property):
                    uses.append((name, lambda handle=handle, name=name: getattr(handle, name)))  # type: ignore[misc]
                elif name in ("expose", "expose_secret", "expose_secret_json", "to_secret"):
                    uses.append((name, getattr(handle, name)))
            handle.close()
        self.assertGreater(len(uses), 25)
        for what, use in uses:
            with self.subTest(what), self.assertRaises(bt.ClosedError) as caught:
                use()
            self.assertEqual(str(caught.exception), "used after close()")
            self.assertIsInstance(caught.exception, ValueError)

    def test_repr_of_what_is_closed(self) -> None:
        for handle in (samples.token(), samples.record(), cluster()):
            handle.close()
            self.assertEqual(repr(handle), f"<{type(handle).__name__} <closed>>")


class Threads(unittest.TestCase):
    def setUp(self) -> None:
        self.addCleanup(sys.setswitchinterval, sys.getswitchinterval())
        sys.setswitchinterval(1e-6)

    def run_threads(self, work: Callable[[], None], count: int = 8) -> None:
        failures: list[BaseException] = []

        def guarded() -> None:
            try:
                work()
            except BaseException as error:
                failures.append(error)

        threads = [threading.Thread(target=guarded) for _ in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(failures, [])

    def test_shared_by_many(self) -> None:
        token, record, trusted = samples.token(), samples.record(now=samples.NOW), cluster()
        jws = bt.sign("content", token)

        def work() -> None:
            for _ in range(200):
                bt.verify("content", jws, token)
                assert record.groups == (bt.DEFAULT_GROUP,)
                assert record.token == token
                assert trusted.server == CASE["server"]
                assert not bt.Token.is_valid("k3x9qf")

        self.run_threads(work)

    def test_closed_under_the_others(self) -> None:
        for _ in range(100):
            record = samples.record(description="rack 7")
            closing = threading.Barrier(5)

            def work(record: bt.Record = record, closing: threading.Barrier = closing) -> None:
                closing.wait()
                try:
                    for step in range(20):
                        assert record.description == "rack 7"
                        assert record.token.id == "k3x9qf"
                        if step == 10:
                            record.close()
                except bt.ClosedError:
                    pass

            self.run_threads(work, 5)


class Processes(unittest.TestCase):
    @unittest.skipUnless(hasattr(os, "fork"), "there is no fork")
    def test_fork(self) -> None:
        token, record = samples.token(), samples.record()
        child = os.fork()
        if child == 0:
            good = record.token == token and bt.Token.generate() != token
            token.close()
            record.close()
            os._exit(0 if good else 1)
        self.assertEqual(os.waitpid(child, 0)[1], 0)
        self.assertEqual(record.token, token)

    def test_the_end_of_the_interpreter(self) -> None:
        program = (
            "import atexit, bootstrap_token as b\n"
            "t = b.Token.generate(); r = b.Record(t)\n"
            "class Late:\n"
            "    def __init__(self): self.t = t\n"
            "    def __del__(self): print(len(self.t.expose()), 'late')\n"
            "late = Late(); atexit.register(lambda: print(len(r.token.expose())))\n"
        )
        done = subprocess.run(
            [sys.executable, "-X", "dev", "-W", "error", "-c", program], capture_output=True, text=True
        )
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "23\n23 late\n", ""))


if __name__ == "__main__":
    unittest.main()
