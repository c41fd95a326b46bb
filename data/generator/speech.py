"""Talk: questions, answers, interjections, and pieces of speech joined, broken and put into turns."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from banks import OFF_TOPIC, Banks, Fragment
from plan import Parameters

INTERVIEWER, PARTICIPANT = "interviewer", "participant"
_SENTENCE_END = re.compile(r"(?<=[.?!])\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Words of one turn that belong to one fragment, or to none.

    Attributes
    ----------
    text : str
    fragment : Fragment or None
    part : int
        0 for a whole fragment or its first part, 1 for the part after an interruption.
    opens_paragraph : bool
        Whether a new paragraph begins here, inside the turn.
    """

    text: str
    fragment: Fragment | None = None
    part: int = 0
    opens_paragraph: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What one speaker says before the other one speaks."""

    speaker: str
    pieces: tuple[Piece, ...]

    @property
    def words(self) -> int:
        """Number of words."""
        return sum(len(p.text.split()) for p in self.pieces)


def sentences(text: str) -> list[tuple[int, int]]:
    """Return the half-open spans of the sentences of `text`, by their full stops."""
    spans = []
    start = 0
    for match in _SENTENCE_END.finditer(text):
        spans.append((start, match.start()))
        start = match.end()
    spans.append((start, len(text)))
    return spans


class Interview:
    """Puts one participant's pieces into turns.

    Parameters
    ----------
    parameters : mapping
    banks : Banks
    random : random.Random
    """

    def __init__(self, parameters: Parameters, banks: Banks, random: Random) -> None:
        self._chance: Mapping[str, float] = parameters["talk"]
        self._topics = list(parameters["sub_themes"])
        self._banks = banks
        self._random = random
        self._asked: set[str] = set()
        self._turns: list[Turn] = []

    def turns(self, fragments: Sequence[Fragment], off_topic: Sequence[Fragment]) -> tuple[Turn, ...]:
        """Return the turns: an opening, answers in mixed order, and a closing.

        Parameters
        ----------
        fragments : sequence of Fragment
            On the sub-themes.
        off_topic : sequence of Fragment
            At least two; the first opens, the second closes.
        """
        first, last, *between = off_topic
        self._ask("opening")
        self._answer([first])
        talk = [*fragments, *between]
        self._random.shuffle(talk)
        while talk:
            answer = [talk.pop()]
            while talk and len(answer) < 3 and self._happens("joined"):
                answer.append(talk.pop())
            self._ask(self._topic_for(answer))
            self._answer(answer)
            if self._happens("short_answer"):
                self._ask("general")
                few_words = self._banks.said_by(PARTICIPANT) + self._banks.said_by("sound")
                self._say(PARTICIPANT, Piece(text=self._random.choice(few_words)))
        self._ask("closing")
        self._answer([last])
        return tuple(self._turns)

    def _happens(self, what: str) -> bool:
        return self._random.random() < self._chance[what]

    def _topic_for(self, answer: Sequence[Fragment]) -> str:
        on_theme = [f.sub_theme for f in answer if f.kind != OFF_TOPIC]
        if on_theme and self._happens("fits_question"):
            return on_theme[0]
        return self._random.choice(self._topics) if self._happens("stray_question") else "general"

    def _ask(self, topic: str) -> None:
        """Ask a question on `topic` that this interview has not heard yet, or else a general one, or else any again."""
        fresh = [q for q in self._banks.asked(topic) if q not in self._asked]
        fresh = fresh or [q for q in self._banks.asked("general") if q not in self._asked]
        question = self._random.choice(fresh or list(self._banks.asked("general")))
        self._asked.add(question)
        self._say(INTERVIEWER, Piece(text=question))

    def _answer(self, answer: Sequence[Fragment]) -> None:
        """Say the fragments in one turn, broken where the interviewer comes in."""
        pieces: list[Piece] = []
        for fragment in answer:
            starts_paragraph = bool(pieces) and self._happens("paragraph")
            spans = sentences(fragment.text)
            if len(spans) < 3 or not self._happens("broken"):
                pieces.append(Piece(text=fragment.text, fragment=fragment, opens_paragraph=starts_paragraph))
                continue
            cut = self._random.randrange(1, len(spans))
            head, tail = fragment.text[: spans[cut - 1][1]], fragment.text[spans[cut][0] :]
            pieces.append(Piece(text=head, fragment=fragment, opens_paragraph=starts_paragraph))
            self._say(PARTICIPANT, *pieces)
            self._say(INTERVIEWER, Piece(text=self._random.choice(self._banks.said_by(INTERVIEWER))))
            pieces = [Piece(text=tail, fragment=fragment, part=1)]
        self._say(PARTICIPANT, *pieces)

    def _say(self, speaker: str, *pieces: Piece) -> None:
        self._turns.append(Turn(speaker=speaker, pieces=pieces))
