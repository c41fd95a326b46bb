"""The description of a code as one text that people can read in any program, and back.

REFI-QDA has one Description per code. What a codebook of subtheme says beyond the definition follows
it, one line each: ``When to use:``, ``When not to use:``, ``Example:``, and ``Id:`` where the name alone
would not give the id, and ``Name:`` where the name had to be made unique.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from subtheme.exchange.numbered_names import NumberedNames
from subtheme.nouns import Code, Codebook

_USE = "When to use: "
_NOT = "When not to use: "
_EXAMPLE = "Example: "
_ID = "Id: "
_NAME = "Name: "
_PLACEHOLDER = "(placeholder: the study has this code, its content is not known)"
_MARKERS = (_USE, _NOT, _EXAMPLE, _ID, _NAME)


@dataclass(frozen=True, slots=True, kw_only=True)
class RawCode:
    """A code as a foreign file has it.

    Attributes
    ----------
    key : str
        What identifies it in its file.
    name : str
    parent : str
        Key of the code above; empty for a theme.
    description : str
    """

    key: str
    name: str
    parent: str
    description: str = ""


def described(code: Code, *, states_id: bool = False, states_name: bool = False) -> str:
    """Return the description of `code`, with its id and its name where they are asked for."""
    lines = [code.definition] if code.definition else []
    for marker, text in ((_USE, code.when_to_use), (_NOT, code.when_not)):
        if text:
            lines.append(marker + text)
    lines += [_EXAMPLE + text for text in code.examples]
    if states_id:
        lines.append(_ID + code.id)
    if states_name:
        lines.append(_NAME + code.name)
    if code.placeholder:
        lines.append(_PLACEHOLDER)
    return "\n".join(lines)


def codebook_of(
    raw: Iterable[RawCode], *, title: str, levels: tuple[str, ...] | None = None, synthetic: bool = False
) -> tuple[Codebook, dict[str, str]]:
    """Return the codebook of foreign codes, and the id that each key became.

    Ids come from the ``Id:`` line of the description, else from the name; a name that stands in several
    branches gets the name of its branch before it. Without `levels`, a tree is themes, sub-themes and codes,
    and a flat list is sub-themes only.

    Parameters
    ----------
    raw : iterable of RawCode
        Parents before their children.
    title : str
    levels : tuple of str or None
    synthetic : bool
    """
    entries = list(raw)
    below: dict[str, list[RawCode]] = {}
    for entry in entries:
        below.setdefault(entry.parent, []).append(entry)
    parts = {e.key: _parts(e.description) for e in entries}
    ids = _ids(entries, {key: found.get(_ID, [""])[0] for key, found in parts.items()})
    codes = []
    for entry, depth in _in_reading_order(below):
        found = parts[entry.key]
        codes.append(
            Code(
                id=ids[entry.key],
                name=found.get(_NAME, [""])[0] or " ".join(entry.name.split()) or ids[entry.key],
                parent=ids.get(entry.parent, ""),
                depth=depth,
                definition="\n".join(found.get("", [])),
                when_to_use="\n".join(found.get(_USE, [])),
                when_not="\n".join(found.get(_NOT, [])),
                examples=tuple(found.get(_EXAMPLE, [])),
                placeholder=_PLACEHOLDER in found,
            )
        )
    if levels is None:
        levels = ("theme", "sub-theme", "code") if any(c.depth for c in codes) else ("sub-theme",)
    return Codebook(title=title, levels=levels, codes=tuple(codes), synthetic=synthetic), ids


def ids_to_state(codebook: Codebook) -> frozenset[str]:
    """Return the ids that the names of a codebook would not give again, so that a description must state them."""
    raw = [RawCode(key=c.id, name=c.name, parent=c.parent) for c in codebook.codes]
    stated: dict[str, str] = {}
    while wrong := {key: key for key, found in _ids(raw, stated).items() if found != key}:
        stated |= wrong
    return frozenset(stated)


def slug(name: str) -> str:
    """Return `name` as lower-case words joined by hyphens.

    >>> slug("Relief staff & zero-hours"), slug("<3")
    ('relief-staff-zero-hours', '3')
    """
    words = re.findall(r"\w+", unicodedata.normalize("NFC", name).casefold().replace("_", " "))
    return "-".join(words) or "code"


def _in_reading_order(below: dict[str, list[RawCode]]) -> Iterator[tuple[RawCode, int]]:
    stack = [(entry, 0) for entry in reversed(below.get("", []))]
    while stack:
        entry, depth = stack.pop()
        yield entry, depth
        stack += [(child, depth + 1) for child in reversed(below.get(entry.key, []))]


def _ids(entries: list[RawCode], given: dict[str, str]) -> dict[str, str]:
    """Return the id of every code: the one given, or one made of its name that no other code has."""
    slugs = {e.key: slug(e.name) for e in entries}
    times = Counter(slugs.values())
    names = NumberedNames("{name}-{number}")
    reserved = {i for i in given.values() if i}
    for name in reserved:
        names.take(name)
    ids: dict[str, str] = {}
    for entry in entries:
        wanted = given.get(entry.key, "")
        if wanted in reserved:
            reserved.remove(wanted)
        else:
            own = slugs[entry.key]
            above = times[own] > 1 and entry.parent in slugs
            wanted = names.unique(f"{slugs[entry.parent]}-{own}" if above else own)
        ids[entry.key] = wanted
    return ids


def _parts(description: str) -> dict[str, list[str]]:
    """Return the lines of a description by the marker that opens them; unmarked lines belong to the part before."""
    found: dict[str, list[str]] = {}
    current = ""
    for line in description.replace("\r\n", "\n").replace("\r", "\n").strip().split("\n"):
        if line.strip() == _PLACEHOLDER:
            found[_PLACEHOLDER] = []
            continue
        marker = next((m for m in _MARKERS if line.startswith(m)), None)
        if marker is not None:
            current = marker
            found.setdefault(marker, []).append(line.removeprefix(marker))
        elif current in {_EXAMPLE, _ID, _NAME}:
            found[current][-1] += f"\n{line}"
        else:
            found.setdefault(current, []).append(line)
    return found
