import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from subtheme.embeddings.parts import batches_of_equal_length, parts_of


def letters(texts):
    return np.array([len("".join(t.split())) for t in texts], dtype=np.int64)


@given(st.lists(st.text(alphabet="ab \n", max_size=60), max_size=8), st.integers(1, 12))
def test_parts_tile_their_texts_and_fit(texts, most):
    parts = parts_of(texts, lengths=letters, most=most)
    for number, text in enumerate(texts):
        own = [p for p, owner in zip(parts.texts, parts.owners, strict=True) if owner == number]
        assert "".join(own) == text
    assert (parts.lengths <= most).all()
    assert parts.closes.sum() == len(texts)


@given(st.lists(st.integers(0, 40), max_size=60), st.integers(1, 100))
def test_batches_hold_every_row_once_and_one_length_each(lengths, budget):
    batches = batches_of_equal_length(np.array(lengths, dtype=np.int64), pieces_per_batch=budget)
    assert sorted(i for rows in batches for i in rows) == list(range(len(lengths)))
    for rows in batches:
        assert len({lengths[i] for i in rows}) == 1
        assert len(rows) == 1 or len(rows) * lengths[rows[0]] <= budget


def test_the_vector_of_a_text_is_the_mean_of_its_parts_by_their_pieces():
    parts = parts_of(["a", "bb bbbb"], lengths=letters, most=4)
    assert parts.texts == ("a", "bb ", "bbbb")
    vectors = np.array([[0, 1], [1, 0], [0, 1]], dtype=np.float32)
    expected = np.array([[0, 1], [2, 4]]) / np.array([[1], [np.hypot(2, 4)]])
    assert np.allclose(parts.pooled(vectors), expected)
