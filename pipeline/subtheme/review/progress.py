"""Progress: what is answered and what is open, by code, case and transcript; never one percentage."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from subtheme.nouns import Verdict
from subtheme.review.arm import Arm
from subtheme.review.coder_log import CoderLog
from subtheme.review.material import Material

KINDS = ("accepted", "rejected", "unsure", "counter-examples", "added", "open")
_KIND = {
    Verdict.ACCEPT: "accepted",
    Verdict.REJECT: "rejected",
    Verdict.UNSURE: "unsure",
    Verdict.COUNTER: "counter-examples",
    Verdict.ADD: "added",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Answers of one group.

    Attributes
    ----------
    name : str
    counts : tuple of int
        In the order of `KINDS`; open are proposals over their threshold without an answer.
    """

    name: str
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a coder has come.

    Attributes
    ----------
    codes, cases, transcripts : tuple of Tally
    segments, finished, blind, blind_finished : int
    """

    codes: tuple[Tally, ...]
    cases: tuple[Tally, ...]
    transcripts: tuple[Tally, ...]
    segments: int
    finished: int
    blind: int
    blind_finished: int


def progress_of(material: Material, log: CoderLog, arm_of: Callable[[str], Arm]) -> Progress:
    """Count answers and open proposals; proposals of the blind arm are not asked about and so not open."""
    by_code: Counter[tuple[str, str]] = Counter()
    by_case: Counter[tuple[str, str]] = Counter()
    by_transcript: Counter[tuple[str, str]] = Counter()
    blind = [p.segment for p in material.passages if arm_of(p.segment) is Arm.BLIND]
    hidden = set(blind)
    for passage in material.passages:
        answers = log.answers(passage.segment)
        found = [(code, _KIND[a.verdict]) for code, a in answers.items()]
        if passage.segment not in hidden:
            over = (s.code for s in material.suggestions.get(passage.segment, ()) if s.is_over)
            found += [(code, "open") for code in over if code not in answers]
        for code, kind in found:
            by_code[code, kind] += 1
            by_case[passage.case, kind] += 1
            by_transcript[passage.transcript, kind] += 1
    names = {code: material.code_name(code) for code, _ in by_code}
    in_book = [c for c in material.codes if c in names]
    return Progress(
        codes=tuple(_tallies(by_code, [*in_book, *sorted(set(names) - set(in_book))], names)),
        cases=tuple(_tallies(by_case, sorted({c for c, _ in by_case}), {})),
        transcripts=tuple(_tallies(by_transcript, sorted({t for t, _ in by_transcript}), {})),
        segments=len(material.passages),
        finished=sum(log.is_finished(p.segment) for p in material.passages),
        blind=len(blind),
        blind_finished=sum(log.is_finished(s) for s in blind),
    )


def _tallies(counts: Counter[tuple[str, str]], groups: list[str], names: dict[str, str]) -> Iterator[Tally]:
    for group in groups:
        yield Tally(name=names.get(group, group), counts=tuple(counts[group, kind] for kind in KINDS))
