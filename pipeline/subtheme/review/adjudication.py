"""Adjudication: one person decides what coders differ on, without knowing who they are."""

from collections.abc import Mapping

from subtheme.errors import InputError, Problem, shown
from subtheme.files import Store
from subtheme.judgements import holding
from subtheme.nouns import EventKind
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
        self._found: tuple[int, Mapping[str, Mapping[str, Dispute]]] | None = None
        if any(e.kind is EventKind.CODED and e.coder == coder for e in holding(store.events()).events):
            raise InputError(
                Problem(
                    what=f"{shown(coder)} has coded in this study and would decide about their own answers",
                    remedy="Decide under a name of its own, such as --coder consensus",
                )
            )

    def disputes(self) -> Mapping[str, Mapping[str, Dispute]]:
        """Return what coders differ on, by segment and code."""
        length = self._store.length()
        if self._found is None or self._found[0] != length:
            study = self._material.study.with_events(self._store.events())
            self._found = (length, disputes_of(study, without=self._coder))
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
