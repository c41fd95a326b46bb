"""Words per speaker and role of what an import brought: nobody's words are counted, too, and named by their lines."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from subtheme.nouns import Role, Transcript

_MOST_LINES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class WordCount:
    """How much one speaker of a transcript says in one role.

    Attributes
    ----------
    transcript : str
    speaker : str
        Empty where the source names nobody.
    role : Role
    participant : str
        Whose words they are; empty for an interviewer and for nobody.
    turns, words : int
        Words are those between blanks.
    lines : tuple of int
        Lines of the text where the first turns begin, for nobody's words.
    """

    transcript: str
    speaker: str
    role: Role
    participant: str
    turns: int
    words: int
    lines: tuple[int, ...] = ()

    def as_dict(self) -> dict[str, object]:
        """Return the count for JSON."""
        return {
            "transcript": self.transcript,
            "speaker": self.speaker,
            "role": self.role.value,
            "participant": self.participant,
            "turns": self.turns,
            "words": self.words,
            "lines": list(self.lines),
        }


def word_counts(transcript: Transcript, participants: Mapping[str, str]) -> list[WordCount]:
    """Return the words of every speaker in each role, in order of first appearance.

    Parameters
    ----------
    transcript : Transcript
    participants : mapping of str to str
        Speaker to participant.
    """
    counts: dict[tuple[str, Role], list[int]] = {}
    lines: dict[tuple[str, Role], list[int]] = {}
    for turn in transcript.turns:
        key = (turn.speaker, turn.role)
        own = counts.setdefault(key, [0, 0])
        own[0] += 1
        own[1] += len(transcript.words(turn).split())
        if turn.role is Role.OTHER and own[0] <= _MOST_LINES:
            lines.setdefault(key, []).append(transcript.text.count("\n", 0, turn.start_char) + 1)
    return [
        WordCount(
            transcript=transcript.id,
            speaker=speaker,
            role=role,
            participant=participants.get(speaker, "") if role is Role.PARTICIPANT else "",
            turns=turns,
            words=words,
            lines=tuple(lines.get((speaker, role), ())),
        )
        for (speaker, role), (turns, words) in counts.items()
    ]


def words_by_role(counts: Iterable[WordCount]) -> dict[Role, int]:
    """Return the words of each role, all of them named."""
    total = dict.fromkeys(Role, 0)
    for count in counts:
        total[count.role] += count.words
    return total
