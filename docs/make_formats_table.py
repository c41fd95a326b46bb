"""Write the table of formats into ``docs/file-formats.md``, from the shapes that the tests judge.

python docs/make_formats_table.py
"""

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BEGIN = "<!-- formats: made by docs/make_formats_table.py -->"
END = "<!-- end of formats -->"


def table() -> str:
    """Return the table in Markdown: program, shape, what is read, what is lost, and in how many talks it is right."""
    sys.path.insert(0, str(ROOT / "tests"))
    from transcripts.dialogues import DIALOGUES
    from transcripts.shapes import SHAPES, judged

    lines = ["| program | shape | ending | read | lost | right |", "|---|---|---|---|---|---|"]
    with tempfile.TemporaryDirectory() as folder:
        for name, shape in SHAPES.items():
            found = [
                judged(Path(folder), name, d, labels)
                for d in DIALOGUES
                for labels in (d.labels if shape.is_named else d.labels[:1])
            ]
            right = f"{found.count('right')} of {len(found)}"
            lines.append(
                f"| {shape.program} | {name} | {shape.suffix} | {shape.read} | {shape.lost or 'nothing'} | {right} |"
            )
    return "\n".join(lines)


def page(text: str) -> str:
    """Return the page with the table in its place."""
    head, _, rest = text.partition(BEGIN)
    return f"{head}{BEGIN}\n{table()}\n{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    path = ROOT / "docs" / "file-formats.md"
    path.write_text(page(path.read_text(encoding="utf-8")), encoding="utf-8")
