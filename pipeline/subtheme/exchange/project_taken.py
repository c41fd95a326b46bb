"""What a project brought into a study."""

from dataclasses import dataclass

from subtheme.exchange.loss import LossReport
from subtheme.files import IntakeReport


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectIntake:
    """What a project brought into a study.

    Attributes
    ----------
    texts : IntakeReport
    codings : int
        How many were stored.
    coders : tuple of str
    readings : int
        Transcripts that a coder has read, since they coded in it or a study of ours says so.
    judgements : int
        Further events that a study of ours wrote beside its codings, such as answers.
    outside_segments : int
        Stored codings that lie on no segment.
    loss : LossReport
        From the file into the study.
    """

    texts: IntakeReport
    codings: int
    coders: tuple[str, ...]
    readings: int
    judgements: int
    outside_segments: int
    loss: LossReport
