"""A cluster that there is reason to trust."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Callable

from . import _memory, _moment, _objects, _pins
from ._functions import FUNCTIONS
from ._handle import Handle
from ._memory import Text, text
from ._pins import Pins
from ._pointer import Pointer
from ._token import Token, pointer_of

_verify = FUNCTIONS["cluster_info_verify"]
_verify_by_ca = FUNCTIONS["cluster_info_verify_by_ca"]
_danger_verify_without_pin = FUNCTIONS["cluster_info_danger_verify_without_pin"]
_server = FUNCTIONS["cluster_server"]
_ca_pem = FUNCTIONS["cluster_ca_pem"]
_expose_kubeconfig = FUNCTIONS["cluster_expose_kubeconfig"]
_free = FUNCTIONS["cluster_free"]


class _Pointer(Pointer):
    def __del__(self, free: Callable[..., None] = _free) -> None:
        free(self)


class Cluster(Handle):
    """A cluster that there is reason to trust: where its API server is, and its CA certificates. Never changes, so that
    threads may share it.

    `config_map` is `kube-public/cluster-info`, as JSON, as a dict or as the official `kubernetes` client returns it;
    whoever sent it need not be trusted."""

    __slots__ = ()

    def __init__(self) -> None:
        raise TypeError("a Cluster is made by Cluster.verify or Cluster.verify_by_ca")

    @classmethod
    def verify(cls, config_map: Any, token: Token, *, pins: Pins, now: datetime | None = None) -> Cluster:
        """Checks that the token signed cluster-info and that a CA certificate in it has one of the pins."""
        return cls._verified(_verify, config_map, token, now, *text(_pins.joined(pins), "pins"))

    @classmethod
    def verify_by_ca(cls, config_map: Any, token: Token, *, certificates: Text, now: datetime | None = None) -> Cluster:
        """As `verify`, with the CA certificates themselves (PEM or DER) instead of their pins."""
        return cls._verified(_verify_by_ca, config_map, token, now, *text(certificates, "certificates"))

    @classmethod
    def danger_verify_without_pin(cls, config_map: Any, token: Token, *, now: datetime | None = None) -> Cluster:
        """As `verify`, trusting whoever knows the token to be the cluster: everybody who ever held it can take the
        cluster's place."""
        return cls._verified(_danger_verify_without_pin, config_map, token, now)

    @classmethod
    def _verified(
        cls,
        function: Callable[..., int],
        config_map: Any,
        token: Token,
        now: datetime | None,
        *anchor: Any,
    ) -> Cluster:
        pointer = _Pointer()
        seconds = _moment.unix_seconds(now, "now")
        try:
            _memory.call(function, *_config_map(config_map), pointer_of(token), *anchor, seconds, pointer)
        finally:
            del anchor  # as in `call`
        cluster: Cluster = cls.__new__(cls)
        cluster._pointer = pointer
        return cluster

    @property
    def server(self) -> str:
        """Where the API server is, such as `https://10.0.0.1:6443`."""
        return _memory.borrowed(_server, self._pointer)

    @property
    def ca_pem(self) -> str:
        """The CA certificates that may be trusted, as a PEM bundle: those valid at `now` that the pins or the
        certificates vouch for, or all such of cluster-info's where the token alone did."""
        return _memory.borrowed(_ca_pem, self._pointer)

    def expose_kubeconfig(self, token: Token) -> bytearray:
        """A kubeconfig by which a kubelet can bootstrap, the token in it. As secret as the token: wipe it after use."""
        kubeconfig = _memory.Bytes()
        _memory.call(_expose_kubeconfig, self._pointer, pointer_of(token), kubeconfig)
        return kubeconfig.expose()

    def __repr__(self) -> str:
        return f"<Cluster {'<closed>' if self.closed else self.server}>"


def _config_map(value: Any) -> tuple[Any, int]:
    if not isinstance(value, (str, bytes, bytearray)):
        value = _objects.to_json(value, "config_map")
    return text(value, "config_map")
