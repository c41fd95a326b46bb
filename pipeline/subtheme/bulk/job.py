"""The job: everything that a worker needs beside its transcripts, written once into the folder of the run."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Self

import numpy as np
import pandas as pd

from subtheme import __version__
from subtheme.bulk.plan import Plan
from subtheme.bulk.shard_file import replace_file, write_if_absent
from subtheme.classifier import ThemeModel, load_model, save_model
from subtheme.embeddings import DEFAULT_ENCODER, SegmentVectors
from subtheme.errors import Problem, StudyError
from subtheme.nouns import SEGMENT_CODES
from subtheme.proposals import CodedExcerpts

FORMAT = "subtheme-run/1"
_JOB, _MODEL, _EXCERPTS = "job.json", "model", "excerpts.safetensors"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobInputs:
    """What a run is made of beside the transcripts.

    Attributes
    ----------
    model : ThemeModel
    version : str
        Name and hash of the model, kept with every proposal.
    coded : CodedExcerpts
        What proposals are compared with.
    cases : mapping of str to str
        Case of every participant that is known.
    cache : Path
        Folder of cached vectors.
    encoder : str
        Name of the encoder.
    strategy : str
        How speech is cut into segments.
    target_words : int
    language : str
        Languages of the study, as in its settings.
    """

    model: ThemeModel
    version: str
    coded: CodedExcerpts
    cases: Mapping[str, str]
    cache: Path
    encoder: str = DEFAULT_ENCODER
    strategy: str = "unit"
    target_words: int = 40
    language: str = "auto"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A run in its folder; small enough to be sent to a worker with every shard.

    Attributes
    ----------
    folder : str
        Folder of the run, absolute.
    run_id : str
        Digest of transcripts, model, coded excerpts, settings and version of the program.
    version, encoder, fingerprint, cache, strategy, target_words, language
        As in `JobInputs`; `fingerprint` is that of the encoder.
    shards, files : int
    """

    folder: str
    run_id: str
    version: str
    encoder: str
    fingerprint: str
    cache: str
    strategy: str
    target_words: int
    shards: int
    files: int
    language: str = "auto"

    @classmethod
    def read(cls, folder: Path) -> Self | None:
        """Return the job that is in `folder`, or None.

        Raises
        ------
        StudyError
            If its file is damaged.
        """
        path = folder / _JOB
        try:
            facts = json.loads(path.read_text(encoding="utf-8"))
            is_known = facts.pop("format") == FORMAT
            job = cls(folder=str(folder.resolve()), **facts) if is_known else None
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError, AttributeError):
            job = None
        if job is None:
            raise StudyError(
                Problem(
                    what="the description of the run is damaged, or of another version",
                    where=str(path),
                    expected=FORMAT,
                    remedy="Choose another folder with --out",
                )
            )
        return job

    def as_bytes(self) -> bytes:
        """Return the content of its file; the folder may be moved and is not in it."""
        facts = {"format": FORMAT, **asdict(self)}
        del facts["folder"]
        return (json.dumps(facts, indent=1, sort_keys=True) + "\n").encode()


def prepare_job(folder: Path, plan: Plan, inputs: JobInputs) -> Job:
    """Make the folder of a run, or find that the same run is in it already, and return the job.

    Raises
    ------
    StudyError
        If another run is in the folder, or something else.
    """
    job = Job(
        folder=str(folder.resolve()),
        run_id="",
        version=inputs.version,
        encoder=inputs.encoder,
        fingerprint=inputs.model.encoder,
        cache=str(inputs.cache.resolve()),
        strategy=inputs.strategy,
        target_words=inputs.target_words,
        shards=len(plan.shards),
        files=plan.files,
        language=inputs.language,
    )
    excerpts = _excerpts_bytes(inputs)
    job = replace(job, run_id=_run_id(job, plan, excerpts))
    if folder.exists() and not folder.is_dir():
        raise _taken(folder, "is a file")
    if folder.exists() and Job.read(folder) is None and any(p for p in folder.iterdir() if p.suffix != ".part"):
        raise _taken(folder, "holds something else than a run")
    folder.mkdir(parents=True, exist_ok=True)
    write_if_absent(folder / _JOB, job.as_bytes())
    there = Job.read(folder)
    if there is None or there.run_id != job.run_id:
        name = "" if there is None else there.run_id[:12]
        raise _taken(folder, f"holds another run ({name}: other transcripts, model, settings or version)")
    # Whoever made the folder may have been stopped here; the same run gives the same bytes.
    save_model(inputs.model, folder / _MODEL)
    replace_file(folder / _EXCERPTS, excerpts)
    return job


@lru_cache(maxsize=1)
def model_of(job: Job) -> ThemeModel:
    """Return the model of a run, loaded once per process."""
    return load_model(Path(job.folder) / _MODEL)


@lru_cache(maxsize=1)
def excerpts_of(job: Job) -> tuple[CodedExcerpts, dict[str, str]]:
    """Return the coded excerpts of a run and the cases of participants, loaded once per process."""
    from safetensors import safe_open

    with safe_open(Path(job.folder) / _EXCERPTS, framework="numpy") as file:
        facts = json.loads(file.metadata()["facts"])
        vectors = file.get_tensor("vectors")
    return CodedExcerpts(
        codes=SEGMENT_CODES.check(pd.DataFrame(facts["codes"], columns=list(SEGMENT_CODES.names)), source=_EXCERPTS),
        vectors=SegmentVectors(
            segments=tuple(facts["segments"]),
            text=vectors,
            question=np.zeros_like(vectors),
            fingerprint=facts["fingerprint"],
        ),
    ), facts["cases"]


def _excerpts_bytes(inputs: JobInputs) -> bytes:
    from safetensors.numpy import save

    coded = inputs.coded
    facts = {
        "segments": list(coded.vectors.segments),
        "fingerprint": coded.vectors.fingerprint,
        "codes": coded.codes.to_numpy().tolist(),
        "cases": dict(sorted(inputs.cases.items())),
    }
    return bytes(save({"vectors": np.ascontiguousarray(coded.vectors.text)}, metadata={"facts": json.dumps(facts)}))


def _run_id(job: Job, plan: Plan, excerpts: bytes) -> str:
    facts: dict[str, Any] = asdict(job)
    for name in ("folder", "run_id", "cache"):
        del facts[name]
    facts["shard_inputs"] = [s.inputs_hash for s in plan.shards]
    facts["excerpts"] = hashlib.sha256(excerpts).hexdigest()
    facts["program"] = __version__
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def _taken(folder: Path, what: str) -> StudyError:
    return StudyError(
        Problem(
            what=f"the folder {what}",
            where=str(folder),
            expected="an empty folder, or the same run to go on with",
            remedy="Choose another folder with --out; nothing was changed",
        )
    )
