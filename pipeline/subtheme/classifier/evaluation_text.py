"""An evaluation in plain text."""

from typing import TYPE_CHECKING

from subtheme.classifier.learning_curve import stop_hint

if TYPE_CHECKING:
    from subtheme.classifier.evaluation import Evaluation


def evaluation_in_words(result: "Evaluation") -> str:
    """Return the figures of `result` as aligned plain text."""
    width = max([len(c.code) for c in result.codes], default=4)
    lines = [f"On unseen participants: {result.words}.", ""]
    lines += [f"  {f.name:<36} {f.in_words()}" for f in result.overall]
    lines += ["", f"  {'code':<{width}}  coded  average precision    F1     prec.  recall at k    ECE    Brier"]
    lines += [c.as_line(width) for c in result.codes]
    if result.cases_left_out:
        lines += ["", "Leaving one case out (a new organisation):"]
        lines += [
            f"  {c.case:<{width}}  macro average precision {c.macro_average_precision:.3f} over {c.codes} codes"
            for c in result.cases_left_out
        ]
    if result.learning_curve:
        lines += ["", "By participants learned from, macro average precision:"]
        lines += [f"  {s.participants:>4}  {s.figure.in_words()}" for s in result.learning_curve]
        lines += [stop_hint(result.learning_curve)]
    if result.confusions:
        lines += ["", "Coded as one, proposed as another (segments):"]
        lines += [f"  {c.count:>4}  {c.code} -> {c.taken_for}" for c in result.confusions]
    if result.mistakes:
        lines += ["", "By attribute: F1 of segments; presences missed and invented if nobody checked:"]
        lines += [
            f"  {m.attribute} {m.value}: {m.participants} participants, F1 {m.f1:.3f}; of {m.presences} presences "
            f"{m.presences_missed} missed, {m.presences_invented} invented"
            for m in result.mistakes
        ]
    if result.too_few:
        lines += ["", f"Too few to learn: {', '.join(e.code for e in result.too_few)}."]
    return "\n".join([*lines, *(f"Note: {note}." for note in result.notes)])
