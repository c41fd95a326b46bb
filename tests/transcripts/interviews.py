"""Small invented interviews and the packages that hold them."""

import io
import zipfile
from pathlib import Path

from subtheme.nouns import Transcript
from subtheme.transcripts import read_transcripts

QUESTION = "How is your rota made?"
ANSWER = "By text, the night before. Nobody asks."
SECOND_QUESTION = "Who sends it?"
SECOND_ANSWER = "The office. 😐 It is what it is."
TURNS = (("I", QUESTION), ("P1", ANSWER), ("I", SECOND_QUESTION), ("P1", SECOND_ANSWER))

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def read(folder: Path, name: str, content: str | bytes, **options: object) -> Transcript:
    """Write one file, read it, and return its only transcript."""
    path = folder / name
    path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    (transcript,) = read_transcripts(path, **options)
    check(transcript)
    return transcript


def check(transcript: Transcript) -> None:
    """Assert what holds for every transcript: spans in range, in order, apart, and tight around words."""
    at = 0
    for number, turn in enumerate(transcript.turns):
        assert turn.number == number
        assert at <= turn.start_char < turn.end_char <= len(transcript.text)
        words = transcript.words(turn)
        assert words == words.strip()
        at = turn.end_char


def turns_of(transcript: Transcript) -> list[tuple[str, str]]:
    """Return speaker and words of every turn."""
    return [(t.speaker, transcript.words(t)) for t in transcript.turns]


def zipped(members: dict[str, str | bytes]) -> bytes:
    """Return a zip package of these members."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return stream.getvalue()


def docx(body: str, *, styles: str = "") -> bytes:
    """Return a .docx with this inside of its body; ``w:`` is bound."""
    names = f'xmlns:w="{W}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    members: dict[str, str | bytes] = {"word/document.xml": f"<w:document {names}><w:body>{body}</w:body></w:document>"}
    if styles:
        members["word/styles.xml"] = f"<w:styles {names}>{styles}</w:styles>"
    return zipped(members)


def p(*runs: str, properties: str = "") -> str:
    """Return a Word paragraph of these runs; a run that begins with < is taken as XML."""
    inside = "".join(r if r.startswith("<") else f'<w:r><w:t xml:space="preserve">{r}</w:t></w:r>' for r in runs)
    return f"<w:p><w:pPr>{properties}</w:pPr>{inside}</w:p>"


def bold(text: str) -> str:
    """Return a bold Word run."""
    return f'<w:r><w:rPr><w:b/></w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def odt(body: str, *, styles: str = "") -> bytes:
    """Return an .odt with this inside of its text; ``text:`` and ``table:`` are bound."""
    base = "urn:oasis:names:tc:opendocument:xmlns"
    names = " ".join(f'xmlns:{n}="{base}:{n}:1.0"' for n in ("office", "text", "table", "style"))
    names += f' xmlns:fo="{base}:xsl-fo-compatible:1.0"'
    return zipped(
        {
            "content.xml": f"<office:document-content {names}><office:automatic-styles>{styles}"
            f"</office:automatic-styles><office:body><office:text>{body}</office:text></office:body>"
            "</office:document-content>"
        }
    )
