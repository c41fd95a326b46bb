"""How well sub-themes are learned from coded texts that are not English, beside plain logistic regression.

    python benchmarks/languages.py [--json] [--only TASK]

French consultation interviews and German contributions of citizens, each with the folds that are fixed in its
`folds.csv`; macro average precision pooled over the test rows of all folds, codes of at least ten units. Ours is the
product's learner with the encoders that it takes for the language, and settles everything on inner folds of the training
rows. Peers are one-vs-rest logistic regression (C = 10) on TF-IDF of words and pairs, also with characters, on either
encoder, and on both kinds. Word-for-word repeats of French pairs teach and are not scored.
"""

import argparse
import json
import time
from collections import Counter
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from learning_data import CORPORA, Task, rows_in, segment_row, smallest
from scipy import sparse
from smoke import options_of

from subtheme.classifier.design import Design
from subtheme.classifier.learner import mean_average_precision
from subtheme.classifier.logistic import Factored
from subtheme.classifier.terms import inverse_frequencies, weighted
from subtheme.classifier.unseen import Split, out_of_fold, unseen
from subtheme.embeddings import embed_segments, load_encoder
from subtheme.nouns import SEGMENTS

Matrix = npt.NDArray[np.float64]

_FEWEST_UNITS = 10
_PEER_PENALTY = 10.0
_MINILM, _USE = "all-MiniLM-L6-v2", "use-multilingual-3"
# Words and pairs, runs of characters, and an encoder.
PEERS = {
    "TF-IDF + LR": (True, False, None),
    "TF-IDF with characters + LR": (True, True, None),
    "MiniLM + LR": (False, False, _MINILM),
    "TF-IDF + MiniLM + LR": (True, False, _MINILM),
    "USE + LR": (False, False, _USE),
    "TF-IDF + USE + LR": (True, False, _USE),
}


class Elsewhere:
    """A corpus in another language: the task, and which of its rows are scored."""

    def __init__(self, task: Task, is_scored: npt.NDArray[np.bool_]) -> None:
        self.task = task
        self.is_scored = is_scored
        self.splits = [
            Split(train=np.flatnonzero(task.folds != fold), test=np.flatnonzero((task.folds == fold) & is_scored))
            for fold in np.unique(task.folds)
        ]

    def macro_ap(self, scores: Matrix) -> float:
        """Return the mean average precision of the scored rows over the codes."""
        return mean_average_precision(scores[self.is_scored], self.task.Y[self.is_scored])


def labforsims2_fr() -> Elsewhere:
    """Return question and answer of 41 French consultations; interviews that share half of their pairs are one person."""
    corpus = CORPORA / "labforsims2-fr"
    rows, held, scored = [], [], []
    place: Counter[str] = Counter()
    for row in rows_in(corpus / "segments.csv"):
        interview, start = row["interview"], place[row["interview"]]
        one = segment_row(who=row["group"], start=start, end=start + len(row["text"]), text=row["text"], question="")
        rows.append(one | {"segment": row["id"], "transcript": interview})
        place[interview] += len(row["text"]) + 1
        held.append({code for code in row["codes"].split(";") if code})
        scored.append(not row["repeat_of"])
    return _elsewhere("labforsims2_fr", rows, held, scored, folder="labforsims2-fr", language="fr")


def cimt_ottensen_de() -> Elsewhere:
    """Return 697 German contributions to a dialogue on traffic, each by itself."""
    rows, held = [], []
    for row in rows_in(CORPORA / "cimt-ottensen-de" / "segments.csv"):
        one = segment_row(who=row["group"], start=0, end=len(row["text"]), text=row["text"], question="")
        rows.append(one | {"segment": row["id"], "transcript": row["id"]})
        held.append({code for code in row["codes"].split(";") if code})
    return _elsewhere("cimt_ottensen_de", rows, held, [True] * len(rows), folder="cimt-ottensen-de", language="de")


TASKS = {"labforsims2_fr": labforsims2_fr, "cimt_ottensen_de": cimt_ottensen_de}


def _elsewhere(
    name: str, rows: list[dict[str, Any]], held: list[set[str]], scored: list[bool], *, folder: str, language: str
) -> Elsewhere:
    counts = Counter(code for codes, is_scored in zip(held, scored, strict=True) if is_scored for code in codes)
    codes = tuple(sorted(code for code, count in counts.items() if count >= _FEWEST_UNITS))
    told = {row["code_id"]: row["code"] for row in rows_in(CORPORA / folder / "codebook.csv")}
    folds = {row["group"]: int(row["fold"]) for row in rows_in(CORPORA / folder / "folds.csv")}
    orders: Counter[str] = Counter()
    for row in rows:
        row["order"] = row["turn"] = orders[row["transcript"]]
        orders[row["transcript"]] += 1
    task = Task(
        name=name,
        segments=SEGMENTS.check(pd.DataFrame(rows), source=name, sort=False),
        codes=codes,
        descriptions=tuple(told[code] for code in codes),
        Y=np.array([[float(code in some) for code in codes] for some in held]),
        folds=np.array([folds[row["participant"]] for row in rows]),
        encoder=load_encoder("auto", languages=(language,)),
    )
    return Elsewhere(task, np.array(scored))


def ours(corpus: Elsewhere) -> Matrix:
    """Return what the product's learner makes of every row that it has not seen."""
    task = corpus.task
    found = unseen(task.counted, task.Y, task.groups, corpus.splits, prior=task.described)
    return out_of_fold(task.Y, corpus.splits, found).probabilities


def plain(corpus: Elsewhere, *, words: bool, characters: bool, encoder: str | None) -> Matrix:
    """Return what logistic regression on plain features makes of every row that it has not seen."""
    task = corpus.task
    dense = np.zeros((len(task.Y), 0))
    if encoder:
        vectors = embed_segments(task.segments, encoder=load_encoder(encoder), cache=task.cache)
        dense = vectors.text.astype(np.float64)
    scores = np.zeros_like(task.Y)
    for split in corpus.splits:
        blocks = [sparse.csr_array((len(task.Y), 0))]
        for is_used, counts in ((words, task.counted.words.counts), (characters, task.counted.characters.counts)):
            if is_used:
                blocks.append(weighted(counts, inverse_frequencies(counts[split.train], fewest_texts=2)))
        design = Design(dense=dense, terms=sparse.csr_array(sparse.hstack(blocks, format="csr")))
        factored = Factored(design.take(split.train))
        solution = factored.carried_back(factored.solved(task.Y[split.train], C=_PEER_PENALTY))
        scores[split.test] = design.take(split.test).times(solution.weights) + solution.intercepts
    return scores


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print the figures as JSON and nothing else")
    parser.add_argument("--only", choices=sorted(TASKS), action="append")
    chosen = options_of(parser, smallest={"only": ["cimt_ottensen_de"]}, needs=[CORPORA])
    result = {}
    for name in chosen.only or TASKS:
        corpus = TASKS[name]()
        if chosen.smoke:
            corpus = Elsewhere(smallest(corpus.task), corpus.is_scored[::4])
        peers = {}
        for who, (words, characters, encoder) in PEERS.items():
            peers[who] = corpus.macro_ap(plain(corpus, words=words, characters=characters, encoder=encoder))
        started = time.process_time()
        figure = corpus.macro_ap(ours(corpus))
        spent = time.process_time() - started
        result[name] = {"macro_ap": round(figure, 4), "best_peer_macro_ap": round(max(peers.values()), 4)}
        if not chosen.json:
            task = corpus.task
            print(f"\n{name}: {corpus.is_scored.sum()} units scored, {task.Y.shape[1]} codes")
            for who, value in peers.items():
                print(f"  {who:<28} {value:.3f}")
            print(f"  {'subtheme':<28} {figure:.3f}  ({spent:.0f} s of processor time)", flush=True)
    if chosen.json:
        print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
