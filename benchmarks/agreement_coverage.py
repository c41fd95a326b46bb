"""Coverage of 95 % intervals for alpha: the truth should lie in 90 to 98 of 100.

    python benchmarks/agreement_coverage.py [--studies N] [--json]

Simulated studies of K transcripts with 60 to 240 segments each, two coders and one code. The code's share of segments,
the coders' chance to see it and their chance to see it where it is not vary between transcripts on the logit scale,
with a standard deviation of 0 (no clustering), 0.6 (weak) or 1.0 (strong). The truth is alpha over 40,000 transcripts.

Compared: the default interval (leave one transcript out, t(K - 1) on Fisher's z), the percentile bootstrap of
transcripts, and an interval that resamples segments, as other programs do.

Judged are K = 12, 25 and 55; fewer than 12 transcripts are marked as indicative in every report and are shown
beside, as is a clustering so strong (1.4) that few studies will meet it.
"""

import argparse
import json
import math

import numpy as np
from smoke import options_of

from subtheme.agreement.alpha import NominalAlpha
from subtheme.agreement.intervals import intervals_of_sums
from subtheme.agreement.ratings import FloatArray, Patterns

SEED = 20260102
CLUSTERING = {"none": 0.0, "weak": 0.6, "strong": 1.0}
BEYOND = {"very strong": 1.4}
PREVALENCES = (0.02, 0.06)
TRANSCRIPTS = (12, 25, 55)
FEW = (6,)
METHODS = ("jackknife", "bootstrap", "segments")

ALPHA = NominalAlpha()
FEATURES = ALPHA.features(Patterns(codes=np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), k=2, mass=np.zeros((1, 4))))


def logistic(x: FloatArray) -> FloatArray:
    return np.asarray(1 / (1 + np.exp(-x)))


def study(random: np.random.Generator, transcripts: int, *, prevalence: float, spread: float) -> FloatArray:
    """Return how many segments of each transcript show each of the four patterns of two coders."""
    code, skill = random.normal(0, spread, (2, transcripts))
    share = logistic(math.log(prevalence / (1 - prevalence)) + code)[:, None]
    sees, errs = logistic(1.4 + skill), logistic(-3.9 + skill)
    chances = [np.stack([(1 - p) ** 2, (1 - p) * p, p * (1 - p), p**2], axis=1) for p in (errs, sees)]
    segments = random.integers(60, 241, transcripts)
    return random.multinomial(segments, (1 - share) * chances[0] + share * chances[1]).astype(np.float64)


def alpha(sums: FloatArray) -> FloatArray:
    return ALPHA.parts(sums).value


def contains(counts: FloatArray, truth: float, method: str, random: np.random.Generator) -> bool | None:
    """Return whether the interval of one study contains the truth; None where there is no interval."""
    if method == "segments":
        n = int(counts.sum())
        values = alpha(random.multinomial(n, counts.sum(axis=0) / n, size=500) @ FEATURES)
        low, high = np.nanquantile(values, [0.025, 0.975])
        return bool(low <= truth <= high)
    interval = intervals_of_sums(
        alpha,
        counts @ FEATURES,
        active=np.ones(len(counts), dtype=bool),
        method="jackknife" if method == "jackknife" else "bootstrap",
        replicates=500,
        seed=int(random.integers(2**31)),
    )[0]
    return interval.low <= truth <= interval.high if interval.is_defined else None


def setting(name: str, spread: float, prevalence: float, transcripts: int, studies: int) -> dict[str, object]:
    """Return the coverage of every method in one setting."""
    truth = float(
        alpha(study(np.random.default_rng(SEED), 40_000, prevalence=prevalence, spread=spread).sum(0) @ FEATURES)
    )
    found: dict[str, list[bool]] = {method: [] for method in METHODS}
    random = np.random.default_rng([SEED, transcripts, round(1000 * prevalence), round(10 * spread)])
    for _ in range(studies):
        counts = study(random, transcripts, prevalence=prevalence, spread=spread)
        for method in METHODS:
            inside = contains(counts, truth, method, random)
            if inside is not None:
                found[method].append(inside)
    return {
        "clustering": name,
        "prevalence": prevalence,
        "transcripts": transcripts,
        "truth": truth,
        "without_interval": studies - len(found["jackknife"]),
        **{method: float(np.mean(found[method])) for method in METHODS},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--studies", type=int, default=200, help="studies per setting (the report used 1000)")
    parser.add_argument("--json", action="store_true")
    options = options_of(parser, smallest={"studies": 2})
    rows = []
    for name, spread in {**CLUSTERING, **BEYOND}.items():
        for prevalence in PREVALENCES:
            for transcripts in (*FEW, *TRANSCRIPTS):
                row = setting(name, spread, prevalence, transcripts, options.studies)
                row["judged"] = name in CLUSTERING and transcripts in TRANSCRIPTS
                rows.append(row)
    judged = [row for row in rows if row["judged"]]
    inside = all(0.90 <= float(str(row["jackknife"])) <= 0.98 for row in judged)
    result = {
        "studies": options.studies,
        "settings": rows,
        "lowest": min(float(str(row["jackknife"])) for row in judged),
        "highest": max(float(str(row["jackknife"])) for row in judged),
        "all_between_90_and_98": inside,
    }
    if options.json:
        print(json.dumps(result, indent=1))
        return
    print(f"{'clustering':12} prev.  K  truth  jackknife  bootstrap  segments  no interval")
    for row in rows:
        mark = "" if row["judged"] else "  (not judged)"
        print(
            f"{row['clustering']:12} {row['prevalence']:.2f}  {row['transcripts']:2}  {row['truth']:.3f}  "
            f"{row['jackknife']:9.3f}  {row['bootstrap']:9.3f}  {row['segments']:8.3f}  "
            f"{row['without_interval']:11}{mark}"
        )
    print(f"default interval, {options.studies} studies per setting: {result['lowest']:.3f} to {result['highest']:.3f}")


if __name__ == "__main__":
    main()
