"""Taking back: every event of an action gets an answer that names it; the log keeps both."""

from typing import Any

from subtheme.files import Mark, MarkKind
from subtheme.nouns import Decision, Verdict, content_id
from subtheme.review.coder_log import Action


def retraction(action: Action, *, uid: str, coder: str, at_us: int) -> tuple[list[Decision], list[Mark]]:
    """Return the decisions and marks that take `action` back.

    Parameters
    ----------
    action : Action
    uid : str
        Of the first event; those of the others follow from it.
    coder : str
    at_us : int
    """
    decisions: list[Decision] = []
    marks: list[Mark] = []
    for position, event in enumerate(action.events.values()):
        own = uid if position == 0 else content_id("decision", "undo", uid, str(position))
        place: dict[str, Any] = {"uid": own, "coder": coder, "segment": event.segment, "at_us": at_us}
        place |= {"code": event.code, "reply_to": event.uid}
        if isinstance(event, Decision):
            decisions.append(Decision(**place, verdict=Verdict.RETRACT))
        else:
            marks.append(Mark(**place, kind=MarkKind.UNDO))
    return decisions, marks
