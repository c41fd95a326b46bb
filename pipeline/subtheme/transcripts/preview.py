"""What an import would bring: speakers with their counts and roles, turns, and what to check."""

from dataclasses import dataclass
from typing import Any

from subtheme.nouns import Role, Transcript
from subtheme.transcripts.roles import guess_roles


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
        }


def preview(transcript: Transcript) -> TranscriptPreview:
    """Return the speakers of `transcript` with turns, words, role and the reason for the role."""
    guesses = guess_roles((t.speaker, transcript.words(t)) for t in transcript.turns)
    counts: dict[tuple[str, Role], tuple[int, int]] = {}
    for turn in transcript.turns:
        turns, words = counts.get((turn.speaker, turn.role), (0, 0))
        counts[turn.speaker, turn.role] = (turns + 1, words + len(transcript.words(turn).split()))
    speakers = []
    for (speaker, role), (turns, words) in counts.items():
        guess = guesses[speaker]
        reason = guess.guessed_from if guess.role is role else "given, or declared by the file"
        if transcript.grammar.endswith("/bold-questions"):
            reason = "bold paragraphs are the questions"
        speakers.append(SpeakerPreview(speaker=speaker, turns=turns, words=words, role=role, guessed_from=reason))
    return TranscriptPreview(transcript=transcript, speakers=tuple(speakers))
