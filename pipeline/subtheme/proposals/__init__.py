"""Proposals with their evidence, and the queue of presence review."""

from subtheme.proposals.proposing import CodedExcerpts, not_learned, propose, rolled_up

__all__ = ["CodedExcerpts", "not_learned", "propose", "rolled_up"]
