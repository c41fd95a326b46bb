"""An older model to go on from, and what came of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from subtheme.classifier.code_map import CodeMap, code_map
from subtheme.classifier.following import following_facts, following_in_words
from subtheme.classifier.learner import ThemeClassifier
from subtheme.classifier.model import ThemeModel
from subtheme.errors import ModelError, Problem
from subtheme.nouns import Codebook


@dataclass(frozen=True, slots=True, kw_only=True)
class OlderModel:
    """A model of another study or codebook, with the map of its codes.

    Attributes
    ----------
    model : ThemeModel
    version : str
        Name and hash.
    codes : CodeMap
    """

    model: ThemeModel
    version: str
    codes: CodeMap

    @classmethod
    def of(
        cls,
        model: ThemeModel,
        codebook: Codebook,
        codes: Sequence[str],
        *,
        version: str,
        pairs: Sequence[tuple[str, str]] = (),
    ) -> "OlderModel":
        """Map the codes of `model` to `codes` of the newer codebook; see `code_map`."""
        return cls(model=model, version=version, codes=code_map(model, codebook, codes, pairs=pairs))

    def refuse_other_encoder(self, encoder: str) -> None:
        """Refuse vectors that the older model's weights are not made for.

        Raises
        ------
        ModelError
        """
        if encoder != self.model.encoder:
            raise ModelError(
                Problem(
                    what=f"'{self.version}' was trained on vectors of another encoder",
                    expected=encoder,
                    remedy="Go on from a model of the same encoder, or train without --from",
                )
            )

    def refuse_same_people(self, participants: Collection[str]) -> None:
        """Refuse a model that has seen some of the `participants` whom it is to be tested on.

        Its weights hold their codings, so that it would seem to help, and figures, calibration and thresholds would be
        of people it knows.

        Raises
        ------
        ModelError
        """
        known = set(self.model.facts.get("trained_on", ()))
        seen = sorted(known & set(participants))
        if seen:
            raise ModelError(
                Problem(
                    what=f"'{self.version}' was trained on {len(seen)} of the {len(set(participants))} participants "
                    f"that are learned from, such as {seen[0]}",
                    expected="a model of other people, so that what it adds is tested on some it has not seen",
                    remedy="Train without --from: what it knows of them is in this study. Ids of participants must "
                    "differ between studies",
                )
            )

    def facts(self, learner: ThemeClassifier) -> dict[str, Any]:
        """Return what the manifest says of it: the map, the strength chosen, and whether it helped."""
        return {"from_model": self.version, "code_map": self.codes.as_dict(), **following_facts(learner)}

    def in_words(self, learner: ThemeClassifier) -> tuple[str, ...]:
        """Return notes: what became of the codes, and whether the older model helped."""
        mapped = self.codes.in_words()
        return (
            *([f"codes since {self.version}: {mapped}"] if mapped else []),
            following_in_words(self.version, learner),
        )
