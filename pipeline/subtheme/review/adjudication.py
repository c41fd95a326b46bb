"""Adjudication: one person decides what coders differ on, without knowing who they are."""

from collections.abc import Mapping

from subtheme.errors import InputError, Problem
from subtheme.files import MarkKind, Store
from subtheme.review.dispute import Dispute, disputes_of
from subtheme.review.material import Material
from subtheme.review.record import AGAIN


class Adjudication:
    """The disputes of a study, drawn up again whenever somebody has answered.

    Parameters
    ----------
    material : Material
    store : Store
    coder : str
        Who decides. Their own answers are no side of a dispute.

    Raises
    ------
    InputError
        If the coder has codings of their own in the study, and so is a side.
    """

    def __init__(self, material: Material, store: Store, *, coder: str) -> None:
        self._material = material
        self._store = store
        self._coder = coder
        self._found: tuple[tuple[int, int], Mapping[str, Mapping[str, Dispute]]] | None = None
        if coder in set(material.manual["coder"]):
            raise InputError(
                Problem(
                    what=f"'{coder}' has coded in this study and would decide about their own answers",
                    remedy="Decide under a name of its own, such as --coder consensus",
                )
            )

    def disputes(self) -> Mapping[str, Mapping[str, Dispute]]:
        """Return what coders differ on, by segment and code."""
        lengths = self._store.lengths()
        if self._found is None or self._found[0] != lengths:
            finished: dict[str, set[str]] = {}
            for mark in self._store.marks():
                if mark.kind is MarkKind.FINISH and not mark.code:
                    finished.setdefault(mark.segment, set()).add(mark.coder)
            found = disputes_of(
                self._material, self._store.decisions(), self._store.readings(), finished, without=self._coder
            )
            self._found = (lengths, found)
        return self._found[1]

    def refuse_stale(self, segment: str, code: str, version: str) -> None:
        """Refuse a decision about answers that are not the ones that were shown.

        Raises
        ------
        InputError
            If they have changed, or nobody differs there.
        """
        dispute = self.disputes().get(segment, {}).get(code)
        if dispute is None or dispute.version != version:
            raise InputError(Problem(what="the answers that were to be decided about have changed", remedy=AGAIN))
