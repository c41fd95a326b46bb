"""The evidence of a proposal, made readable: excerpts by the id of their segment, terms, and figures.

A proposal carries its evidence as JSON. Nothing is assumed of the keys but this: an object that names a segment
is an excerpt; a list of short texts or of objects with a text is a list of terms; the rest are figures.
"""

import json
from dataclasses import dataclass
from typing import Any

from subtheme.review.material import Material

_MOST = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """A coded segment that the proposal rests on.

    Attributes
    ----------
    where : str
        Whose words they are.
    words : str
    facts : tuple of str
        What else the evidence says of it, such as its similarity.
    """

    where: str
    words: str
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One key of the evidence.

    Attributes
    ----------
    heading : str
    excerpts : tuple of Excerpt
    terms : tuple of str
    """

    heading: str
    excerpts: tuple[Excerpt, ...] = ()
    terms: tuple[str, ...] = ()


def evidence_parts(evidence: str, material: Material) -> tuple[Part, ...]:
    """Return what the JSON text `evidence` holds, in its order; what cannot be read is left out."""
    try:
        content = json.loads(evidence or "{}")
    except ValueError:
        return ()
    if not isinstance(content, dict):
        return ()
    parts = (_part(str(key), value, material) for key, value in content.items())
    return tuple(p for p in parts if p.excerpts or p.terms)


def _part(key: str, value: Any, material: Material) -> Part:
    values = value if isinstance(value, list) else [value]
    excerpts = tuple(e for v in values[:_MOST] if (e := _excerpt(v, material)) is not None)
    terms = () if excerpts else tuple(t for v in values[:_MOST] if (t := _term(v)))
    return Part(heading=_heading(key), excerpts=excerpts, terms=terms)


def _excerpt(value: Any, material: Material) -> Excerpt | None:
    known = material.by_segment
    if isinstance(value, str) and value in known:
        value = {"segment": value}
    if not isinstance(value, dict):
        return None
    segment = next((v for v in value.values() if isinstance(v, str) and v in known), None)
    if segment is None:
        return None
    passage = known[segment]
    facts = tuple(f for k, v in value.items() if v != segment and (f := _fact(str(k), v, material)))
    return Excerpt(where=passage.participant, words=material.words(passage), facts=facts)


def _fact(key: str, value: Any, material: Material) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float) or value == "":
        return ""
    text = material.code_name(value) if isinstance(value, str) else _figure(value)
    return f"{_heading(key).lower()} {text}"


def _term(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, int | float):
        return _figure(value)
    if isinstance(value, list):
        value = {str(i): v for i, v in enumerate(value)}
    words = next((v for v in value.values() if isinstance(v, str)), "") if isinstance(value, dict) else ""
    weight = next((v for v in value.values() if isinstance(v, float)), None) if isinstance(value, dict) else None
    return f"{words} ({_figure(weight)})" if words and weight is not None else words


def _figure(value: float) -> str:
    return str(value) if isinstance(value, int) else f"{value:.2f}"


def _heading(key: str) -> str:
    text = key.replace("_", " ").replace("-", " ").strip()
    return text[:1].upper() + text[1:]
