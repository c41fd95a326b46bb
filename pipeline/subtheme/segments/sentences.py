"""The sentence splitter: what it must do, and the one that we use."""

from functools import cache
from typing import Protocol

from subtheme.segments.languages import DEFAULT


class SentenceSplitter(Protocol):
    """Finds where sentences start."""

    def starts(self, text: str) -> list[int]:
        """Return the offsets (code points) at which sentences of `text` start, ascending, the first being 0."""
        ...


@cache
def load_splitter(language: str = DEFAULT) -> SentenceSplitter:
    """Return spaCy's rule-based splitter for a language; it needs no model and is built once per process."""
    from subtheme.segments.spacy_sentences import SpacySentences

    return SpacySentences(language)
