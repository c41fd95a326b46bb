"""What a study holds, as it goes to other programs."""

from dataclasses import dataclass, field

import pandas as pd

from subtheme.nouns import Codebook, Transcript


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldStudy:
    """A study, ready to leave.

    Attributes
    ----------
    codebook : Codebook
    transcripts : tuple of Transcript
    judgements : pandas.DataFrame
        Who holds what of which code on which segment, absences among them (`Judgements.frame`).
    participants, codings, readings, segments, proposals, decisions : pandas.DataFrame
        As the contracts of `subtheme.nouns` have them. `codings` are those that leave: manual and confirmed ones,
        and proposals with origin ``auto`` where they are wanted.
    synthetic : bool
        Whether the interviews are invented.
    """

    codebook: Codebook
    transcripts: tuple[Transcript, ...]
    participants: pd.DataFrame = field(repr=False)
    codings: pd.DataFrame = field(repr=False)
    readings: pd.DataFrame = field(repr=False)
    segments: pd.DataFrame = field(repr=False)
    proposals: pd.DataFrame = field(repr=False)
    decisions: pd.DataFrame = field(repr=False)
    judgements: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)
    synthetic: bool = False

    @property
    def texts(self) -> dict[str, str]:
        """Canonical text of every transcript by its id."""
        return {t.id: t.text for t in self.transcripts}

    @property
    def speakers(self) -> dict[str, list[str]]:
        """Participants of each transcript."""
        pairs = self.segments[["transcript", "participant"]].drop_duplicates()
        return {str(t): sorted(group) for t, group in pairs.groupby("transcript")["participant"]}

    @property
    def read_without_codings(self) -> int:
        """Number of readings by a coder who coded nothing in the transcript; no other program knows of them."""
        coded = set(zip(self.codings["coder"], self.codings["transcript"], strict=True))
        read = zip(self.readings["coder"], self.readings["transcript"], strict=True)
        return len(set(read) - coded)
