"""Turns of participants cut into segments."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from subtheme.errors import InputError, Problem, suggestion
from subtheme.nouns import Role, Segment, Transcript
from subtheme.segments.language_choice import LanguageChoice, language_choice
from subtheme.segments.languages import AUTO, languages_of
from subtheme.segments.pauses import FINAL_PUNCTUATION_PER_100_WORDS, final_punctuation_rate, pause_starts
from subtheme.segments.pieces import Piece, grouped, pieces_at, windows
from subtheme.segments.sentences import SentenceSplitter, load_splitter

Strategy = Literal["unit", "turn", "sentence"]
STRATEGIES: tuple[str, ...] = get_args(Strategy)

# A sentence this many times the target is a run-on of speech and is cut like unpunctuated talk.
_RUN_ON = 2.5
_PARAGRAPH = re.compile(r"\n[^\S\n]*\n\s*")
_LINE = re.compile(r"\n\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Segmentation:
    """The segments of one transcript, and what a person should know of the cutting.

    Attributes
    ----------
    segments : tuple of Segment
        In the order of the text.
    language : str
        Code of the language that the transcript seems to be in; empty where none could be told.
    notes : tuple of str
        Reasons for anything out of the ordinary, such as speech without punctuation.
    """

    segments: tuple[Segment, ...]
    language: str = ""
    notes: tuple[str, ...] = ()


def segment_transcript(
    transcript: Transcript,
    *,
    participants: Mapping[str, str],
    strategy: Strategy = "unit",
    target_words: int = 40,
    language: str = AUTO,
) -> list[Segment]:
    """Return the segments of `transcript`; see `segmentation_of`, which also gives the notes."""
    result = segmentation_of(
        transcript, participants=participants, strategy=strategy, target_words=target_words, language=language
    )
    return list(result.segments)


def segmentation_of(
    transcript: Transcript,
    *,
    participants: Mapping[str, str],
    strategy: Strategy = "unit",
    target_words: int = 40,
    language: str = AUTO,
    splitter: SentenceSplitter | None = None,
) -> Segmentation:
    """Cut the participants' turns of a transcript into segments.

    The segments of a turn tile it: only white space lies between them, and the text of each is the
    canonical text at its span.

    Parameters
    ----------
    transcript : Transcript
    participants : mapping of str to str
        Id of the participant behind each speaker label. Every speaker of a participant's turn must be in it.
    strategy : {"unit", "turn", "sentence"}
        Sentences grouped to about `target_words`, whole turns, or single sentences.
    target_words : int
        Words that a unit should have.
    language : str
        Codes or names of the study's languages, separated by commas; ``auto`` to tell it from the participants' words.
    splitter : SentenceSplitter, optional
        spaCy's rules for the language by default.

    Raises
    ------
    InputError
        With every problem: unknown strategy, impossible target, a speaker without participant; or an unknown language.
    """
    _check(transcript, participants=participants, strategy=strategy, target_words=target_words)
    turns = [t for t in transcript.turns if t.role is Role.PARTICIPANT]
    chosen = language_choice([transcript.words(t) for t in turns], among=languages_of(language))
    notes = list(chosen.notes)
    rate = final_punctuation_rate([transcript.words(t) for t in turns])
    punctuated = rate >= FINAL_PUNCTUATION_PER_100_WORDS
    if not punctuated and strategy != "turn":
        notes.append(
            f"{rate:.1f} sentence ends per 100 words: speech without punctuation, "
            "cut by turns, pauses, line ends and length"
        )
    splitter = splitter or load_splitter(chosen.rules.code)
    segments: list[Segment] = []
    question = ""
    for turn in transcript.turns:
        words = transcript.words(turn)
        if turn.role is not Role.PARTICIPANT:
            question = words.strip() or question
            continue
        for piece in _cut(
            words, chosen, strategy=strategy, target=target_words, splitter=splitter if punctuated else None
        ):
            start, end = turn.start_char + piece.start, turn.start_char + piece.end
            segments.append(
                Segment(
                    id=f"{transcript.id}:{start}-{end}",
                    transcript=transcript.id,
                    participant=participants[turn.speaker],
                    turn=turn.number,
                    order=len(segments),
                    start_char=start,
                    end_char=end,
                    text=transcript.text[start:end],
                    question=question,
                )
            )
    return Segmentation(segments=tuple(segments), language=chosen.code, notes=tuple(notes))


def _cut(
    words: str, language: LanguageChoice, *, strategy: Strategy, target: int, splitter: SentenceSplitter | None
) -> list[Piece]:
    if strategy == "turn":
        return pieces_at(words, [])
    if splitter is None:
        pieces = pieces_at(words, pause_starts(words))
        return grouped([w for p in pieces for w in windows(words, p, most_words=target)], target_words=target)
    lines = [m.end() for m in _PARAGRAPH.finditer(words)]
    if not language.rules.nouns_are_capital:
        # A line that goes on in small letters is wrapped. Where nouns are capital, any line may be.
        lines += [m.end() for m in _LINE.finditer(words) if not words[m.end() : m.end() + 1].islower()]
    sentences = pieces_at(words, splitter.starts(words) + lines)
    if strategy == "sentence":
        return sentences
    return grouped(list(_without_run_ons(words, sentences, target=target)), target_words=target)


def _without_run_ons(words: str, sentences: list[Piece], *, target: int) -> Iterable[Piece]:
    for sentence in sentences:
        if sentence.words <= _RUN_ON * target:
            yield sentence
            continue
        head = words[: sentence.end]
        inside = [sentence.start, *(s for s in pause_starts(head) if s > sentence.start)]
        for piece in pieces_at(head, inside):
            if piece.start >= sentence.start:
                yield from windows(words, piece, most_words=target)


def _check(transcript: Transcript, *, participants: Mapping[str, str], strategy: str, target_words: int) -> None:
    problems: list[Problem] = []
    if strategy not in STRATEGIES:
        problems.append(
            Problem(
                what=f"no strategy '{strategy}'",
                where="segment strategy",
                expected=f"one of {', '.join(STRATEGIES)}",
                remedy=suggestion(strategy, STRATEGIES),
            )
        )
    if target_words < 1:
        problems.append(
            Problem(what=f"a target of {target_words} words", where="segment length", expected="at least 1")
        )
    unmapped: dict[str, int] = {}
    for turn in transcript.turns:
        if turn.role is Role.PARTICIPANT and not participants.get(turn.speaker):
            unmapped.setdefault(turn.speaker, turn.number)
    for speaker, number in unmapped.items():
        name = f"speaker '{speaker}'" if speaker else "a turn without speaker"
        problems.append(
            Problem(
                what=f"{name} has no participant",
                where=f"{transcript.id}, turn {number}",
                expected="an entry for every participant's speaker label",
                remedy=suggestion(speaker, participants) or "Name the participant, or give the speaker another role",
            )
        )
    if problems:
        raise InputError(problems)
