"""Where every piece of talk stands in the canonical text of the written file."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from banks import Fragment
from plan import Person
from speech import PARTICIPANT, Turn

from subtheme.nouns import Role, Transcript
from subtheme.transcripts import read_transcripts


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One part of a fragment in a transcript.

    Attributes
    ----------
    fragment : Fragment
    part : int
    start_char, end_char : int
        Half-open span in code points of the canonical text.
    turn_start, turn_end : int
        The participant's turn that it stands in.
    """

    fragment: Fragment
    part: int
    start_char: int
    end_char: int
    turn_start: int
    turn_end: int


def read_back(path: Path) -> Transcript:
    """Return the one transcript of a written file."""
    (transcript,) = read_transcripts(path)
    return transcript


def places_in(transcript: Transcript, turns: Sequence[Turn], person: Person) -> list[Place]:
    """Return the places of all fragments, in the order of the text.

    Raises
    ------
    ValueError
        If the file was not read as it was meant: other turns, other roles, or words that are not there.
    """
    if len(transcript.turns) != len(turns):
        raise ValueError(f"{person.id}: {len(transcript.turns)} turns read, {len(turns)} written")
    places = []
    for read, written in zip(transcript.turns, turns, strict=True):
        if (read.role is Role.PARTICIPANT) != (written.speaker == PARTICIPANT):
            raise ValueError(f"{person.id}: turn {read.number} has the role {read.role}")
        cursor = read.start_char
        for piece in written.pieces:
            start = transcript.text.find(piece.text, cursor, read.end_char)
            if start < 0:
                raise ValueError(f"{person.id}: turn {read.number} was not read as written")
            cursor = start + len(piece.text)
            if piece.fragment is not None:
                places.append(
                    Place(
                        fragment=piece.fragment,
                        part=piece.part,
                        start_char=start,
                        end_char=cursor,
                        turn_start=read.start_char,
                        turn_end=read.end_char,
                    )
                )
    return places
