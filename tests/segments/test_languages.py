"""Sentence rules by language: where sentences start, and which language's rules are taken."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subtheme.errors import InputError
from subtheme.nouns import Role, Transcript, Turn
from subtheme.segments import LANGUAGES, languages_of, load_splitter, recognised, segment_transcript, segmentation_of
from subtheme.segments.pieces import pieces_at

# One line a case, the cuts as bars. Invented.
CASES = {
    "en": [
        "It ended. | (Laughs) Then quiet.",
        'She left early. | "No way," she said.',
        "“No way!” she said. | Then “Why?” | Gone.",
        "They stopped. | [pause] We waited, i.e. we stood there. | At 5 p.m. we left.",
        "We went and then, well. | —And you?",
    ],
    "de": [
        "Wir haben z. B. Windeln da. | Das waren ca. 3 km, d. h. zu Fuß.",
        "Am 3. Mai war das im 2. Stock. | Bzw. im Hof, bei Nr. 5 oben.",
        "Sie kaufte Brot, Milch usw. | Dann ging sie mit Wasser usw. und Saft.",
        "Da arbeite ich seit 2010. | Dann kam er. | Er war 30. | Wir auch.",
        "Frau Dr. Meier sprach mit Prof. Kurz. | Ggf. kommt sie wieder.",
        "„Ich kann nicht mehr.“ | Dann ging sie. | »Nein.« | »Doch!« | Gut. | „Ja.“",
    ],
    "es": [
        "¿Y después? | ¿Qué pasó? | ¡Nada! | Seguimos.",
        "La Sra. López y Ud. hablaron con el Dr. Paz. | Bien.",
        "Por ej. en EE. UU. es así, p. ej. en casa. | Ya.",
        "Pan, leche, etc. | Luego se fue con fruta, etc. y nada más.",
        "Se acabó. | —No quiero. | —Pues vale. | «Así es.» | Fin.",
    ],
    "pt": [
        "O Sr. Silva e a Dra. Costa vieram. | Bem.",
        "Por ex. na Av. Central. | A Profa. Ana também, p. ex. ontem.",
        "Pão, leite etc. | Depois saiu com fruta etc. e mais nada.",
    ],
    "fr": [
        "Elle est partie. | « Je n’en peux plus. » | Puis rien.",
        "Elle a dit : « Je pars. Je reviens. » et puis rien. | Oui.",
        "M. Dupont et Mme Roy, p. ex., sont là. | L'art. 3 est clair, cf. la p. 4 du livre.",
        "Du pain, etc. | Puis elle part avec du lait, etc. et voilà.",
        "Quoi ? | Rien ! | Bon…",
    ],
    "it": [
        "Il sig. Rossi e la dott.ssa Bianchi parlano. | Bene.",
        "Ad es. il lavoro della sig.ra Verdi. | Pane, latte ecc. | Poi uscì.",
    ],
    "nl": [
        "Mevr. Jansen en dhr. De Vries werken bijv. in de zorg. | Goed.",
        "Brood, melk enz. | Toen ging ze, d.w.z. met o.a. kaas enz. en meer.",
    ],
    "sv": [
        "Vi har t.ex. blöjor, bl.a. kl. 7 på morgonen. | Det var t. ex. bra.",
        "Mjölk osv. | Sedan gick hon. | ”Nej.” | ”Jo!” sa hon.",
    ],
    "da": [
        "Det var f.eks. kl. 7. | Så gik hun. | Den 3. maj var det slut.",
        "Mælk osv. | Så gik hun. | »Nej.« | »Jo.«",
    ],
    "nb": [
        "Det var f.eks. kl. 7. | Så gikk hun. | Den 3. mai var det slutt.",
        "Melk osv. | Så gikk hun. | «Nei.» | «Jo.» | Bl.a. henne.",
    ],
    "fi": [
        "Meillä on esim. vaippoja. | Ts. kaikki on hyvin.",
        "Se oli 3. toukokuuta. | Sitten hän osti maitoa jne. | Ja lähti.",
    ],
}

SPEECH = {
    "en": "Well, I worked nights back then, and nobody had told us anything about the new rota at all.",
    "de": "Also ich habe damals nachts gearbeitet, und niemand hat uns etwas von dem neuen Plan gesagt.",
    "es": "Bueno, entonces yo trabajaba de noche, y nadie nos había dicho nada del nuevo turno.",
    "fr": "Alors moi je travaillais la nuit à cette époque, et personne ne nous avait parlé du nouveau planning.",
    "pt": "Bem, naquela altura eu trabalhava de noite, e ninguém nos tinha dito nada sobre a nova escala.",
    "it": "Allora, io in quel periodo lavoravo di notte, e nessuno ci aveva detto niente dei nuovi turni.",
    "nl": "Nou, ik werkte toen in de nacht, en niemand had ons iets verteld over het nieuwe rooster.",
    "sv": "Jo, jag arbetade på natten då, och ingen hade sagt något till oss om det nya schemat.",
    "da": "Altså, jeg arbejdede om natten dengang, og ingen havde sagt noget til os om den nye vagtplan.",
    "nb": "Altså, jeg jobbet om natten den gangen, og ingen hadde sagt noe til oss om den nye turnusen.",
    "fi": "No, minä tein silloin yötöitä, eikä kukaan ollut kertonut meille mitään uudesta vuorolistasta.",
}
POLISH = "No więc pracowałam wtedy w nocy i nikt nam nic nie powiedział o nowym grafiku, zupełnie nic, ani słowa."


def cut(text: str, language: str) -> list[str]:
    return [text[p.start : p.end] for p in pieces_at(text, load_splitter(language).starts(text))]


def transcript(*turns: str) -> Transcript:
    text, made = "", []
    for number, words in enumerate(turns):
        made.append(
            Turn(
                number=number,
                speaker="P",
                role=Role.PARTICIPANT,
                start_char=len(text),
                end_char=len(text) + len(words),
            )
        )
        text += words + "\n"
    return Transcript(id="T1", text=text, turns=tuple(made), source="T1.txt", grammar="txt", encoding="utf-8")


@pytest.mark.parametrize(("language", "case"), [(code, case) for code, cases in CASES.items() for case in cases])
def test_sentences_start_where_they_do(language, case):
    sentences = case.split(" | ")
    assert cut(" ".join(sentences), language) == sentences


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "mark", ["“Hmm.”", '"Hmm."', "«Hmm.»", "(Hmm.)", "[Hmm.]", "¿Hmm?", "¡Hmm!", "‘Hmm.’", "« Hmm. »"]
)
def test_an_opening_mark_opens_the_next_sentence_in_every_language(language, mark):
    assert cut(f"Va bene. {mark} Va.", language) == ["Va bene.", mark, "Va."]
    assert cut(f"Va bene! {mark}", language) == ["Va bene!", mark]


def test_a_mark_in_the_middle_of_a_sentence_opens_none():
    assert cut("We went …and on and …on", "en") == ["We went …and on and …on"]
    assert cut("He said “no” twice (or so) and left.", "fr") == ["He said “no” twice (or so) and left."]


def test_nothing_is_cut_inside_spaced_guillemets_unless_somebody_is_quoted_at_length():
    short = "« Oui. Non. Peut-être. »"
    assert cut(f"Voilà. {short} Bon.", "fr") == ["Voilà.", short, "Bon."]
    narrow = "« Oui. Non. »"
    assert cut(f"Voilà. {narrow}", "fr") == ["Voilà.", narrow]
    told = "« " + " ".join("Puis elle est encore venue me voir ici." for _ in range(30)) + " »"
    assert len(cut(told, "fr")) > 20


@pytest.mark.parametrize("language", LANGUAGES)
@settings(max_examples=25, deadline=None)
@given(st.text(alphabet="aB. «»¿¡(“”\"„…!?3\n,'s—", max_size=60))
def test_starts_ascend_lie_in_the_text_and_lose_nothing(language, text):
    starts = load_splitter(language).starts(text)
    assert starts == sorted(set(starts))
    assert all(0 <= start <= len(text) for start in starts)
    assert "".join("".join(cut(text, language)).split()) == "".join(text.split())


@pytest.mark.parametrize("code", SPEECH)
def test_the_language_of_a_transcript_is_told_from_its_words(code):
    assert recognised(SPEECH[code]).code == code
    result = segmentation_of(transcript(f"{SPEECH[code]} {SPEECH[code]}"), participants={"P": "p1"})
    assert result.language == code
    assert result.notes == ()


def test_a_mixed_study_is_cut_by_the_rules_of_each_transcript():
    german = f"{SPEECH['de']} Wir haben z. B. Windeln da. Am 3. Mai ging sie."
    spanish = f"{SPEECH['es']} ¿Y después? ¿Qué pasó?"
    for language in ("auto", "es, de"):
        cuts = [
            [
                s.text
                for s in segment_transcript(
                    transcript(t), participants={"P": "p1"}, strategy="sentence", language=language
                )
            ]
            for t in (german, spanish)
        ]
        assert cuts[0][1:] == ["Wir haben z. B. Windeln da.", "Am 3. Mai ging sie."]
        assert cuts[1][1:] == ["¿Y después?", "¿Qué pasó?"]


def test_words_that_are_too_few_are_cut_by_english_rules_without_a_word():
    result = segmentation_of(transcript("Yes. No."), participants={"P": "p1"})
    assert (result.language, result.notes) == ("", ())


def test_a_text_in_another_language_than_the_studys_is_said():
    french = transcript(f"{SPEECH['fr']} {SPEECH['fr']}")
    (note,) = segmentation_of(french, participants={"P": "p1"}, language="German").notes
    assert note == "seems to be French, and the study's language is German: cut by the sentence rules of German"
    (note,) = segmentation_of(french, participants={"P": "p1"}, language="de, en").notes
    assert "the study's language is German or English" in note
    assert segmentation_of(french, participants={"P": "p1"}, language="fr").notes == ()


def test_a_language_without_rules_and_no_language_at_all_are_said():
    polish = segmentation_of(transcript(f"{POLISH} {POLISH}"), participants={"P": "p1"})
    assert polish.language == "pl"
    assert polish.notes == (
        "seems to be Polish, whose sentence rules are not known: cut by the sentence rules of English",
    )
    noise = " ".join(f"x{i} zz. qq" for i in range(40))
    assert "no language could be told" in segmentation_of(transcript(noise), participants={"P": "p1"}).notes[0]


def test_a_wrapped_line_is_no_start_after_an_accent_nor_before_a_german_noun():
    french = transcript(f"{SPEECH['fr']} Elle a beaucoup travaillé cet\nété. Voilà.")
    cuts = segment_transcript(french, participants={"P": "p1"}, strategy="sentence")
    assert [s.text for s in cuts][1:] == ["Elle a beaucoup travaillé cet\nété.", "Voilà."]
    german = transcript(f"{SPEECH['de']} Da war die\nWohnung leer. Gut.")
    cuts = segment_transcript(german, participants={"P": "p1"}, strategy="sentence")
    assert [s.text for s in cuts][1:] == ["Da war die\nWohnung leer.", "Gut."]


def test_an_unknown_language_is_refused_with_the_nearest():
    assert languages_of("auto") == ()
    assert [language.code for language in languages_of("Danish, nb")] == ["da", "nb"]
    with pytest.raises(InputError) as caught:
        languages_of("de, germn")
    assert "language: no language 'germn'" in str(caught.value)
    assert "Did you mean 'german'?" in str(caught.value)
    with pytest.raises(InputError, match='Set language = "auto"'):
        languages_of("zz9")
