"""Write the SYNTHETIC sample study: ``python data/generator/generate.py [--out DIR] [--words N] [--seed S]``."""

import argparse
import shutil
import sys
import tomllib
from pathlib import Path

from banks import load_banks
from study import make_study
from write import HERE, write_tables


def main() -> None:
    """Write the study; the folder named is emptied of what an earlier run wrote."""
    parser = argparse.ArgumentParser(description="Write the SYNTHETIC sample study.")
    parser.add_argument("--out", type=Path, default=HERE.parent / "sample", help="folder to write to")
    parser.add_argument("--words", type=int, help="words an interview; off-topic talk is repeated to reach them")
    parser.add_argument("--seed", type=int, help="in place of the seed of parameters.toml")
    options = parser.parse_args()
    parameters = tomllib.loads((HERE / "parameters.toml").read_text(encoding="utf-8"))
    out: Path = options.out
    if out.exists() and any(out.iterdir()) and not (out / "manifest.json").exists():
        sys.exit(f"{out}: not empty, and not a sample study")
    transcripts = out / "transcripts"
    for part in ("transcripts", "codings", "decisions", "truth"):
        shutil.rmtree(out / part, ignore_errors=True)
    transcripts.mkdir(parents=True)
    study = make_study(
        parameters,
        load_banks(),
        seed=parameters["study"]["seed"] if options.seed is None else options.seed,
        words=options.words,
        folder=transcripts,
        begin=lambda person: print(f"\r{person:<16}", end="", file=sys.stderr),
    )
    write_tables(study, parameters, out)
    print(f"\r{len(study.plan.people)} interviews in {out}", file=sys.stderr)


if __name__ == "__main__":
    main()
