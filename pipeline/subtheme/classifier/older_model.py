"""An older model to go on from, and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from subtheme.classifier.code_map import CodeMap, code_map
from subtheme.classifier.learner import ThemeClassifier
from subtheme.classifier.model import ThemeModel
from subtheme.errors import ModelError, Problem
from subtheme.study import Codebook


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

    def facts(self, learner: ThemeClassifier) -> dict[str, Any]:
        """Return what the manifest says of it: the map, the strength chosen, and whether it helped."""
        values = learner.oof_average_precision_
        return {
            "from_model": self.version,
            "code_map": self.codes.as_dict(),
            "prior_strength": float(learner.prior_strength_),
            "prior_average_precision": {str(s): round(v, 4) for s, v in values.items()},
        }

    def in_words(self, learner: ThemeClassifier) -> tuple[str, ...]:
        """Return notes: what became of the codes, and whether the older model helped."""
        values = learner.oof_average_precision_
        alone, strength = values[0.0], learner.prior_strength_
        if strength:
            told = f"helps: average precision on grouped folds {values[strength]:.3f}, {alone:.3f} without it"
        else:
            best = max(v for s, v in values.items() if s)
            told = (
                f"does not help and is not used: average precision on grouped folds {best:.3f}, {alone:.3f} without it"
            )
        mapped = self.codes.in_words()
        return (*([f"codes since {self.version}: {mapped}"] if mapped else []), f"{self.version} {told}")
