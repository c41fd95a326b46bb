"""What the tests of exchange share."""

import pytest

from subtheme.nouns import Codebook

CODEBOOK = """
format = "subtheme-codebook/1"
title = "Trial"
[[code]]
id = "working-time"
name = "Working time"
[[code.code]]
id = "split-shifts"
name = "Split shifts"
[[code.code]]
id = "other-time"
name = "Other"
[[code]]
id = "support"
name = "Support"
[[code.code]]
id = "appraisal"
name = "Appraisal"
[[code.code]]
id = "other-support"
name = "Other"
"""


@pytest.fixture
def codebook():
    """Return a codebook in which one name stands twice."""
    return Codebook.from_toml(CODEBOOK, where="trial.toml")


CODES = """<CodeBook><Codes>
<Code guid="{c0000000-0000-4000-8000-000000000001}" name="Working time" isCodable="false">
<Code guid="C0000000-0000-4000-8000-000000000002" name="Split shifts" isCodable="true"/>
<Code guid="c0000000-0000-4000-8000-000000000003" name="Other" isCodable="true"/></Code>
<Code guid="c0000000-0000-4000-8000-000000000004" name="Support" isCodable="false">
<Code guid="c0000000-0000-4000-8000-000000000005" name="Other" isCodable="true"/></Code>
</Codes></CodeBook>"""
USERS = """<Users><User guid="a0000000-0000-4000-8000-000000000001" name="ann"/>
<User guid="a0000000-0000-4000-8000-000000000002" name="ben"/></Users>"""


def guid(letter, number):
    """Return a GUID that a test can recognise: ``guid("c", 2)`` is the code Split shifts."""
    return f"{letter}0000000-0000-4000-8000-{number:012d}"


@pytest.fixture
def coding():
    """Return what writes a Coding element."""

    def element(code=2, user=1, number=1):
        by = f' creatingUser="{guid("a", user)}"' if user else ""
        return f'<Coding guid="{guid("d", number)}"{by}><CodeRef targetGUID="{guid("c", code)}"/></Coding>'

    return element


@pytest.fixture
def selection(coding):
    """Return what writes a PlainTextSelection element, with one coding unless told otherwise."""

    def element(start, end, *, name="", inside=None, number=1, by=""):
        inside = coding() if inside is None else inside
        return (
            f'<PlainTextSelection guid="{guid("e", number)}" name="{name}" startPosition="{start}" '
            f'endPosition="{end}" {by}>{inside}</PlainTextSelection>'
        )

    return element


@pytest.fixture
def qdpx(tmp_path):
    """Return what writes a .qdpx package of sources and other parts of a project."""
    import zipfile

    def write(sources="", *, origin="", rest="", before="", files=None, codes=CODES, qde="project.qde", name="x.qdpx"):
        text = (
            '<?xml version="1.0" encoding="utf-8"?><Project xmlns="urn:QDA-XML:project:1.0" name="trial" '
            f'origin="{origin}">{USERS}{codes}{before}<Sources>{sources}</Sources>{rest}</Project>'
        )
        path = tmp_path / name
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
            package.writestr(qde, text)
            for member, content in (files or {}).items():
                package.writestr(member, content)
        return path

    return write


@pytest.fixture
def source():
    """Return what writes a TextSource element."""

    def element(inside="", *, name="Interview", number=1, path="internal://t.txt", text=None):
        where = f'plainTextPath="{path}"' if text is None else ""
        content = "" if text is None else f"<PlainTextContent>{text}</PlainTextContent>"
        return f'<TextSource guid="{guid("f", number)}" name="{name}" {where}>{content}{inside}</TextSource>'

    return element
