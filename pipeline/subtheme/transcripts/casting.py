"""Who plays which part: every assignment of roles to voices is scored, and the best one is taken if it wins clearly."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import exp

from subtheme.nouns import Role
from subtheme.transcripts.evidence import EVIDENCE
from subtheme.transcripts.role_words import is_stand_in, role_in_full, role_of_label
from subtheme.transcripts.talk import Talk, talks_of

WEIGHTS: Mapping[str, float] = {
    "full_word": 8.8,
    "initials": 3.0,
    "lacks_number": 0.7,
    "asks": 2.9,
    "prompts": 1.9,
    "is_brief": 3.5,
    "says_less": 3.5,
    "addresses": 0.3,
    "opens": 1.1,
}
"""What each piece of evidence weighs, as `benchmarks/casting.py` fits it."""

NOBODY = 1.2
"""What the assignment scores in which nobody asks."""

ANOTHER = -3.5
"""What each further interviewer costs."""

LISTED = -20.0
"""What it costs to take somebody for an interviewer whom the table of participants names."""

CLEARLY = 0.9
"""The probability among all assignments from which the best one is taken without asking."""

_MOST_PAIRED = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleGuess:
    """A role and why it was chosen.

    Attributes
    ----------
    role : Role
    guessed_from : str
        The reason, in words for the person who checks it.
    """

    role: Role
    guessed_from: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Casting:
    """The best assignment of roles, and the runner-up.

    Attributes
    ----------
    guesses : mapping of str to RoleGuess
        For every voice, in order of first appearance.
    interviewers, runner_up : frozenset of str
        Who asks by the best assignment, and by the next best.
    probability : float
        Of the best one among all, in [0, 1].
    talks : mapping of str to Talk
    """

    guesses: Mapping[str, RoleGuess]
    interviewers: frozenset[str]
    runner_up: frozenset[str]
    probability: float
    talks: Mapping[str, Talk]

    @property
    def is_clear(self) -> bool:
        """Whether the best assignment wins clearly."""
        return self.probability >= CLEARLY


def cast(
    turns: Iterable[tuple[str, str]], *, unnamed_is_voice: bool = False, participants: Collection[str] = ()
) -> Casting:
    """Return the roles that the evidence of the whole transcript gives its voices.

    An assignment says who the interviewers are: nobody, one voice, two voices, or all that a word of their label
    names so. Its score is the sum of the weighted evidence for each of them. Everybody else is a participant, but who
    is named as neither (a note, a narrator) is other. Speech without a speaker is a voice of its own where only one
    other is named; it is nobody's (`Role.OTHER`) where participants are named.

    Parameters
    ----------
    turns : iterable of (str, str)
        Speaker and words of every turn.
    unnamed_is_voice : bool
        Whether speech without a speaker is somebody's own, as where only interviewers are labelled.
    participants : collection of str
        Speakers that the table of participants names: they do not ask.
    """
    talks = talks_of(turns)
    named = [s for s in talks if s and role_of_label(s) is not Role.OTHER]
    aside = [s for s in talks if s and s not in named]
    stand_ins = [s for s in aside if is_stand_in(s)]
    if len(named) < 2 and len(stand_ins) == 1 and "" not in talks:
        # Of two voices, one of them unknown to the program that wrote it, the unknown one is still somebody.
        named = [s for s in talks if s in (*named, *stand_ins)]
        aside = [s for s in aside if s not in stand_ins]
    voices = [s for s in talks if s in named or (s == "" and unnamed_is_voice)]
    scores = {
        who: score + LISTED * len(who & frozenset(participants))
        for who, score in _scores([talks[s] for s in voices]).items()
    }
    ranked = sorted(scores, key=lambda who: -scores[who])
    best = ranked[0]
    total = sum(exp(scores[who] - scores[best]) for who in ranked)
    guesses = {s: _guess(s, talks, best) for s in voices}
    guesses |= {s: RoleGuess(role=Role.OTHER, guessed_from="the label names neither") for s in aside}
    if "" in talks and "" not in voices:
        if any(g.role is Role.PARTICIPANT for g in guesses.values()):
            guesses[""] = RoleGuess(role=Role.OTHER, guessed_from="no speaker named where others are")
        else:
            why = "no speaker named; only interviewers are" if guesses else "no speakers named"
            guesses[""] = RoleGuess(role=Role.PARTICIPANT, guessed_from=why)
    return Casting(
        guesses={s: guesses[s] for s in talks},
        interviewers=best,
        runner_up=ranked[1] if len(ranked) > 1 else best,
        probability=1 / total,
        talks=talks,
    )


def guess_roles(turns: Iterable[tuple[str, str]]) -> dict[str, RoleGuess]:
    """Return a role with its reason for every speaker of one transcript; see `cast`."""
    return dict(cast(turns).guesses)


def assignments_of(voices: Sequence[Talk]) -> list[frozenset[str]]:
    """Return every assignment that is worth a thought: the sets of voices that may be the interviewers.

    Nobody; one voice; two voices; all whose label says so in full, alone and with one more.
    """
    each = [v.speaker for v in voices]
    full = frozenset(s for s in each if role_in_full(s) is Role.INTERVIEWER)
    found = {frozenset[str]()}
    if len(voices) > 1 or full:
        found |= {frozenset((s,)) for s in each}
    if len(each) > 2:
        found |= {frozenset(pair) for pair in combinations(each[:_MOST_PAIRED], 2)}
    if full:
        found |= {full, *(full | {s} for s in each if len(full) + 1 < len(each))}
    return sorted(found, key=lambda who: (len(who), sorted(who)))


def _scores(voices: Sequence[Talk]) -> dict[frozenset[str], float]:
    each = {v.speaker: _score(v, [o for o in voices if o is not v]) for v in voices}
    full = frozenset(s for s in each if role_in_full(s) is Role.INTERVIEWER)
    # The likeliest come first, so that of many voices those are paired.
    ordered = sorted(voices, key=lambda v: -each[v.speaker])
    return {
        who: sum(each[s] for s in who) + ANOTHER * max(len(who - full) - (not full), 0) if who else NOBODY
        for who in assignments_of(ordered)
    }


def _score(talk: Talk, others: Sequence[Talk]) -> float:
    return sum(WEIGHTS[name] * evidence(talk, others) for name, evidence in EVIDENCE.items())


def _guess(speaker: str, talks: Mapping[str, Talk], interviewers: frozenset[str]) -> RoleGuess:
    role = Role.INTERVIEWER if speaker in interviewers else Role.PARTICIPANT
    talk = talks[speaker]
    if role_of_label(speaker) is role:
        return RoleGuess(role=role, guessed_from="the label names the role")
    if role is Role.INTERVIEWER:
        if talk.questions:
            how = f"a question in {talk.questions} of {talk.turns} turns"
            return RoleGuess(role=role, guessed_from=f"asks most: {how}, with fewer words")
        how = f"a prompt in {talk.prompts} of {talk.turns} turns"
        return RoleGuess(role=role, guessed_from=f"leads the talk: {how}, with fewer words")
    reason = "answers more than asks"
    if len(talks) == 1:
        reason = "the only speaker" if speaker else "no speakers named"
    elif not interviewers:
        reason = "no speaker clearly asks the questions"
    elif any(role_of_label(s) is Role.INTERVIEWER for s in interviewers):
        reason = "somebody else is the interviewer by label"
    return RoleGuess(role=role, guessed_from=reason)
