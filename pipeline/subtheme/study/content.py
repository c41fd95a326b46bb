"""Everything that a report is made from."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict
from importlib.metadata import version
from typing import Any

import pandas as pd

from subtheme.embeddings import Precision, current_fingerprint, precision_of
from subtheme.errors import InputError
from subtheme.judgements import holding
from subtheme.nouns import EventKind
from subtheme.reports import Progress, ReportContent
from subtheme.scoring import ResultTable
from subtheme.study.study import Study


def content_of(study: Study) -> ReportContent:
    """Gather everything that a report is made from; what the study does not have yet is left out."""
    firm = study.firmness()
    agreement: dict[str, Any] | None = None
    without_agreement = ""
    try:
        agreement = study.agreement().as_dict()
    except InputError as error:  # such as one coder only: the report says what it was
        without_agreement = "; ".join(str(problem) for problem in error.problems)
    kept = study.folder.exports / "evaluation.json"
    manifest = study.model_manifest
    return ReportContent(
        study=study.name,
        table=firm.table,
        codebook=study.codebook,
        codings=study.codings,
        segments=study.segments,
        synthetic=study.synthetic,
        progress=_progress(study, firm.table),
        firmness=firm,
        agreement=agreement,
        without_agreement=without_agreement,
        evaluation=json.loads(kept.read_text(encoding="utf-8")) if kept.is_file() else None,
        model=None if manifest is None else {**manifest, **manifest["facts"], "precision": _precision(study).promise},
        anchoring=_anchoring(study),
        manifest=_manifest(study),
    )


def _anchoring(study: Study) -> dict[str, Any] | None:
    """Return what suggestions did to coders; None where nobody has worked at the review page."""
    from subtheme.agreement import anchoring, switching

    marks = [e for e in holding(study.events).events if e.kind in {EventKind.FINISHED, EventKind.REVEALED}]
    ended = [e for e in marks if e.kind is EventKind.FINISHED]
    finished = [{"coder": e.coder, "segment": e.segment, "shown": e.shown} for e in ended]
    if not finished:
        return None
    places = {(m["coder"], m["segment"]) for m in finished}
    revealed = sorted({(e.coder, e.segment) for e in marks if e.kind is EventKind.REVEALED} & places)
    seen = pd.DataFrame(revealed, columns=["coder", "segment"])
    effect = anchoring(study.standing_answers, pd.DataFrame(finished), study.proposals, study.segments, revealed=seen)
    switched = switching(study.answers, seen, study.proposals, study.segments)
    return {**effect.as_dict(), "switching": asdict(switched)}


def _progress(study: Study, table: ResultTable) -> Progress:
    standing = study.standing_answers
    over = study.proposals[study.proposals["probability"] >= study.proposals["threshold"]]
    review = study.presence_review
    drawn, found = (0, 0) if review is None else review.audit_segments
    cells = table.as_frame()
    return Progress(
        transcripts=len(study.transcripts),
        transcripts_read=len(study.read),
        segments=len(study.segments),
        segments_decided=int(standing["segment"].nunique()),
        proposals=len(over),
        verdicts={str(k): int(v) for k, v in standing["verdict"].value_counts().sort_index().items()},
        retracted=int((study.answers["verdict"] == "retract").sum()),
        audit_segments=drawn,
        audit_found=found,
        expected_wrong=None if review is None else review.expected_wrong(cells),
        looks_left=None if review is None else (review.looks_left.low, review.looks_left.high),
        to_be_read=0 if review is None else review.to_be_read(cells),
        risk=study.folder.settings.risk,
    )


def _manifest(study: Study) -> dict[str, Any]:
    """Return what is needed to make the report again: digests and versions."""
    model = study.model_manifest
    return {
        "synthetic": study.synthetic,
        "texts": _sha256([f"{t.id}:{t.sha256}" for t in study.transcripts]),
        "codebook": study.codebook.content_hash,
        "settings": hashlib.sha256((study.folder.path / "study.toml").read_bytes()).hexdigest(),
        "model": "none" if model is None else f"{model['name']}@{model['content_hash']}",
        "precision of the vectors": _precision(study).value,
        "participants": _sha256(study.participants.astype(str).agg("|".join, axis=1)),
        "codings": _sha256(study.every_coding.astype(str).agg("|".join, axis=1)),
        "decisions": _sha256(study.answers["uid"]),
        "anchor of the log": study.anchor,
        "versions": {name: version(name) for name in _PACKAGES},
    }


def _precision(study: Study) -> Precision:
    """Return the precision of the vectors of the model that proposed, or without one that of the study."""
    model = study.model_manifest
    known = None if model is None else precision_of(current_fingerprint(model["encoder"]))
    return known or Precision(study.folder.settings.precision)


_PACKAGES = ("subtheme", "numpy", "pandas", "scikit-learn", "scipy", "spacy", "sentence-transformers", "matplotlib")


def _sha256(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode("utf-8")).hexdigest()
