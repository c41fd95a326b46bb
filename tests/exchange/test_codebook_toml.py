"""Codebooks as TOML."""

from hypothesis import given
from hypothesis import strategies as st

from subtheme.exchange.codebook_toml import codebook_toml
from subtheme.nouns import Code, Codebook

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


def test_the_codebook_of_the_study_comes_back(root):
    codebook = Codebook.read(root / "configs" / "cob.codebook.toml")
    assert Codebook.from_toml(codebook_toml(codebook), where="x") == codebook


@given(data=st.data(), depths=st.lists(st.integers(0, 3), min_size=1, max_size=6), synthetic=st.booleans(), note=texts)
def test_any_codebook_comes_back(data, depths, synthetic, note):
    codes, path = [], []
    for number, wanted in enumerate(depths):
        depth = min(wanted, len(path))
        path = path[:depth]
        codes.append(
            Code(
                id=f"c{number}",
                name=data.draw(texts) or "x",
                parent=path[-1] if path else "",
                depth=depth,
                definition=data.draw(texts),
                when_to_use=data.draw(texts),
                when_not=data.draw(texts),
                examples=tuple(data.draw(st.lists(texts, max_size=2))),
                placeholder=data.draw(st.booleans()),
            )
        )
        path.append(f"c{number}")
    codebook = Codebook(title=note, levels=("theme", 'co"de'), codes=tuple(codes), synthetic=synthetic, note=note)
    assert Codebook.from_toml(codebook_toml(codebook), where="x") == codebook
