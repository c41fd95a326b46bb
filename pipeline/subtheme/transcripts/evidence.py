"""Evidence on who asks: small named functions, each from how a voice talks to a number between -1 and 1.

Counts are drawn towards nothing where there are few turns: one question in one turn says less than nine in nine.
"""

from collections.abc import Callable, Sequence

from subtheme.nouns import Role
from subtheme.transcripts import label_words
from subtheme.transcripts.role_words import initial_of, is_numbered, role_in_full
from subtheme.transcripts.talk import Talk

Evidence = Callable[[Talk, Sequence[Talk]], float]
"""From a voice and the other voices to a number; above 0 speaks for an interviewer."""


def full_word(talk: Talk, others: Sequence[Talk]) -> float:
    """Return 1 for a label with an interviewer's word (``Forscherin 2``), -1 for a participant's, else 0."""
    del others
    role = role_in_full(talk.speaker)
    return 1.0 if role is Role.INTERVIEWER else -1.0 if role is Role.PARTICIPANT else 0.0


def initials(talk: Talk, others: Sequence[Talk]) -> float:
    """Return 1 or -1 for initials that ask or answer: by the pair that they make, else by themselves.

    ``I`` asks beside ``B`` and answers beside ``F``. A pair that is used both ways, as ``P`` and ``R``, says nothing.
    """
    own = initial_of(talk.speaker)
    if not own:
        return 0.0
    pairs = [initial_of(o.speaker) for o in others]
    asks = any((own, o) in label_words.CONVENTIONS for o in pairs)
    answers = any((o, own) in label_words.CONVENTIONS for o in pairs)
    if asks or answers:
        return float(asks - answers)
    return float((own in label_words.INTERVIEWER_ALONE) - (own in label_words.PARTICIPANT_ALONE))


def lacks_number(talk: Talk, others: Sequence[Talk]) -> float:
    """Return 1 for the only label without a number, -1 where only this one has one: participants are numbered."""
    if initial_of(talk.speaker) in label_words.INTERVIEWER_ALONE:
        return 0.0
    numbered = [is_numbered(o.speaker) for o in others]
    if not is_numbered(talk.speaker):
        return float(bool(numbered) and all(numbered))
    return -float(bool(numbered) and not any(numbered))


def asks(talk: Talk, others: Sequence[Talk]) -> float:
    """Return how much larger the share of turns with a question is than the largest of the others."""
    return _ahead(talk, others, "questions")


def prompts(talk: Talk, others: Sequence[Talk]) -> float:
    """Return how much larger the share of turns that prompt or nod is than the largest of the others."""
    return _ahead(talk, others, "prompts")


def is_brief(talk: Talk, others: Sequence[Talk]) -> float:
    """Return how much shorter the turns are than those of the others: near 1 for a tenth, -1 for ten times."""
    if not others:
        return 0.0
    own = talk.letters / talk.turns
    rest = sum(o.letters for o in others) / sum(o.turns for o in others)
    return _drawn((rest - own) / (rest + own), talk.turns) if rest + own else 0.0


def says_less(talk: Talk, others: Sequence[Talk]) -> float:
    """Return how much less is said in all than by whoever of the others says most."""
    most = max((o.letters for o in others), default=0)
    return _drawn((most - talk.letters) / (most + talk.letters), talk.turns) if most + talk.letters else 0.0


def addresses(talk: Talk, others: Sequence[Talk]) -> float:
    """Return how much more the words speak to somebody, rather than of oneself, than those of the others."""

    def balance(talks: Sequence[Talk]) -> float:
        to, of = sum(t.addressing for t in talks), sum(t.of_self for t in talks)
        return (to - of) / (to + of + 2)

    return (balance([talk]) - balance(others)) / 2 if others else 0.0


def opens(talk: Talk, others: Sequence[Talk]) -> float:
    """Return 1 for who speaks first, else 0."""
    del others
    return float(talk.is_first)


EVIDENCE: dict[str, Evidence] = {
    "full_word": full_word,
    "initials": initials,
    "lacks_number": lacks_number,
    "asks": asks,
    "prompts": prompts,
    "is_brief": is_brief,
    "says_less": says_less,
    "addresses": addresses,
    "opens": opens,
}
"""Every piece of evidence by its name, in the order in which reasons are given."""


def _ahead(talk: Talk, others: Sequence[Talk], count: str) -> float:
    shares = [getattr(o, count) / (o.turns + 1) for o in others]
    return float(getattr(talk, count) / (talk.turns + 1) - max(shares, default=0.0))


def _drawn(value: float, turns: int) -> float:
    return value * turns / (turns + 1)
