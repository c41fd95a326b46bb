"""The codebook: a tree of codes of any depth, read from TOML."""

import hashlib
import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from subtheme.errors import InputError, Problem, shown, suggestion
from subtheme.nouns.text import content_id

FORMAT = "subtheme-codebook/1"

_CODE_KEYS = ("id", "name", "definition", "when_to_use", "when_not", "examples", "placeholder", "code")
_TOP_KEYS = ("format", "title", "levels", "synthetic", "note", "code")
_TEXT_KEYS = ("id", "name", "definition", "when_to_use", "when_not")


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """One code of the codebook.

    Attributes
    ----------
    id : str
        Lower-case words joined by hyphens, unique in the codebook.
    name : str
        Name to print.
    parent : str
        Id of the code above; empty for a theme.
    depth : int
        0 for a theme, 1 for a sub-theme, and so on.
    definition, when_to_use, when_not : str
        What the coder is told.
    examples : tuple of str
        Short invented or quoted excerpts.
    placeholder : bool
        True where the study has the code but its content is not known.
    """

    id: str
    name: str
    parent: str
    depth: int
    definition: str = ""
    when_to_use: str = ""
    when_not: str = ""
    examples: tuple[str, ...] = ()
    placeholder: bool = False

    @property
    def description(self) -> str:
        """Name, definition, use and examples as one text, for ranking before anything is learned."""
        return _sentences(self.meaning, *self.examples)

    @property
    def meaning(self) -> str:
        """Name, definition and use as one text, without examples, which may be words of a participant."""
        return _sentences(self.name, self.definition, self.when_to_use)

    @property
    def definition_digest(self) -> str:
        """What the coder is told, as 16 hexadecimal digits: a judgement names the definition that it rests on."""
        return content_id("definition", self.name, self.definition, self.when_to_use, self.when_not)


def _sentences(*parts: str) -> str:
    return ". ".join(p.rstrip(".") for p in parts if p)


@dataclass(frozen=True, kw_only=True)
class Codebook:
    """A tree of codes.

    Attributes
    ----------
    title : str
    levels : tuple of str
        Names of the levels from the top, such as ``theme``, ``sub-theme``, ``code``; a tree that is
        deeper than this uses the last name for all that is below.
    codes : tuple of Code
        In reading order: each code before the codes below it.
    synthetic : bool
        True where the codebook belongs to an invented study.
    note : str
        Anything a reader should know.
    """

    title: str
    levels: tuple[str, ...]
    codes: tuple[Code, ...]
    synthetic: bool = False
    note: str = ""

    @classmethod
    def read(cls, path: Path) -> "Codebook":
        """Read a codebook from a TOML file.

        Raises
        ------
        InputError
            With every problem: not TOML, unknown or missing key, repeated id, wrong type.
        """
        try:
            text = path.read_bytes().decode("utf-8")
        except FileNotFoundError:
            raise InputError(Problem(what="no such file", where=str(path), expected="a codebook (.toml)")) from None
        except UnicodeDecodeError:
            raise InputError(Problem(what="not UTF-8 text", where=str(path), expected="a codebook in TOML")) from None
        return cls.from_toml(text, where=path.name)

    @classmethod
    def from_toml(cls, text: str, *, where: str) -> "Codebook":
        """Read a codebook from the text of a TOML file; `where` names it in errors."""
        try:
            data = tomllib.loads(text.removeprefix("\ufeff"))
        except tomllib.TOMLDecodeError as error:
            raise InputError(Problem(what=f"not valid TOML ({error})", where=where)) from None
        return _Reader(where).codebook(data)

    @cached_property
    def by_id(self) -> Mapping[str, Code]:
        """Every code by its id."""
        return {c.id: c for c in self.codes}

    @cached_property
    def definitions(self) -> Mapping[str, str]:
        """Digest of what every code means today, by id (`Code.definition_digest`)."""
        return {c.id: c.definition_digest for c in self.codes}

    @property
    def usual_level(self) -> str:
        """Level that is learned and scored where nobody says which: the sub-themes, else the second from the top."""
        return "sub-theme" if "sub-theme" in self.levels else self.levels[min(1, len(self.levels) - 1)]

    def __contains__(self, code: object) -> bool:
        """Return whether there is a code of that id."""
        return code in self.by_id

    def level_of(self, code: str) -> str:
        """Return the name of the level that `code` stands on."""
        return self.levels[min(self.by_id[code].depth, len(self.levels) - 1)]

    def at_level(self, level: str) -> tuple[Code, ...]:
        """Return the codes of the level named `level`, in reading order.

        Raises
        ------
        InputError
            If the codebook has no level of that name.
        """
        if level not in self.levels:
            raise InputError(
                Problem(
                    what=f"no level '{level}' in the codebook",
                    expected=f"one of {', '.join(self.levels)}",
                    remedy=suggestion(level, self.levels),
                )
            )
        return tuple(c for c in self.codes if self.level_of(c.id) == level)

    def children(self, code: str) -> tuple[Code, ...]:
        """Return the codes right below `code` (the themes for an empty id)."""
        return tuple(c for c in self.codes if c.parent == code)

    def lineage(self, code: str) -> tuple[str, ...]:
        """Return `code` and the ids above it, up to its theme."""
        path = [code]
        while parent := self.by_id[path[-1]].parent:
            path.append(parent)
        return tuple(path)

    def roll_up(self, code: str, level: str) -> str | None:
        """Return the id at `level` that `code` belongs to, or None where `code` lies above that level."""
        depth = self.levels.index(level)
        path = self.lineage(code)[::-1]
        return path[depth] if depth < len(path) else None

    def require(self, code: str, *, where: str) -> Code:
        """Return the code of id `code`, or refuse it with the nearest known id.

        Raises
        ------
        InputError
            If the codebook has no such code.
        """
        if code not in self.by_id:
            raise InputError(self.unknown(code, where=where))
        return self.by_id[code]

    def unknown(self, code: str, *, where: str) -> Problem:
        """Return the problem of a code that the codebook does not have."""
        return Problem(
            what=f"unknown code {shown(code)}",
            where=where,
            expected="a code of the codebook",
            remedy=suggestion(code, self.by_id) or "Add it to the codebook, or correct the row",
        )

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 over everything that gives the codes their meaning, in reading order."""
        rows = [
            [c.id, c.name, c.parent, c.definition, c.when_to_use, c.when_not, list(c.examples), c.placeholder]
            for c in self.codes
        ]
        text = json.dumps([list(self.levels), rows], ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode("utf-8")).hexdigest()


class _Reader:
    """Turns parsed TOML into a codebook and collects every problem on the way."""

    def __init__(self, where: str) -> None:
        self.where = where
        self.problems: list[Problem] = []

    def codebook(self, data: dict[str, Any]) -> Codebook:
        self._unknown_keys(data, _TOP_KEYS, "the top of the file")
        if data.get("format") != FORMAT:
            self._add(f"format is {data.get('format')!r}", expected=f'format = "{FORMAT}" at the top')
        levels = data.get("levels", ["theme", "sub-theme", "code"])
        if not (isinstance(levels, list) and levels and all(isinstance(x, str) and x for x in levels)):
            self._add(
                "'levels' cannot be read", expected="a list of names from the top, such as theme, sub-theme, code"
            )
            levels = ["theme", "sub-theme", "code"]
        codes = tuple(self._codes(data.get("code", []), parent="", depth=0))
        if not codes and not self.problems:
            self._add("no codes", expected="at least one [[code]]")
        seen: set[str] = set()
        for code in codes:
            if code.id in seen:
                self._add(f"code {shown(code.id)} stands twice", expected="every id once")
            seen.add(code.id)
        if self.problems:
            raise InputError(self.problems)
        return Codebook(
            title=str(data.get("title", "")),
            levels=tuple(levels),
            codes=codes,
            synthetic=data.get("synthetic") is True,
            note=str(data.get("note", "")),
        )

    def _codes(self, entries: Any, *, parent: str, depth: int) -> Iterator[Code]:
        place = f"code {shown(parent)}" if parent else "the top of the file"
        if not isinstance(entries, list) or not all(isinstance(e, dict) for e in entries):
            self._add(f"'code' under {place} cannot be read", expected="[[code]] tables")
            return
        for number, entry in enumerate(entries, start=1):
            name = f"code {shown(entry['id'])}" if isinstance(entry.get("id"), str) else f"code {number} under {place}"
            self._unknown_keys(entry, _CODE_KEYS, name)
            wrong = [k for k in _TEXT_KEYS if not isinstance(entry.get(k, ""), str)]
            examples = entry.get("examples", [])
            if not (isinstance(examples, list) and all(isinstance(x, str) for x in examples)):
                wrong.append("examples")
            if not isinstance(entry.get("placeholder", False), bool):
                wrong.append("placeholder")
            for key in wrong:
                self._add(f"'{key}' of {name} has the wrong type")
            missing = [k for k in ("id", "name") if not entry.get(k)]
            for key in missing:
                self._add(f"{name} has no '{key}'", expected="an id and a name for every code")
            identifier = str(entry.get("id", ""))
            if not wrong and not missing:
                yield Code(
                    id=identifier,
                    name=entry["name"],
                    parent=parent,
                    depth=depth,
                    definition=entry.get("definition", ""),
                    when_to_use=entry.get("when_to_use", ""),
                    when_not=entry.get("when_not", ""),
                    examples=tuple(examples),
                    placeholder=entry.get("placeholder", False),
                )
            yield from self._codes(entry.get("code", []), parent=identifier, depth=depth + 1)

    def _unknown_keys(self, table: dict[str, Any], known: tuple[str, ...], place: str) -> None:
        for key in table:
            if key not in known:
                self._add(
                    f"unknown key {shown(key)} in {place}",
                    expected=f"one of {', '.join(known)}",
                    remedy=suggestion(key, known),
                )

    def _add(self, what: str, *, expected: str = "", remedy: str = "") -> None:
        self.problems.append(Problem(what=what, where=self.where, expected=expected, remedy=remedy))
