"""How each voice of a transcript talks: counted once, and then asked by the evidence on who asks whom."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from subtheme.transcripts import talk_words
from subtheme.transcripts.label_words import bare

_OPENING = 160
"""Characters of a turn that are looked at for words; a question mark counts wherever it stands."""

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_ASKS = re.compile(r"[?？؟]|(?:か|ですか|ますか|까요|나요|습니까)[。.\s]*$")
_FEW_WORDS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """What one voice says, counted.

    Attributes
    ----------
    speaker : str
    turns : int
    questions : int
        Turns that hold a question.
    prompts : int
        Turns that begin with a word that wants the other one to talk, or only keep the other one talking.
    letters, words : int
        Letters measure talk in every script; words are those between blanks.
    addressing, of_self : int
        Words among the first of each turn that speak to somebody, and of oneself.
    is_first : bool
        Whether this voice is the first to speak.
    """

    speaker: str
    turns: int = 0
    questions: int = 0
    prompts: int = 0
    letters: int = 0
    words: int = 0
    addressing: int = 0
    of_self: int = 0
    is_first: bool = False


def talks_of(turns: Iterable[tuple[str, str]]) -> dict[str, Talk]:
    """Return the talk of every voice, in order of first appearance.

    Parameters
    ----------
    turns : iterable of (str, str)
        Speaker and words of every turn.
    """
    counts: dict[str, list[int]] = {}
    for speaker, words in turns:
        own = counts.setdefault(speaker, [0] * 7)
        opening = bare(words[:_OPENING])
        first = _WORD.findall(opening)
        for i, value in enumerate(
            (
                1,
                is_question(words),
                _is_prompt(first),
                len(words) - words.count(" "),
                len(words.split()),
                _hits(first, opening, talk_words.ADDRESS, talk_words.ADDRESS_INSIDE),
                _hits(first, opening, talk_words.SELF, talk_words.SELF_INSIDE),
            )
        ):
            own[i] += value
    return {
        speaker: Talk(
            speaker=speaker,
            turns=turns_,
            questions=questions,
            prompts=prompts,
            letters=letters,
            words=words_,
            addressing=addressing,
            of_self=of_self,
            is_first=n == 0,
        )
        for n, (speaker, (turns_, questions, prompts, letters, words_, addressing, of_self)) in enumerate(
            counts.items()
        )
    }


def is_question(words: str) -> bool:
    """Return whether a turn holds a question: by its mark, or by the ending that Japanese and Korean give it.

    >>> is_question("Why?"), is_question("いつですか。"), is_question("No.")
    (True, True, False)
    """
    return _ASKS.search(words) is not None


def is_prompt(words: str) -> bool:
    """Return whether a turn asks or prompts, with or without a mark.

    >>> is_prompt("Tell me more."), is_prompt("Mm."), is_prompt("By text, the night before.")
    (True, True, False)
    """
    return is_question(words) or _is_prompt(_WORD.findall(bare(words[:_OPENING])))


def _is_prompt(first: list[str]) -> bool:
    if not first:
        return False
    opening = first[1:] if first[0] in talk_words.NODS and len(first) > 1 else first
    if opening[0] in talk_words.PROMPTS or (len(opening) > 1 and opening[1] in talk_words.PROMPTS and len(opening) < 9):
        return True
    return len(first) <= _FEW_WORDS and first[0] in talk_words.NODS


def _hits(first: list[str], opening: str, words: frozenset[str], inside: frozenset[str]) -> int:
    found = sum(w in words for w in first)
    return found if opening.isascii() else found + sum(part in opening for part in inside)
