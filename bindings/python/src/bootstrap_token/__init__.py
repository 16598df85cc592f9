"""Kubernetes bootstrap tokens: parse, generate, store as a Secret, sign and verify a cluster."""

from ._cluster import Cluster
from ._codes import Code, Weakness
from ._errors import BootstrapTokenError, ClosedError, InvalidInputError, NotFoundError
from ._functions import path as library_path
from ._functions import version as library_version
from ._library import ABI_VERSION
from ._list import Entry, records_from_list_json
from ._memory import Text
from ._moment import NEVER, Never
from ._pins import Pins, ca_pins, pin_matches
from ._record import DEFAULT_GROUP, DEFAULT_TTL, Record
from ._rules import expiration_remaining, group_is_valid, groups_identity, id_in_secret_name, id_is_valid
from ._signing import sign, sign_with_key, verify, verify_with_key
from ._token import Token
from ._usage import Usage

#: The namespace of the Secrets.
NAMESPACE = "kube-system"
#: The type of the Secrets.
SECRET_TYPE = "bootstrap.kubernetes.io/token"

__all__ = [
    "ABI_VERSION",
    "DEFAULT_GROUP",
    "DEFAULT_TTL",
    "NAMESPACE",
    "NEVER",
    "SECRET_TYPE",
    "BootstrapTokenError",
    "ClosedError",
    "Cluster",
    "Code",
    "Entry",
    "InvalidInputError",
    "Never",
    "NotFoundError",
    "Pins",
    "Record",
    "Text",
    "Token",
    "Usage",
    "Weakness",
    "ca_pins",
    "expiration_remaining",
    "group_is_valid",
    "groups_identity",
    "id_in_secret_name",
    "id_is_valid",
    "library_path",
    "library_version",
    "pin_matches",
    "records_from_list_json",
    "sign",
    "sign_with_key",
    "verify",
    "verify_with_key",
]
