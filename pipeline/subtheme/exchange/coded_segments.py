"""Coded segments from a spreadsheet: with exact places, with quotations to be found, or without a place."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pandas as pd

from subtheme.codings.anchor import anchor
from subtheme.errors import InputError, Problem, suggestion
from subtheme.exchange.code_names import CodeNames
from subtheme.exchange.columns import OUR_COLUMNS, ColumnMap
from subtheme.exchange.loss import Dropped, LossReport
from subtheme.nouns import CODINGS, Codebook, folded
from subtheme.tablefiles import TableFile, read_table_file

_MOST_PROBLEMS = 50
Unplaced = Literal["refuse", "drop", "keep"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CodingsImport:
    """Codings of one spreadsheet.

    Attributes
    ----------
    codings : pandas.DataFrame
        Columns of `subtheme.nouns.CODINGS`, in the order of the file.
    rows : tuple of int
        Row of the file that each coding comes from.
    quotes_confirmed : int
        Number of codings whose quotation stands at their place.
    unplaced : tuple of Problem
        Quotations found nowhere, or at several places.
    loss : LossReport
    """

    codings: pd.DataFrame = field(repr=False)
    rows: tuple[int, ...]
    quotes_confirmed: int
    unplaced: tuple[Problem, ...]
    loss: LossReport


def read_codings(
    path: Path,
    *,
    codebook: Codebook,
    columns: ColumnMap | None = None,
    texts: Mapping[str, str] | None = None,
    participants: Mapping[str, str] | None = None,
    unplaced: Unplaced = "refuse",
    sheet: str | None = None,
    encoding: str | None = None,
) -> CodingsImport:
    """Read codings from a .csv, .tsv or .xlsx file.

    A row may give a span, a quotation, both, or neither. A quotation without span is searched in its
    transcript, white space folded, and must stand there exactly once; a quotation with a span must stand
    at that span. Without `texts` no place is checked, and quotations give no place.

    Parameters
    ----------
    path : pathlib.Path
    codebook : Codebook
        Codes may be given by id, name or path.
    columns : ColumnMap or None
        Which heading is which; our own headings without it.
    texts : mapping of str to str or None
        Canonical text of every transcript by its id. Names in the file match with or without ending.
    participants : mapping of str to str or None
        Participant of each transcript, for files that do not name the participant. Without it a row that
        names none belongs to the participant with the id of its transcript.
    unplaced : {"refuse", "drop", "keep"}
        What becomes of a quotation that is found nowhere or several times: the whole file is refused, the
        coding is dropped, or it is kept without a place. Dropped and kept ones are reported.
    sheet, encoding : str or None
        See `subtheme.tablefiles.read_table_file`.

    Raises
    ------
    InputError
        With every problem of the file and its row.
    """
    table = read_table_file(path, sheet=sheet, encoding=encoding)
    reader = _Reader(
        table=table,
        columns=columns or OUR_COLUMNS,
        names=CodeNames(codebook, path_separators=(columns or OUR_COLUMNS).path_separators),
        texts=texts,
        participants=participants or {},
        unplaced=unplaced,
    )
    return reader.codings()


@dataclass(slots=True, kw_only=True)
class _Reader:
    table: TableFile
    columns: ColumnMap
    names: CodeNames
    texts: Mapping[str, str] | None
    participants: Mapping[str, str]
    unplaced: Unplaced
    problems: list[Problem] = field(default_factory=list)
    unplaced_problems: list[Problem] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    confirmed: int = 0
    _transcripts: dict[str, str] = field(default_factory=dict)

    def codings(self) -> CodingsImport:
        places = {name: self.columns.place_of(name, self.table.headings) for name in self.columns.headings}
        applied = self.columns.applied_columns(self.table.headings)
        self._check_headings(places, applied)
        rows: list[dict[str, object]] = []
        numbers: list[int] = []
        for number, cells in zip(self.table.numbers, self.table.rows, strict=True):
            row = {name: cells[p].strip() for name, p in places.items() if p is not None}
            for coding in self._row(row, cells, applied, number):
                rows.append(coding)
                numbers.append(number)
        if self.problems:
            rest = len(self.problems) - _MOST_PROBLEMS
            more = [Problem(what=f"{rest} more problems", where=self.table.name)] if rest > 0 else []
            raise InputError([*self.problems[:_MOST_PROBLEMS], *more])
        frame = pd.DataFrame(rows, columns=list(CODINGS.names), dtype=object)
        read = len(rows) + sum(d.what == "coding" for d in self.dropped)
        return CodingsImport(
            codings=CODINGS.check(frame, source=self.table.name, first_row=2, sort=False),
            rows=tuple(numbers),
            quotes_confirmed=self.confirmed,
            unplaced=tuple(self.unplaced_problems),
            loss=LossReport(
                file=self.table.name,
                read={"rows": len(self.table.rows), "codings": read},
                kept={"codings": len(rows)},
                dropped=tuple(self.dropped),
                warnings=tuple(str(p) for p in self.unplaced_problems) if self.unplaced == "keep" else (),
            ),
        )

    def _check_headings(self, places: Mapping[str, int | None], applied: Mapping[int, str]) -> None:
        """Refuse a table in which nothing says which code was applied, or to whom."""
        needed = [] if applied else ["code"]
        if places.get("participant") is None and places.get("transcript") is None:
            needed.append("participant" if "participant" in self.columns.headings else "transcript")
        missing = [name for name in needed if places.get(name) is None]
        if not missing:
            return
        found = ", ".join(h for h in self.table.headings if h)
        problems = []
        for name in missing:
            known = self.columns.headings.get(name, (self.columns.applied_heading or name,))
            remedy = next((s for h in known if (s := suggestion(h, self.table.headings))), "")
            problems.append(
                Problem(
                    what=f"no column for '{name}'",
                    where=self.table.name,
                    expected=f"a column headed {' or '.join(known)}, as {self.columns.program} has it",
                    remedy=remedy or f"Name a column map that fits. Found: {found}",
                )
            )
        raise InputError(problems)

    def _row(
        self, row: Mapping[str, str], cells: tuple[str, ...], applied: Mapping[int, str], number: int
    ) -> Iterator[dict[str, object]]:
        where = self.table.where(number)
        codes = self._codes(row, cells, applied, where)
        if codes is None:
            return
        transcript = self._transcript(row.get("transcript", ""), where)
        participant = row.get("participant", "") or self.participants.get(transcript, "") or transcript
        if not participant:
            self._add("no participant and no transcript", where, "whose words they are")
        place = self._place(row, transcript, where, len(codes))
        if place is None:
            self.dropped += [Dropped(what="coding", where=where, reason=self.unplaced_problems[-1].what) for _ in codes]
            return
        kept = {k: v for k in ("coder", "memo", "origin", "direction") if (v := row.get(k))}
        for code in codes:
            yield {
                **{c.name: c.default for c in CODINGS.columns},
                **kept,
                "participant": participant or "?",
                "code": code,
                "transcript": transcript,
                "start_char": place[0],
                "end_char": place[1],
            }

    def _codes(
        self, row: Mapping[str, str], cells: tuple[str, ...], applied: Mapping[int, str], where: str
    ) -> list[str] | None:
        """Return the ids of the codes of one row; None where it has none, which is reported."""
        if applied:
            values = {folded(v) for v in self.columns.applied_values}
            named = [code for place, code in applied.items() if folded(cells[place]) in values]
            if not named:
                self.dropped.append(Dropped(what="excerpt", where=where, reason="no code was applied to it"))
                return None
        else:
            cell = row.get("code", "")
            named = [p for p in cell.split(self.columns.several) if p.strip()] if self.columns.several else [cell]
            if not "".join(named).strip():
                self._add("no code", where, "the id, name or path of a code")
                return None
        found = [self.names.find(name, where=where) for name in named]
        self.problems += [f for f in found if isinstance(f, Problem)]
        return [f for f in found if isinstance(f, str)]

    def _transcript(self, name: str, where: str) -> str:
        if not name or self.texts is None or name in self.texts:
            return name
        if not self._transcripts:
            for known in self.texts:
                self._transcripts.setdefault(folded(known), known)
        bare = name.rsplit("/", 1)[-1].rsplit("\\", 1)[-1]
        for candidate in (name, bare, bare.rsplit(".", 1)[0]):
            if (found := self._transcripts.get(folded(candidate))) is not None:
                return found
        self._add(
            f"unknown transcript '{name}'",
            where,
            "a transcript of the study",
            suggestion(name, self.texts) or "Import the transcript first, or correct the row",
        )
        return name

    def _place(self, row: Mapping[str, str], transcript: str, where: str, codings: int) -> tuple[int, int] | None:
        """Return the span of one row, (-1, -1) where it has none; None where its codings are dropped."""
        span = self._span(row, where)
        quote = row.get("quote", "")
        if self.texts is None or (span == (-1, -1) and not quote):
            return span
        text = self.texts.get(transcript)
        if text is None:
            if not transcript:
                self._add("a place without a transcript", where, "the name of the transcript")
            return span
        if span == (-1, -1):
            found = anchor(quote, text)
            if found.is_unique:
                self.confirmed += codings
                return found.spans[0]
            return self._unplaced(found.reason, where)
        start, end = span
        if not 0 <= start < end <= len(text):
            self._add(
                f"the span {start}-{end} does not lie in transcript '{transcript}'",
                where,
                f"0 <= start_char < end_char <= {len(text)}",
                "Offsets count Unicode code points of the imported text; the end is exclusive",
            )
        elif quote and quote.split() != text[start:end].split():
            self._add(
                "the quotation does not stand at its span",
                where,
                "the words of the transcript from start_char to end_char",
                "Leave the span columns out to have the quotations searched, or import the text they were counted in",
            )
        elif quote:
            self.confirmed += codings
        return span

    def _span(self, row: Mapping[str, str], where: str) -> tuple[int, int]:
        cells = [row.get("start_char", ""), row.get("end_char", "")]
        if not any(cells):
            return (-1, -1)
        try:
            start, end = (int(c.removesuffix(".0")) for c in cells if len(c) < 20)
        except ValueError:
            self._add("start_char and end_char cannot be read", where, "two whole numbers, or neither")
            return (-1, -1)
        return start, end

    def _unplaced(self, reason: str, where: str) -> tuple[int, int] | None:
        problem = Problem(
            what=reason,
            where=where,
            expected="a quotation that stands once in its transcript",
            remedy="Give start_char and end_char, quote more of the sentence, or compare the words with the transcript",
        )
        if self.unplaced == "refuse":
            self.problems.append(problem)
            return (-1, -1)
        self.unplaced_problems.append(problem)
        return (-1, -1) if self.unplaced == "keep" else None

    def _add(self, what: str, where: str, expected: str, remedy: str = "") -> None:
        self.problems.append(Problem(what=what, where=where, expected=expected, remedy=remedy))
