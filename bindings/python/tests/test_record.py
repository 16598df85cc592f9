"""The record and its Secret."""

import base64
import json
import unittest
from datetime import datetime, timedelta, timezone
from types import SimpleNamespace
from typing import Any

import samples

from bootstrap_token import (
    DEFAULT_GROUP,
    NEVER,
    Code,
    InvalidInputError,
    NotFoundError,
    Record,
    Usage,
    expiration_remaining,
    groups_identity,
    records_from_list_json,
)


class FromTheClient:
    """As the official client's models are: attributes, and a `to_dict()` with names of its own."""

    def __init__(self, **fields: Any) -> None:
        self.fields = fields

    def to_dict(self) -> dict[str, Any]:
        return self.fields


class Records(unittest.TestCase):
    def test_defaults_are_kubeadms(self) -> None:
        record = samples.record(now=samples.NOW)
        self.assertEqual(record.usages, Usage.AUTHENTICATION | Usage.SIGNING)
        self.assertEqual(record.groups, (DEFAULT_GROUP,))
        self.assertEqual(record.expiration, samples.NOW + timedelta(hours=24))
        self.assertEqual(record.description, "")
        self.assertEqual(record.other_usages, ())
        self.assertEqual(record.token, samples.token())

    def test_the_clock_is_asked_only_without_now(self) -> None:
        before = datetime.now(timezone.utc).replace(microsecond=0)
        expiration = samples.record(ttl=timedelta(hours=2)).expiration
        assert expiration is not NEVER
        self.assertLessEqual(before + timedelta(hours=2), expiration)
        self.assertLessEqual(expiration, datetime.now(timezone.utc) + timedelta(hours=2))

    def test_all_fields(self) -> None:
        record = samples.record(
            expiration=samples.NOW.astimezone(timezone(timedelta(hours=5))),
            usages=Usage.SIGNING,
            groups=["system:bootstrappers:b", "system:bootstrappers:a"],
            description="rack 7, é",
        )
        self.assertEqual(record.expiration, samples.NOW)
        self.assertEqual(record.usages, Usage.SIGNING)
        self.assertEqual(record.groups, ("system:bootstrappers:b", "system:bootstrappers:a"))
        self.assertEqual(record.description, "rack 7, é")

    def test_nothing_at_all(self) -> None:
        record = samples.record(ttl=NEVER, usages=Usage(0), groups=())
        self.assertIs(record.expiration, NEVER)
        self.assertEqual(record.usages, Usage(0))
        self.assertEqual(record.groups, ())
        self.assertFalse(record.is_expired(datetime.max.replace(tzinfo=timezone.utc)))

    def test_none_is_the_default_and_never_has_a_name(self) -> None:
        record = samples.record(ttl=None, expiration=None, usages=None, groups=None, description=None, now=samples.NOW)
        self.assertEqual(record.expiration, samples.NOW + timedelta(hours=24))
        self.assertEqual((record.usages, record.groups), (Usage.AUTHENTICATION | Usage.SIGNING, (DEFAULT_GROUP,)))
        for never in (samples.record(ttl=NEVER), samples.record(expiration=NEVER)):
            self.assertIs(samples.record(expiration=never.expiration).expiration, NEVER)
            self.assertIn("expiration=never", repr(never))

    def test_expired_at_the_very_second(self) -> None:
        record = samples.record(expiration=samples.NOW)
        self.assertFalse(record.is_expired(samples.NOW - timedelta(microseconds=1)))
        self.assertTrue(record.is_expired(samples.NOW))
        self.assertFalse(samples.record().is_expired())
        self.assertFalse(samples.record(ttl=timedelta(seconds=1), now=samples.NOW).is_expired(samples.NOW))

    def test_bad_times(self) -> None:
        naive = datetime(2030, 5, 1)
        before = datetime(1969, 12, 31, 23, 59, 59, tzinfo=timezone.utc)
        fields: dict[str, Any]
        dead: list[dict[str, Any]] = [{"ttl": timedelta(seconds=seconds)} for seconds in (-1, -0.5, 0, 0.999)]
        for fields in ({"expiration": naive}, {"now": naive}, {"now": before}, *dead):
            with self.subTest(fields=fields), self.assertRaises(InvalidInputError) as caught:
                samples.record(**fields)
            self.assertIs(caught.exception.code, Code.INVALID_ARGUMENT)
        with self.assertRaises(InvalidInputError) as caught:
            samples.record(ttl=timedelta.max)
        self.assertIs(caught.exception.code, Code.EXPIRATION_OUT_OF_RANGE)
        with self.assertRaises(InvalidInputError):
            samples.record().is_expired(naive)
        self.assertTrue(samples.record().is_expired(before))
        for fields in (
            {"ttl": 3600},
            {"expiration": 1},
            {"ttl": timedelta(1), "expiration": samples.NOW},
            {"ttl": NEVER, "expiration": NEVER},
        ):
            with self.subTest(fields=fields), self.assertRaises(TypeError):
                samples.record(**fields)

    def test_bad_fields(self) -> None:
        with self.assertRaises(InvalidInputError) as caught:
            samples.record(groups=["system:masters"])
        self.assertIs(caught.exception.code, Code.BAD_GROUP)
        with self.assertRaises(InvalidInputError) as caught:
            samples.record(description="\udc80")
        self.assertIs(caught.exception.code, Code.INVALID_UTF8)
        fields: dict[str, Any]
        for fields in ({"groups": DEFAULT_GROUP}, {"groups": [1]}, {"usages": 3}, {"description": 1}):
            with self.subTest(fields=fields), self.assertRaises(TypeError):
                samples.record(**fields)
        with self.assertRaises(TypeError):
            Record(samples.TEXT)  # type: ignore[arg-type]

    def test_moments_that_datetime_cannot_hold(self) -> None:
        secret = samples.record().to_secret()
        for text, moment in (("0000-01-01T00:00:00Z", datetime.min), ("9999-12-31T23:59:59-12:00", datetime.max)):
            secret["data"]["expiration"] = base64.b64encode(text.encode()).decode()
            self.assertEqual(Record.from_secret(secret).expiration, moment.replace(tzinfo=timezone.utc))


class Secrets(unittest.TestCase):
    def test_there_and_back(self) -> None:
        record = samples.record(now=samples.NOW, description="rack 7")
        secret = record.to_secret()
        self.assertEqual(secret["metadata"], {"name": "bootstrap-token-k3x9qf", "namespace": "kube-system"})
        self.assertEqual(secret, json.loads(record.expose_secret_json()))
        self.assertIs(type(record.expose_secret_json()), bytearray)
        for read in (Record.from_secret(secret), Record.from_secret_json(record.expose_secret_json())):
            self.assertEqual(read.to_secret(), secret)

    def test_what_the_client_returns(self) -> None:
        secret = samples.record(now=samples.NOW, description="rack 7").to_secret()
        returned = FromTheClient(
            api_version="v1",
            kind="Secret",
            type=secret["type"],
            data=secret["data"],
            string_data=None,
            immutable=None,
            metadata={**secret["metadata"], "creation_timestamp": samples.NOW, "labels": None},
        )
        self.assertEqual(Record.from_secret(returned).to_secret(), secret)
        of_a_list = FromTheClient(**{**returned.fields, "api_version": None, "kind": None})
        self.assertEqual(Record.from_secret(of_a_list).to_secret(), secret)

    def test_what_is_no_secret(self) -> None:
        value: Any
        for value in (None, 1, "{}", [], SimpleNamespace(data={}), FromTheClient(data={"token-id": b"azN4OXFm"})):
            with self.subTest(value=value), self.assertRaises(TypeError):
                Record.from_secret(value)

    def test_a_broken_secret(self) -> None:
        secret = samples.record().to_secret()
        del secret["data"]["token-secret"]
        with self.assertRaises(NotFoundError) as caught:
            Record.from_secret(secret)
        self.assertIs(caught.exception.code, Code.SECRET_MISSING_KEY)
        self.assertIsInstance(caught.exception, LookupError)
        with self.assertRaises(NotFoundError):
            Record.from_secret({})

    def test_a_list(self) -> None:
        secret = samples.record().to_secret()
        broken = {**secret, "data": {"token-id": "azN4OXFm"}}
        entries = records_from_list_json(
            json.dumps({"kind": "SecretList", "apiVersion": "v1", "items": [secret, broken]})
        )
        self.assertEqual([entry.name for entry in entries], ["bootstrap-token-k3x9qf"] * 2)
        assert entries[0].record is not None and entries[1].error is not None
        self.assertEqual(entries[0].record.token, samples.token())
        self.assertIsNone(entries[0].error)
        self.assertIsNone(entries[1].record)
        self.assertIs(entries[1].error.code, Code.SECRET_MISSING_KEY)
        with self.assertRaises(InvalidInputError):
            records_from_list_json("[]")

    def test_groups_of_the_bearer(self) -> None:
        groups = groups_identity("system:bootstrappers:b,system:bootstrappers:a,system:bootstrappers:b")
        self.assertEqual(groups, ["system:bootstrappers", "system:bootstrappers:a", "system:bootstrappers:b"])
        self.assertEqual(groups_identity(""), ["system:bootstrappers"])

    def test_time_left(self) -> None:
        self.assertEqual(expiration_remaining("2030-05-01T11:00:00Z", samples.NOW), timedelta(hours=1))
        half = samples.NOW + timedelta(microseconds=500_000)
        self.assertEqual(expiration_remaining("2030-05-01T10:00:01Z", half), timedelta(microseconds=500_000))
        with self.assertRaises(InvalidInputError) as caught:
            expiration_remaining("2030-05-01T10:00:00Z", samples.NOW)
        self.assertIs(caught.exception.code, Code.EXPIRED)


if __name__ == "__main__":
    unittest.main()
