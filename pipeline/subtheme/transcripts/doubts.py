"""What a person has to decide about a transcript: each kind of doubt is one function of the draft and its casting."""

from collections.abc import Iterator, Mapping, Sequence

from subtheme.nouns import Doubt, Glimpse, Role
from subtheme.transcripts.casting import Casting
from subtheme.transcripts.draft import Draft, Span, plural
from subtheme.transcripts.role_words import is_stand_in
from subtheme.transcripts.roles import label_key
from subtheme.transcripts.talk import is_question

_GLIMPSED = 60
_GLIMPSED_TURNS = 4
_LINES_NAMED = 10
NOBODYS_SHARE = 0.03
"""Share of the letters that may stand under nobody's name without a question."""

_FEWEST_QUESTIONS = 2


def glimpse(name: str, text: str, spans: Sequence[Span], role_of: Mapping[str, Role]) -> Glimpse:
    """Return the first turns by one way to read a text.

    Parameters
    ----------
    name : str
        What chooses this way.
    text : str
    spans : sequence of Span
    role_of : mapping of str to Role
        Roles of speakers, where the span itself has none.
    """
    return Glimpse(
        name=name,
        turns=tuple(
            (s.speaker, s.role or role_of.get(s.speaker, Role.PARTICIPANT), text[s.start_char : s.end_char][:_GLIMPSED])
            for s in spans[:_GLIMPSED_TURNS]
        ),
    )


def doubts_of(draft: Draft, casting: Casting, *, where: str, given: Mapping[str, Role]) -> tuple[Doubt, ...]:
    """Return everything about a draft that a person has to decide.

    Parameters
    ----------
    draft : Draft
    casting : Casting
    where : str
        Name of the file.
    given : mapping of str to Role
        Roles that a person has given, by folded label; what they settle is not asked.
    """
    found = [*draft.doubts]
    for kind in (_one_speaker, _who_asks, _nobodys, _unnamed_dialogue):
        found += kind(draft, casting, where, given)
    return tuple(found)


def _is_given(speaker: str, given: Mapping[str, Role]) -> bool:
    return label_key(speaker) in given


def _one_speaker(draft: Draft, _casting: Casting, where: str, given: Mapping[str, Role]) -> Iterator[Doubt]:
    labels = {s.speaker for s in draft.spans}
    if len(labels) == 1 and labels != {""} and not any(_is_given(s, given) for s in labels):
        yield Doubt(
            what="one speaker only",
            where=where,
            remedy="Label the turns, or remove the labels; or say that it is so: --role LABEL=participant",
        )


def _who_asks(draft: Draft, casting: Casting, where: str, given: Mapping[str, Role]) -> Iterator[Doubt]:
    voices = [s for s, g in casting.guesses.items() if g.role is not Role.OTHER]
    open_roles = {s.speaker for s in draft.spans if s.role is None and s.speaker not in draft.declared}
    if len(voices) < 2 or casting.is_clear or not open_roles:
        return
    undecided = casting.interviewers ^ casting.runner_up
    if all(_is_given(s, given) for s in undecided) or any(r is Role.INTERVIEWER for r in given.values()):
        return
    guessed = {s: g.role for s, g in casting.guesses.items()}
    other = {s: Role.INTERVIEWER if s in casting.runner_up else Role.PARTICIPANT for s in voices}
    yield Doubt(
        what=f"it is not clear who of {len(voices)} speakers asks",
        where=where,
        remedy="Say who asks: --interviewer LABEL, or --interviewer nobody",
        readings=(
            glimpse(_named(casting.interviewers), draft.text, draft.spans, guessed),
            glimpse(_named(casting.runner_up), draft.text, draft.spans, {**guessed, **other}),
        ),
    )


def _named(interviewers: frozenset[str]) -> str:
    return " ".join(f"--interviewer '{s or '(no label)'}'" for s in sorted(interviewers)) or "--interviewer nobody"


def _nobodys(draft: Draft, casting: Casting, where: str, given: Mapping[str, Role]) -> Iterator[Doubt]:
    """Yield a doubt where words stand under nobody's name, or under one that stands in for a participant's."""
    letters = sum(t.letters for t in casting.talks.values())
    for speaker, guess in casting.guesses.items():
        talk = casting.talks[speaker]
        if guess.role is not Role.OTHER or _is_given(speaker, given) or speaker in draft.declared:
            continue
        if (not speaker or is_stand_in(speaker)) and talk.letters > NOBODYS_SHARE * letters:
            spans = [s for s in draft.spans if s.speaker == speaker]
            yield Doubt(
                what=f"{plural(talk.words, 'word')} in {plural(talk.turns, 'turn')} would be nobody's: "
                + ("no speaker is named" if not speaker else "their label may stand for anybody"),
                where=f"{where}, {_lines_of(draft.text, spans)}",
                remedy=f"Say whose they are: --role '{speaker or '(no label)'}=participant' (or interviewer, or other)",
            )


def _lines_of(text: str, spans: Sequence[Span]) -> str:
    numbers = [text.count("\n", 0, s.start_char) + 1 for s in spans[:_LINES_NAMED]]
    more = " and others" if len(spans) > _LINES_NAMED else ""
    return f"line {', '.join(map(str, numbers))}{more}"


def _unnamed_dialogue(draft: Draft, casting: Casting, where: str, given: Mapping[str, Role]) -> Iterator[Doubt]:
    """Yield a doubt where nobody is named, nothing in the layout tells voices apart, and turns ask."""
    if set(casting.talks) != {""} or draft.doubts or any(s.role for s in draft.spans) or _is_given("", given):
        return
    asking = [s for s in draft.spans if is_question(draft.text[max(s.start_char, s.end_char - 2) : s.end_char])]
    inside = casting.talks[""].questions
    if inside < _FEWEST_QUESTIONS or 10 * inside < len(draft.spans) or draft.is_chosen:
        return
    one = {"": Role.PARTICIPANT}
    parted = [
        Span(speaker="", start_char=s.start_char, end_char=s.end_char, role=_side(s, asking)) for s in draft.spans
    ]
    yield Doubt(
        what=f"nobody is named, and {inside} of {plural(len(draft.spans), 'turn')} hold a question",
        where=where,
        remedy="Label the turns; or say --read-as one-voice (all of it is the participant's), or --read-as questions "
        "(turns that end with a question are the interviewer's)",
        readings=(
            glimpse("--read-as one-voice", draft.text, draft.spans, one),
            glimpse("--read-as questions", draft.text, parted, {}),
        ),
    )


def _side(span: Span, asking: Sequence[Span]) -> Role:
    return Role.INTERVIEWER if span in asking else Role.PARTICIPANT
