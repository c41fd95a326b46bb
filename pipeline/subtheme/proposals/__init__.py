"""Proposals with their evidence, and the queue of presence review."""

from subtheme.proposals.arranging import review_pairs
from subtheme.proposals.audit import AuditCount
from subtheme.proposals.coder_error import ANSWERS_ENOUGH, CoderError
from subtheme.proposals.foresight import SURPRISE
from subtheme.proposals.outlook import Outlook
from subtheme.proposals.pairs import outlook_of
from subtheme.proposals.precoding import precode
from subtheme.proposals.presence_review import PresenceReview, presence_review
from subtheme.proposals.proposing import CodedExcerpts, coded_segments, not_learned, propose
from subtheme.proposals.queue import Order, ReviewQueue, review_queue
from subtheme.proposals.stopping import StopRule

__all__ = [
    "ANSWERS_ENOUGH",
    "SURPRISE",
    "AuditCount",
    "CodedExcerpts",
    "CoderError",
    "Order",
    "Outlook",
    "PresenceReview",
    "ReviewQueue",
    "StopRule",
    "coded_segments",
    "not_learned",
    "outlook_of",
    "precode",
    "presence_review",
    "propose",
    "review_pairs",
    "review_queue",
]
