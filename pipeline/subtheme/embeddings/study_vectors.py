"""The vectors of a study: its segments, the questions before them, and the descriptions of its codes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import pandas as pd

from subtheme.embeddings.cache import VectorCache
from subtheme.embeddings.embedding import embed
from subtheme.embeddings.encoder import Encoder, Progress, Vectors
from subtheme.embeddings.fingerprint import JOINT
from subtheme.embeddings.side_by_side import SideBySide, narrowed
from subtheme.errors import InputError, Problem
from subtheme.nouns import SEGMENTS, Codebook


@dataclass(frozen=True, slots=True, kw_only=True)
class EncoderPart:
    """One of the encoders that a learner may choose among.

    Attributes
    ----------
    fingerprint : str
    width : int
        Columns that it has.
    """

    fingerprint: str
    width: int

    @property
    def name(self) -> str:
        """Name of the model, without digest and arithmetic."""
        return self.fingerprint.partition(":")[0]


def parts_in(encoder: Encoder) -> tuple[EncoderPart, ...]:
    """Return the encoders that a learner may choose among; none where they are settled."""
    encoders = encoder.encoders if isinstance(encoder, SideBySide) and encoder.is_choice else ()
    return tuple(EncoderPart(fingerprint=e.fingerprint, width=e.dimension) for e in encoders)


def _fingerprint(parts: Sequence[EncoderPart], chosen: Sequence[int]) -> str:
    return JOINT.join(parts[i].fingerprint for i in chosen)


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentVectors:
    """Vectors of segments and of the questions before them, row by row.

    Attributes
    ----------
    segments : tuple of str
        Ids, in the order of the rows.
    text, question : numpy.ndarray
        float32, shape (len(segments), dimension); the row of an empty question is zero.
    fingerprint : str
        Of the encoder that made them.
    parts : tuple of EncoderPart
        The encoders that a learner may choose among, in the order of their columns; empty where they are settled.
    """

    segments: tuple[str, ...]
    text: Vectors
    question: Vectors
    fingerprint: str
    parts: tuple[EncoderPart, ...] = ()

    def of_encoders(self, chosen: Sequence[int]) -> Self:
        """Return the vectors by some of the encoders, named by their numbers in `parts`: with that they are settled."""
        widths = [part.width for part in self.parts]
        return replace(
            self,
            text=narrowed(self.text, widths, chosen),
            question=narrowed(self.question, widths, chosen),
            fingerprint=_fingerprint(self.parts, chosen),
            parts=(),
        )

    def rows(self, segments: pd.Series) -> list[int]:
        """Return the row of every segment id.

        Raises
        ------
        InputError
            If a segment has no vector.
        """
        place = {segment: i for i, segment in enumerate(self.segments)}
        missing = [s for s in segments if s not in place]
        if missing:
            raise InputError(
                Problem(
                    what=f"{len(missing)} segments have no vector, the first is {missing[0]}",
                    where="vectors",
                    expected="a vector for every segment",
                    remedy="Embed the segments again",
                )
            )
        return [place[s] for s in segments]


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeVectors:
    """Vectors of what the codebook says of its codes.

    Attributes
    ----------
    codes : tuple of str
        Ids, in the order of the rows.
    description : numpy.ndarray
        float32, shape (len(codes), dimension).
    fingerprint : str
        Of the encoder that made them.
    parts : tuple of EncoderPart
        As in `SegmentVectors`.
    """

    codes: tuple[str, ...]
    description: Vectors
    fingerprint: str
    parts: tuple[EncoderPart, ...] = ()

    def of_encoders(self, chosen: Sequence[int]) -> Self:
        """Return the vectors by some of the encoders, named by their numbers in `parts`: with that they are settled."""
        return replace(
            self,
            description=narrowed(self.description, [part.width for part in self.parts], chosen),
            fingerprint=_fingerprint(self.parts, chosen),
            parts=(),
        )


def embed_segments(
    segments: pd.DataFrame,
    *,
    encoder: Encoder,
    cache: VectorCache | None = None,
    progress: Progress | None = None,
) -> SegmentVectors:
    """Return the vectors of a table of segments (contract `SEGMENTS`)."""
    table = SEGMENTS.check(segments, source="segments")
    texts, questions = table["text"].tolist(), table["question"].tolist()
    vectors = embed(texts + questions, encoder=encoder, cache=cache, progress=progress)
    question = vectors[len(texts) :].copy()
    question[[i for i, q in enumerate(questions) if not q]] = 0.0
    return SegmentVectors(
        segments=tuple(table["segment"]),
        text=vectors[: len(texts)],
        question=question,
        fingerprint=encoder.fingerprint,
        parts=parts_in(encoder),
    )


def embed_codebook(
    codebook: Codebook, *, encoder: Encoder, cache: VectorCache | None = None, with_examples: bool = True
) -> CodeVectors:
    """Return the vectors of what the codebook says of all codes: name, definition, use and, if wanted, examples.

    A model begins from vectors without examples: they may be words of a participant, which no model holds, and whom
    it may be tested on.
    """
    texts = [c.description if with_examples else c.meaning for c in codebook.codes]
    vectors = embed(texts, encoder=encoder, cache=cache)
    return CodeVectors(
        codes=tuple(c.id for c in codebook.codes),
        description=vectors,
        fingerprint=encoder.fingerprint,
        parts=parts_in(encoder),
    )
