"""The forms in which a line names its speaker, as patterns.

All that repeats is bounded, so that time stays linear in the line.
"""

import re

from subtheme.transcripts.label_words import INVISIBLE
from subtheme.transcripts.stamps import CLOCK, SPAN, SPOKEN, STAMP

_BLANK = f"[ \\t\u00a0\u202f\u3000{INVISIBLE}]"
_GAP = f"{_BLANK}{{0,16}}"
_BOLD = r"(?:\*{1,3}|__?)?"
_ATTRIBUTE = (
    rf"(?:{_BLANK}{{0,2}}(?:\((?!{CLOCK})[^()\n:：]{{1,40}}\)|（(?!{CLOCK})[^（）\n:：]{{1,40}}）"
    rf"|\[(?=[^\[\]\n]{{0,40}}[^\W\d_])[^\[\]\n:：]{{1,40}}\]))"
)
_PLAIN = rf"[^\W_][^\n\t:：*\[\]#<>{{}}?!;\"“”()（）|]{{0,44}}?{_ATTRIBUTE}?"
_NUMBER = r"\#\d{1,5}|\+?[\d*][\d* -]{2,18}[\d*]"
_ENCLOSED = r"\[[^\[\]\n:：]{1,40}\]|【[^【】\n]{1,40}】"
_LABEL = rf"(?P<label>{_ENCLOSED}|{_PLAIN}|{_NUMBER})"
_LEAD = rf"{_GAP}(?:(?:>{{1,3}}|\#{{1,6}}|[@•]){_GAP})?"
_NUMBERING = r"(?:\d{1,5}[.)]?[\t ]{1,8}(?=\D))?"
_TIME = rf"(?:{STAMP}|{SPAN}|{SPOKEN})"

COLON = re.compile(
    rf"{_LEAD}{_NUMBERING}(?P<before>{STAMP}|{CLOCK})?{_GAP}@?{_BOLD}{_LABEL}{_BOLD}{_GAP}"
    rf"(?P<mid>{STAMP})?{_GAP}{_BOLD}(?::{_BOLD}(?=\s|$|[^\s\d/:\\])|[：﹕]{_BOLD})(?P<after>{_GAP}{STAMP})?"
)
"""``Label: words``, after a number of the paragraph, with a stamp before, between or after, and bold in Markdown."""

TIMED = re.compile(
    rf"{_LEAD}{_BOLD}{_LABEL}{_BOLD}(?:(?=[ \t\u00a0\u202f]){_GAP}(?:[-–—|@·•]{_GAP})?|,{_GAP}|(?=[(（\[]))"
    rf"(?P<after>{_TIME}){_GAP}\\?$"
)
"""A line of a name and a time, as Otter and Teams write it, with a dash, bar or comma between them or nothing."""

TIMED_FIRST = re.compile(
    rf"{_LEAD}(?P<before>{_TIME})(?=[ \t\u00a0\u202f]){_GAP}(?:[-–—|·•,]{_GAP})?{_BOLD}{_LABEL}{_BOLD}{_GAP}\\?$"
)
"""A line of a time and a name."""

TIME_ALONE = re.compile(rf"{_GAP}(?P<before>{_TIME}|{SPOKEN}{_GAP}{CLOCK}){_GAP}\\?$")
"""A line of nothing but a time."""

BRACKETED = re.compile(
    rf"{_GAP}(?:\[(?P<square>[^\[\]\n]{{1,30}})\]|【(?P<lens>[^【】\n]{{1,30}})】|\((?P<round>[^()\n]{{1,30}})\)"
    rf"|<(?P<angle>[^<>\n]{{1,30}})>){_GAP}(?=\S|$)"
)
"""``[id1] words``, in any kind of bracket; the words may stand below."""

TABBED = re.compile(rf"{_LEAD}(?:\d{{1,5}}[.)]?\t+|(?P<before>{_TIME})\t+)?{_LABEL}[:：]?\t+(?=\S)")
"""``Label``, a tab and the words, after a number or a time."""

DASHED = re.compile(
    rf"{_GAP}{_BOLD}{_LABEL}{_BOLD}(?=[ \t\u00a0]){_GAP}(?P<mid>{STAMP})?{_GAP}"
    r"(?:[-–—]|=?>|→|->)[ \t\u00a0](?=\S|[ \t])"
)
"""``Label``, a dash or an arrow between blanks, and the words."""

POINTED = re.compile(
    rf"{_GAP}(?P<label>[^\W\d_]{{1,4}}\s?\d{{0,4}}|\d{{1,4}}[A-Za-z]?|[^\W_]{{3,16}}\s?\d{{0,4}})"
    rf"{_GAP}(?:[.;)/]|-(?=\s))[ \t\u00a0]+(?=\S)"
)
"""A short label, a point, semicolon or hyphen, and the words; only a whole text of such lines is one."""

ALONE = re.compile(rf"{_LEAD}{_BOLD}{_LABEL}{_BOLD}{_GAP}\\?$")
"""A label that has its line to itself."""

INSIDE = re.compile(rf"(?:(?<=[.?!…。？！؟\"”»)\]])|(?<=\s))(?P<label>{_PLAIN})(?P<mid>{_GAP}{STAMP})?[:：](?=\s|$)")
"""``Label:`` within a line, after the end of a sentence."""
