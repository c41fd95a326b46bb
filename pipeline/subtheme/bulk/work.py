"""The work on one shard, the same in every engine: transcripts in, one shard file out."""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import cast

import pandas as pd

from subtheme.bulk.job import Job, excerpts_of, model_of
from subtheme.bulk.plan import Shard, TranscriptFile
from subtheme.bulk.receipt import Receipt
from subtheme.bulk.shard_file import COLUMNS, ShardFile
from subtheme.embeddings import Encoder, VectorCache, load_encoder
from subtheme.errors import InputError, Problem, SubthemeError, problem_of_system, shown
from subtheme.nouns import SEGMENTS, Role, Segment, Transcript
from subtheme.proposals import precode
from subtheme.segments import segmentation_of, segments_table
from subtheme.segments.segmentation import Strategy
from subtheme.transcripts import read_transcripts

_GO_ON = "Make room, or mend it, and give the same command again: finished shards are kept"


def run_shard(job: Job, shard: Shard) -> Receipt:
    """Pre-code a shard unless it is done, and return its receipt; what stops the whole run is the receipt's fault."""
    file = ShardFile(folder=Path(job.folder), number=shard.number, run_id=job.run_id)
    try:
        done = file.receipt()
        if done is not None:
            return done
        proposals, receipt = proposals_of(job, shard)
        file.commit(proposals, receipt)
    except SubthemeError as error:
        return Receipt(shard=shard.number, files=len(shard.files), fault=error.problems[0])
    except OSError as error:
        problem = problem_of_system(error, where=str(file.path.parent), remedy=_GO_ON)
        return Receipt(shard=shard.number, files=len(shard.files), fault=problem)
    except Exception as error:  # what nobody foresaw must not keep the other shards from being done
        return left_undone(shard, what=f"cannot be pre-coded ({type(error).__name__})")
    return receipt


def left_undone(shard: Shard, *, what: str, remedy: str = "Look at these transcripts one by one") -> Receipt:
    """Return the receipt of a shard that could not be done, for a reason that may lie in its transcripts."""
    names = ", ".join(f.name for f in shard.files[:3]) + (" and more" if shard.files[3:] else "")
    problem = Problem(what=what, where=f"shard {shard.number} ({names})", remedy=remedy)
    return Receipt(shard=shard.number, files=len(shard.files), fault=problem)


def proposals_of(job: Job, shard: Shard) -> tuple[pd.DataFrame, Receipt]:
    """Return the proposals for the transcripts of a shard, by `subtheme.bulk.shard_file.COLUMNS`, and the receipt.

    A transcript that cannot be read or cut is named in the receipt, and the others go on.
    """
    segments, failures = _segments_of(job, shard)
    coded, cases = excerpts_of(job)
    proposals = precode(
        segments,
        model=model_of(job),
        version=job.version,
        encoder=_encoder(job.encoder, job.fingerprint),
        coded=coded,
        # Vectors belong to texts: the next model finds them here, whatever it was trained on.
        cache=VectorCache(Path(job.cache) / shard.inputs_hash[:2] / shard.inputs_hash[:24]),
    )
    placed = proposals.merge(
        segments[["segment", "participant", "transcript", "start_char", "end_char"]],
        on="segment",
        validate="many_to_one",
    )
    placed = placed.assign(case=[cases.get(p, "") for p in placed["participant"]])
    placed = placed.sort_values(["transcript", "start_char", "code"], kind="stable")[list(COLUMNS)]
    return placed, Receipt(
        shard=shard.number,
        files=len(shard.files),
        transcripts=int(segments["transcript"].nunique()),
        segments=len(segments),
        rows=len(placed),
        proposals=int((placed["probability"] >= placed["threshold"]).sum()),
        failures=failures,
    )


def _segments_of(job: Job, shard: Shard) -> tuple[pd.DataFrame, tuple[Problem, ...]]:
    segments: list[Segment] = []
    failures: list[Problem] = []
    names: set[str] = set()
    for file in shard.files:
        try:
            own, read = _cut(job, file, taken=names)
        except SubthemeError as error:
            failures += error.problems
        except Exception as error:  # one bad file among thousands must not end the run
            failures.append(Problem(what=f"cannot be pre-coded ({type(error).__name__})", where=file.name))
        else:
            segments += own
            names |= read
    return (segments_table(segments) if segments else SEGMENTS.empty()), tuple(failures)


def _cut(job: Job, file: TranscriptFile, *, taken: set[str]) -> tuple[list[Segment], set[str]]:
    """Return the segments of a file, and the names of its transcripts, none of which may be taken."""
    path = Path(file.path)
    if hashlib.sha256(path.read_bytes()).hexdigest() != file.sha256:
        raise InputError(
            Problem(what="the file changed while the run was going on", where=file.name, remedy="Begin a new run")
        )
    transcripts = read_transcripts(path)
    again = taken & {t.id for t in transcripts}
    if again:
        raise InputError(
            Problem(what=f"a second transcript named {shown(min(again))}", where=file.name, remedy="Rename one of them")
        )
    segments: list[Segment] = []
    for transcript in transcripts:
        cut = segmentation_of(
            transcript,
            participants=participants_of(transcript),
            strategy=cast("Strategy", job.strategy),
            target_words=job.target_words,
            language=job.language,
        )
        segments += cut.segments
    return segments, {t.id for t in transcripts}


def participants_of(transcript: Transcript) -> dict[str, str]:
    """Return the participant behind each label: the transcript's name, followed by the label where several speak.

    Raises
    ------
    InputError
        If no participant speaks, or one labelled speaker alone.
    """
    labels = list(dict.fromkeys(t.speaker for t in transcript.turns if t.role is Role.PARTICIPANT))
    speakers = {t.speaker for t in transcript.turns}
    if not labels or (len(speakers) == 1 and speakers != {""}):
        raise InputError(
            Problem(
                what="one speaker only" if labels else "no turn of a participant",
                where=transcript.source,
                expected="an interviewer and at least one participant",
                remedy="Look at it with 'subtheme import --preview'",
            )
        )
    if len(labels) == 1:
        return {labels[0]: transcript.id}
    return {label: f"{transcript.id}/{label}" for label in labels}


@lru_cache(maxsize=1)
def _encoder(name: str, fingerprint: str) -> Encoder:
    return load_encoder(name, wanted=fingerprint, threads=1)
