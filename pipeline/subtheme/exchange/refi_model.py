"""What a REFI-QDA project holds, after reading."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

import pandas as pd

from subtheme.errors import InputError, Problem, shown, suggestion
from subtheme.exchange.loss import Dropped, LossReport
from subtheme.exchange.offset_choice import OffsetChoice
from subtheme.nouns import Codebook, folded, sha256_of_text

QUOTED_CODINGS = ("transcript", "participant", "coder", "code", "start_char", "end_char", "quote")
"""Columns of codings that leave with their words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefiSource:
    """A text source: one interview, usually.

    Attributes
    ----------
    name : str
        Unique in the project; fit for a transcript id.
    text : str or None
        Canonical text; None where the file is missing from the package or cannot be read.
    choice : OffsetChoice or None
        How its offsets were read; None without a text.
    selections : int
        Number of selections on it.
    values : mapping of str to str
        Values of document variables.
    encoding : str
        Encoding of the text file, ``inline`` where the text stood in the project file.
    """

    name: str
    text: str | None = field(repr=False)
    choice: OffsetChoice | None
    selections: int
    values: Mapping[str, str]
    encoding: str

    def as_dict(self) -> dict[str, object]:
        """Return the source for ``--json``; without its words."""
        return {
            "name": self.name,
            "text": "read" if self.text is not None else "missing",
            "characters": len(self.text or ""),
            "sha256": sha256_of_text(self.text) if self.text is not None else "",
            "encoding": self.encoding,
            "offsets": self.choice.offsets.as_dict() if self.choice else None,
            "offsets_decided_by": str(self.choice.decided_by) if self.choice else "",
            "selections": self.selections,
            "quotes_known": self.choice.quotes_known if self.choice else 0,
            "quotes_confirmed": self.choice.quotes_confirmed if self.choice else 0,
            "variables": dict(self.values),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """A text, or a part of it, that belongs to a case.

    Attributes
    ----------
    source : str
        Name of the source.
    start_char, end_char : int
        Half-open span; -1 for the whole text.
    """

    source: str
    start_char: int = -1
    end_char: int = -1

    @property
    def is_whole(self) -> bool:
        """Whether the whole text belongs to the case."""
        return self.start_char < 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RefiCase:
    """A case: in most programs a participant, in some an organisation.

    Attributes
    ----------
    name : str
        Empty where a program used a case only to carry document variables.
    values : mapping of str to str
        Values of its variables.
    members : tuple of Membership
    """

    name: str
    values: Mapping[str, str]
    members: tuple[Membership, ...]

    def as_dict(self) -> dict[str, object]:
        """Return the case for ``--json``."""
        return {
            "name": self.name,
            "variables": dict(self.values),
            "sources": list(dict.fromkeys(m.source for m in self.members)),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class RefiSet:
    """A set: sources, codes or notes that were grouped.

    Attributes
    ----------
    name : str
    sources, codes : tuple of str
        Names of sources, ids of codes.
    """

    name: str
    sources: tuple[str, ...]
    codes: tuple[str, ...]

    def as_dict(self) -> dict[str, object]:
        """Return the set for ``--json``."""
        return {"name": self.name, "sources": list(self.sources), "codes": list(self.codes)}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class RefiNote:
    """A note: memo, journal entry or annotation.

    Attributes
    ----------
    name : str
    text : str
    coder : str
        Who wrote it; empty where unknown.
    source : str
        Name of the source that it belongs to; empty for a note on the project or on a code.
    start_char, end_char : int
        Span of an annotation; -1 elsewhere.
    code : str
        Id of the code that it belongs to; empty elsewhere.
    """

    name: str
    text: str
    coder: str = ""
    source: str = ""
    start_char: int = -1
    end_char: int = -1
    code: str = ""

    def __repr__(self) -> str:
        return f"RefiNote(source={self.source!r}, start_char={self.start_char}, characters={len(self.text)})"


@dataclass(frozen=True, slots=True, kw_only=True)
class RefiProject:
    """A REFI-QDA project, read.

    Attributes
    ----------
    name, origin : str
        Of the project, and of the program that wrote it.
    codebook : Codebook
        Without codes where the project has none.
    sources : tuple of RefiSource
    codings : pandas.DataFrame
        Columns of `subtheme.nouns.CODINGS`. The participant is the case that holds the text or the place, or
        else the name of the source (see `subtheme.exchange.refi_people` to choose otherwise).
    coders : tuple of str
        Names of the users.
    cases : tuple of RefiCase
    variables : mapping of str to str
        Kind of each variable by its name.
    sets : tuple of RefiSet
    notes : tuple of RefiNote
    loss : LossReport
    """

    name: str
    origin: str
    codebook: Codebook
    sources: tuple[RefiSource, ...]
    codings: pd.DataFrame = field(repr=False)
    coders: tuple[str, ...]
    cases: tuple[RefiCase, ...]
    variables: Mapping[str, str]
    sets: tuple[RefiSet, ...]
    notes: tuple[RefiNote, ...]
    loss: LossReport

    @property
    def texts(self) -> dict[str, str]:
        """Canonical text of every source that has one, by its name."""
        return {s.name: s.text for s in self.sources if s.text is not None}

    @property
    def quoted_codings(self) -> pd.DataFrame:
        """Codings with their words: columns `QUOTED_CODINGS`."""
        return quoted(self.codings, self.texts)

    def without(self, names: Collection[str]) -> "RefiProject":
        """Return the project without the texts of these names, their codings and their people; the loss report tells.

        Raises
        ------
        InputError
            With every name that is no text of the project.
        """
        known = {folded(s.name): s.name for s in self.sources}
        unknown = [name for name in names if folded(name) not in known]
        if unknown:
            raise InputError(
                Problem(
                    what=f"no text {shown(name)} to leave out",
                    where=self.loss.file,
                    expected="the name of a text of the project",
                    remedy=suggestion(name, known.values()),
                )
                for name in unknown
            )
        gone = {known[folded(name)] for name in names}
        is_left = ~self.codings["transcript"].isin(gone)
        dropped = [Dropped(what="text", where=name, reason="left out, as asked") for name in sorted(gone)]
        dropped += [
            Dropped(what="coding", where=name, reason="its text is left out")
            for name in self.codings["transcript"][~is_left]
        ]
        cases = [replace(c, members=tuple(m for m in c.members if m.source not in gone)) for c in self.cases]
        return replace(
            self,
            sources=tuple(s for s in self.sources if s.name not in gone),
            codings=self.codings[is_left].reset_index(drop=True),
            cases=tuple(c for c, old in zip(cases, self.cases, strict=True) if c.members or not old.members),
            sets=tuple(replace(s, sources=tuple(n for n in s.sources if n not in gone)) for s in self.sets),
            notes=tuple(n for n in self.notes if n.source not in gone),
            loss=replace(self.loss, dropped=(*self.loss.dropped, *dropped)),
        )

    def source(self, name: str) -> RefiSource:
        """Return the source of that name."""
        return next(s for s in self.sources if s.name == name)

    def as_dict(self) -> dict[str, object]:
        """Return what was found, for ``--json``; names and numbers, no words of an interview."""
        return {
            "name": self.name,
            "origin": self.origin,
            "sources": [s.as_dict() for s in self.sources],
            "codes": [{"id": c.id, "name": c.name, "parent": c.parent} for c in self.codebook.codes],
            "coders": list(self.coders),
            "cases": [c.as_dict() for c in self.cases],
            "variables": dict(self.variables),
            "sets": [s.as_dict() for s in self.sets],
            "notes": len(self.notes),
            "codings_read": self.loss.read.get("codings", 0),
            "codings_kept": self.loss.kept.get("codings", 0),
            "dropped": [d.as_dict() for d in self.loss.dropped],
            "warnings": list(self.loss.warnings),
        }


def quoted(codings: pd.DataFrame, texts: Mapping[str, str]) -> pd.DataFrame:
    """Return `codings` with the words of each place: columns `QUOTED_CODINGS`.

    Parameters
    ----------
    codings : pandas.DataFrame
        Columns of `subtheme.nouns.CODINGS`.
    texts : mapping of str to str
        Canonical text of every transcript by its id; where it is missing the quotation is empty.
    """
    quotes = [
        texts.get(t, "")[s:e] if s >= 0 else ""
        for t, s, e in zip(codings["transcript"], codings["start_char"], codings["end_char"], strict=True)
    ]
    return codings.assign(quote=pd.Series(quotes, index=codings.index, dtype="str"))[list(QUOTED_CODINGS)]
