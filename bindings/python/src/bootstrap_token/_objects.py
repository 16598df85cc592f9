"""Objects of the API server as clients have them, and their JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def to_json(value: Any, name: str) -> bytes:
    """The JSON of a dict or of an object that has a `to_dict()`, such as those of the official `kubernetes` client."""
    if not isinstance(value, Mapping) and callable(getattr(value, "to_dict", None)):
        value = value.to_dict()
    if not isinstance(value, Mapping):
        raise TypeError(f"{name} has to be a dict or an object of the kubernetes client, not {type(value).__name__}")
    # What tells which object it is and what it holds, although the library does not look at all of it: the client has
    # other names for the rest, and datetimes in it.
    fields = _some(value, "kind", "type", "data")
    if isinstance(value.get("metadata"), Mapping):
        fields["metadata"] = _some(value["metadata"], "name", "namespace")
    try:
        return json.dumps(fields).encode()
    except (TypeError, ValueError):
        raise TypeError(f"{name} holds something that JSON cannot express") from None


def _some(value: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value[key] for key in keys if value.get(key) is not None}
