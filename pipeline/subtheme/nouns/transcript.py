"""Transcript, turn and segment: the nouns of interview text."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from subtheme.nouns.text import sha256_of_text


class Role(StrEnum):
    """Who speaks a turn. Only the speech of participants becomes segments."""

    PARTICIPANT = "participant"
    INTERVIEWER = "interviewer"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What one speaker says before the next one speaks.

    Attributes
    ----------
    number : int
        Position in the transcript, from 0.
    speaker : str
        Label as the source has it, such as ``Interviewer`` or ``P1``; empty where it has none.
    role : Role
        Who that speaker is.
    start_char, end_char : int
        Half-open span of the words in the canonical text, in Unicode code points. The label and
        time stamps lie outside of it.
    start_s, end_s : float or None
        Time in seconds from the start of the recording, where the source gives it.
    """

    number: int
    speaker: str
    role: Role
    start_char: int
    end_char: int
    start_s: float | None = None
    end_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Glimpse:
    """The first turns of one way to read a transcript, to be held against those of another.

    Attributes
    ----------
    name : str
        What chooses this way, such as ``questions`` or ``interviewer Dan``.
    turns : tuple of (str, Role, str)
        Speaker, role and opening words.
    """

    name: str
    turns: tuple[tuple[str, Role, str], ...] = field(repr=False)

    def as_dict(self) -> dict[str, Any]:
        """Return the glimpse for JSON; it holds words of the interview."""
        return {
            "name": self.name,
            "turns": [{"speaker": s, "role": role.value, "text": text} for s, role, text in self.turns],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """What a reader is not sure of, so that a person has to look.

    Attributes
    ----------
    what : str
        Without words of the interview.
    where : str
        The file, and the lines where it is about some.
    remedy : str
        Which option decides.
    readings : tuple of Glimpse
        The likeliest way to read it, which is how the transcript is read, and the next one.
    """

    what: str
    where: str
    remedy: str
    readings: tuple[Glimpse, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return the doubt for JSON."""
        found: dict[str, Any] = {"what": self.what, "where": self.where, "remedy": self.remedy}
        return {**found, "readings": [g.as_dict() for g in self.readings]} if self.readings else found


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """One interview or focus group: a frozen canonical text and its turns.

    Attributes
    ----------
    id : str
        Name of the transcript in the study, from the name of its file.
    text : str
        Canonical text: LF line ends, no byte order mark, otherwise as read.
    turns : tuple of Turn
        In the order of the text; spans do not overlap.
    source : str
        Base name of the file it was read from.
    grammar : str
        Which rule recognised the turns, such as ``vtt/zoom`` or ``txt/label-colon``.
    encoding : str
        Encoding the file was read with, or ``binary`` for packaged formats.
    notes : tuple of str
        What the person should know about the reading (deletions left out, cues merged).
    doubts : tuple of Doubt
        What a person has to decide before the transcript is stored; empty where the reading is sure.
    """

    id: str
    text: str
    turns: tuple[Turn, ...]
    source: str
    grammar: str
    encoding: str
    notes: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()

    @property
    def sha256(self) -> str:
        """SHA-256 of the canonical text in UTF-8."""
        return sha256_of_text(self.text)

    def words(self, turn: Turn) -> str:
        """Return the words of `turn`."""
        return self.text[turn.start_char : turn.end_char]

    @property
    def speakers(self) -> dict[str, int]:
        """Number of turns of every speaker, in order of first appearance."""
        counts: dict[str, int] = {}
        for turn in self.turns:
            counts[turn.speaker] = counts.get(turn.speaker, 0) + 1
        return counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A meaning unit inside one turn of a participant.

    Attributes
    ----------
    id : str
        ``<transcript>:<start_char>-<end_char>``.
    transcript, participant : str
        Whose words they are.
    turn : int
        Number of the turn that holds it.
    order : int
        Position among the segments of its transcript, from 0.
    start_char, end_char : int
        Half-open span in the canonical text, in Unicode code points.
    text : str
        The words.
    question : str
        Words of the interviewer's turn before it: context, never a unit. Empty where there is none.
    """

    id: str
    transcript: str
    participant: str
    turn: int
    order: int
    start_char: int
    end_char: int
    text: str
    question: str
