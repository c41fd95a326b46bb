"""What an import would bring: speakers with their counts and roles, turns, and what to check."""

from dataclasses import dataclass
from typing import Any

from subtheme.nouns import Role, Transcript
from subtheme.transcripts.casting import cast
from subtheme.transcripts.layouts import IN_WORDS


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeakerPreview:
    """One speaker in one role.

    Attributes
    ----------
    speaker : str
        Empty where the source names nobody.
    turns, words : int
        How often the speaker has the word, and words between blanks.
    role : Role
    guessed_from : str
        Why this role.
    """

    speaker: str
    turns: int
    words: int
    role: Role
    guessed_from: str

    def as_dict(self) -> dict[str, str | int]:
        """Return the speaker for JSON."""
        return {
            "speaker": self.speaker,
            "turns": self.turns,
            "words": self.words,
            "role": self.role.value,
            "guessed_from": self.guessed_from,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptPreview:
    """A transcript as it would be imported.

    Attributes
    ----------
    transcript : Transcript
    speakers : tuple of SpeakerPreview
        In order of first appearance.
    """

    transcript: Transcript
    speakers: tuple[SpeakerPreview, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the preview for JSON; it holds the words of the interview."""
        transcript = self.transcript
        return {
            "transcript": transcript.id,
            "source": transcript.source,
            "grammar": transcript.grammar,
            "encoding": transcript.encoding,
            "sha256": transcript.sha256,
            "speakers": [s.as_dict() for s in self.speakers],
            "turns": [
                {
                    "speaker": turn.speaker,
                    "role": turn.role.value,
                    "text": transcript.words(turn),
                    "start_char": turn.start_char,
                    "end_char": turn.end_char,
                    "start_s": turn.start_s,
                    "end_s": turn.end_s,
                }
                for turn in transcript.turns
            ],
            "notes": list(transcript.notes),
            "doubts": [d.as_dict() for d in transcript.doubts],
        }


def preview(transcript: Transcript) -> TranscriptPreview:
    """Return the speakers of `transcript` with turns, words, role and the reason for the role."""
    talk = ((t.speaker, transcript.words(t)) for t in transcript.turns)
    guesses = cast(talk, unnamed_is_voice=transcript.grammar.endswith("-mixed")).guesses
    counts: dict[tuple[str, Role], tuple[int, int]] = {}
    for turn in transcript.turns:
        turns, words = counts.get((turn.speaker, turn.role), (0, 0))
        counts[turn.speaker, turn.role] = (turns + 1, words + len(transcript.words(turn).split()))
    speakers = []
    for (speaker, role), (turns, words) in counts.items():
        guess = guesses[speaker]
        reason = guess.guessed_from if guess.role is role else "given, or declared by the file"
        layout = IN_WORDS.get(transcript.grammar.rpartition("/")[2])
        if layout and not speaker:
            reason = f"told by {layout}"
        speakers.append(SpeakerPreview(speaker=speaker, turns=turns, words=words, role=role, guessed_from=reason))
    return TranscriptPreview(transcript=transcript, speakers=tuple(speakers))
