"""Coded segments from a spreadsheet: with exact places, with quotations to be found, or without a place."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pandas as pd

from subtheme.errors import InputError, Problem, shown, suggestion, three_of_each
from subtheme.exchange.code_names import CodeNames
from subtheme.exchange.columns import ColumnMap, fitting_columns, known_headings
from subtheme.exchange.judged_rows import COLUMNS, SYNONYMS, JudgedRows
from subtheme.exchange.loss import Dropped, LossReport
from subtheme.exchange.row_codes import RowCodes
from subtheme.exchange.row_place import Place, RowPlaces, Turns, Unplaced
from subtheme.nouns import CODINGS, Codebook, Event
from subtheme.tablefiles import TableFile, read_table_file

UnplacedRows = Literal["refuse", "drop", "keep"]


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
        Rows whose place is not sure, with the nearest one and what differs there.
    unsure : frozenset of (str, str)
        Coder and transcript of the rows that were left out: what is not coded there is not absent.
    loss : LossReport
    events : tuple of Event
        What rows say beyond codings, and codings that are events of a study of ours; see `JudgedRows`.
    """

    codings: pd.DataFrame = field(repr=False)
    rows: tuple[int, ...]
    quotes_confirmed: int
    unplaced: tuple[Problem, ...]
    unsure: frozenset[tuple[str, str]]
    loss: LossReport
    events: tuple[Event, ...] = ()


def read_codings(
    path: Path,
    *,
    codebook: Codebook,
    columns: ColumnMap | None = None,
    texts: Mapping[str, str] | None = None,
    speaking: Mapping[str, Turns] | None = None,
    segments: pd.DataFrame | None = None,
    coder: str | None = None,
    usual_coder: str = "coder",
    unplaced: UnplacedRows = "refuse",
    sheet: str | None = None,
    encoding: str | None = None,
) -> CodingsImport:
    """Read codings from a .csv, .tsv or .xlsx file.

    A row may give a span, a quotation, both, or neither. A quotation without span is searched in its
    transcript (see `subtheme.codings.anchor.PlacesIn.of`) and must stand there exactly once; a quotation with
    a span must stand at that span. Without `texts` no place is checked, and quotations give no place.

    Parameters
    ----------
    path : pathlib.Path
    codebook : Codebook
        Codes may be given by id, name or path.
    columns : ColumnMap or None
        Which heading is which; without it the map that finds most of the columns, see `fitting_columns`.
    texts : mapping of str to str or None
        Canonical text of every transcript by its id. Names in the file match with or without ending.
    speaking : mapping of str to sequence of (int, int, str) or None
        Spans of participants' turns by transcript, for rows that do not name the participant: the only one of
        the transcript, or who speaks at the place. Without it a row that names none belongs to the participant
        with the id of its transcript.
    segments : pandas.DataFrame or None
        Of the study, for rows that tell of an absence, a doubt or a reading. Without it these are passed over.
    coder : str or None
        Who coded all of it. A file that names anybody else is refused: one of the two is wrong.
    usual_coder : str
        Who coded rows for which nobody is named.
    unplaced : {"refuse", "drop", "keep"}
        What becomes of a row whose place is not sure: the whole file is refused, the row is left out, or it is
        kept without a place. Rows left out or kept so are reported, with the nearest place and what differs.
    sheet, encoding : str or None
        See `subtheme.tablefiles.read_table_file`.

    Raises
    ------
    InputError
        With the problems of the file by their kind and three rows of each; also if no row is left.
    """
    table = read_table_file(path, sheet=sheet, encoding=encoding, known=known_headings(), remedy="")
    chosen = columns or fitting_columns(table.headings)
    reader = _Reader(
        table=table,
        coder=coder or usual_coder,
        columns=chosen,
        is_stated=columns is not None,
        places=chosen.places_in(table.headings),
        names=CodeNames(codebook, path_separators=chosen.path_separators),
        found=RowPlaces(texts=texts, speaking=speaking or {}),
        unplaced=unplaced,
        judged=JudgedRows(codebook=codebook, segments=segments, texts=texts),
    )
    if coder is not None:
        reader.refuse_coders_but(coder)
    return reader.codings()


@dataclass(slots=True, kw_only=True)
class _Reader:
    table: TableFile
    coder: str
    columns: ColumnMap
    is_stated: bool
    places: Mapping[str, int]
    names: CodeNames
    found: RowPlaces
    unplaced: UnplacedRows
    judged: JudgedRows
    problems: list[tuple[str, Problem]] = field(default_factory=list)
    unplaced_problems: list[Problem] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    confirmed: int = 0
    nowhere: int = 0
    unsure: set[tuple[str, str]] = field(default_factory=set)

    def codings(self) -> CodingsImport:
        codes = RowCodes(
            columns=self.columns,
            names=self.names,
            headings=self.table.headings,
            code=self.places.get("code"),
            taken=list(self.places.values()),
        )
        self._check_headings(has_codes=bool(codes.positions))
        rows: list[dict[str, object]] = []
        numbers: list[int] = []
        for number, cells in zip(self.table.numbers, self.table.rows, strict=True):
            row = {name: cells[place].strip() for name, place in self.places.items()}
            if self._is_judged(row, cells, number):
                continue
            row |= {"direction": SYNONYMS.get(row.get("direction", ""), row.get("direction", ""))}
            for coding in self._row(row, cells, codes, number):
                rows.append(coding)
                numbers.append(number)
        self.problems += self.judged.problems
        if not rows:
            self.problems += [("row without a sure place", p) for p in self.unplaced_problems]
        if self.problems:
            raise InputError(three_of_each(self.problems, where=self.table.name))
        frame = pd.DataFrame(rows, columns=list(CODINGS.names), dtype=object)
        read = len(rows) + sum(d.what == "coding" for d in self.dropped)
        return CodingsImport(
            codings=CODINGS.check(frame, source=self.table.name, first_row=self.table.first_row, sort=False),
            rows=tuple(numbers),
            quotes_confirmed=self.confirmed,
            unplaced=tuple(self.unplaced_problems),
            unsure=frozenset(self.unsure),
            loss=LossReport(
                file=self.table.name,
                read={"rows": len(self.table.rows), "codings": read},
                kept={"codings": len(rows), **({"events": len(self.judged.events)} if self.judged.events else {})},
                dropped=tuple(self.dropped),
                warnings=tuple(self._warnings(codes.positions)),
            ),
            events=tuple(self.judged.events),
        )

    def _is_judged(self, row: Mapping[str, str], cells: tuple[str, ...], number: int) -> bool:
        """Return whether a row says more than a coding does, and was taken as what it says."""
        read_for, event = (cells[at].strip() if (at := self._at(name)) is not None else "" for name in COLUMNS)
        coder = row.get("coder", "") or self.coder
        return self.judged.takes(row, event=event, read_for=read_for, coder=coder, where=self.table.where(number))

    def _at(self, heading: str) -> int | None:
        return self.table.headings.index(heading) if heading in self.table.headings else None

    def refuse_coders_but(self, coder: str) -> None:
        """Refuse a file that names other coders than `coder`."""
        others = [name for name in self._coders() if name != coder]
        if others:
            heading = self.table.headings[self.places["coder"]]
            named = ", ".join(map(shown, others[:3])) + (", …" if len(others) > 3 else "")
            raise InputError(
                Problem(
                    what=f"--coder says {shown(coder)}, and column {shown(heading)} names {named}",
                    where=self.table.name,
                    expected="one of them",
                    remedy="Leave --coder out; or, where the column is not who coded, give it another heading",
                )
            )

    def _coders(self) -> tuple[str, ...]:
        place = self.places.get("coder")
        return () if place is None else tuple(sorted({row[place].strip() for row in self.table.rows} - {""}))

    def _warnings(self, codes: tuple[int, ...]) -> Iterator[str]:
        read = {*self.places.values(), *codes, *(self._at(name) for name in COLUMNS)}
        headings = enumerate(self.table.headings)
        ignored = [shown(h) if _is_shown(h) else f"no. {n + 1}" for n, h in headings if h and n not in read]
        if ignored:
            yield f"not read: column{'s' if len(ignored) > 1 else ''} {', '.join(ignored)}"
        if self.nowhere:
            yield (
                f"{self.nowhere} codings have neither words nor a span: they are kept without a place, "
                "count for the participant and train nothing"
            )
        if self.unplaced == "keep":
            yield from map(str, self.unplaced_problems)

    def _check_headings(self, *, has_codes: bool) -> None:
        """Refuse a table in which nothing says which code was applied, or to whom."""
        needed = [] if has_codes else ["code"]
        if "participant" not in self.places and "transcript" not in self.places:
            needed.append("transcript" if "transcript" in self.columns.headings else "participant")
        if not needed:
            return
        found = ", ".join(shown(h) for h in self.table.headings if h)
        by = f", as {self.columns.program} has it" if self.is_stated else ", or a usual word for it"
        problems = []
        for name in needed:
            known = self.columns.headings.get(name, (self.columns.applied_heading or name,))
            asked = known[:4] if self.is_stated else (name,)
            ids = [h for h in self.table.headings if _is_shown(h)]
            problems.append(
                Problem(
                    what=f"no column for '{name}'",
                    where=self.table.name,
                    expected=f"a column headed {' or '.join(asked)}{by}",
                    remedy=next((s for h in (*asked, *known) if (s := suggestion(h, ids))), "")
                    or f"Name a column map that fits, or the sheet with --sheet. Found: {found}",
                )
            )
        raise InputError(problems)

    def _row(
        self, row: Mapping[str, str], cells: tuple[str, ...], row_codes: RowCodes, number: int
    ) -> Iterator[dict[str, object]]:
        where = self.table.where(number)
        codes = row_codes.of(cells, where=where)
        if not codes:
            self.dropped.append(Dropped(what="excerpt", where=where, reason="no code was applied to it"))
            return
        self.problems += [("code that the codebook does not have", c) for c in codes if isinstance(c, Problem)]
        transcript = self.found.transcript(row.get("transcript", ""), where=where)
        if isinstance(transcript, Problem):
            self.problems.append(("transcript that the study does not have", transcript))
            return
        stated, coder = row.get("participant", ""), row.get("coder", "") or self.coder
        if not stated and not transcript:
            self._add("row of nobody", "no participant and no transcript", where, "whose words they are")
        place = self._place(row, transcript, where, stated)
        if isinstance(place, Place):
            self.confirmed += len(codes) * place.is_confirmed
            self.nowhere += len(codes) * (place.start_char < 0 and not row.get("quote"))
        else:
            self._note(place, where)
            if self.unplaced != "keep":
                self._leave_out(place, where, codings=len(codes), read=(coder, transcript))
                return
            place = Place()
        participant = stated or self._participant(transcript, place)
        if not participant and transcript:
            nobody = Unplaced(reason="several people speak in the transcript, and none of them at this place")
            self._note(nobody, where, remedy="Name the participant in the row")
            self._leave_out(nobody, where, codings=len(codes), read=(coder, transcript))
            return
        kept = {k: v for k in ("memo", "origin", "direction") if (v := row.get(k))}
        for code in codes:
            yield {
                **{c.name: c.default for c in CODINGS.columns},
                **kept,
                "coder": coder,
                "participant": participant or "?",
                "code": code,
                "transcript": transcript,
                "start_char": place.start_char,
                "end_char": place.end_char,
            }

    def _participant(self, transcript: str, place: Place) -> str:
        if transcript in self.found.speaking:
            return self.found.participant(transcript, place)
        return transcript

    def _place(self, row: Mapping[str, str], transcript: str, where: str, participant: str) -> Place | Unplaced:
        """Return the place of one row, one of -1 where it states none."""
        span = self._span(row, where)
        quote = row.get("quote", "")
        if self.found.texts is None:
            return Place(start_char=span[0], end_char=span[1])
        if span == (-1, -1) and not quote:
            return Place()
        if not transcript:
            self._add("place without a transcript", "a place without a transcript", where, "the name of the transcript")
            return Place()
        if span == (-1, -1):
            return self.found.of_quote(quote, transcript, participant=participant)
        place = self.found.of_span(*span, transcript, quote=quote)
        if isinstance(place, str):
            self._add(
                "span outside of its transcript",
                f"the span {span[0]}-{span[1]} does not lie in transcript {shown(transcript)}",
                where,
                place,
                "Offsets count Unicode code points of the imported text; the end is exclusive",
            )
            return Place()
        return place

    def _span(self, row: Mapping[str, str], where: str) -> tuple[int, int]:
        cells = [row.get("start_char", ""), row.get("end_char", "")]
        if not any(cells):
            return (-1, -1)
        try:
            start, end = (int(c.removesuffix(".0")) for c in cells if len(c) < 20)
        except ValueError:
            self._add(
                "span that cannot be read",
                "start_char and end_char cannot be read",
                where,
                "two whole numbers, or neither",
            )
            return (-1, -1)
        return start, end

    def _leave_out(self, place: Unplaced, where: str, *, codings: int, read: tuple[str, str]) -> None:
        hint = f" ({place.hint})" if place.hint else ""
        self.dropped += [Dropped(what="coding", where=where + hint, reason=place.reason)] * codings
        self.unsure.add(read)

    def _note(self, place: Unplaced, where: str, *, remedy: str = "") -> None:
        """Note a row without a sure place; it is a problem where the file is all or nothing."""
        problem = Problem(
            what=place.reason + (f" ({place.hint})" if place.hint else ""),
            where=where,
            expected="a quotation that stands once in its transcript" if not remedy else "one participant",
            remedy=remedy
            or "Give start_char and end_char, quote more of the sentence, or compare the words with the transcript",
        )
        if self.unplaced == "refuse":
            self.problems.append(("row without a sure place", problem))
        else:
            self.unplaced_problems.append(problem)

    def _add(self, kind: str, what: str, where: str, expected: str, remedy: str = "") -> None:
        self.problems.append((kind, Problem(what=what, where=where, expected=expected, remedy=remedy)))


def _is_shown(heading: str) -> bool:
    return shown(heading).startswith("'")
