"""Short invented interviews in many languages: what is asked and what is answered, in turn. SYNTHETIC."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialogue:
    """One invented interview.

    Attributes
    ----------
    name, language : str
    questions, answers : tuple of str
        In turn; there are as many of the one as of the other.
    labels : tuple of (str, str)
        Usual labels of the two, in that language.
    """

    name: str
    language: str
    questions: tuple[str, ...]
    answers: tuple[str, ...]
    labels: tuple[tuple[str, str], ...]

    @property
    def turns(self) -> list[tuple[str, str]]:
        """Return ("ask" or "answer", words) in the order of the talk."""
        pairs = zip(self.questions, self.answers, strict=True)
        return [turn for q, a in pairs for turn in (("ask", q), ("answer", a))]


def _dialogue(name: str, language: str, labels: str, *lines: str) -> Dialogue:
    return Dialogue(
        name=name,
        language=language,
        questions=lines[::2],
        answers=lines[1::2],
        labels=tuple((pair.split("/")[0], pair.split("/")[1]) for pair in labels.split(", ")),
    )


DIALOGUES = (
    _dialogue(
        "bakery",
        "en",
        "Interviewer/Participant 4, Moderator/P4, INT/R1, Q/A, Ines Moll/Tom Ferrier",
        "What time do you come in?",
        "Three in the morning. The dough was made the evening before, so I only shape it and fire the oven.",
        "And who else is there then?",
        "Nobody, until six. I listen to the radio and talk to the cat that is not allowed to be there.",
        "What would make it easier?",
        "A second pair of hands on a Saturday. We have asked for one since spring and heard nothing back.",
    ),
    _dialogue(
        "ferry",
        "en",
        "Interviewer/Deckhand, Researcher/Respondent 2, Jo Hale/Sam Prior",
        "Describe a crossing in bad weather.",
        "You feel it in the ropes first. Then the captain slows down and everybody on deck becomes very quiet.",
        "Mm-hm. Go on about the passengers.",
        "They sit in the middle and look at one spot. I bring them water and say that the worst is over, which it never is.",
        "Okay. Tell me about the way home.",
        "The way home is always calm. I think we are only calmer ourselves, because the night is over.",
    ),
    _dialogue(
        "allotment",
        "en",
        "Interviewer/Participant, Facilitator/Gardener 7, Ruth/Colin",
        "You mentioned the water rota. I would like to understand how it was agreed, who wrote it down, and whether "
        "people keep to it now that the summer has been so dry?",
        "We drew lots. Do you want to see the list? It hangs in the shed, and yes, people keep to it, mostly because "
        "Margaret walks along the path at seven and counts the cans. Last week somebody hid behind the beans.",
        "And what happened then?",
        "She laughed. What else could she do? You cannot be angry with somebody behind beans, and the tomatoes had "
        "their water, which is what it was all about in the first place.",
        "Would you change anything about it?",
        "I would give the new ones an easier start. They come with so much hope in March and by June they are gone, "
        "since nobody told them that the ground here is clay and wants two years of work.",
    ),
    _dialogue(
        "Bibliothek",
        "de",
        "Interviewerin/Befragte, I/B, Forschende/Teilnehmerin 3, Frau Kern/Herr Voss",
        "Wie sind Sie zu der Stelle gekommen?",
        "Durch Zufall. Ich habe ein Buch zurückgebracht, das elf Jahre zu spät war, und dann bin ich geblieben.",
        "Und was gefällt Ihnen daran?",
        "Dass jeder hereinkommen darf. Im Winter sitzen die Leute an der Heizung, und ich lege ihnen die Zeitung hin.",
        "Erzählen Sie mir von den Abenden.",
        "Abends ist es still. Ich räume die Wagen leer, und manchmal lese ich dabei die letzten Seiten.",
    ),
    _dialogue(
        "marché",
        "fr",
        "Enquêtrice/Enquêté, E/I, Chercheur/Participante 2, Mme Roux/M. Aubin",
        "Comment choisissez-vous votre place ?",
        "On arrive à cinq heures et on attend. Le placier passe avec son carnet, et il donne les coins qui restent.",
        "Parlez-moi des clients.",
        "Ils viennent toujours les mêmes, et ils disent toujours que c'était moins cher avant. Je leur donne une prune.",
        "Qu'est-ce qui a changé ?",
        "Le parking. Depuis qu'il est payant, les vieux ne viennent plus, et ce sont eux qui cuisinaient.",
    ),
    _dialogue(
        "taller",
        "es",
        "Entrevistadora/Entrevistado, P/R, Investigador/Participante 5, Lucía/Don Ramón",
        "¿Cuándo empezó a arreglar relojes?",
        "A los catorce años, con mi tío. Él no hablaba mucho, pero ponía las piezas delante de mí y esperaba.",
        "¿Y quién le trae los relojes ahora?",
        "Gente mayor, sobre todo. Traen el reloj del padre, y no quieren que ande, quieren que suene.",
        "Cuénteme cómo ve el futuro del taller.",
        "Mi hija sabe hacerlo mejor que yo. Otra cosa es que quiera pasar los días con una lupa en el ojo.",
    ),
    _dialogue(
        "barco",
        "pt",
        "Entrevistadora/Entrevistado, Pesquisador/Participante 1, Marta/Seu Nelson",
        "Como foi o primeiro dia no barco?",
        "Enjoei tanto que o mestre me amarrou ao mastro. Depois dormi, e quando acordei já gostava do mar.",
        "E o que mudou desde então?",
        "O peixe ficou mais longe. Saímos de noite e voltamos de noite, e em casa já estão todos a dormir.",
        "Fale um pouco da família.",
        "A minha mulher faz as contas e as redes. Sem ela eu tinha vendido o barco há vinte anos.",
    ),
    _dialogue(
        "vigneto",
        "it",
        "Intervistatrice/Intervistato, Ricercatore/Partecipante 2, Anna/Piero",
        "Come si decide il giorno della vendemmia?",
        "Si assaggia. Mio padre mordeva il seme, e se era scuro mandava a chiamare i vicini con le ceste.",
        "E adesso?",
        "Adesso c'è una macchinetta che dice il grado. Però il seme lo mordo lo stesso, quando nessuno guarda.",
        "Mi racconti della cantina.",
        "La cantina l'ha scavata il nonno. D'estate ci andiamo tutti a dormire, anche il cane.",
    ),
    _dialogue(
        "molen",
        "nl",
        "Interviewer/Geïnterviewde, Onderzoeker/Deelnemer 3, Sanne/Kees",
        "Hoe bent u molenaar geworden?",
        "Ik kwam er als jongen schuilen voor de regen. De oude molenaar gaf me een bezem en daarna een sleutel.",
        "Vertel eens over een dag met storm.",
        "Dan slaap je niet. Je hoort aan het hout wat de wind wil, en je moet eerder buiten zijn dan hij.",
        "Wie neemt het straks over?",
        "Mijn buurmeisje van zestien. Ze is banger voor de hond dan voor de wieken, dus dat komt goed.",
    ),
    _dialogue(
        "fjäll",
        "sv",
        "Intervjuare/Intervjuperson, I/IP, Forskare/Deltagare 2, Karin/Nils",
        "Berätta om din första vinter här.",
        "Det snöade i sex dagar och jag hittade inte vedboden. Grannen kom på skidor och grävde utan att säga ett ord.",
        "Mm. Och sedan?",
        "Sedan drack vi kaffe, och han sade att man ska ha ett rep mellan dörren och boden. Det har jag haft sedan dess.",
        "Hur ser du på sommaren?",
        "Sommaren är för kort för att man ska hinna tycka något. Den är slut när myggen har gått.",
    ),
    _dialogue(
        "fyr",
        "no",
        "Intervjuer/Informant, F/I, Forsker/Deltaker 1, Siri/Odd",
        "Fortell om fyret.",
        "Bestefar tente det for hånd hver kveld. Nå går det av seg selv, og jeg maler bare rekkverket om våren.",
        "Hvordan er det å bo der alene?",
        "Jeg er ikke alene, det er måker nok. Men posten kommer bare når sjøen vil, og den vil sjelden.",
        "Hva savner du mest?",
        "Trær. Når jeg er i byen, går jeg rett til parken og legger hånden på det første treet.",
    ),
    _dialogue(
        "mejeri",
        "da",
        "Interviewer/Interviewperson, Forsker/Deltager 4, Lone/Jens",
        "Hvordan begynder dagen på mejeriet?",
        "Klokken fire kommer mælken, og så er der ingen, der taler. Man hører kun maskinerne og træskoene.",
        "Fortæl om osten.",
        "Den skal vendes hver dag i et halvt år. Min mor gjorde det med sang, og jeg gør det med radio.",
        "Hvad siger de unge til det?",
        "De siger, at det lugter. Men om fredagen vil de alle sammen have et stykke med hjem.",
    ),
    _dialogue(
        "sauna",
        "fi",
        "Haastattelija/Haastateltava, H/V, Tutkija/Osallistuja 2, Anna/Pekka",
        "Kerro miten sauna rakennettiin.",
        "Isä kaatoi puut talvella ja me lapset kannoimme oksat pois. Keväällä seinät jo tuoksuivat pihkalta.",
        "Mitä teit itse?",
        "Minä etsin kivet rannalta. Niiden piti olla mustia ja painavia, ja isoäiti koputti jokaista lusikalla.",
        "Entä nyt?",
        "Nyt siellä käyvät lapsenlapset, ja minä istun alimmalla penkillä ja kuuntelen, kun he kinastelevat.",
    ),
    _dialogue(
        "szkoła",
        "pl",
        "Badaczka/Respondent, Moderator/Uczestnik 3, Ewa/Pan Zenon",
        "Jak pan trafił do tej szkoły?",
        "Naprawiałem piec i zostałem woźnym. Dzwonka nie było, więc chodziłem po korytarzu z garnkiem i łyżką.",
        "Proszę opowiedzieć o dzieciach.",
        "Najpierw się bały garnka, potem chciały same w niego bić. Do dziś poznają mnie na ulicy po krokach.",
        "Co by pan zmienił?",
        "Zostawiłbym ławki przy oknie. Teraz są roślinki, a dzieci wolą patrzeć na tramwaj.",
    ),
    _dialogue(
        "станция",
        "ru",
        "Интервьюер/Респондент, Исследователь/Участница 1, Ольга/Пётр Ильич",
        "Расскажите о вашей станции.",
        "Поезд здесь стоит две минуты, и за это время надо продать яблоки. Бабушки знают каждого машиниста по имени.",
        "А как было раньше?",
        "Раньше стоял десять минут, и яблоки были больше. Так все говорят, но я не мерил.",
        "Что вы делаете зимой?",
        "Чищу снег и жду весны. Снег приходит раньше поезда и уходит позже всех.",
    ),
    _dialogue(
        "çay",
        "tr",
        "Görüşmeci/Katılımcı 2, Araştırmacı/Katılımcı, Ayşe/Hasan Usta",
        "Çay bahçesine nasıl başladınız?",
        "Babam hastalanınca anahtarı bana verdi. İlk gün çayı o kadar koyu yaptım ki kimse bir şey demeden kalktı.",
        "Müşterilerinizi anlatır mısınız?",
        "Sabahları balıkçılar gelir, konuşmazlar. Öğleden sonra emekliler gelir, onlar da hiç susmazlar.",
        "En çok neyi seviyorsunuz?",
        "Akşam sandalyeleri toplarken denizin sesini duymayı. O saatte bardaklar bile daha yavaş yıkanır.",
    ),
    _dialogue(
        "מאפייה",
        "he",
        "מראיינת/מרואיין, חוקר/משתתפת 1, דנה/יוסף",
        "איך התחלת לעבוד כאן?",
        "באתי לקנות לחם ולא היה מי שימכור אותו. עמדתי מאחורי הדלפק ומאז אני שם, כבר שלושים שנה.",
        "ספר לי על הבוקר.",
        "הבוקר מתחיל בלילה. התנור חם, החתול ישן על השקים, ואני סופר את הכיכרות בקול כדי לא להירדם.",
        "מה השתנה?",
        "הילדים של הלקוחות נהיו הלקוחות. הם מבקשים בלי גלוטן, ואני נותן להם ועוד עוגייה אחת.",
    ),
    _dialogue(
        "مخبز",
        "ar",
        "الباحثة/المشارك, المحاور/المشاركة 2, سلمى/أبو كريم",
        "كيف بدأت العمل في الميناء؟",
        "كان أبي يصلح الشباك، وكنت أجلس بجانبه وأعد السفن. ثم صارت السفن أكبر وصار العد أصعب.",
        "حدثني عن يوم عادي.",
        "نبدأ قبل الفجر ونشرب الشاي واقفين. بعد ذلك يأتي التجار، ويأتي معهم الصراخ حتى الظهر.",
        "ما الذي تغير؟",
        "لم يعد أحد يصلح الشباك. يشترونها جديدة ويرمونها، والبحر يعيدها إلينا.",
    ),
    _dialogue(
        "茶馆",
        "zh",
        "采访者/受访者, 研究员/参与者1, 问/答, 说话人 1/说话人 2",
        "您是怎么开茶馆的？",
        "房子是爷爷留下的，屋顶漏雨，我就在漏水的地方放了茶壶。客人觉得有意思，就坐下来了。",
        "客人都是什么样的人？",
        "早上是老人，带着鸟来。下午是学生，带着电脑来，他们一坐就是半天，只要一杯水。",
        "您最担心什么？",
        "担心那条街要拆。鸟可以换地方，老人不行，他们闭着眼睛才认得路。",
    ),
    _dialogue(
        "船",
        "ja",
        "聞き手/話し手, インタビュアー/回答者A, 調査者/参加者2, 話者1/話者2",
        "船の仕事はいつ始めましたか。",
        "十六の時です。父が腰を悪くして、次の朝には私が網を引いていました。手の皮がむけて泣きました。",
        "今はどう変わりましたか。",
        "魚が減って、船も減りました。昔は港の端から端まで船の上を歩いて渡れたものです。",
        "これからどうしますか。",
        "孫に網の結び方だけは教えました。使わなくても、手が覚えていればそれでいいと思っています。",
    ),
    _dialogue(
        "시장",
        "ko",
        "면접자/참여자, 연구자/응답자 1, 진행자/참가자2",
        "시장에서 일하신 지 얼마나 되셨나요?",
        "서른 해가 넘었지요. 처음에는 바닥에 보자기를 깔고 나물을 팔았고 비가 오면 그걸 쓰고 집에 갔어요.",
        "단골 이야기를 들려주세요.",
        "매주 화요일에 오는 할머니가 있어요. 사는 건 두부 한 모인데 이야기는 한 시간을 하고 가세요.",
        "앞으로는 어떻게 하실 건가요?",
        "딸이 가게를 인터넷에 올렸어요. 주문이 와도 할머니만큼 반갑지는 않더라고요.",
    ),
)
"""Twenty-one of them; some ask with a mark, some prompt without one, and in one the answers ask back."""
