"""The study and its rules: what it holds, and everything that can be asked of it."""

from subtheme.study.study import Study

__all__ = ["Study"]
