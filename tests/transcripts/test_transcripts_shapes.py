"""Every shape with every invented interview: right, or asked; never wrong without a word."""

from collections import Counter
from pathlib import Path

import pytest
from transcripts.dialogues import DIALOGUES, Dialogue
from transcripts.shapes import SHAPES, judged


@pytest.mark.parametrize("shape", SHAPES)
def test_no_shape_is_wrong_without_a_word(tmp_path: Path, shape: str) -> None:
    """In every language and under all labels; where labels are in the file, nineteen of twenty are right."""
    found = {
        (dialogue.name, labels): judged(tmp_path, shape, dialogue, labels)
        for dialogue in DIALOGUES
        for labels in (dialogue.labels if SHAPES[shape].is_named else dialogue.labels[:1])
    }
    assert [case for case, what in found.items() if what == "wrong"] == []
    if SHAPES[shape].is_named:
        assert 20 * Counter(found.values())["right"] >= 19 * len(found)


@pytest.mark.parametrize("dialogue", DIALOGUES, ids=lambda d: d.name)
def test_every_language_is_right_under_its_own_words_for_the_roles(tmp_path: Path, dialogue: Dialogue) -> None:
    assert judged(tmp_path, "label and colon", dialogue, dialogue.labels[0]) == "right"
