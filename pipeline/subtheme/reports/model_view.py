"""Model: what the report says of the model that made the proposals."""

from collections.abc import Mapping
from typing import Any

_MOST_ITEMS = 12

FACTS = {
    "name": "Name",
    "format": "Format",
    "content_hash": "Content hash",
    "sha256": "Content hash",
    "created_with": "Made with",
    "encoder": "Encoder",
    "encoder_id": "Encoder",
    "precision": "Precision of the vectors",
    "codebook_hash": "Codebook (hash)",
    "codebook": "Codebook",
    "level": "Level that is learned",
    "codes": "Codes",
    "not_learned": "Codes with too little evidence, not proposed",
    "participants": "Participants trained on",
    "segments": "Segments trained on",
    "excerpts": "Coded excerpts trained on",
    "seed": "Seed",
    "intended_use": "Intended use",
    "limits": "Limits",
}
"""Keys of a manifest that are shown, in this order; anything else (such as words that the model knows) is not."""


def model_facts(model: Mapping[str, Any] | None) -> tuple[tuple[str, str], ...] | None:
    """Return the facts of a model's manifest as (name, value) pairs, or None where there is no model."""
    if model is None:
        return None
    facts = []
    for key, name in FACTS.items():
        value = model.get(key)
        if value in (None, "", [], {}):
            continue
        facts.append((name, _said(value)))
    return tuple(facts)


def _said(value: object) -> str:
    """Return a value in words; a long list as its number."""
    if isinstance(value, Mapping):
        return "; ".join(f"{k}: {v}" for k, v in value.items() if isinstance(v, str | int | float))
    if isinstance(value, list | tuple):
        plain = [str(v) for v in value if isinstance(v, str | int | float)]
        return ", ".join(plain) if 0 < len(plain) <= _MOST_ITEMS else str(len(value))
    return str(value)
