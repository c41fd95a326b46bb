"""Words by which talk shows who asks: what opens a prompt, what only keeps the other talking, whom one speaks of."""

from subtheme.transcripts.label_words import bare


def _listed(*lines: str) -> frozenset[str]:
    return frozenset(bare(word) for line in lines for word in line.split())


PROMPTS = _listed(
    "tell describe explain can could would what how why when where who which did does do say walk talk imagine think",
    "erzählen erzähl beschreiben schildern was wie warum wann wo wer welche können könnten würden sagen",
    "racontez raconte parlez décrivez expliquez dites comment pourquoi quand quel quelle quels qui que est-ce pouvez",
    "pourriez",
    "cuénteme cuéntame cuente hábleme describa explique cómo por qué cuándo dónde quién cuál puede podría dígame",
    "conte conte-me fale fale-me descreva como porque quando onde quem qual pode poderia diga",
    "mi racconti racconti descriva spieghi come perché quando dove chi quale può potrebbe",
    "vertel vertelt beschrijf leg hoe waarom wanneer waar wie welke kunt kan zou",
    "berätta beskriv förklara hur varför när var vem vilken kan skulle fortell fortæl beskriv hvordan hvorfor hvornår",
    "når",
    "hvor hvem hvilken kunne ville hva hvad kerro kuvaile selitä miten miksi milloin missä kuka mikä voisitko entä",
    "proszę opowiedz opisz wyjaśnij jak dlaczego kiedy gdzie kto który czy расскажите опишите объясните как почему",
    "когда где кто какой что розкажіть опишіть anlatın anlatır anlatabilir nasıl neden ne zaman nerede kim hangi",
    "ספר ספרי תאר תארי איך למה מתי איפה מי מה احكي حدثني صف كيف لماذا متى أين من ما ماذا هل",
)
"""First words of a turn that wants the other one to talk."""

NODS = _listed(
    "mm mhm mmm hmm hm uh-huh okay ok right yeah yes sure i see aha ja genau okej jo jaha jaja nå juu niin d'accord",
    "oui",
    "claro vale sí ya certo sim pois sì esatto tak да угу ага evet tamam כן 네 はい 嗯 好",
)
"""Words of a turn that only keeps the other one talking."""

ADDRESS = _listed(
    "you your yours yourself ihnen ihr ihre ihrem ihren ihrer du dir dich dein deine vous votre vos tu te ton ta tes",
    "usted ustedes su sus você vocês seu sua seus suas lei suo vostro u uw jij jouw je dig din ditt dina ni er deg",
    "deres",
    "sinä sinun teidän pan pani pana panu pański вы вас вам ваш ваша ваше ваши siz sizin size אתה שלך שלכם أنت أنتم",
    "لك",
)
"""Words that speak to the other one."""

SELF = _listed(
    "i i'm my me mine we our us ich mir mich mein meine wir uns je j' me mon ma mes nous yo mi mis nosotros eu meu",
    "minha",
    "nós nos io mio mia noi ik mij mijn wij ons jag mig min mitt vi oss vår jeg meg mitt minä minun minulla ja mnie",
    "mój",
    "moja nas я мне меня мой мы нас нам ben benim biz bizim אני שלי אנחנו أنا نحن لي",
)
"""Words that speak of oneself."""

ADDRESS_INSIDE = _listed("您 你 あなた 당신 십니까 세요")
SELF_INSIDE = _listed("我 私 僕 저는 제가 나는")
"""The same in scripts that part no words."""
