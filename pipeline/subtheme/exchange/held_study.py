"""What a study holds, as it goes to other programs."""

from dataclasses import dataclass, field

import pandas as pd

from subtheme.exchange.carried_events import CarriedEvents
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
    carried : CarriedEvents
        Judgements as they were made, for our own programs.
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
    carried: CarriedEvents = field(default_factory=CarriedEvents, repr=False)
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
    def unseen(self) -> dict[str, int]:
        """How many judgements of each kind other programs have no place for, and how many transcripts were read."""
        values, origins = self.judgements.get("value"), self.judgements.get("origin")
        if values is None or origins is None:
            return {}
        counts = {word: int((values == word).sum()) for word in ("absent", "unsure")}
        counts |= {"agreed": int((origins == "agreed").sum()), "readings": len(self.readings)}
        return {name: n for name, n in counts.items() if n}
