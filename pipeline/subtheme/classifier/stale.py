"""Decisions whose code has changed its meaning since: they stand in the log, and a person should look again."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from subtheme.classifier.model import code_hashes
from subtheme.nouns import Codebook, rows_of

EARLIER = "earlier_codebooks"
"""Among the facts of a model: hashes of the codes by codebook, of models that it took the place of."""

_PREFIX = 12


def stale_decisions(
    decisions: pd.DataFrame, codebook: Codebook, manifests: Sequence[Mapping[str, Any]]
) -> pd.DataFrame:
    """Return the decisions that were made under another meaning of their code.

    A decision names the codebook it was shown; what that codebook said of the code is known from the manifests of
    the models that were trained with it, and of those that took their place.

    Parameters
    ----------
    decisions : pandas.DataFrame
        Checked by `subtheme.nouns.DECISIONS`; those that stand.
    codebook : Codebook
        Of today.
    manifests : sequence of mapping
        Of the models of the study.

    Returns
    -------
    pandas.DataFrame
        Columns uid, code and why: ``changed``, ``removed``, or ``unknown`` where no model remembers the codebook.
    """
    now = code_hashes(codebook)
    remembered = {
        str(known)[:_PREFIX]: meanings
        for m in manifests
        for known, meanings in {**m["facts"].get(EARLIER, {}), m["codebook_hash"]: m["code_hashes"]}.items()
    }
    rows = []
    for decision in rows_of(decisions):
        shown = json.loads(decision.shown or "{}").get("codebook", "")
        if not shown or codebook.content_hash.startswith(shown):
            continue
        then = remembered.get(shown[:_PREFIX])
        if decision.code not in now:
            rows.append({"uid": decision.uid, "code": decision.code, "why": "removed"})
        elif then is None:
            rows.append({"uid": decision.uid, "code": decision.code, "why": "unknown"})
        elif then.get(decision.code) != now[decision.code]:
            rows.append({"uid": decision.uid, "code": decision.code, "why": "changed"})
    return pd.DataFrame(rows, columns=["uid", "code", "why"])
