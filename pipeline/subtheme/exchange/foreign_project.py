"""Putting a project together from what a program's own file holds, whatever kind of file it is."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from subtheme.errors import InputError
from subtheme.exchange.code_description import RawCode
from subtheme.exchange.loss import Dropped, LossReport
from subtheme.exchange.numbered_names import NumberedNames
from subtheme.exchange.offset_choice import Habit, Selection, choose_offsets
from subtheme.exchange.offsets import Offsets, StoredText
from subtheme.exchange.refi_codebook import codes_of
from subtheme.exchange.refi_model import Membership, RefiCase, RefiNote, RefiProject, RefiSource
from subtheme.exchange.refi_people import participant_of
from subtheme.exchange.refi_source import fit_name
from subtheme.nouns import CODINGS, Direction, Origin, canonical_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A code, or a memo without a code, on a place of a text as its program counts it.

    Attributes
    ----------
    where : str
        Id in the file, for the report.
    code : str
        Key of the code; empty for a memo alone.
    coder : str
    start, end : int or None
        Place; None for the whole text.
    quote : str
        What the program wrote down as the words of the place.
    memo : str
    origin : Origin
    """

    where: str
    code: str = ""
    coder: str = ""
    start: int | None = None
    end: int | None = None
    quote: str = field(default="", repr=False)
    memo: str = ""
    origin: Origin = Origin.BLIND


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ForeignText:
    """One text of a foreign file with its marks.

    Attributes
    ----------
    name : str
    text : str
        As stored.
    marks : tuple of Mark
    values : mapping of str to str
        Values of document variables.
    uncounted : collection of int
        See `StoredText`.
    """

    name: str
    text: str
    marks: tuple[Mark, ...]
    values: Mapping[str, str] = field(default_factory=dict)
    uncounted: Collection[int] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignCase:
    """A case of a foreign file.

    Attributes
    ----------
    name : str
    values : mapping of str to str
    members : tuple of (str, int, int)
        Name of a text, and a place on it as its program counts.
    """

    name: str
    values: Mapping[str, str]
    members: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, kw_only=True)
class ForeignProject:
    """What a program's own file holds.

    Attributes
    ----------
    file : str
        Base name, for the report.
    name, origin : str
    codes : tuple of RawCode
        Parents before their children.
    texts : tuple of ForeignText
    cases : tuple of ForeignCase
    coders : tuple of str
    notes : tuple of RefiNote
        Notes without a place.
    dropped : tuple of Dropped
    """

    file: str
    name: str
    origin: str
    codes: tuple[RawCode, ...]
    texts: tuple[ForeignText, ...]
    cases: tuple[ForeignCase, ...] = ()
    coders: tuple[str, ...] = ()
    notes: tuple[RefiNote, ...] = ()
    dropped: tuple[Dropped, ...] = ()

    def project(self, *, habit: Habit, override: Offsets | None = None, separator: str = "") -> RefiProject:
        """Return the project with every mark on canonical text; offsets are read as for REFI-QDA.

        Parameters
        ----------
        habit : Habit
            How the program counts.
        override : Offsets or None
        separator : str
            What joins a code to the codes above it in its name.
        """
        return _Builder(self, habit, override, separator).project()


class _Builder:
    def __init__(self, found: ForeignProject, habit: Habit, override: Offsets | None, separator: str) -> None:
        self._found = found
        # A code without a key would lie in itself, and one of two with one key in the other.
        codes = {c.key: c for c in reversed(found.codes) if c.key}
        self._codes = codes_of(list(codes.values())[::-1], title=found.name, separator=separator)
        self._dropped = list(found.dropped)
        self._notes = list(found.notes)
        self._warnings: list[str] = []
        self._texts = list(self._readable())
        choices = choose_offsets(
            [(stored, _selections(text)) for text, _, stored in self._texts], habit=habit, override=override
        )
        self._choices = {name: choice for (_, name, _), choice in zip(self._texts, choices, strict=True)}
        # Cases name a text as its program does; of two with one name the first is meant.
        self._named = {text.name: (name, stored) for text, name, stored in reversed(self._texts)}

    def project(self) -> RefiProject:
        found = self._found
        sources = tuple(self._source(text, name, stored) for text, name, stored in self._texts)
        self._warnings += [f"{s.name}: {s.choice.warning}" for s in sources if s.choice and s.choice.warning]
        cases = tuple(
            RefiCase(name=c.name, values=c.values, members=tuple(dict.fromkeys(self._members(c)))) for c in found.cases
        )
        codings = self._codings(cases)
        codes = len(self._codes.codebook.codes)
        read = sum(bool(m.code) for t in found.texts for m in t.marks)
        others = sum(d.what == "coding" for d in found.dropped)
        texts_lost = sum(d.what.endswith(("text", "source")) for d in self._dropped)
        return RefiProject(
            name=found.name,
            origin=found.origin,
            codebook=self._codes.codebook,
            sources=sources,
            codings=codings,
            coders=tuple(dict.fromkeys((*found.coders, *codings["coder"]))),
            cases=cases,
            variables=dict.fromkeys(
                [n for s in sources for n in s.values] + [n for c in cases for n in c.values], "Text"
            ),
            sets=(),
            notes=tuple(self._notes),
            loss=LossReport(
                file=found.file,
                read={
                    "sources": len(sources) + texts_lost,
                    "codes": codes + len(self._codes.counters),
                    "codings": read + others,
                    "cases": len(cases),
                    "notes": len(self._notes),
                },
                kept={
                    "sources": len(sources),
                    "codes": codes,
                    "codings": len(codings),
                    "cases": len(cases),
                    "notes": len(self._notes),
                },
                dropped=tuple(self._dropped),
                warnings=tuple(self._warnings),
            ),
        )

    def _readable(self) -> Iterable[tuple[ForeignText, str, StoredText]]:
        names = NumberedNames()
        for text in self._found.texts:
            name = names.unique(fit_name(text.name))
            try:
                canonical = canonical_text(text.text, where=name)
            except InputError as error:
                reason = f"its text cannot be read: {error.problems[0].what}"
                self._dropped.append(Dropped(what="text", where=name, reason=reason))
                self._dropped += [
                    Dropped(what="coding", where=f"{name}, {m.where}", reason="its text cannot be read")
                    for m in text.marks
                    if m.code
                ]
                continue
            stored = text.text.removeprefix("\ufeff")
            has_bom = stored != text.text
            yield text, name, StoredText(stored, canonical, has_bom=has_bom, uncounted=text.uncounted)

    def _source(self, text: ForeignText, name: str, stored: StoredText) -> RefiSource:
        return RefiSource(
            name=name,
            text=stored.text,
            choice=self._choices[name],
            selections=sum(m.start is not None for m in text.marks),
            values=text.values,
            encoding="utf-8",
        )

    def _members(self, case: ForeignCase) -> Iterable[Membership]:
        for text, start, end in case.members:
            if text not in self._named:
                continue
            name, stored = self._named[text]
            offsets = self._choices[name].offsets
            placed = stored.place(start, min(end, int(stored.boundaries(offsets)[-1])), offsets)
            if placed is None:
                continue
            is_whole = placed.start_char == 0 and len(stored.text) - placed.end_char <= 1
            yield (
                Membership(source=name)
                if is_whole
                else Membership(source=name, start_char=placed.start_char, end_char=placed.end_char)
            )

    def _codings(self, cases: Sequence[RefiCase]) -> pd.DataFrame:
        participant = participant_of(cases)
        kept: dict[tuple[object, ...], dict[str, object]] = {}
        for text, name, stored in self._texts:
            for mark, span in zip(text.marks, self._spans(text, name, stored), strict=True):
                reason = "" if span else "its place lies outside of the text, or is empty"
                start, end = span or (-1, -1)
                if not mark.code:
                    self._note(mark, name, start, end)
                    continue
                code = self._codes.ids.get(mark.code) or self._codes.counters.get(mark.code, "")
                direction = Direction.COUNTERS if mark.code in self._codes.counters else Direction.SUPPORTS
                coder = mark.coder or "coder"
                key = (name, start, end, code, coder, direction, mark.origin)
                if not code:
                    reason = "its code is not in the codebook"
                elif not reason and key in kept:
                    reason = "the same coding again"
                if reason:
                    self._dropped.append(Dropped(what="coding", where=f"{name}, {mark.where}", reason=reason))
                    continue
                kept[key] = {
                    "participant": participant(name, start, end),
                    "code": code,
                    "coder": coder,
                    "origin": mark.origin,
                    "direction": direction,
                    "transcript": name,
                    "start_char": start,
                    "end_char": end,
                    "memo": mark.memo,
                }
        return CODINGS.check(pd.DataFrame(list(kept.values()), columns=list(CODINGS.names)), source=self._found.file)

    def _spans(self, text: ForeignText, name: str, stored: StoredText) -> Iterator[tuple[int, int] | None]:
        """Iterate over the place of every mark; (-1, -1) for the whole text, None where it is none."""
        places = iter(stored.placed([(s.start, s.end) for s in _selections(text)], self._choices[name].offsets))
        for mark in text.marks:
            if mark.start is None or mark.end is None:
                yield -1, -1
            else:
                placed = next(places)
                yield (placed.start_char, placed.end_char) if placed else None

    def _note(self, mark: Mark, source: str, start: int, end: int) -> None:
        self._notes.append(
            RefiNote(name="", text=mark.memo, coder=mark.coder, source=source, start_char=start, end_char=end)
        )


def _selections(text: ForeignText) -> list[Selection]:
    return [
        Selection(start=m.start, end=m.end, name=m.quote)
        for m in text.marks
        if m.start is not None and m.end is not None
    ]
