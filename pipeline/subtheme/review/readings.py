"""Who read what: a code that was not given in a transcript is absent only where the transcript was read whole."""

import pandas as pd

from subtheme.errors import InputError, Problem
from subtheme.nouns import READINGS
from subtheme.review.material import Material
from subtheme.review.record import Record


class CoderReadings:
    """The readings that one coder's page rests on.

    Parameters
    ----------
    record : Record
    material : Material
    coder : str
    """

    def __init__(self, record: Record, material: Material, *, coder: str) -> None:
        self._record = record
        self._material = material
        self._coder = coder
        self._stored = record.store.readings()

    def table(self) -> pd.DataFrame:
        """Return the coder's own readings, and those of codings that were brought in."""
        return self._stored[self._stored["coder"].isin({self._coder, *self._material.manual["coder"]})]

    def has_read(self, transcript: str) -> bool:
        """Whether the coder has said that the whole transcript is read."""
        return transcript in set(self._stored.loc[self._stored["coder"] == self._coder, "transcript"])

    def set_read(self, transcript: int, *, is_read: bool) -> None:
        """Note, or take back, that the coder has read a whole transcript: what is not coded there is absent.

        Raises
        ------
        InputError
            If there is no such transcript.
        """
        if not 0 <= transcript < len(self._material.transcripts):
            raise InputError(Problem(what="no such transcript"))
        name = self._material.transcripts[transcript].id
        store = self._record.store
        with self._record.lock, store.writing():
            if is_read:
                row = pd.DataFrame([{"coder": self._coder, "transcript": name}])
                store.add_readings(READINGS.check(row, source="the page"))
            else:
                store.remove_reading(coder=self._coder, transcript=name)
            self._stored = store.readings()
            self._record.log.version += 1
