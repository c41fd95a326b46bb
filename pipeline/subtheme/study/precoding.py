"""Pre-coding a study: what a model proposes where nobody has read."""

from dataclasses import asdict, dataclass
from typing import Any

from subtheme.errors import Problem, StudyError
from subtheme.study.study import Study


@dataclass(frozen=True, slots=True, kw_only=True)
class Precoded:
    """What was proposed.

    Attributes
    ----------
    model : str
        Version of the model.
    transcripts, segments : int
        That it looked at.
    proposals : int
        Over their thresholds.
    by_code : dict of str to int
        The same, by code.
    not_learned : tuple of str
        Codes of the level that the model does not know.
    synthetic : bool
    """

    model: str
    transcripts: int
    segments: int
    proposals: int
    by_code: dict[str, int]
    not_learned: tuple[str, ...]
    synthetic: bool

    def as_dict(self) -> dict[str, Any]:
        """Return the numbers for ``--json``."""
        return {**asdict(self), "not_learned": list(self.not_learned)}

    def __str__(self) -> str:
        text = (
            f"{self.proposals} proposals on {self.segments} segments of {self.transcripts} unread transcripts.\n"
            "They are suggestions: nothing counts until a person confirms it."
        )
        if self.not_learned:
            text += f"\nNot learned yet, so not proposed: {', '.join(self.not_learned)}."
        return text


def precode_study(study: Study, *, name: str = "model", everything: bool = False) -> Precoded:
    """Store what a model of the study proposes in place of all earlier proposals.

    Parameters
    ----------
    study : Study
    name : str
        Name of the model.
    everything : bool
        Also propose where a coder has read.

    Raises
    ------
    StudyError
        If every transcript has been read.
    ModelError
        If there is no such model, or it was trained with another codebook.
    """
    from subtheme.classifier import load_model, model_version
    from subtheme.embeddings import VectorCache
    from subtheme.proposals import precode as proposals_for
    from subtheme.study.vectors import coded_excerpts, encoder_of

    folder = study.folder.models / name
    model = load_model(folder)
    model.check_codebook(study.codebook)
    read: frozenset[str] = frozenset() if everything else study.read
    wanted = study.segments[~study.segments["transcript"].isin(read)].reset_index(drop=True)
    if wanted.empty:
        raise StudyError(
            Problem(
                what="every transcript has been read",
                where=study.folder.path.name,
                remedy="Import new transcripts, or propose everywhere with --all",
            )
        )
    encoder = encoder_of(study, wanted=model.encoder)
    version = model_version(folder)
    proposals = proposals_for(
        wanted,
        model=model,
        version=version,
        encoder=encoder,
        coded=coded_excerpts(study, level=model.level, encoder=encoder),
        cache=VectorCache(study.folder.cache),
        progress=study.progress("Embedding"),
    )
    with study.folder.store() as store, store.writing():
        store.replace_proposals(proposals)
    over = proposals[proposals["probability"] >= proposals["threshold"]]
    level = [c.id for c in study.codebook.at_level(model.level) if not c.placeholder]
    return Precoded(
        model=version,
        transcripts=int(wanted["transcript"].nunique()),
        segments=len(wanted),
        proposals=len(over),
        by_code={code: int((over["code"] == code).sum()) for code in model.codes},
        not_learned=tuple(sorted(set(level) - set(model.codes))),
        synthetic=study.synthetic,
    )
