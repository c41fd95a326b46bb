"""The words that decide what a label is: roles, phrases that are no names, remarks of the transcriber.

Words stand in small letters and without accents, as `bare` leaves them.
"""

import unicodedata

INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Characters without a width that exports and right-to-left text put around labels."""

_WHITE = (
    "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005"
    "\u2006\u2007\u2008\u2009\u200a\u2028\u2029"
)
EMPTY = _WHITE + "\u202f\u205f\u3000" + INVISIBLE.translate(dict.fromkeys((0xAD, 0x200C, 0x200D)))
"""White space and invisible characters, but for those that belong to a word: a line of nothing else is blank."""


def bare(text: str) -> str:
    """Return `text` in compatible characters, small letters and without accents or marks of direction.

    >>> bare("Enquêtrice"), bare("Ｉ")
    ('enquetrice', 'i')
    """
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in plain if unicodedata.category(c) not in ("Mn", "Cf"))


def _listed(*lines: str) -> frozenset[str]:
    return frozenset(bare(word) for line in lines for word in line.split())


INTERVIEWER = _listed(
    "interviewer interviewers moderator moderators researcher researchers facilitator investigator counsel",
    "questioner experimenter",
    "interviewerin interviewende interviewender interviewführende interviewführung interviewleitung forscher",
    "forscherin",
    "forschende forschender moderatorin moderation fragesteller fragestellerin fragende fragender befrager befragerin",
    "gesprächsleitung gesprächsleiter gesprächsleiterin versuchsleiter versuchsleiterin",
    "intervieweur intervieweuse enquêteur enquêteuse enquêtrice chercheur chercheuse animateur animatrice modérateur",
    "modératrice",
    "entrevistador entrevistadora investigador investigadora moderador moderadora encuestador encuestadora",
    "facilitadora",
    "facilitador pesquisador pesquisadora mediador mediadora",
    "intervistatore intervistatrice ricercatore ricercatrice moderatore moderatrice conduttore conduttrice",
    "interviewster onderzoeker onderzoekster gespreksleider gespreksleidster vragensteller",
    "intervjuare intervjuaren forskare forskaren samtalsledare samtalsledaren intervjuer intervjueren forsker",
    "forskeren",
    "spørger haastattelija tutkija kysyjä",
    "badacz badaczka moderatorka prowadzący prowadząca ankieter ankieterka tazatel tazatelka výzkumník výzkumnice",
    "kérdező kutató intervievator cercetător pewawancara peneliti",
    "интервьюер исследователь исследовательница модератор ведущий ведущая интервюер дослідник дослідниця",
    "görüşmeci araştırmacı moderatör mülakatçı ερευνητής ερευνήτρια συνεντευκτής συνεντεύκτρια συντονιστής",
    "מראיין מראיינת חוקר חוקרת מנחה המראיין המראיינת החוקר החוקרת",
    "الباحث الباحثة باحث باحثة المحاور المحاورة محاور محاورة الميسر الميسرة المحقق مصاحبهگر پژوهشگر",
)
"""An interviewer, wherever in the label the word stands."""

PARTICIPANT = _listed(
    "participant participants interviewee interviewees respondent respondents informant informants witness",
    "befragte befragter befragten interviewte interviewter interviewpartner interviewpartnerin gesprächspartner",
    "gesprächspartnerin proband probandin teilnehmer teilnehmerin teilnehmende teilnehmender versuchsperson",
    "enquêté enquêtée interviewé interviewée participante répondant répondante",
    "entrevistado entrevistada informante encuestado encuestada inquirido inquirida depoente",
    "intervistato intervistata partecipante geïnterviewde deelnemer deelneemster",
    "intervjuperson intervjupersonen informanten deltagare deltaker deltager interviewperson haastateltava",
    "osallistuja",
    "vastaaja respondentti",
    "respondentka badany badana uczestnik uczestniczka rozmówca rozmówczyni účastník účastnice dotazovaný dotazovaná",
    "interjúalany válaszadó résztvevő intervievat informan partisipan responden narasumber",
    "респондент респондентка информант информантка участник участница учасник учасниця",
    "katılımcı görüşülen συμμετέχων συμμετέχουσα συνεντευξιαζόμενος συνεντευξιαζόμενη",
    "מרואיין מרואיינת משתתף משתתפת נחקר נחקרת המרואיין המרואיינת המשתתף המשתתפת",
    "المشارك المشاركة مشارك مشاركة المبحوث المبحوثة المستجيب المستجيبة مشارکتکننده",
)
"""A participant, wherever in the label the word stands."""

INTERVIEWER_INSIDE = _listed(
    "聞き手 インタビュアー インタビューアー 面接者 調査者 研究者 質問者 司会",
    "采访者 採訪者 访谈者 訪談者 访问者 訪問者 采访人 访谈人 主持人 研究员 研究員 提问者 提問者 记者 調查員 调查员",
    "면접자 연구자 진행자 면담자 조사자 인터뷰어 질문자 사회자",
)
"""An interviewer, in scripts that part no words."""

PARTICIPANT_INSIDE = _listed(
    "回答者 話し手 語り手 参加者 協力者 対象者 インタビュイー",
    "受访者 受訪者 被访者 被訪者 被采访者 被採訪者 被访谈者 被訪談者 参与者 參與者 受访人 受訪人 受試者",
    "참여자 응답자 피면접자 피면담자 대상자 참가자 답변자 인터뷰이",
)
"""A participant, in scripts that part no words; the longer word decides, as in ``被采访者``."""

INTERVIEWER_ALONE = _listed(
    "i q int intv inter interv iv iw inv ir mod fac facil lead host question frage pregunta pergunta domanda vraag",
    "fråga",
    "spørsmål spørgsmål kysymys pytanie вопрос питання soru 問 问 س",
)
"""An interviewer, if the label has no other word (numbers aside)."""

PARTICIPANT_ALONE = _listed(
    "p ie ip par part resp answer antwort respuesta resposta réponse risposta antwoord svar vastaus odpowiedź ответ",
    "відповідь cevap 答 ج",
)
"""A participant, if the label has no other word. Not ``A``: of A and B, either may ask."""

CONVENTIONS = frozenset(
    tuple(pair.split("/"))
    for pair in _listed(
        "i/b i/p i/r i/a i/e i/ie i/ip q/a q/r e/i f/i f/s f/ip f/r f/a f/b h/v p/r p/e r/p r/e e/p e/r v/a m/p m/t",
        "iv/i iv/ip iv/b ir/ie in/ip int/res int/resp res/resp p/o i/n d/r s/c i/u k/v b/r в/о и/р",
    )
)
"""Pairs of initials of which the first asks (``E``/``I``: enquêteur, interviewé; ``P``/``R``: pregunta, respuesta)."""

OTHER = _listed(
    "note notes narrator observer transcriber transcriptionist translator interpreter unknown all several",
    "crosstalk group comment stage everyone alle tous todos tutti allen alla kaikki wszyscy все",
    "dolmetscher dolmetscherin übersetzer interprète intérprete traductor tolk tulkki tłumacz переводчик unbekannt",
    "inconnu desconocido okänd ukjent tuntematon unidentified",
)
"""Neither."""

STAND_IN = _listed(
    "translator interpreter unknown unidentified dolmetscher dolmetscherin übersetzer interprète intérprete traductor",
    "tolk tulkki tłumacz переводчик unbekannt inconnu desconocido okänd ukjent tuntematon",
)
"""Of these, who may well say what a participant says."""

NEVER = _listed(
    "http https ftp mailto file www so and but then yes no well because also first second third finally however",
    "e.g i.e example",
)
"""First words of what is never a speaker's label."""

HEAD_MATTER = _listed(
    "note notes date time title interview interviews location place duration transcript transcription recorded",
    "recording participants speakers keywords summary audio subject source file version page study project length",
    "language organisation organization name age gender sex occupation id setting present topic re cc from to",
    "datum ort dauer ort titel thema fecha lugar duración tema lieu durée thème data local duração plats tid längd",
    "sted tidspunkt varighed paikka päivämäärä kesto plaats duur luogo durata",
)
"""First words of what heads a transcript rather than a turn."""

PARTICLES = _listed(
    "of the de der den van von und and la le les di da du del el al bin ibn y e s to zu zum zur ten ter te op dos das",
    "do",
    "af av bint abu ben mac mc della dello lo auf dem",
)
"""Words in names that begin with a small letter."""

SOUNDS = _listed(
    "laugh laughs laughter laughing pause long short inaudible unintelligible unclear crosstalk silence sigh sighs",
    "cough coughs noise music applause redacted name crying sic overlapping smiles nods background",
    "lacht lachen unverständlich rires rire silence inaudible risas risa ride risate skratt latter naurua смех",
)
"""Words of bracketed remarks such as ``[laughs]``."""
