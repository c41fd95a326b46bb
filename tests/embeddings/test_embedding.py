import numpy as np
import pytest
from hashing_encoder import HashingEncoder

from subtheme.embeddings import VectorCache, embed, embed_codebook, embed_segments
from subtheme.errors import InputError, ModelError
from subtheme.nouns import Codebook, Segment
from subtheme.segments import segments_table

TEXTS = ["the rota changed", "my wages", "the rota changed", "", "👩‍🔧 shift"]


def test_duplicates_are_encoded_once_and_order_is_kept():
    encoder = HashingEncoder()
    vectors = embed(TEXTS, encoder=encoder)
    assert vectors.shape == (5, 32)
    assert vectors.dtype == np.float32
    assert sorted(t for call in encoder.calls for t in call) == sorted(set(TEXTS))
    assert np.array_equal(vectors[0], vectors[2])
    assert np.array_equal(vectors[1], HashingEncoder().encode(["my wages"])[0])
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1)


def test_nothing_to_embed_gives_an_empty_matrix():
    assert embed([], encoder=HashingEncoder()).shape == (0, 32)


def test_the_cache_gives_the_same_bytes_without_encoding(tmp_path):
    first = embed(TEXTS, encoder=HashingEncoder(), cache=VectorCache(tmp_path))
    again = HashingEncoder()
    cache = VectorCache(tmp_path)
    second = embed([*TEXTS, "new"], encoder=again, cache=cache)
    assert again.calls == [["new"]]
    assert cache.damaged == 0
    assert first.tobytes() == second[:5].tobytes()
    assert not list(tmp_path.rglob("*.part"))


def test_vectors_of_another_encoder_are_never_mixed(tmp_path):
    embed(TEXTS, encoder=HashingEncoder(), cache=VectorCache(tmp_path))
    other = HashingEncoder(name="other")
    vectors = embed(TEXTS, encoder=other, cache=VectorCache(tmp_path))
    assert len(other.calls) == 1
    assert np.array_equal(vectors, HashingEncoder(name="other").encode(TEXTS))
    # Even a pack that was copied into the folder of the other encoder is left alone.
    folders = sorted(p for p in tmp_path.iterdir())
    for pack in list(folders[0].glob("*.safetensors")):
        pack.rename(folders[1] / f"0{pack.name}")
    cache = VectorCache(tmp_path)
    assert np.array_equal(embed(TEXTS, encoder=HashingEncoder(name="other"), cache=cache), vectors)
    assert np.array_equal(embed(TEXTS, encoder=HashingEncoder(), cache=cache), HashingEncoder().encode(TEXTS))


@pytest.mark.parametrize("damage", ["truncated", "flipped", "empty"])
def test_a_damaged_entry_is_noticed_and_computed_again(tmp_path, damage):
    good = embed(TEXTS, encoder=HashingEncoder(), cache=VectorCache(tmp_path))
    (pack,) = tmp_path.rglob("*.safetensors")
    data = bytearray(pack.read_bytes())
    header = int.from_bytes(data[:8], "little")
    if damage == "truncated":
        pack.write_bytes(data[: len(data) // 2])
    elif damage == "empty":
        pack.write_bytes(b"")
    else:
        for at in range(8 + header, len(data), 16):
            data[at] ^= 0x11
        pack.write_bytes(data)
    encoder, cache = HashingEncoder(), VectorCache(tmp_path)
    assert embed(TEXTS, encoder=encoder, cache=cache).tobytes() == good.tobytes()
    assert encoder.calls
    assert cache.damaged > 0 or damage == "flipped"
    healed = HashingEncoder()
    assert embed(TEXTS, encoder=healed, cache=VectorCache(tmp_path)).tobytes() == good.tobytes()
    assert not healed.calls


def test_one_flipped_vector_costs_only_that_vector(tmp_path):
    embed(TEXTS, encoder=HashingEncoder(), cache=VectorCache(tmp_path))
    (pack,) = tmp_path.rglob("*.safetensors")
    from safetensors.numpy import load_file

    target = load_file(pack)["vectors"][0].tobytes()
    pack.write_bytes(pack.read_bytes().replace(target, bytes(len(target))))
    encoder, cache = HashingEncoder(), VectorCache(tmp_path)
    embed(TEXTS, encoder=encoder, cache=cache)
    assert cache.damaged == 1
    assert sum(len(call) for call in encoder.calls) == 1


def test_progress_counts_up_to_the_distinct_texts():
    seen = []
    embed(TEXTS, encoder=HashingEncoder(), progress=lambda done, total: seen.append((done, total)))
    assert seen[0] == (0, 4)
    assert seen[-1] == (4, 4)
    assert seen == sorted(seen)


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        (np.full((2, 32), np.nan, dtype=np.float32), "with missing values"),
        (np.zeros((2, 7), dtype=np.float32), "vectors of shape (2, 7)"),
    ],
)
def test_a_broken_encoder_is_refused(broken, says):
    encoder = HashingEncoder()
    encoder.encode = lambda texts, progress=None: broken
    with pytest.raises(ModelError) as caught:
        embed(["a", "b"], encoder=encoder)
    assert says in str(caught.value)
    assert "expected 2 finite vectors of length 32" in str(caught.value)


def segment(start: int, text: str, question: str = "") -> Segment:
    return Segment(
        id=f"T:{start}-{start + len(text)}",
        transcript="T",
        participant="p",
        turn=0,
        order=start,
        start_char=start,
        end_char=start + len(text),
        text=text,
        question=question,
    )


def test_segments_carry_the_vector_of_their_question_and_zero_where_there_is_none():
    table = segments_table([segment(0, "long shifts", "And hours?"), segment(20, "yes")])
    vectors = embed_segments(table, encoder=HashingEncoder())
    assert vectors.segments == ("T:0-11", "T:20-23")
    assert np.array_equal(vectors.question[0], HashingEncoder().encode(["And hours?"])[0])
    assert not vectors.question[1].any()
    assert vectors.rows(table["segment"][::-1]) == [1, 0]
    with pytest.raises(InputError, match="1 segments have no vector, the first is T:99-100"):
        vectors.rows(table["segment"].replace("T:0-11", "T:99-100"))


def test_codes_are_embedded_by_their_description():
    codebook = Codebook.from_toml(
        'format = "subtheme-codebook/1"\n[[code]]\nid = "pay"\nname = "Pay"\ndefinition = "Wages"', where="x"
    )
    vectors = embed_codebook(codebook, encoder=HashingEncoder())
    assert vectors.codes == ("pay",)
    assert np.array_equal(vectors.description, HashingEncoder().encode(["Pay. Wages"]))


def test_the_examples_of_a_codebook_are_left_out_where_no_participant_may_be_quoted():
    book = Codebook.from_toml(
        'format = "subtheme-codebook/1"\n[[code]]\nid = "pay"\nname = "Pay"\ndefinition = "Wages."\n'
        'examples = ["they pay me less than her"]\n',
        where="book.toml",
    )
    whole = embed_codebook(book, encoder=HashingEncoder()).description
    assert np.array_equal(whole, HashingEncoder().encode(["Pay. Wages. they pay me less than her"]))
    bare = embed_codebook(book, encoder=HashingEncoder(), with_examples=False).description
    assert np.array_equal(bare, HashingEncoder().encode(["Pay. Wages"]))
