"""Taking decisions back: what was read by them counts as unread again, and nothing else does."""

import pandas as pd
import pytest

from subtheme.files import take_back_decisions
from subtheme.nouns import DECISIONS, READINGS


@pytest.mark.parametrize(
    ("batch", "shown", "left"),
    [
        ("sheet:1", "{}", set()),
        ("settle:1", '{"arm": "settled"}', set()),
        ("sheet:1", '{"model": "m"}', {("ann", "A1")}),
        ("page:1", "{}", {("ann", "A1")}),
    ],
)
def test_only_what_came_with_a_reading_takes_it_along(small_study, batch, shown, left):
    with small_study.store() as store, store.writing():
        segments = store.segments()
        segment = segments.loc[segments["transcript"] == "A1", "segment"].iloc[0]
        row = {"uid": "u1", "coder": "ann", "segment": segment, "code": "wages", "verdict": "accept", "shown": shown}
        store.append_decisions(DECISIONS.check(pd.DataFrame([row]), source="test"), batch=batch)
        reading = pd.DataFrame([{"coder": "ann", "transcript": "A1"}])
        store.add_readings(READINGS.check(reading, source="test"))
        gone = take_back_decisions(store, "ann", at_us=1)
        assert (gone.decisions, gone.readings) == (1, 1 - len(left))
        assert set(store.readings().itertuples(index=False, name=None)) == left
