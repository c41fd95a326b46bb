"""Segments: participants' turns cut into meaning units with exact offsets.

Only the speech of participants becomes segments; what others say is the context of the segment after
it. Sentences are grouped to a target length and never cross a turn, by the rules of the transcript's language;
speech without punctuation is recognised and cut by pauses, line ends and length instead, and the result says so.
"""

from subtheme.segments.languages import AUTO, LANGUAGES, Language, languages_of
from subtheme.segments.recognition import Recognised, language_name, recognised
from subtheme.segments.segmentation import STRATEGIES, Segmentation, segment_transcript, segmentation_of
from subtheme.segments.sentences import SentenceSplitter, load_splitter
from subtheme.segments.table import segments_table

__all__ = [
    "AUTO",
    "LANGUAGES",
    "STRATEGIES",
    "Language",
    "Recognised",
    "Segmentation",
    "SentenceSplitter",
    "language_name",
    "languages_of",
    "load_splitter",
    "recognised",
    "segment_transcript",
    "segmentation_of",
    "segments_table",
]
