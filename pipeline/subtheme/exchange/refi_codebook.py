"""The codes of REFI-QDA: codebook files (.qdc), and the codebook part of a project."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from subtheme import __version__
from subtheme.errors import InputError, Problem
from subtheme.exchange.archive import read_xml_file
from subtheme.exchange.code_description import RawCode, codebook_of, described, ids_to_state
from subtheme.exchange.guid import stable_guid
from subtheme.exchange.loss import Dropped, LossReport
from subtheme.exchange.refi_xml import (
    CODEBOOK_NAMESPACE,
    add,
    attribute,
    child,
    children,
    guid_of,
    local_name,
    text_of,
    to_bytes,
)
from subtheme.exchange.schema import schema_warnings
from subtheme.nouns import Codebook

_SYNTHETIC = "SYNTHETIC"
COUNTER_SUFFIX = " (counter-example)"
"""Behind the name of a code: excerpts that deny the influence stand under a code of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodebookImport:
    """A codebook, read.

    Attributes
    ----------
    codebook : Codebook
    ids : mapping of str to str
        Id of each code by its GUID in the file.
    counters : mapping of str to str
        Id of the code that a counter-example code stands for, by the GUID of the latter.
    loss : LossReport
    """

    codebook: Codebook
    ids: Mapping[str, str]
    counters: Mapping[str, str]
    loss: LossReport


def read_refi_codebook(path: Path, *, separator: str = "") -> CodebookImport:
    """Read a codebook file (.qdc) of any version of REFI-QDA.

    Parameters
    ----------
    path : pathlib.Path
    separator : str
        What joins a code to the codes above it in names of programs without a tree, such as ``.`` (Taguette)
        or ``::`` (ATLAS.ti); empty to leave names whole.

    Raises
    ------
    InputError
        If the file is missing, damaged, dangerous, or no codebook.
    """
    root = read_xml_file(path)
    if local_name(root) != "CodeBook":
        raise InputError(
            Problem(
                what="the file is not a REFI-QDA codebook",
                where=path.name,
                expected="a file (.qdc) whose outermost element is CodeBook",
                remedy="A whole project (.qdpx) is imported as such",
            )
        )
    synthetic = _SYNTHETIC in attribute(root, "origin")
    found = read_codes(root, title=path.stem, synthetic=synthetic, separator=separator)
    if not found.codebook.codes:
        raise InputError(Problem(what="the codebook has no codes", where=path.name, expected="at least one Code"))
    holder = child(root, "Sets")
    sets = [] if holder is None else list(children(holder, "Set"))
    dropped = tuple(
        Dropped(what="set of codes", where=attribute(s, "name"), reason="a codebook of subtheme has no sets")
        for s in sets
    )
    count = len(found.codebook.codes)
    loss = LossReport(
        file=path.name,
        read={"codes": count, "sets": len(sets)},
        kept={"codes": count},
        dropped=dropped,
        warnings=tuple(schema_warnings(root, "Codebook")),
    )
    return CodebookImport(codebook=found.codebook, ids=found.ids, counters=found.counters, loss=loss)


def read_codes(
    root: etree._Element,
    *,
    title: str,
    levels: tuple[str, ...] | None = None,
    synthetic: bool = False,
    separator: str = "",
    omit: Collection[str] = (),
) -> CodebookImport:
    """Read the codes below `root`, whatever the namespace.

    Parameters
    ----------
    root : element
        ``CodeBook`` itself.
    title : str
    levels : tuple of str or None
    synthetic : bool
    separator : str
        See `read_refi_codebook`.
    omit : collection of str
        GUIDs of codes that are none (cases, for NVivo); codes below them move up.
    """
    raw: list[RawCode] = []
    top = child(root, "Codes")
    stack = [] if top is None else [(element, "") for element in reversed(list(children(top, "Code")))]
    seen: set[str] = set()
    while stack:
        element, parent = stack.pop()
        key = guid_of(element)
        if key in seen or not key:
            key = f"{key}#{len(raw)}"
        seen.add(key)
        if key in omit:
            key = parent
        else:
            description = text_of(element, "Description")
            raw.append(RawCode(key=key, name=attribute(element, "name"), parent=parent, description=description))
        stack += [(below, key) for below in reversed(list(children(element, "Code")))]
    return codes_of(raw, title=title, levels=levels, synthetic=synthetic, separator=separator)


def codes_of(
    raw: list[RawCode],
    *,
    title: str,
    levels: tuple[str, ...] | None = None,
    synthetic: bool = False,
    separator: str = "",
) -> CodebookImport:
    """Return the codebook of foreign codes, counter-example codes told apart; parents before their children.

    Parameters
    ----------
    raw : list of RawCode
    title, levels, synthetic, separator
        See `read_codes`.
    """
    if separator:
        raw = branched(raw, separator)
    counters = _counters(raw)
    kept = [r for r in raw if r.key not in counters]
    codebook, ids = codebook_of(kept, title=title, levels=levels, synthetic=synthetic)
    return CodebookImport(
        codebook=codebook,
        ids={key: code for key, code in ids.items() if not key.startswith("#")},
        counters={key: ids[base] for key, base in counters.items()},
        loss=LossReport(file=title),
    )


def write_refi_codebook(codebook: Codebook, path: Path) -> LossReport:
    """Write `codebook` as a codebook file (.qdc); equal codebooks give equal bytes.

    The names of the levels and the note have no place in such a file; the report says so.
    """
    synthetic = f" {_SYNTHETIC}" if codebook.synthetic else ""
    root = etree.Element(f"{{{CODEBOOK_NAMESPACE}}}CodeBook", nsmap={None: CODEBOOK_NAMESPACE})
    root.set("origin", f"subtheme {__version__}{synthetic}")
    add_codes(root, codebook, coded=frozenset(c.id for c in codebook.codes if not codebook.children(c.id)))
    path.write_bytes(to_bytes(root))
    count = {"codes": len(codebook.codes)}
    reason = "a codebook file has no place for it"
    dropped = [Dropped(what="note of the codebook", where="", reason=reason)] if codebook.note else []
    dropped.append(Dropped(what="names of the levels", where=", ".join(codebook.levels), reason=reason))
    return LossReport(file=path.name, read=count, kept=count, dropped=tuple(dropped))


def add_codes(
    root: etree._Element,
    codebook: Codebook,
    *,
    coded: Collection[str],
    countered: Collection[str] = (),
    flatten: str = "",
) -> None:
    """Append ``Codes`` to a ``CodeBook`` element.

    Parameters
    ----------
    root : element
    codebook : Codebook
    coded : collection of str
        Ids that codings stand on: codable, even where there are codes below them.
    countered : collection of str
        Ids that need a code for their counter-examples beside them.
    flatten : str
        What joins names along the path in one flat list; empty to write the tree.
    """
    stated = ids_to_state(codebook)
    names = path_names(codebook, flatten) if flatten else unique_names(codebook)
    top = add(root, "Codes")
    elements = {"": top}
    for code in codebook.codes:
        parent = top if flatten else elements[code.parent]
        is_codable = code.id in coded or not codebook.children(code.id)
        element = add(parent, "Code", guid=code_guid(code.id), name=names[code.id], isCodable=str(is_codable).lower())
        elements[code.id] = element
        is_renamed = names[code.id] != code.name
        if description := described(code, states_id=code.id in stated or is_renamed, states_name=is_renamed):
            add(element, "Description", words=description)
        if code.id in countered:
            add(
                parent,
                "Code",
                guid=code_guid(code.id, counter=True),
                name=names[code.id] + COUNTER_SUFFIX,
                isCodable="true",
            )


def path_names(codebook: Codebook, separator: str) -> dict[str, str]:
    """Return for every code the names from its theme down to it, joined by `separator`; repeated ones with the id."""
    paths = {
        c.id: separator.join(codebook.by_id[i].name for i in reversed(codebook.lineage(c.id))) for c in codebook.codes
    }
    times = Counter(paths.values())
    return {code: path if times[path] == 1 else f"{path} ({code})" for code, path in paths.items()}


def unique_names(codebook: Codebook) -> dict[str, str]:
    """Return a name for every code that no other has: programs without GUIDs merge codes of one name."""
    times = Counter(c.name for c in codebook.codes)
    names: dict[str, str] = {}
    used = {name for name, count in times.items() if count == 1}
    for code in codebook.codes:
        name = code.name
        if times[name] > 1:
            branch = codebook.by_id[code.parent].name if code.parent else code.id
            name = next(n for n in (f"{name} ({branch})", f"{name} ({code.id})", code.id) if n not in used)
            used.add(name)
        names[code.id] = name
    return names


def code_guid(code: str, *, counter: bool = False) -> str:
    """Return the GUID that a code has in our exports."""
    return stable_guid("counter-code" if counter else "code", code)


def _counters(raw: list[RawCode]) -> dict[str, str]:
    """Return the keys of counter-example codes, with the key of the code that each stands for."""
    by_place = {(r.parent, r.name): r.key for r in raw}
    parents = {r.parent for r in raw}
    found = {}
    for entry in raw:
        if entry.name.endswith(COUNTER_SUFFIX):
            base = by_place.get((entry.parent, entry.name.removesuffix(COUNTER_SUFFIX)))
            if base is not None and entry.key not in parents:
                found[entry.key] = base
    return found


def branched(raw: list[RawCode], separator: str) -> list[RawCode]:
    """Return a flat list of codes as a tree along the separator in their names, parents before their children."""
    keys: dict[tuple[str, tuple[str, ...]], str] = {}
    entries: list[RawCode] = []
    for entry in raw:
        parts = tuple(p.strip() for p in entry.name.split(separator) if p.strip()) or (entry.name,)
        keys[entry.parent, parts] = entry.key
    made: set[str] = set()
    for entry in raw:
        parts = tuple(p.strip() for p in entry.name.split(separator) if p.strip()) or (entry.name,)
        parent = entry.parent
        for depth in range(1, len(parts)):
            key = keys.setdefault((entry.parent, parts[:depth]), f"#{entry.parent}|{separator.join(parts[:depth])}")
            if key.startswith("#") and key not in made:
                made.add(key)
                entries.append(RawCode(key=key, name=parts[depth - 1], parent=parent))
            parent = key
        entries.append(RawCode(key=entry.key, name=parts[-1], parent=parent, description=entry.description))
    return entries
