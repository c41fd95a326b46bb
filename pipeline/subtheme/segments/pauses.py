"""Speech without punctuation: how it is recognised, and the pauses that are left to cut at."""

import re

FINAL_PUNCTUATION_PER_100_WORDS = 1.0
"""Below this rate a transcript counts as unpunctuated: no sentence rule finds anything in it."""

_FEWEST_WORDS = 40
_FINAL = re.compile(r"[.!?…](?=[\"'”’“»«)\]]*(?:\s|$))")
_SPACE = re.compile(r"\s*")
_LINE_END = re.compile(r"\n")
_ONLY_DOTS = re.compile(r"\(\.+\)")
_PAUSE = re.compile(
    r"""\(\.+\)                                        # (.) (..) (...)
      | \(\s*\d+(?:[.,]\d+)?\s*(?:s|sec|secs|seconds|sek|segs?)?\.?\s*\)   # (2.5) (3 s)
      | [\[(]\s*(?:\w+\s+)?(?:pauses?|pausen?|pausas?|pauzes?|paus|pauser|silence|stilte|schweigen|silenci?o|silêncio
                         |silenzio|tystnad|stilhed|stillhet|tauko)\b[^\])\n]*[\])]
      | \s(?:--+|–|—)(?=\s)
      | \.\.\.+(?=\s)
      | …(?=\s)
    """,
    re.VERBOSE | re.IGNORECASE,
)


def final_punctuation_rate(turns: list[str]) -> float:
    """Return the sentence-final punctuation marks per 100 words over all `turns`.

    Very short texts return infinity: forty words without a full stop prove nothing.
    """
    words = sum(len(t.split()) for t in turns)
    if words < _FEWEST_WORDS:
        return float("inf")
    marks = sum(len(_FINAL.findall(_ONLY_DOTS.sub("", t))) for t in turns)
    return 100 * marks / words


def pause_starts(text: str) -> list[int]:
    """Return the offsets at which speech goes on after a pause or a line end, the first being 0."""
    after = [_SPACE.match(text, m.end()) for pattern in (_PAUSE, _LINE_END) for m in pattern.finditer(text)]
    return sorted({0, *(m.end() for m in after if m and m.end() < len(text))})
