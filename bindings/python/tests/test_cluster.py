"""Clusters, pins and signatures."""

import json
import ssl
import unittest
from typing import Any

import samples
from test_vectors import moment

import bootstrap_token as bt

CASE = samples.vector("cluster_info.json", "pinned")
NOW = moment(CASE["now"])


def cluster() -> bt.Cluster:
    with bt.Token.parse(CASE["token"]) as token:
        return bt.Cluster.verify(CASE["config_map"], token, pins=CASE["pins"], now=NOW)


class FromTheClient:
    def to_dict(self) -> object:
        fields = json.loads(CASE["config_map"])
        return {"data": fields["data"], "metadata": {**fields["metadata"], "creation_timestamp": NOW}, "kind": None}


class Clusters(unittest.TestCase):
    def test_config_maps_in_every_form(self) -> None:
        text = CASE["config_map"]
        token = bt.Token.parse(CASE["token"])
        for config_map in (text, text.encode(), bytearray(text.encode()), json.loads(text), FromTheClient()):
            with self.subTest(kind=type(config_map).__name__):
                found = bt.Cluster.verify(config_map, token, pins=[CASE["pins"]], now=NOW)
                self.assertEqual(found.server, CASE["server"])
                self.assertEqual(found.ca_pem, CASE["ca_pem"])

    def test_pins_one_or_several(self) -> None:
        other = "sha256:" + "0" * 64
        token = bt.Token.parse(CASE["token"])
        for pins in (CASE["pins"], [CASE["pins"]], (other, CASE["pins"]), f"{other},{CASE['pins']}"):
            self.assertEqual(bt.Cluster.verify(CASE["config_map"], token, pins=pins, now=NOW).server, CASE["server"])
        with self.assertRaises(bt.NotFoundError) as caught:
            bt.Cluster.verify(CASE["config_map"], token, pins=other, now=NOW)
        self.assertIs(caught.exception.code, bt.Code.NOT_PINNED)
        nothing: bt.Pins
        for nothing in ("", []):
            with self.assertRaises(bt.InvalidInputError) as refused:
                bt.Cluster.verify(CASE["config_map"], token, pins=nothing, now=NOW)
            self.assertIs(refused.exception.code, bt.Code.PIN_MALFORMED)

    def test_another_token(self) -> None:
        with self.assertRaises(bt.NotFoundError) as caught:
            bt.Cluster.danger_verify_without_pin(CASE["config_map"], samples.token(), now=NOW)
        self.assertIs(caught.exception.code, bt.Code.CLUSTER_INFO_NOT_SIGNED)

    def test_nothing_says_so(self) -> None:
        with self.assertRaises(bt.InvalidInputError) as caught:
            bt.Cluster.danger_verify_without_pin("\n", samples.token(), now=NOW)
        self.assertIs(caught.exception.code, bt.Code.CLUSTER_INFO_NOT_JSON)
        self.assertEqual(str(caught.exception), "cluster-info is empty")

    def test_wrong_types(self) -> None:
        token = bt.Token.parse(CASE["token"])
        for config_map in (None, 7, [], object()):
            with self.assertRaises(TypeError):
                bt.Cluster.danger_verify_without_pin(config_map, token, now=NOW)
        with self.assertRaises(TypeError):
            bt.Cluster.danger_verify_without_pin(CASE["config_map"], CASE["token"], now=NOW)
        wrong: Any
        for wrong in (None, 5, CASE["pins"].encode(), [CASE["pins"].encode()], [None]):
            with self.assertRaisesRegex(TypeError, "^pins has to be str or several of them"):
                bt.Cluster.verify(CASE["config_map"], token, pins=wrong, now=NOW)
        with self.assertRaises(TypeError):
            bt.Cluster()
        with self.assertRaises(ValueError):
            bt.Cluster.verify(CASE["config_map"], token, pins=CASE["pins"], now=samples.NOW.replace(tzinfo=None))

    def test_kubeconfig(self) -> None:
        token = bt.Token.parse(CASE["token"])
        kubeconfig = cluster().expose_kubeconfig(token)
        self.assertIs(type(kubeconfig), bytearray)
        self.assertIn(token.expose(), kubeconfig)
        self.assertNotIn(token.expose().decode(), repr(cluster()))

    def test_the_clock_without_now(self) -> None:
        token = bt.Token.parse(CASE["token"])
        self.assertEqual(bt.Cluster.verify(CASE["config_map"], token, pins=CASE["pins"]).server, CASE["server"])


class Signatures(unittest.TestCase):
    def test_sign_and_verify(self) -> None:
        token = samples.token()
        jws = bt.sign("content", token)
        bt.verify("content", jws, token)
        bt.verify(b"content", jws.encode(), token)
        with self.assertRaises(bt.InvalidInputError) as caught:
            bt.verify("other content", jws, token)
        self.assertIs(caught.exception.code, bt.Code.JWS_SIGNATURE)
        with self.assertRaises(bt.InvalidInputError) as caught:
            bt.verify("content", jws, bt.Token.generate())
        self.assertIs(caught.exception.code, bt.Code.JWS_OTHER_TOKEN)
        self.assertEqual(bt.sign_with_key("content", token.id, token.expose_secret()), jws)
        with self.assertRaises(bt.InvalidInputError) as caught:
            bt.sign_with_key("content", token.id, "")
        self.assertIs(caught.exception.code, bt.Code.JWS_EMPTY_KEY)
        with self.assertRaises(TypeError):
            bt.sign("content", samples.TEXT)  # type: ignore[arg-type]
        with self.assertRaises(TypeError):
            bt.verify("content", jws, None)  # type: ignore[arg-type]


class Pins(unittest.TestCase):
    def test_pins(self) -> None:
        pem = CASE["ca_pem"]
        (pin,) = bt.ca_pins(pem)
        self.assertEqual(bt.ca_pins(pem + pem), [pin, pin])
        self.assertEqual(bt.ca_pins(ssl.PEM_cert_to_DER_cert(pem)), [pin])
        self.assertTrue(bt.pin_matches(pin, pem))
        self.assertTrue(bt.pin_matches(["sha256:" + "0" * 64, pin], pem))
        self.assertFalse(bt.pin_matches("sha256:" + "0" * 64, pem))
        with self.assertRaises(bt.InvalidInputError):
            bt.pin_matches("sha256:", pem)
        with self.assertRaises(bt.NotFoundError) as caught:
            bt.pin_matches(pin, "")
        self.assertIs(caught.exception.code, bt.Code.CERTIFICATE_MISSING)


if __name__ == "__main__":
    unittest.main()
