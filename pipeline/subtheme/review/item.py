"""What one screen shows: a segment in its context, and a row for every code that is asked about."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from subtheme.nouns import Decision, Role, Turn, Verdict
from subtheme.review.arm import Arm
from subtheme.review.coder_log import CoderLog, is_bulk
from subtheme.review.dispute import Dispute
from subtheme.review.material import Material, Passage, Suggestion

AROUND = 4
"""Turns of context on each side, to begin with."""

_WORDS = {
    Verdict.ACCEPT: "accepted",
    Verdict.REJECT: "rejected",
    Verdict.UNSURE: "unsure",
    Verdict.COUNTER: "counter-example",
    Verdict.ADD: "added",
}
_BLIND_WORDS = {**_WORDS, Verdict.ADD: "applies", Verdict.REJECT: "does not apply"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownTurn:
    """A turn of the transcript, cut at the ends of the segment that is asked about.

    Attributes
    ----------
    speaker, role : str
    before, here, after : str
        Words before the segment, of it, and after it; only `before` where the segment lies elsewhere.
    """

    speaker: str
    role: str
    before: str
    here: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One code that is asked about.

    Attributes
    ----------
    code, name, above : str
        Id and name of the code, and the names of the codes above it.
    definition, when_to_use, when_not : str
    likelihood, percent : str
        The calibrated probability in words and as a number; empty where the coder is shown none.
    threshold : str
        The code's threshold as a number; empty as before.
    verdict, verdict_words : str
        The coder's standing answer; empty where there is none.
    memo : str
    has_evidence : bool
    is_asked : bool
        Whether the order is after this row.
    moved : str
        Words of the coding, where the coder moved its ends.
    others : tuple of str
        What disputing coders say, under neutral names; for an adjudicator only.
    version : str
        Of those answers: an adjudication of other ones is refused.
    """

    code: str
    name: str
    above: str
    definition: str
    when_to_use: str
    when_not: str
    likelihood: str
    percent: str
    threshold: str
    verdict: str
    verdict_words: str
    memo: str
    has_evidence: bool
    is_asked: bool
    moved: str
    others: tuple[str, ...]
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One screen.

    Attributes
    ----------
    passage : Passage
    arm : Arm
    order, reason : str
        The order that brought it, and why it stands where it stands.
    turns : tuple of ShownTurn
    has_more : bool
        Whether the transcript goes on beyond the turns.
    around : int
        Turns of context on each side.
    rows : tuple of Row
    memo : str
        Memo on the segment.
    is_flagged, is_finished : bool
    """

    passage: Passage
    arm: Arm
    order: str
    reason: str
    turns: tuple[ShownTurn, ...]
    has_more: bool
    around: int
    rows: tuple[Row, ...]
    memo: str
    is_flagged: bool
    is_finished: bool

    @property
    def is_blind(self) -> bool:
        """Whether no suggestion is shown."""
        return not self.arm.shows_suggestions


def item_of(
    passage: Passage,
    *,
    material: Material,
    log: CoderLog,
    arm: Arm,
    order: str,
    reason: str = "",
    asked: str = "",
    around: int = AROUND,
    disputes: Mapping[str, Dispute] | None = None,
) -> Item:
    """Return the screen of `passage`.

    Parameters
    ----------
    passage : Passage
    material : Material
    log : CoderLog
    arm : Arm
        In the blind arm nothing of the suggestions is in the result.
    order, reason : str
    asked : str
        Code that the order is after; shown even below its threshold, but not in the blind arm.
    around : int
    disputes : mapping of str to Dispute, optional
        By code, what an adjudicator decides about here.
    """
    disputes = disputes or {}
    turns = material.transcripts[passage.transcript_number].turns
    first, last = max(0, passage.turn - around), min(len(turns), passage.turn + around + 1)
    answers = log.answers(passage.segment)
    rows: Iterator[tuple[str, Suggestion | None]]
    if arm is Arm.ADJUDICATION:
        rows = ((code, None) for code in disputes)
    elif arm.shows_suggestions:
        rows = _assisted_rows(material, passage, answers, asked)
    else:
        rows = _blind_rows(material, answers)
    return Item(
        passage=passage,
        arm=arm,
        order=order,
        reason=reason,
        turns=tuple(_shown_turns(material, passage, turns[first:last])),
        has_more=first > 0 or last < len(turns),
        around=around,
        rows=tuple(
            _row(
                code,
                suggestion,
                material=material,
                log=log,
                passage=passage,
                arm=arm,
                is_asked=code == asked,
                dispute=disputes.get(code),
            )
            for code, suggestion in rows
        ),
        memo=log.memo(passage.segment, ""),
        is_flagged=log.is_flagged(passage.segment),
        is_finished=log.is_finished(passage.segment),
    )


def likelihood_words(probability: float) -> str:
    """Return a probability in words.

    >>> likelihood_words(0.71), likelihood_words(0.98), likelihood_words(0.01)
    ('about 7 in 10', 'more than 19 in 20', 'fewer than 1 in 20')
    """
    if probability < 0.05:
        return "fewer than 1 in 20"
    if probability > 0.95:
        return "more than 19 in 20"
    return f"about {int(probability * 10 + 0.5)} in 10"


def percent_words(probability: float) -> str:
    """Return a probability in percent; never 0 or 100, which would claim to be certain.

    >>> percent_words(0.999), percent_words(0.305)
    ('99 %', '31 %')
    """
    return f"{min(99, max(1, int(100 * probability + 0.5)))} %"


def _assisted_rows(
    material: Material, passage: Passage, answers: dict[str, Decision], asked: str
) -> Iterator[tuple[str, Suggestion | None]]:
    """Yield proposals, the most likely first, then codes that the coder added."""
    shown = [s for s in material.suggestions.get(passage.segment, ()) if s.is_over or s.code in {asked, *answers}]
    yield from ((s.code, s) for s in shown)
    known = {s.code for s in shown}
    yield from ((code, None) for code in answers if code not in known)


def _blind_rows(material: Material, answers: dict[str, Decision]) -> Iterator[tuple[str, None]]:
    """Yield the whole codebook at the study's level, and deeper codes that the coder gave."""
    for code in material.codes:
        if code in material.rows or code in answers:
            yield code, None


def _row(
    code: str,
    suggestion: Suggestion | None,
    *,
    material: Material,
    log: CoderLog,
    passage: Passage,
    arm: Arm,
    is_asked: bool,
    dispute: Dispute | None,
) -> Row:
    entry = material.codebook.by_id.get(code)
    answer = log.standing(passage.segment, code)
    words = _WORDS if arm.shows_suggestions else _BLIND_WORDS
    above = material.codebook.lineage(code)[1:] if entry else ()
    in_bulk = answer is not None and is_bulk(answer)
    return Row(
        code=code,
        name=material.code_name(code),
        above=" › ".join(material.code_name(c) for c in reversed(above)),
        definition=entry.definition if entry else "",
        when_to_use=entry.when_to_use if entry else "",
        when_not=entry.when_not if entry else "",
        likelihood=likelihood_words(suggestion.probability) if suggestion else "",
        percent=percent_words(suggestion.probability) if suggestion else "",
        threshold=percent_words(suggestion.threshold) if suggestion else "",
        verdict=answer.verdict.value if answer and not in_bulk else "",
        verdict_words=("in bulk: " if in_bulk else "") + words[answer.verdict] if answer else "open",
        memo=log.memo(passage.segment, code),
        has_evidence=suggestion is not None and suggestion.evidence not in {"", "{}"},
        is_asked=is_asked,
        moved=_moved(answer, material, passage),
        others=dispute.views if dispute else (),
        version=dispute.version if dispute else "",
    )


def _moved(answer: Decision | None, material: Material, passage: Passage) -> str:
    """Return the words of a coding whose ends were moved."""
    if answer is None or answer.start_char < 0:
        return ""
    return material.transcripts[passage.transcript_number].text[answer.start_char : answer.end_char]


def _shown_turns(material: Material, passage: Passage, turns: tuple[Turn, ...]) -> Iterator[ShownTurn]:
    transcript = material.transcripts[passage.transcript_number]
    for turn in turns:
        speaker = turn.speaker or {Role.PARTICIPANT: "Participant", Role.INTERVIEWER: "Interviewer"}.get(turn.role, "")
        if turn.number != passage.turn:
            yield ShownTurn(speaker=speaker, role=turn.role.value, before=transcript.words(turn))
            continue
        yield ShownTurn(
            speaker=speaker,
            role=turn.role.value,
            before=transcript.text[turn.start_char : passage.start_char],
            here=transcript.text[passage.start_char : passage.end_char],
            after=transcript.text[passage.end_char : turn.end_char],
        )
