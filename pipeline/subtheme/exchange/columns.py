"""Column maps: which column of a program's spreadsheet is which of ours."""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from subtheme.errors import InputError, Problem, suggestion
from subtheme.nouns import folded

FORMAT = "subtheme-columns/1"
FIELDS = (
    "transcript",
    "participant",
    "coder",
    "code",
    "start_char",
    "end_char",
    "quote",
    "memo",
    "origin",
    "direction",
)
_TOP_KEYS = ("format", "program", "note", "columns", "codes")
_CODE_KEYS = ("path_separators", "several", "applied_heading", "applied_values")


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnMap:
    """How one program heads the columns of its coded segments.

    Attributes
    ----------
    program : str
        Name to print.
    headings : mapping of str to tuple of str
        For each of our columns, the headings that may stand over it, the likeliest first.
    path_separators : tuple of str
        What joins a code to the codes above it in one cell, such as ``" > "``.
    several : tuple of str
        What may separate several codes in one cell; empty where a cell holds one.
    applied_heading : str
        Heading of the columns of which there is one per code, with ``{code}`` in the place of the code; empty
        where codes stand in a column.
    applied_values : tuple of str
        What stands in such a column where the code was applied.
    note : str
        What a person should know about the program's file.
    """

    program: str
    headings: Mapping[str, tuple[str, ...]]
    path_separators: tuple[str, ...] = ()
    several: tuple[str, ...] = ()
    applied_heading: str = ""
    applied_values: tuple[str, ...] = ("True",)
    note: str = ""

    @classmethod
    def read(cls, path: Path) -> "ColumnMap":
        """Read a column map from a TOML file.

        Raises
        ------
        InputError
            With every problem: no such file, not TOML, unknown or missing key, wrong type.
        """
        try:
            text = path.read_bytes().decode("utf-8")
        except FileNotFoundError:
            remedy = f"Column maps that ship: {', '.join(shipped_column_maps())}"
            raise InputError(
                Problem(what="no such file", where=str(path), expected="a column map (.toml)", remedy=remedy)
            ) from None
        except UnicodeDecodeError:
            raise InputError(Problem(what="not UTF-8 text", where=path.name, expected="a column map in TOML")) from None
        return cls.from_toml(text, where=path.name)

    @classmethod
    def from_toml(cls, text: str, *, where: str) -> "ColumnMap":
        """Read a column map from the text of a TOML file; `where` names it in errors."""
        try:
            data = tomllib.loads(text.removeprefix("\ufeff"))
        except tomllib.TOMLDecodeError as error:
            raise InputError(Problem(what=f"not valid TOML ({error})", where=where)) from None
        problems = _problems(data, where)
        if problems:
            raise InputError(problems)
        codes = data.get("codes", {})
        return cls(
            program=data.get("program", ""),
            headings={name: _strings(value) for name, value in data.get("columns", {}).items()},
            path_separators=_strings(codes.get("path_separators", [])),
            several=_strings(codes.get("several", [])),
            applied_heading=codes.get("applied_heading", ""),
            applied_values=_strings(codes.get("applied_values", ["True"])),
            note=data.get("note", ""),
        )

    def place_of(self, name: str, headings: Iterable[str]) -> int | None:
        """Return the position of our column `name` among `headings`, or None; letter case does not matter."""
        found = [_bare(h) for h in headings]
        return next((found.index(_bare(h)) for h in self.headings.get(name, ()) if _bare(h) in found), None)

    def places_in(self, headings: Sequence[str]) -> dict[str, int]:
        """Return the positions of our columns among `headings`; no heading stands for two of them."""
        places: dict[str, int] = {}
        for name in self.headings:
            free = ["" if n in places.values() else h for n, h in enumerate(headings)]
            if (place := self.place_of(name, free)) is not None:
                places[name] = place
        return places

    def applied_columns(self, headings: Iterable[str]) -> dict[int, str]:
        """Return the code of every column of which there is one per code, by its position."""
        if not self.applied_heading:
            return {}
        before, after = self.applied_heading.split("{code}")
        pattern = re.compile(re.escape(before) + "(.+)" + re.escape(after))
        return {n: m.group(1) for n, h in enumerate(headings) if (m := pattern.fullmatch(h)) is not None}


OUR_COLUMNS = ColumnMap(program="subtheme", headings={name: (name,) for name in FIELDS}, path_separators=(" > ",))
"""Our own headings, which are read where no column map is named."""


def shipped_column_maps() -> dict[str, Path]:
    """Return the column maps that come with subtheme, by the name of their program.

    They lie in ``configs/columns`` of the checkout, and inside the package where it was installed.
    """
    here = Path(__file__).resolve()
    for folder in (here.parents[1] / "configs" / "columns", here.parents[3] / "configs" / "columns"):
        if folder.is_dir():
            return {path.stem: path for path in sorted(folder.glob("*.toml"))}
    return {}


def known_headings() -> tuple[str, ...]:
    """Return every heading that some column map knows."""
    maps = [OUR_COLUMNS, *map(ColumnMap.read, shipped_column_maps().values())]
    return tuple(dict.fromkeys(h for columns in maps for found in columns.headings.values() for h in found))


def fitting_columns(headings: Sequence[str]) -> ColumnMap:
    """Return the column map that finds most of our columns under `headings`: that of a program, or of the usual words.

    A map of a program splits codes as the usual one does, too: nothing is split unless every part is a code.
    """
    maps = {name: ColumnMap.read(path) for name, path in shipped_column_maps().items() if name != "subtheme"}
    usual = maps.pop("usual", OUR_COLUMNS)
    best = max((*maps.values(), usual), key=lambda m: len(m.places_in(headings)) + _has_codes(m, headings))
    return replace(
        best,
        path_separators=tuple(dict.fromkeys((*best.path_separators, *usual.path_separators))),
        several=tuple(dict.fromkeys((*best.several, *usual.several))),
    )


def _has_codes(columns: ColumnMap, headings: Sequence[str]) -> int:
    """Return 1 where there is one column for each code."""
    return int("code" not in columns.places_in(headings) and bool(columns.applied_columns(headings)))


def _bare(heading: str) -> str:
    """Return a heading as it is compared: without letter case, underscores and a closing colon."""
    return folded(heading.replace("_", " ")).rstrip(": ")


def _strings(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,) if value else ()
    return tuple(str(v) for v in value) if isinstance(value, list) else ()


def _problems(data: Mapping[str, object], where: str) -> list[Problem]:
    problems = _unknown_keys(data, _TOP_KEYS, "the top of the file", where)
    if data.get("format") != FORMAT:
        problems.append(
            Problem(what=f"format is {data.get('format')!r}", where=where, expected=f'format = "{FORMAT}" at the top')
        )
    problems += [_wrong(key, where, "a text") for key in ("program", "note") if not isinstance(data.get(key, ""), str)]
    columns, codes = data.get("columns", {}), data.get("codes", {})
    if not isinstance(columns, dict) or not isinstance(codes, dict):
        return [*problems, Problem(what="'columns' or 'codes' cannot be read", where=where, expected="two tables")]
    problems += _unknown_keys(columns, FIELDS, "[columns]", where)
    problems += [
        _wrong(name, where, "a heading or a list of headings") for name, v in columns.items() if not _is_text_list(v)
    ]
    problems += _unknown_keys(codes, _CODE_KEYS, "[codes]", where)
    for key, value in codes.items():
        if key in {"path_separators", "applied_values", "several"} and not _is_text_list(value):
            problems.append(_wrong(key, where, "a list of texts"))
        if key == "applied_heading" and not isinstance(value, str):
            problems.append(_wrong(key, where, "a text"))
    heading = codes.get("applied_heading", "")
    if isinstance(heading, str) and heading and heading.count("{code}") != 1:
        problems.append(_wrong("applied_heading", where, "{code} once in it"))
    if not heading and "code" not in columns:
        problems.append(
            Problem(
                what="no heading for 'code'", where=where, expected="code in [columns], or applied_heading in [codes]"
            )
        )
    return problems


def _unknown_keys(table: Mapping[str, object], known: tuple[str, ...], place: str, where: str) -> list[Problem]:
    return [
        Problem(
            what=f"unknown key '{key}' in {place}",
            where=where,
            expected=f"one of {', '.join(known)}",
            remedy=suggestion(key, known),
        )
        for key in table
        if key not in known
    ]


def _is_text_list(value: object) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(v, str) and v for v in value))


def _wrong(key: str, where: str, expected: str) -> Problem:
    return Problem(what=f"'{key}' cannot be read", where=where, expected=expected)
