"""Rows of a table of codings that say more than a coding: an absence, a doubt, a reading, or which event it was."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from subtheme.codings.spans import segments_of_codings
from subtheme.errors import Problem, shown, suggestion
from subtheme.exchange.carried_events import CarriedEvents, event_line, gives, read_event
from subtheme.nouns import Codebook, Direction, Event, EventKind, Verdict, content_id

EVENT, READ_FOR = "event", "read_for"
COLUMNS = (READ_FOR, EVENT)
READ = "read"
_ABSENT, _UNSURE = "absent", "unsure"
_VERDICTS = {_ABSENT: Verdict.REJECT, _UNSURE: Verdict.UNSURE}
SYNONYMS = {"present": Direction.SUPPORTS.value, "counter": Direction.COUNTERS.value}

JUDGED = (
    "transcript",
    "participant",
    "coder",
    "code",
    "start_char",
    "end_char",
    "quote",
    "origin",
    "direction",
    "memo",
)


def judged_table(carried: CarriedEvents, texts: Mapping[str, str], owner: Mapping[str, str]) -> pd.DataFrame:
    """Return the judgements that are no codings as rows: `JUDGED` and `COLUMNS`.

    Parameters
    ----------
    carried : CarriedEvents
    texts : mapping of str to str
        Canonical text of every transcript by its id.
    owner : mapping of str to str
        Participant of every segment.
    """
    rows = []
    for event in carried.events:
        if gives(event):
            continue
        transcript, (start, end) = carried.transcript_of(event), carried.span_of(event)
        word = {Verdict.REJECT.value: _ABSENT, Verdict.UNSURE.value: _UNSURE}.get(event.value, READ)
        rows.append(
            {
                "transcript": transcript,
                "participant": owner.get(event.segment, ""),
                "coder": event.coder,
                "code": event.code,
                "start_char": start if start >= 0 else "",
                "end_char": end if start >= 0 else "",
                "quote": texts[transcript][start:end] if start >= 0 and transcript in texts else "",
                "origin": event.origin,
                "direction": word,
                "memo": event.memo,
                READ_FOR: ";".join(event.codes),
                EVENT: event_line(event, carried),
            }
        )
    return pd.DataFrame(rows, columns=[*JUDGED, *COLUMNS], dtype=object)


@dataclass(slots=True, kw_only=True)
class JudgedRows:
    """Takes the rows that are more than codings, as events.

    Attributes
    ----------
    codebook : Codebook
    segments : pandas.DataFrame or None
        Of the study; None where no place is checked.
    texts : mapping of str to str or None
    events : list of Event
    problems : list of (str, Problem)
        By their kind.
    """

    codebook: Codebook
    segments: pd.DataFrame | None
    texts: Mapping[str, str] | None
    events: list[Event] = field(default_factory=list)
    problems: list[tuple[str, Problem]] = field(default_factory=list)
    _known: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        self._known = frozenset() if self.segments is None else frozenset(self.segments["segment"])

    def takes(self, row: Mapping[str, str], *, event: str, read_for: str, coder: str, where: str) -> bool:
        """Return whether a row is more than a coding; it is then taken, or its problem noted."""
        word = row.get("direction", "")
        if self.segments is None or self.texts is None:
            return word in {*_VERDICTS, READ}
        carried = read_event(event, self.texts) if event else None
        if carried is not None and self._is_as_written(carried, row, read_for, coder):
            self._take(carried.events[0], where)
            return True
        if word not in {*_VERDICTS, READ}:
            return False
        transcript = row.get("transcript", "")
        if transcript not in self.texts:
            self._add("transcript that the study does not have", f"unknown transcript {shown(transcript)}", where)
        elif word == READ:
            self._read(row, read_for, coder, where)
        else:
            self._asked(row, word, coder, where)
        return True

    def _is_as_written(self, carried: CarriedEvents, row: Mapping[str, str], read_for: str, coder: str) -> bool:
        """Return whether nobody changed the row since an event was written into it."""
        event = carried.events[0]
        start, end = carried.span_of(event)
        place = (str(start), str(end)) if start >= 0 else ("", "")
        word = {
            **dict.fromkeys((Verdict.ACCEPT.value, Verdict.ADD.value), Direction.SUPPORTS.value),
            Verdict.COUNTER.value: Direction.COUNTERS.value,
            Verdict.REJECT.value: _ABSENT,
            Verdict.UNSURE.value: _UNSURE,
        }.get(event.value, event.value or READ)
        told = (carried.transcript_of(event), event.coder, event.code, word, *place, ";".join(event.codes))
        cells = [row.get(name, "").removesuffix(".0") for name in ("start_char", "end_char")]
        told_here = (row.get("transcript", ""), coder, row.get("code", ""), row.get("direction", ""), *cells, read_for)
        return told == told_here

    def _take(self, event: Event, where: str) -> None:
        codes = [event.code] if event.code else list(event.codes)
        if event.segment and event.segment not in self._known:
            self._add("segment that the study does not have", f"no segment {shown(event.segment)}", where)
        elif self._are_known(codes, where):
            self.events.append(event)

    def _read(self, row: Mapping[str, str], read_for: str, coder: str, where: str) -> None:
        codes = [c.strip() for c in read_for.split(";") if c.strip()] or [c.id for c in self.codebook.codes]
        if self._are_known(codes, where):
            meant = {code: self.codebook.definitions[code] for code in codes}
            uid = content_id("event", "read", coder, row["transcript"], row.get("origin", ""), *sorted(codes))
            self.events.append(
                Event(
                    uid=uid,
                    kind=EventKind.READ,
                    coder=coder,
                    transcript=row["transcript"],
                    origin=row.get("origin", "") or "blind",
                    codes=meant,
                )
            )

    def _asked(self, row: Mapping[str, str], word: str, coder: str, where: str) -> None:
        """Take an absence or a doubt that was written by hand, for every segment of its span."""
        code = row.get("code", "")
        try:
            start, end = int(row.get("start_char", "")), int(row.get("end_char", ""))
        except ValueError:
            start, end = -1, -1
        frame = pd.DataFrame([{"transcript": row["transcript"], "start_char": start, "end_char": end}])
        assert self.segments is not None
        found = segments_of_codings(frame, self.segments)[0] if 0 <= start < end else []
        if not found:
            self._add("judgement on no segment", "an absence or a doubt on no segment of the study", where)
        elif self._are_known([code], where):
            for segment in found:
                self.events.append(
                    Event(
                        uid=content_id("event", "answered", coder, segment, code, word),
                        kind=EventKind.ANSWERED,
                        coder=coder,
                        segment=segment,
                        code=code,
                        value=_VERDICTS[word].value,
                        origin=row.get("origin", "") or "blind",
                        definition=self.codebook.definitions[code],
                        memo=row.get("memo", ""),
                    )
                )

    def _are_known(self, codes: list[str], where: str) -> bool:
        unknown = [c for c in codes if c not in self.codebook.by_id]
        for code in unknown:
            remedy = suggestion(code, self.codebook.by_id) or "Add it to the codebook, or correct the row"
            self._add("code that the codebook does not have", f"unknown code {shown(code)}", where, remedy)
        return not unknown

    def _add(self, kind: str, what: str, where: str, remedy: str = "Correct the row, or leave it out") -> None:
        expected = "what the study has"
        self.problems.append((kind, Problem(what=what, where=where, expected=expected, remedy=remedy)))
