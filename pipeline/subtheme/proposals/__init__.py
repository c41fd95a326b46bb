"""Proposals with their evidence, and the queue of presence review."""

from subtheme.proposals.audit import AuditCount
from subtheme.proposals.outlook import Outlook
from subtheme.proposals.pairs import outlook_of, review_pairs
from subtheme.proposals.precoding import precode
from subtheme.proposals.presence_review import PresenceReview, presence_review
from subtheme.proposals.proposing import CodedExcerpts, coded_segments, not_learned, propose
from subtheme.proposals.queue import Order, ReviewQueue, review_queue
from subtheme.proposals.stopping import StopRule

__all__ = [
    "AuditCount",
    "CodedExcerpts",
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
