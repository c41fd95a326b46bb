"""The settings of a study: ``study.toml``, the environment and the command line, in rising order of weight."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from subtheme.errors import InputError, Problem, suggestion
from subtheme.segments.languages import AUTO, languages_of

FORMAT = "subtheme-study/1"
_PREFIX = "SUBTHEME_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a researcher may set; the defaults stand here.

    Attributes
    ----------
    name : str
        Name to print on reports.
    synthetic : bool
        Whether the study is invented; nothing but the file can set it.
    language : str
        Codes or names of the languages spoken, separated by commas; ``auto`` tells each transcript's from its words.
    strategy : str
        How speech is cut: ``unit``, ``sentence`` or ``turn``.
    target_words : int
        Words that a unit aims at.
    encoder : str
        ``auto`` for those that suit the languages and are installed; or names of encoders, folders of models or names
        on a hub, separated by commas: several stand side by side.
    precision : str
        ``exact`` (floating point) or ``fast`` (whole numbers where the processor has them).
    level : str
        Level of the codebook that is learned, proposed and scored.
    coder : str
        Who decides, where a command is not told.
    store_url : str
        Of a PostgreSQL database that holds the study; empty for a file in its folder.
    looks : int
        Fruitless looks after which presence review leaves a participant and a sub-theme alone; 0 for no such number.
    risk : float
        Expected number of wrong cells at which presence review stops; 0 to go on until every cell is settled.
    missed, invented : float
        How often coders deny what is there, and confirm what is not, in [0, 0.5): what presence review begins with.
        Second answers to the same questions correct both.
    random_share : float
        Share of the questions that are drawn at random among participants and sub-themes that nobody was asked about.
    blind, overlap : float
        Shares of the segments that a coder reads without suggestions, and that every coder reads so, in [0, 1].
    typology_all, typology_none : str
        Least share of sub-themes present for the variation *all*, and largest share for *none*, such as ``9/10``.
    """

    name: str = ""
    synthetic: bool = False
    language: str = AUTO
    strategy: str = "unit"
    target_words: int = 40
    encoder: str = "auto"
    precision: str = "exact"
    level: str = "sub-theme"
    coder: str = "coder"
    store_url: str = ""
    looks: int = 0
    risk: float = 0.5
    missed: float = 0.05
    invented: float = 0.02
    random_share: float = 0.05
    blind: float = 0.15
    overlap: float = 0.0
    typology_all: str = "1"
    typology_none: str = "0"


_PLACES = {
    "name": ("name",),
    "synthetic": ("synthetic",),
    "language": ("language",),
    "strategy": ("segments", "strategy"),
    "target_words": ("segments", "target_words"),
    "encoder": ("embeddings", "encoder"),
    "precision": ("embeddings", "precision"),
    "level": ("coding", "level"),
    "coder": ("coding", "coder"),
    "store_url": ("store", "url"),
    "looks": ("review", "looks"),
    "risk": ("review", "risk"),
    "missed": ("review", "missed"),
    "invented": ("review", "invented"),
    "random_share": ("review", "random_share"),
    "blind": ("review", "blind"),
    "overlap": ("review", "overlap"),
    "typology_all": ("typology", "all_from"),
    "typology_none": ("typology", "none_up_to"),
}
# Text, or a list of texts.
_SEVERAL = ("language", "encoder")
_CHOICES = {"precision": ("exact", "fast")}
_TYPES: dict[str, type] = {f.name: type(f.default) for f in fields(Settings)}


def key_of(name: str) -> str:
    """Return the key under which a setting stands in its table of ``study.toml``."""
    return _PLACES[name][-1]


def read_settings(
    path: Path, *, environment: Mapping[str, str] | None = None, given: Mapping[str, object] | None = None
) -> Settings:
    """Read the settings of a study.

    Parameters
    ----------
    path : pathlib.Path
        ``study.toml``.
    environment : mapping, optional
        Variables such as ``SUBTHEME_CODER``; the process's own by default.
    given : mapping, optional
        What the command line gave; None values count as not given. Beats everything else.

    Raises
    ------
    InputError
        Not TOML, an unknown key, a value of the wrong type or that is no choice, an unknown language: all in one go.
    """
    environment = os.environ if environment is None else environment
    values, problems = _from_file(path)
    for name in _PLACES:
        variable = _PREFIX + name.upper()
        if name != "synthetic" and variable in environment:
            try:
                values[name] = _TYPES[name](environment[variable])
            except ValueError:
                what = "not a whole number" if _TYPES[name] is int else "not a number"
                problems.append(Problem(what=what, where=f"environment variable {variable}"))
    values |= {k: v for k, v in (given or {}).items() if v is not None}
    try:
        languages_of(values.get("language", AUTO))
    except InputError as error:
        problems += error.problems
    for name, known in _CHOICES.items():
        if values.get(name, known[0]) not in known:
            what = f"{'.'.join(_PLACES[name])} is '{values[name]}'"
            remedy = suggestion(str(values[name]), known)
            problems.append(Problem(what=what, where=path.name, expected=" or ".join(known), remedy=remedy))
    if problems:
        raise InputError(problems)
    return Settings(**values)


def _from_file(path: Path) -> tuple[dict[str, Any], list[Problem]]:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(Problem(what=f"not valid TOML ({error})", where=path.name)) from None
    problems: list[Problem] = []
    if data.pop("format", None) != FORMAT:
        problems.append(Problem(what="not the settings of a study", where=path.name, expected=f'format = "{FORMAT}"'))
    values: dict[str, Any] = {}
    names = {place: name for name, place in _PLACES.items()}
    known = [".".join(place) for place in names]
    for place, value in _leaves(data):
        key = ".".join(place)
        name = names.get(place)
        if name is None:
            expected = f"one of {', '.join(known)}"
            problems.append(
                Problem(what=f"unknown key '{key}'", where=path.name, expected=expected, remedy=suggestion(key, known))
            )
        elif type(value) is int and _TYPES[name] is float:
            values[name] = float(value)
        elif name in _SEVERAL and isinstance(value, list) and value and all(type(one) is str for one in value):
            values[name] = ", ".join(value)
        elif type(value) is not _TYPES[name]:
            expected = {str: "text", int: "a whole number", float: "a number", bool: "true or false"}[_TYPES[name]]
            problems.append(Problem(what=f"'{key}' has the wrong type", where=path.name, expected=expected))
        else:
            values[name] = value
    return values, problems


def _leaves(table: Mapping[str, Any]) -> list[tuple[tuple[str, ...], Any]]:
    found: list[tuple[tuple[str, ...], Any]] = []
    for key, value in table.items():
        if isinstance(value, dict):
            found += [((key, *place), leaf) for place, leaf in _leaves(value)]
        else:
            found.append(((key,), value))
    return found
