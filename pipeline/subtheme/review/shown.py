"""What was on the screen: without it nobody can tell later what suggestions did."""

import json

from subtheme import __version__
from subtheme.review.arm import Arm
from subtheme.review.coder_log import CoderLog
from subtheme.review.material import Material, Passage, Suggestion


def shown_json(
    passage: Passage,
    suggestion: Suggestion | None,
    *,
    arm: Arm,
    order: str,
    elapsed_ms: int,
    material: Material,
    log: CoderLog,
) -> str:
    """Return what a coder had before them as JSON: arm, order, time, versions, and the suggestion that was seen."""
    shown: dict[str, object] = {
        "by": "page",
        "arm": arm.value,
        "order": order,
        "elapsed_ms": elapsed_ms,
        "app": __version__,
        "codebook": material.codebook.content_hash[:12],
    }
    if suggestion is not None:
        shown |= {
            "model": suggestion.model,
            "probability": round(suggestion.probability, 6),
            "threshold": round(suggestion.threshold, 6),
            "rank": material.suggestions[passage.segment].index(suggestion) + 1,
            "evidence": log.saw_evidence(passage.segment, suggestion.code),
        }
    return json.dumps(shown, sort_keys=True)
