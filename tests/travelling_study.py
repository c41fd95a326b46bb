"""A small invented study in which everything was done that somebody can do, and how two studies are compared."""

import pandas as pd

from subtheme.errors import InputError
from subtheme.files import MarkKind, create_study, read_all, read_roster, take_in
from subtheme.files.mark import Mark
from subtheme.nouns import CODINGS, DECISIONS, PROPOSALS, READINGS, EventKind
from subtheme.study import Study

CODEBOOK = """
format = "subtheme-codebook/1"
title = "Small"
[[code]]
id = "conditions"
name = "Conditions"
[[code.code]]
id = "wages"
name = "Wages"
definition = "Pay."
[[code.code]]
id = "hours"
name = "Hours"
definition = "Working time."
"""

MORE_CODES = """
[[code.code]]
id = "travel"
name = "Travel"
definition = "The way to work."
"""

INTERVIEW = """Interviewer: How is your week arranged?

{name}: Two mornings and a long Friday. She changed the Friday last month 😐.

Interviewer: And the pay?

{name}: It stands still. The budget stands still, so it does too.

Interviewer: Anything else?

{name}: The way home takes an hour, as {name} said before.
"""


def new_study(folder, *, codebook=CODEBOOK, name="Small"):
    """Return a study with three interviews of three people in two cases, that nobody has judged."""
    folder.mkdir(parents=True)
    for who in ("A1", "A2", "B1"):
        (folder / f"{who}.txt").write_text(INTERVIEW.format(name=who), encoding="utf-8")
    roster = folder / "people.csv"
    roster.write_text("participant,case,level\nA1,A,manager\nA2,A,worker\nB1,B,worker\n", encoding="utf-8")
    study = create_study(folder / "study", codebook=codebook, name=name)
    take_in(study, read_all([folder / f"{who}.txt" for who in ("A1", "A2", "B1")]), read_roster(roster))
    return study


def coding(segments, number, code, coder, **more):
    """Return a coding of the segment of that number."""
    row = segments.iloc[number]
    place = {name: row[name] for name in ("participant", "transcript", "start_char", "end_char")}
    return {**place, "code": code, "coder": coder, **more}


def add_codings(study, *given, read=(), batch="file:1", at_us=1):
    """Store codings of segments by their number, as `coding` has them, and readings (coder, transcript)."""
    with study.store() as store, store.writing():
        segments = store.segments()
        rows = [coding(segments, number, code, coder, **more) for number, code, coder, more in given]
        store.add_codings(CODINGS.check(pd.DataFrame(rows), source="t"), batch=batch, at_us=at_us)
        if read:
            readings = pd.DataFrame(read, columns=["coder", "transcript"])
            store.add_readings(READINGS.check(readings, source="t"), batch=batch, at_us=at_us)


def answer(study, number, code, coder, verdict, *, uid, at_us=10, **more):
    """Answer a question about a code on the segment of that number."""
    with study.store() as store, store.writing():
        segment = store.segments()["segment"].iloc[number]
        row = {"uid": uid, "coder": coder, "segment": segment, "code": code, "verdict": verdict, "at_us": at_us}
        store.append_decisions(DECISIONS.check(pd.DataFrame([row | more]), source="t", sort=False))


def worked_study(folder, **more):
    """Return a study with codings, readings, answers, a blind turn, an answer taken back, memos and proposals."""
    study = new_study(folder, **more)
    everywhere = [(c, t) for c in ("anna", "ben") for t in ("A1", "A2", "B1")]
    add_codings(
        study,
        (0, "hours", "anna", {"memo": "the long Friday"}),
        *((n, "hours", "anna", {}) for n in (1, 2, 4, 5, 6, 7, 8)),
        (1, "wages", "anna", {}),
        (3, "hours", "anna", {"direction": "counters"}),
        (0, "hours", "ben", {}),
        (2, "wages", "ben", {}),
        read=everywhere,
    )
    answer(study, 1, "hours", "ben", "unsure", uid="u1")
    answer(study, 0, "hours", "ben", "reject", uid="u2", at_us=11)
    answer(study, 4, "wages", "ben", "add", uid="u3", at_us=12, memo="pay again")
    answer(study, 4, "wages", "ben", "retract", uid="u4", at_us=13, reply_to="u3")
    with study.store() as store, store.writing():
        segments = store.segments()
        codes = {"wages": study.codebook.definitions["wages"], "hours": study.codebook.definitions["hours"]}
        turn = Mark(uid="m1", coder="eve", segment=segments["segment"].iloc[2], kind=MarkKind.FINISH, codes=codes)
        store.append_marks([turn])
        proposals = [
            {"segment": name, "code": "wages", "probability": 0.1 * n, "threshold": 0.2, "model": "m"}
            for n, name in enumerate(segments["segment"].iloc[:4])
        ]
        store.replace_proposals(PROPOSALS.check(pd.DataFrame(proposals), source="p"))
    return study


def held(study):
    """Return what a study comes to: judgements, table, agreement, training set, codings with memos, answers, events."""
    opened = Study.open(study.path)
    return {
        "judgements": opened.judgements.frame.to_csv(),
        "table": opened.table().as_frame().to_csv(),
        "agreement": _told(lambda: str(opened.agreement().as_dict())),
        "training": _told(lambda: _taught(opened.training_set())),
        "codings": opened.every_coding.to_csv(),
        "answers": opened.answers.to_csv(),
        "events": sorted(e.uid for e in opened.events if e.kind != EventKind.UNITED),
    }


def _taught(found):
    rest = (found.segments.to_csv(), found.codes, list(found.groups), found.evidence, found.notes)
    return repr((found.Y.tolist(), found.counters.tolist(), *rest, found.lessons.Y.tolist()))


def _told(made):
    try:
        return made()
    except InputError as error:
        return str(error)
