"""Objects of the API server as clients have them, and their JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

#: The fields that the library reads, as JSON has them and as the official client's `to_dict()` has them.
_FIELDS = {"apiVersion": "api_version", "kind": "kind", "type": "type", "data": "data"}


def to_json(value: Any, name: str) -> bytes:
    """The JSON of a dict or of an object that has a `to_dict()`, such as those of the official `kubernetes` client."""
    if not isinstance(value, Mapping) and callable(getattr(value, "to_dict", None)):
        value = value.to_dict()
    if not isinstance(value, Mapping):
        raise TypeError(f"{name} has to be a dict or an object of the kubernetes client, not {type(value).__name__}")
    found: dict[str, Any] = {}
    for field, attribute in _FIELDS.items():
        content = value.get(field, value.get(attribute))
        if content is not None:
            found[field] = dict(content) if isinstance(content, Mapping) else content
    metadata = value.get("metadata")
    if isinstance(metadata, Mapping):
        # Only these: the client has datetimes among the others.
        found["metadata"] = {key: metadata[key] for key in ("name", "namespace") if metadata.get(key) is not None}
    try:
        return json.dumps(found).encode()
    except (TypeError, ValueError):
        raise TypeError(f"{name} holds something that JSON cannot express") from None
