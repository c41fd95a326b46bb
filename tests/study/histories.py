"""Random histories of ordinary work on a small invented study, and the ways in which the same work can arrive."""

import json
import random
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from small_study import outline_book

from subtheme.errors import InputError
from subtheme.exchange import read_bundle, unite, write_bundle
from subtheme.files import Mark, MarkKind, Store, StudyFolder, create_study, open_study, read_all, read_roster, take_in
from subtheme.nouns import CODINGS, READINGS, Decision, EventKind, Verdict
from subtheme.review import decisions_of_blind, decisions_of_proposals
from subtheme.study import Study

BOOK = outline_book(
    """
work: Work
  pay: Pay
    overtime: Overtime
  hours: Hours
people: People
  team: Team
  lead: Leadership
""",
    levels=["theme", "sub-theme", "code"],
)
LATER = BOOK + '\n[[code.code]]\nid = "late"\nname = "Came later"\n'
"""The same codebook with one more sub-theme, of the last theme."""

CODES = ("pay", "overtime", "hours", "team", "lead")
OFFERED = ("pay", "overtime", "hours", "team", "lead")
_TALK = (
    "The pay stands still and nobody asks.",
    "We plan the week on Friday, more or less.",
    "The team is small; one covers for the other.",
    "She listens, our manager, and then decides.",
)


@dataclass(frozen=True)
class Act:
    """One thing that a coder does.

    `kind` is ``file`` (codings with the readings that come with them), ``answer`` (an assisted one), ``turn`` (a blind
    turn, finished), ``undo`` (of the coder's last answer) or ``agree`` (settled over coders).
    """

    kind: str
    coder: str
    segment: str = ""
    code: str = ""
    verdict: str = ""
    given: tuple[tuple[str, str], ...] = ()
    spans: tuple[tuple[str, str, str], ...] = ()


def base_study(folder: Path) -> StudyFolder:
    """Make the study that every history begins with: a person met twice, and a focus group of two."""
    talk = folder / "interviews"
    talk.mkdir(parents=True)
    people = {"P1a": ["P1"], "P1b": ["P1"], "P2": ["P2"], "P3": ["P3"], "G": ["P4", "P5"], "P6": ["P6"]}
    for name, speakers in people.items():
        lines = []
        for number in range(3):
            for speaker in speakers:
                lines.append(
                    f"Interviewer: Question {number} to {speaker} in {name}?\n\n{speaker}: {_TALK[number]} {_TALK[3]}\n"
                )
        (talk / f"{name}.txt").write_text("\n".join(lines), encoding="utf-8")
    roster = folder / "people.csv"
    rows = [("P1", "A", "P1a"), ("P1", "A", "P1b"), ("P2", "A", "P2"), ("P3", "B", "P3"), ("P6", "B", "P6")]
    rows += [("P4", "B", "G"), ("P5", "B", "G")]
    text = "participant,case,transcript,speaker\n" + "".join(f"{p},{c},{t},{p}\n" for p, c, t in rows)
    roster.write_text(text, encoding="utf-8")
    book = folder / "book.toml"
    book.write_text(BOOK, encoding="utf-8")
    study = create_study(folder / "base", codebook=book, name="Histories")
    take_in(study, read_all([talk], aside=[roster]), read_roster(roster))
    return study


def history(seed: int, segments: pd.DataFrame) -> list[Act]:
    """Return a random history of three coders."""
    draw = random.Random(seed)
    names = segments["segment"].tolist()
    transcripts = sorted(set(segments["transcript"]))
    acts: list[Act] = []
    for coder in ("anna", "ben"):
        read = draw.sample(transcripts, draw.randint(1, len(transcripts)))
        own = segments[segments["transcript"].isin(read)]["segment"].tolist()
        spans = tuple(
            (s, draw.choice(CODES), draw.choice(["supports"] * 4 + ["counters"]))
            for s in draw.sample(own, draw.randint(1, len(own)))
        )
        acts.append(Act("file", coder, spans=spans))
    for _ in range(draw.randint(3, 14)):
        coder, segment = draw.choice(["anna", "ben", "eve", "eve"]), draw.choice(names)
        kind = draw.choice(["answer", "answer", "turn", "turn", "undo", "agree"])
        if kind == "answer":
            verdict = draw.choice(["accept", "reject", "unsure", "counter-example"])
            acts.append(Act(kind, coder, segment, draw.choice(CODES), verdict))
        elif kind == "turn":
            given = {
                draw.choice(CODES): draw.choice(["add", "add", "counter-example"]) for _ in range(draw.randint(0, 2))
            }
            acts.append(Act(kind, coder, segment, given=tuple(sorted(given.items()))))
        elif kind == "agree":
            acts.append(Act(kind, "agreed", segment, draw.choice(CODES), draw.choice(["accept", "reject"])))
        elif any(a.coder == coder and a.kind == "answer" for a in acts):
            acts.append(Act(kind, coder))
    return acts


def copy_of(base: StudyFolder, target: Path) -> StudyFolder:
    """Return a copy of a study, as somebody would make it who takes it along."""
    shutil.copytree(base.path, target)
    return open_study(target)


# -- ways in ------------------------------------------------------------------------------------------


def by_window(study: StudyFolder, acts: Sequence[Act]) -> None:
    """Play a history as the page stores it: one transaction for every key."""
    with study.store() as store:
        for number, act in enumerate(acts):
            with store.writing():
                _file(study, store, act, number) if act.kind == "file" else _key(study, store, act, number)


def by_sheets(study: StudyFolder, acts: Sequence[Act]) -> None:
    """Play a history as sheets that were filled in, one row each."""
    with study.store() as store:
        for number, act in enumerate(acts):
            with store.writing():
                if act.kind in {"file", "undo", "agree"}:
                    _file(study, store, act, number) if act.kind == "file" else _key(study, store, act, number)
                else:
                    _sheet(study, store, act, number)


def united(parts: Sequence[StudyFolder], target: StudyFolder) -> None:
    """Bring copies into one study, each as the one file that takes a study along."""
    for part in parts:
        bundle = target.path.parent / f"{part.path.name}-for-{target.path.name}.subtheme"
        bundle.unlink(missing_ok=True)
        write_bundle(part, bundle)
        unite(target, read_bundle(bundle))


def _file(study: StudyFolder, store: Store, act: Act, number: int) -> None:
    segments = store.segments().set_index("segment")
    rows = [
        {
            "participant": segments.at[s, "participant"],
            "code": code,
            "coder": act.coder,
            "direction": direction,
            "transcript": segments.at[s, "transcript"],
            "start_char": segments.at[s, "start_char"],
            "end_char": segments.at[s, "end_char"],
        }
        for s, code, direction in act.spans
    ]
    codings = CODINGS.check(pd.DataFrame(rows), source="file").drop_duplicates(ignore_index=True)
    store.add_codings(codings, batch=f"{act.coder}.csv:{number}", at_us=_time(number))
    read = codings[["coder", "transcript"]].drop_duplicates()
    store.add_readings(READINGS.check(read, source="file"), batch=f"{act.coder}.csv:{number}", at_us=_time(number))


def _key(study: StudyFolder, store: Store, act: Act, number: int) -> None:
    uid = f"key-{number}"
    if act.kind == "undo":
        own = [e for e in store.events() if e.kind is EventKind.ANSWERED and e.coder == act.coder]
        alive = [e for e in own if not any(t.reply_to == e.uid for t in store.events())]
        store.take_back(alive[-1:], coder=act.coder, at_us=_time(number), batch=uid)
        return
    if act.kind == "turn":
        shown = json.dumps({"arm": "blind", "by": "page"})
        given = [_decision(act, f"{uid}-{code}", code, verdict, shown, number) for code, verdict in act.given]
        codes = {code: study.codebook.definitions[code] for code in OFFERED}
        end = Mark(
            uid=uid,
            coder=act.coder,
            segment=act.segment,
            kind=MarkKind.FINISH,
            shown=shown,
            at_us=_time(number),
            codes=codes,
        )
        store.append_answers(given, [end], batch=f"page:{uid}")
        return
    arm = (
        {"arm": "settled", "by": "settle"} if act.kind == "agree" else {"arm": "assisted", "model": "m@1", "by": "page"}
    )
    given = [_decision(act, uid, act.code, act.verdict, json.dumps(arm), number)]
    store.append_answers(given, batch=f"page:{uid}")


def _sheet(study: StudyFolder, store: Store, act: Act, number: int) -> None:
    common = {"codebook": study.codebook, "study_id": store.study_id, "coder": act.coder, "source": "sheet.csv"}
    common |= {"at_us": _time(number), "batch": f"sheet:{number}"}
    segments = store.segments()
    row = {"study": store.study_id, "segment": act.segment}
    if act.kind == "answer":
        sheet = pd.DataFrame([{**row, "code": act.code, "model": "m@1", "decision": act.verdict}])
        taken = decisions_of_proposals(sheet, segments, **common)
    else:
        given = [c for c, v in act.given if v == "add"]
        counters = [c for c, v in act.given if v != "add"]
        codes = ";".join(given) if act.given else "none"
        filled = {**row, "codes": codes, "counter_codes": ";".join(counters), "order": "audit"}
        taken = decisions_of_blind(pd.DataFrame([filled]), segments, **common)
    store.append_decisions(taken.decisions, batch=f"sheet:{number}")
    store.append(taken.read)


def _decision(act: Act, uid: str, code: str, verdict: str, shown: str, number: int) -> Decision:
    return Decision(
        uid=uid,
        coder=act.coder,
        segment=act.segment,
        code=code,
        verdict=Verdict(verdict),
        shown=shown,
        at_us=_time(number),
    )


def _time(number: int) -> int:
    return 1_700_000_000_000_000 + 1_000_000 * number


# -- what must be the same ----------------------------------------------------------------------------


def outcome(study: StudyFolder) -> dict[str, object]:
    """Return the table, the agreement and the training set of a study as plain values."""
    opened = Study.open(study.path)
    judged = opened.judgements.frame.drop(columns="event")
    return {
        "judgements": sorted(map(tuple, judged.to_numpy().tolist())),
        "table": json.dumps(opened.table().as_dict(), sort_keys=True, default=str),
        "agreement": _or_problem(lambda: json.dumps(opened.agreement(include_assisted=True).as_dict(), default=str)),
        "training": _or_problem(lambda: _trained(opened)),
    }


def _trained(study: Study) -> list[object]:
    data = study.training_set()
    more = data.answered
    return [
        data.codes,
        data.segments["segment"].tolist(),
        data.Y.tolist(),
        data.counters.tolist(),
        None if more is None else [more.segments["segment"].tolist(), str(more.Y.tolist())],
    ]


def _or_problem(call: Callable[[], object]) -> object:
    try:
        return call()
    except InputError as error:
        return [p.what for p in error.problems]
