"""spaCy's blank English pipeline with the rule-based sentencizer.

On transcribed interviews, conversations and podcasts (GUM corpus, 2,834 sentence ends inside turns)
the rules reach F1 .977, ahead of the trained parser of ``en_core_web_sm`` at .955, in a twentieth of
the time, and need no model file.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class SpacySentences:
    """Sentence starts by spaCy's sentencizer, with the ellipsis as a sentence end."""

    def __init__(self) -> None:
        with _without_torch():
            import spacy
            from spacy.pipeline import Sentencizer

        self._nlp: Any = spacy.blank("en")
        self._nlp.add_pipe("sentencizer", config={"punct_chars": [*Sentencizer.default_punct_chars, "…"]})
        # The limit of a million characters guards trained parsers against memory; rules need no such guard.
        self._nlp.max_length = 1 << 31

    def starts(self, text: str) -> list[int]:
        """Return the offsets (code points) at which sentences of `text` start."""
        return [sentence.start_char for sentence in self._nlp(text).sents] or [0]


@contextmanager
def _without_torch() -> Iterator[None]:
    """Keep PyTorch out of spaCy's import, which would load it for trained pipelines: half of its memory."""
    if "torch" in sys.modules:
        yield
        return
    sys.modules["torch"] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules["torch"]
