"""The fragment banks: every sentence that an invented participant or interviewer may say."""

import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "fragments"
SUPPORTS, COUNTERS, TRAP, OFF_TOPIC = "supports", "counters", "trap", "off-topic"

_HEADERS = {
    "org\tkind\twording\tcode\talso\ttext": "fragments",
    "org\ttext": "off-topic",
    "org\ttopic\ttext": "questions",
    "who\ttext": "interjections",
}
_MANAGER = re.compile(
    r"\b(as (a )?director|my (staff|workers|seniors|team leaders|managers)|we tendered|i('ve| have) (a spreadsheet|"
    r"\w+ (staff|workers)|nine)|the board|as a manager|i manage|i interviewed|i appraise|our (hr|director of))\b",
    re.IGNORECASE,
)
_WORKER = re.compile(
    r"\b(my (manager|line manager|boss|senior|supervisor|team leader)|the (man|lady|lad|boy|girl|gentleman|tenant) i "
    r"(see|support|work with)|my (shift|payslip|supervision|appraisal))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fragment:
    """Something that a participant says, once in the whole study.

    Attributes
    ----------
    id : str
        Name of the bank and line in it, such as ``wages:7``.
    org : str
        Letter of the organisation whose words these are.
    kind : str
        ``supports``, ``counters``, ``trap`` or ``off-topic``.
    sub_theme : str
        Sub-theme of the bank; empty for off-topic talk.
    wording : str
        ``keyword`` or ``plain``; empty for off-topic talk.
    code : str
        The finest code that fits.
    also : str
        A second sub-theme that the fragment describes as well; mostly empty.
    text : str
    """

    id: str
    org: str
    kind: str
    sub_theme: str = ""
    wording: str = ""
    code: str = ""
    also: str = ""
    text: str

    @property
    def words(self) -> int:
        """Number of words."""
        return len(self.text.split())

    @property
    def truths(self) -> tuple[str, ...]:
        """Sub-themes whose influence the fragment describes."""
        return tuple(c for c in (self.sub_theme, self.also) if c) if self.kind == SUPPORTS else ()

    @property
    def sounds_like(self) -> str:
        """``manager``, ``worker`` or an empty string: whose mouth the fragment fits."""
        if _MANAGER.search(self.text):
            return "manager"
        return "worker" if _WORKER.search(self.text) else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Something that the interviewer asks; a guide repeats its questions, so these may recur."""

    topic: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Banks:
    """All banks."""

    fragments: tuple[Fragment, ...]
    off_topic: tuple[Fragment, ...]
    questions: tuple[Question, ...]
    interjections: tuple[tuple[str, str], ...]

    def of(self, sub_theme: str, kind: str, org: str) -> tuple[Fragment, ...]:
        """Return the fragments of one sub-theme, kind and organisation."""
        return tuple(f for f in self.fragments if (f.sub_theme, f.kind, f.org) == (sub_theme, kind, org))

    def traps_of(self, org: str) -> tuple[Fragment, ...]:
        """Return the traps of one organisation."""
        return tuple(f for f in self.fragments if (f.kind, f.org) == (TRAP, org))

    def off_topic_of(self, org: str) -> tuple[Fragment, ...]:
        """Return the off-topic talk of one organisation."""
        return tuple(f for f in self.off_topic if f.org == org)

    def asked(self, topic: str) -> tuple[str, ...]:
        """Return the questions on one topic."""
        return tuple(q.text for q in self.questions if q.topic == topic)

    def said_by(self, who: str) -> tuple[str, ...]:
        """Return the interjections of ``interviewer``, ``participant`` or ``sound``."""
        return tuple(text for speaker, text in self.interjections if speaker == who)


def load_banks(folder: Path = FOLDER) -> Banks:
    """Read every bank of `folder`.

    Raises
    ------
    ValueError
        If a file has an unknown header or a line of the wrong length.
    """
    fragments: list[Fragment] = []
    off_topic: list[Fragment] = []
    questions: list[Question] = []
    interjections: list[tuple[str, str]] = []
    for path in sorted(folder.glob("*.tsv")):
        header, *lines = path.read_text(encoding="utf-8").rstrip("\n").split("\n")
        if header not in _HEADERS:
            raise ValueError(f"{path.name}: unknown header")
        names = header.split("\t")
        for number, line in enumerate(lines, start=2):
            cells = line.split("\t")
            if len(cells) != len(names):
                raise ValueError(f"{path.name}, line {number}: {len(cells)} cells, expected {len(names)}")
            row = dict(zip(names, cells, strict=True))
            place = f"{path.stem}:{number}"
            match _HEADERS[header]:
                case "fragments":
                    fragments.append(Fragment(id=place, sub_theme=path.stem, **row))
                case "off-topic":
                    off_topic.append(Fragment(id=place, kind=OFF_TOPIC, **row))
                case "questions":
                    questions.append(Question(topic=row["topic"], text=row["text"]))
                case _:
                    interjections.append((row["who"], row["text"]))
    return Banks(
        fragments=tuple(fragments),
        off_topic=tuple(off_topic),
        questions=tuple(questions),
        interjections=tuple(interjections),
    )
