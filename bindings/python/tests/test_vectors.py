"""The vectors that every language answers alike."""

import base64
import json
import unittest
from datetime import datetime, timedelta, timezone
from typing import Any, Callable

from paths import VECTORS

import bootstrap_token as bt

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
Case = dict[str, Any]


def moment(seconds: int, nanoseconds: int = 0) -> datetime:
    return EPOCH + timedelta(seconds=seconds, microseconds=nanoseconds // 1000)


def record_of(fields: Case) -> bt.Record:
    usages = bt.Usage(0)
    for name in fields["usages"]:
        usages |= bt.Usage.parse(name)
    with bt.Token.parse(fields["token"]) as token:
        return bt.Record(
            token,
            expiration=bt.NEVER if fields["expiration"] is None else moment(fields["expiration"]),
            usages=usages,
            groups=fields["groups"],
            description=fields["description"],
        )


def fields_of(record: bt.Record) -> Case:
    expiration = record.expiration
    with record.token as token:
        return {
            "token": token.expose().decode(),
            "expiration": None if isinstance(expiration, bt.Never) else (expiration - EPOCH) // timedelta(seconds=1),
            "usages": [str(usage.name).lower() for usage in bt.Usage if usage in record.usages],
            "other_usages": list(record.other_usages),
            "groups": list(record.groups),
            "description": record.description,
        }


def yes(answer: bool, code: str) -> None:
    """A predicate has no code of its own: it answers as the case's code does."""
    if answer != (code == "OK"):
        raise AssertionError(f"answered {answer}")


def answer_token(case: Case) -> Case:
    yes(bt.Token.is_valid(case["text"]), case["code"])
    with bt.Token.parse(case["text"]) as token:
        if token.expose().decode() != case["text"]:
            raise AssertionError("another token was read")
        if bt.Token.from_parts(token.id, token.expose_secret()) != token:
            raise AssertionError("another token was made of its parts")
        return {
            "id": token.id,
            "secret_name": token.secret_name,
            "jws_key_name": token.jws_key_name,
            "weakness": token.weakness.name,
        }


def answer_group(case: Case) -> Case:
    yes(bt.group_is_valid(case["text"]), case["code"])
    with bt.Token.generate() as token, bt.Record(token, groups=[case["text"]]) as record:
        if record.groups != (case["text"],):
            raise AssertionError("another group was stored")
    return {}


def answer_usage(case: Case) -> Case:
    if str(bt.Usage.parse(case["text"]).name).lower() != case["text"]:
        raise AssertionError("another usage was read")
    return {}


def answer_identity(case: Case) -> Case:
    return {"groups": ",".join(bt.groups_identity(case["extra_groups"]))}


def answer_expiration(case: Case) -> Case:
    now = moment(case["now"], case["now_nanoseconds"])
    if case["code"] in ("OK", "EXPIRED"):
        with bt.Token.parse("07401b.f395accd246ae52d") as token, bt.Record(token) as written:
            secret = written.to_secret()
        secret["data"]["expiration"] = base64.b64encode(case["expiration"].encode()).decode()
        with bt.Record.from_secret(secret) as record:
            yes(not record.is_expired(now), case["code"])
    remaining = bt.expiration_remaining(case["expiration"], now)
    # A datetime has no nanoseconds; what is left of a microsecond cannot be told.
    left = case.get("remaining_nanoseconds")
    if left is not None and abs(remaining // timedelta(microseconds=1) * 1000 - left) < 1000:
        return {"remaining_nanoseconds": left}
    return {"remaining_nanoseconds": remaining // timedelta(microseconds=1) * 1000}


def answer_secret_name(case: Case) -> Case:
    return {"id": bt.id_in_secret_name(case["text"])}


def answer_secret_in(case: Case) -> Case:
    with bt.Record.from_secret_json(case["json"]) as record:
        return {"record": fields_of(record)}


def answer_secret_out(case: Case) -> Case:
    with record_of(case["record"]) as record:
        return {"secret": record.to_secret()}


def answer_secret_list(case: Case) -> Case:
    entries: list[Case] = []
    for entry in bt.records_from_list_json(case["json"]):
        if entry.record is not None:
            with entry.record as record, record.token as token:
                entries.append({"name": entry.name, "code": "OK", "id": token.id})
        elif entry.error is not None:
            entries.append({"name": entry.name, "code": entry.error.code.name})
    return {"entries": entries}


def answer_jws(case: Case) -> Case:
    with bt.Token.parse(case["token"]) as token:
        bt.verify(case["content"], case["jws"], token)
        return {"jws": bt.sign(case["content"], token)}


def answer_jws_key(case: Case) -> Case:
    bt.verify_with_key(case["content"], case["jws"], case["id"], case["key"])
    return {"jws": bt.sign_with_key(case["content"], case["id"], case["key"])}


def answer_pin(case: Case) -> Case:
    return {"pins": bt.ca_pins(case["certificates"])}


def answer_pin_match(case: Case) -> Case:
    if not bt.pin_matches(case["pins"], case["certificates"]):
        raise bt.NotFoundError(bt.Code.NOT_PINNED, "")
    return {}


def answer_cluster_info(case: Case) -> Case:
    now = moment(case["now"])
    with bt.Token.parse(case["token"]) as token:
        if "pins" in case:
            cluster = bt.Cluster.verify(case["config_map"], token, pins=case["pins"], now=now)
        elif "certificates" in case:
            cluster = bt.Cluster.verify_by_ca(case["config_map"], token, certificates=case["certificates"], now=now)
        else:
            cluster = bt.Cluster.danger_verify_without_pin(case["config_map"], token, now=now)
        with cluster:
            return {
                "server": cluster.server,
                "ca_pem": cluster.ca_pem,
                "kubeconfig": cluster.expose_kubeconfig(token).decode(),
            }


ANSWERS: dict[str, Callable[[Case], Case]] = {
    name[len("answer_") :]: function for name, function in globals().items() if name.startswith("answer_")
}

#: The fields of an answer; what is not here has none.
ANSWERED = {
    "token": {"id", "secret_name", "jws_key_name", "weakness"},
    "identity": {"groups"},
    "expiration": {"remaining_nanoseconds"},
    "secret_name": {"id"},
    "secret_in": {"record"},
    "secret_out": {"secret"},
    "secret_list": {"entries"},
    "jws": {"jws"},
    "jws_key": {"jws"},
    "pin": {"pins"},
    "cluster_info": {"server", "ca_pem", "kubeconfig"},
}


class Vectors(unittest.TestCase):
    def test_every_case_is_answered_alike(self) -> None:
        files = sorted(VECTORS.glob("*.json"))
        self.assertEqual({file.stem for file in files}, set(ANSWERS), "each file has its function")
        for file in files:
            for case in json.loads(file.read_text()):
                with self.subTest(file.name, case=case["name"]):
                    self.check(file.stem, case)

    def check(self, file: str, case: Case) -> None:
        code = case["code"]
        try:
            found = ANSWERS[file](case)
        except bt.BootstrapTokenError as error:
            self.assertEqual(error.code.name, code, str(error))
            return
        self.assertEqual(code, "OK")
        self.assertEqual(set(found), ANSWERED.get(file, set()))
        for field, value in found.items():
            self.assertEqual(value, case[field], field)


if __name__ == "__main__":
    unittest.main()
