"""The model card: what a manifest says, in words, for whoever is handed the folder."""

from collections.abc import Mapping
from typing import Any

from subtheme.embeddings import precision_of


def model_card(manifest: Mapping[str, Any]) -> str:
    """Return the card of a model as Markdown; it holds counts and names of codes, no words of an interview."""
    facts = manifest["facts"]
    precision = precision_of(manifest["encoder"])
    lines = [f"# Model card: {manifest['name']}", ""]
    if facts.get("synthetic"):
        lines += ["**SYNTHETIC**: trained on an invented study; its figures say nothing about real interviews.", ""]
    lines += [
        "## Trained on",
        f"- {facts.get('participants', '?')} participants, {facts.get('segments', '?')} segments, "
        f"{facts.get('excerpts', '?')} of them coded",
        *([f"- {facts['answers']} answers in transcripts that nobody read whole"] if facts.get("answers") else []),
        f"- codebook {manifest['codebook_hash'][:12]}, level {manifest['level']}",
        f"- encoder {manifest['encoder']}",
        *([f"- precision {precision.promise}"] if precision else []),
    ]
    if "encoders" in facts:
        tried = ", ".join(f"{name} {value}" for name, value in facts["encoders"]["tried"].items())
        lines.append(f"- chosen on inner folds by macro average precision: {tried}")
    if facts.get("from_model"):
        lines.append(f"- going on from {facts['from_model']}, with strength {facts.get('prior_strength', 0)}")
    elif facts.get("prior_strength"):
        lines.append(f"- begun from what the codebook says of its codes, with strength {facts['prior_strength']}")
    lines += ["", f"## Codes ({len(manifest['codes'])})"]
    evidence = {e["code"]: e for e in facts.get("evidence", ())}
    for code in manifest["codes"]:
        known = evidence.get(code)
        counts = f": {known['segments']} segments of {known['participants']} participants" if known else ""
        lines.append(f"- {code}{counts}")
    too_few = [code for code in evidence if code not in manifest["codes"]]
    if too_few:
        lines += ["", f"Too few to learn, never proposed: {', '.join(too_few)}."]
    lines += ["", "## Figures, out of fold, by participants it had not seen"]
    for key, name in (
        ("average_precision_out_of_fold", "macro average precision"),
        ("calibration_error_out_of_fold", "expected calibration error"),
    ):
        if key in facts:
            lines.append(f"- {name}: {facts[key]}")
    depth = facts.get("queue_depth", {})
    if depth.get("depth"):
        lines.append(
            f"- reading the {depth['depth']} best segments per participant and code misses at most "
            f"{depth['promised_misses']:.0%} of what new participants like these describe, on average"
        )
    elif depth.get("reason"):
        lines.append(f"- no promise on the depth of the queue: {depth['reason']}")
    return "\n".join(
        [
            *lines,
            "",
            "They were settled on the same participants that chose penalty and calibration: `subtheme evaluate` gives",
            "the stricter ones.",
            "",
            "## Intended use",
            "Proposing codes that a person confirms, in interviews like those above, coded with this codebook.",
            "",
            "## Limits",
            "- Not for scoring without confirmation.",
            "- Not for other languages, other codebooks, or participants unlike these; a new organisation is harder",
            "  than a new participant (see the cases left out of `subtheme evaluate`).",
            "- Every word in `terms.json` is used by at least three participants; vectors of excerpts are not kept.",
            "",
        ]
    )
