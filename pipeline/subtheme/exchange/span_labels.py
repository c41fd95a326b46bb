"""Codings as labelled spans in another program's units: what annotation tools of machine learning read."""

from collections import Counter
from dataclasses import dataclass

from subtheme.exchange.held_study import HeldStudy
from subtheme.exchange.loss import Dropped, LossReport
from subtheme.exchange.offsets import Offsets, StoredText
from subtheme.exchange.refi_codebook import COUNTER_SUFFIX, unique_names
from subtheme.nouns import Direction, rows_of


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledSpan:
    """One coding as a labelled span.

    Attributes
    ----------
    start, end : int
        Half-open span in the other program's units.
    label : str
        Name of the code, made unique; counter-examples have a label of their own.
    quote : str
    origin, memo : str
    """

    start: int
    end: int
    label: str
    quote: str
    origin: str
    memo: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledSpans:
    """All codings of a study as labelled spans.

    Attributes
    ----------
    spans : dict of (str, str) to list of LabelledSpan
        By transcript and coder, in the order of the text.
    labels : tuple of str
        Every label of the codebook.
    read : int
        Codings of the study.
    dropped : tuple of Dropped
        Codings without a place.
    """

    spans: dict[tuple[str, str], list[LabelledSpan]]
    labels: tuple[str, ...]
    read: int
    dropped: tuple[Dropped, ...]

    def coders_of(self, transcript: str) -> list[str]:
        """Return who coded in a transcript."""
        return [coder for name, coder in self.spans if name == transcript]

    def of(self, transcript: str, coder: str) -> list[LabelledSpan]:
        """Return the spans of one coder in one transcript."""
        return self.spans.get((transcript, coder), [])

    def loss(self, file: str, *, lost: tuple[str, ...]) -> LossReport:
        """Return the report of an export that has no place for what `lost` names."""
        return LossReport(
            file=file,
            read={"codings": self.read},
            kept={"codings": sum(map(len, self.spans.values()))},
            dropped=self.dropped,
            warnings=(f"the file has no place for {', '.join(lost)}",),
        )


def labelled_spans(held: HeldStudy, offsets: Offsets) -> LabelledSpans:
    """Return the codings of a study as labelled spans, counted as `offsets` says."""
    names = unique_names(held.codebook)
    stored = {name: StoredText(text, text, has_bom=False) for name, text in held.texts.items()}
    spans: dict[tuple[str, str], list[LabelledSpan]] = {}
    dropped = []
    for row in rows_of(held.codings.sort_values(["transcript", "coder", "start_char", "end_char", "code"])):
        where = f"{row.transcript or row.participant}, {row.code}"
        if row.transcript not in stored or row.start_char < 0:
            dropped.append(Dropped(what="coding", where=where, reason="it has no place in a text"))
            continue
        if row.code not in names:
            dropped.append(Dropped(what="coding", where=where, reason="its code is not in the codebook"))
            continue
        text = stored[row.transcript]
        is_counter = row.direction == Direction.COUNTERS.value
        spans.setdefault((row.transcript, row.coder), []).append(
            LabelledSpan(
                start=text.offset(row.start_char, offsets),
                end=text.offset(row.end_char, offsets),
                label=names[row.code] + (COUNTER_SUFFIX if is_counter else ""),
                quote=text.text[row.start_char : row.end_char],
                origin=row.origin,
                memo=row.memo,
            )
        )
    used = Counter(s.label for group in spans.values() for s in group)
    labels = tuple(dict.fromkeys([names[c.id] for c in held.codebook.codes] + sorted(used)))
    return LabelledSpans(spans=spans, labels=labels, read=len(held.codings), dropped=tuple(dropped))
