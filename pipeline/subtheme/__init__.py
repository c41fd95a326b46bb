"""subtheme finds themes in interview transcripts and leaves the decision to the researcher."""

__version__ = "0.1.0"
