"""The words by which other languages than English ask for a kind of thing.

They are looked for as whole words (in scripts without blanks anywhere), the first kind that fits.
"""

import re
from collections.abc import Iterator
from functools import cache

from knowledge.languages import is_unspaced

_WORDS: dict[str, dict[str, str]] = {
    "ar": {
        "date": "متى|في أي (?:عام|سنة|تاريخ)|ما (?:عام|تاريخ)",
        "number": "كم|ما عدد|ما نسبة",
        "person": "من|لمن|مَن",
        "place": "أين|اين|من أين|في أي (?:مدينة|بلد|دولة|مكان)",
        "reason": "لماذا|لم|ما سبب|ما السبب",
        "manner": "كيف",
        "other": "ما|ماذا|أي|أية|هل|بماذا",
    },
    "cs": {
        "date": "kdy|v kterém roce",
        "number": "kolik",
        "person": "kdo|koho|komu|kým|čí",
        "place": "kde|kam|odkud",
        "reason": "proč",
        "manner": "jak",
        "other": "co|jaký|jaká|jaké|který|která|které",
    },
    "da": {
        "date": "hvornår|hvilket år",
        "number": "hvor (?:mange|meget|længe|gammel|stor)",
        "person": "hvem|hvis",
        "place": "hvor",
        "reason": "hvorfor",
        "manner": "hvordan",
        "other": "hvad|hvilken|hvilket|hvilke",
    },
    "de": {
        "date": "wann|in welchem jahr|welches (?:jahr|datum)|seit wann|bis wann",
        "number": "wie ?viele?|wie (?:lange|hoch|alt|weit|groß|oft|schwer|tief|breit|schnell)",
        "person": "wer|wen|wem|wessen",
        "place": "wo|wohin|woher|in welche[mr] (?:stadt|land|ort|staat|region)",
        "reason": "warum|weshalb|wieso|aus welchem grund",
        "manner": "wie|wodurch|womit",
        "other": "was|welche[rsmn]?|worin|worauf|wofür|wovon|woraus",
    },
    "el": {
        "date": "πότε|ποιο έτος|ποια χρονιά",
        "number": "πόσ(?:ο|α|οι|ες|ους|ων|η)",
        "person": "ποιος|ποιοι|ποιον|ποιου",
        "place": "πού|που",
        "reason": "γιατί",
        "manner": "πώς|πως",
        "other": "τι|ποια|ποιο|ποιες",
    },
    "es": {
        "date": "cuándo|cuando|(?:en )?qué (?:año|fecha|día|mes|siglo|década)",
        "number": "cuánt[oa]s?|cuant[oa]s?|qué (?:porcentaje|número|cantidad|edad)"
        "|con qué frecuencia",
        "person": "quién|quien|quiénes|quienes",
        "place": "dónde|donde|adónde|(?:en )?qué (?:ciudad|país|lugar|estado|región)",
        "reason": "por qué",
        "manner": "cómo|como",
        "other": "qué|que|cuál|cual|cuáles|cuales",
    },
    "fa": {
        "date": "کی|چه (?:زمانی|سالی|وقت)|چه وقت",
        "number": "چند|چقدر|چه تعداد",
        "person": "چه کسی|چه کسانی|که",
        "place": "کجا",
        "reason": "چرا",
        "manner": "چگونه|چطور",
        "other": "چه|کدام|آیا|چیست",
    },
    "fi": {
        "date": "milloin|koska|minä vuonna",
        "number": "kuinka (?:monta|paljon|kauan|vanha|suuri|moni)|montako|paljonko",
        "person": "kuka|ketkä|kenen|ketä|kenelle",
        "place": "missä|mistä|minne|mihin",
        "reason": "miksi",
        "manner": "miten|kuinka",
        "other": "mikä|mitä|mitkä|mikä|minkä",
    },
    "fr": {
        "date": "quand|(?:en )?quelle (?:année|date)|quel (?:jour|mois|siècle)",
        "number": "combien|quel (?:âge|nombre|pourcentage)",
        "person": "qui",
        "place": "où|(?:dans )?quelle (?:ville|région)|quel (?:pays|lieu|endroit)",
        "reason": "pourquoi",
        "manner": "comment",
        "other": "que|quoi|quel|quelle|quels|quelles|quest ce|qu'est-ce|lequel|laquelle",
    },
    "he": {
        "date": "מתי|באיזו שנה|באיזה תאריך",
        "number": "כמה",
        "person": "מי|למי|את מי",
        "place": "איפה|היכן|לאן|מאין",
        "reason": "למה|מדוע",
        "manner": "איך|כיצד",
        "other": "מה|איזה|איזו|אילו|האם",
    },
    "hi": {
        "date": "कब|किस (?:वर्ष|साल|तारीख|दिन|सन)",
        "number": "कितना|कितनी|कितने|कितनों",
        "person": "कौन|किसने|किसे|किसका|किसकी|किसके|किन्हें|किसको",
        "place": "कहाँ|कहां|किस (?:शहर|देश|स्थान|जगह|राज्य|क्षेत्र)",
        "reason": "क्यों",
        "manner": "कैसे|कैसा|कैसी",
        "other": "क्या|कौनसा|कौनसी|कौनसे|किस|किन",
    },
    "hu": {
        "date": "mikor|melyik évben",
        "number": "hány|mennyi|milyen (?:hosszú|magas|nagy)",
        "person": "ki|kik|kit|kinek",
        "place": "hol|hova|honnan",
        "reason": "miért",
        "manner": "hogyan|hogy",
        "other": "mi|mit|melyik|milyen|mik",
    },
    "id": {
        "date": "kapan|tahun berapa",
        "number": "berapa",
        "person": "siapa",
        "place": "di mana|dimana|ke mana|dari mana",
        "reason": "mengapa|kenapa",
        "manner": "bagaimana",
        "other": "apa|apakah|manakah|yang mana",
    },
    "it": {
        "date": "quando|(?:in )?(?:che|quale) (?:anno|data|giorno|mese|secolo)",
        "number": "quant[oaie]|quale percentuale",
        "person": "chi",
        "place": "dove|(?:in )?(?:che|quale) (?:città|paese|luogo|stato|regione)",
        "reason": "perché|perche|come mai",
        "manner": "come",
        "other": "che|cosa|quale|quali|qual",
    },
    "ja": {
        "date": "いつ|何年|何月|何日|いつから",
        "number": "いくつ|いくら|何人|何個|何回|何枚|何本|何キロ|何時間"
        "|どのくらい|どれくらい|どれだけ|何パーセント",
        "person": "誰|だれ|どなた",
        "place": "どこ|何処",
        "reason": "なぜ|どうして|何故",
        "manner": "どのように|どうやって|どう",
        "other": "何|なに|どの|どんな|どれ",
    },
    "ko": {
        "date": "언제|몇 년|몇 월|며칠",
        "number": "몇|얼마",
        "person": "누구|누가",
        "place": "어디",
        "reason": "왜",
        "manner": "어떻게",
        "other": "무엇|무슨|어떤|어느",
    },
    "nl": {
        "date": "wanneer|(?:in )?welk jaar",
        "number": "hoe ?veel|hoe (?:lang|oud|groot|hoog|vaak|ver)",
        "person": "wie|wiens",
        "place": "waar|waarheen|waarvandaan|welke (?:stad|plaats)|welk land",
        "reason": "waarom",
        "manner": "hoe",
        "other": "wat|welk|welke",
    },
    "pl": {
        "date": "kiedy|w którym roku",
        "number": "ile|ilu|iloma",
        "person": "kto|kogo|komu|kim",
        "place": "gdzie|dokąd|skąd",
        "reason": "dlaczego|czemu",
        "manner": "jak|w jaki sposób",
        "other": "co|czego|jaki|jaka|jakie|który|która|które|czy|czym",
    },
    "pt": {
        "date": "quando|(?:em )?que (?:ano|data|dia|mês|século)",
        "number": "quant[oa]s?|que percentagem|qual (?:o número|a idade)",
        "person": "quem",
        "place": "onde|aonde|(?:em )?que (?:cidade|país|lugar|estado|região)",
        "reason": "por que|porque|porquê|por quê",
        "manner": "como",
        "other": "que|quê|o que|qual|quais",
    },
    "ro": {
        "date": "când|cand|în ce an",
        "number": "cât|câtă|câți|câte|cat|cati|cate",
        "person": "cine|cui|al cui",
        "place": "unde",
        "reason": "de ce",
        "manner": "cum",
        "other": "ce|care",
    },
    "ru": {
        "date": "когда|в каком (?:году|веке|месяце)|какого (?:числа|года)",
        "number": "сколько|скольких|скольким|как (?:долго|часто|далеко|много)|какой процент",
        "person": "кто|кого|кому|кем|ком|чей|чья|чьё|чьи",
        "place": "где|куда|откуда|в как(?:ом|ой) (?:городе|стране|месте|штате|регионе)",
        "reason": "почему|зачем|по какой причине|отчего",
        "manner": "как|каким образом",
        "other": "что|чего|чему|чем|каков|какова|каково|каковы|какой|какая|какое|какие|какого"
        "|какому|какую|каким|каком|каких|какими|назовите",
    },
    "sv": {
        "date": "när|vilket år",
        "number": "hur (?:många|mycket|länge|gammal|stor|ofta|lång)",
        "person": "vem|vilka|vems",
        "place": "var|vart|varifrån",
        "reason": "varför",
        "manner": "hur",
        "other": "vad|vilken|vilket",
    },
    "th": {
        "date": "เมื่อไร|เมื่อไหร่|เมื่อใด|ปีใด|ปีไหน|วันที่เท่าไร|ตั้งแต่เมื่อ",
        "number": "เท่าไร|เท่าไหร่|กี่",
        "person": "ใคร|ผู้ใด",
        "place": "ที่ไหน|ที่ใด",
        "reason": "ทำไม|เพราะเหตุใด",
        "manner": "อย่างไร",
        "other": "อะไร|ไหน|ใด",
    },
    "tr": {
        "date": "ne zaman|hangi (?:yıl|yılda|tarih|tarihte|gün|ay)|kaç yılında",
        "number": "kaç|kaçı|kaçtır|ne kadar|kaça|kaçıncı",
        "person": "kim|kime|kimi|kimin|kimdir|kimler|kimden",
        "place": "nerede|nereye|nereden|neresi|neresidir|nerededir|hangi (?:şehir|ülke|kent)\\w*",
        "reason": "neden|niçin|niye",
        "manner": "nasıl",
        "other": "ne|nedir|neyi|neye|neler|nelerdir|hangi|hangisi|hangileri|hangisidir|mi|mı|mu|mü",
    },
    "uk": {
        "date": "коли|(?:у|в) якому році",
        "number": "скільки",
        "person": "хто|кого|кому|ким|чий|чия",
        "place": "де|куди|звідки",
        "reason": "чому|навіщо",
        "manner": "як|яким чином",
        "other": "що|чого|який|яка|яке|які",
    },
    "vi": {
        "date": "khi nào|năm nào|ngày nào|bao giờ",
        "number": "bao nhiêu|mấy|bao lâu|bao xa",
        "person": "ai",
        "place": "ở đâu|đâu",
        "reason": "tại sao|vì sao",
        "manner": "như thế nào|thế nào|làm sao",
        "other": "gì|nào",
    },
    "zh": {
        "date": "什么时候|什麼時候|何时|何時|哪一年|哪年|几年|哪一天|什么时间|哪个世纪"
        "|何年|多久以前",
        "number": "多少|几个|几次|几年|几|多长|多大|多高|多远|多久|百分之几|何种比例",
        "person": "谁|誰|何人|哪个人|哪位|什么人",
        "place": "哪里|哪裡|哪儿|何处|在哪|何地|什么地方|哪个城市|哪个国家|哪个地方|哪座城市",
        "reason": "为什么|為什麼|为何|何以|什么原因",
        "manner": "怎么|怎麼|怎样|如何|怎麽",
        "other": "什么|什麼|哪些|哪个|哪種|哪种|哪|何|是否",
    },
}
_WORDS["no"] = _WORDS["da"] | {"date": "når|hvilket år", "other": "hva|hvilken|hvilket|hvilke"}


_OF_A_PATTERN = re.compile(r"[ ?()\[\]*\\]")


@cache
def _patterns(language: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    patterns = []
    for kind, words in _WORDS.get(language, {}).items():
        pattern = f"(?:{words})" if is_unspaced(words) else rf"(?<!\w)(?:{words})(?!\w)"
        patterns.append((kind, re.compile(pattern, re.I)))
    return tuple(patterns)


def kind_asked_for(text: str, language: str) -> str | None:
    """The kind of thing that a question asks for, as the value of a Kind; None if none is found."""
    return next((kind for kind, words in _patterns(language) if words.search(text)), None)


def asking_spans(text: str, language: str) -> Iterator[tuple[int, int]]:
    """Where words that ask stand in a question of a script without blanks."""
    for _, words in _patterns(language):
        for match in words.finditer(text):
            yield match.span()


@cache
def question_words(language: str) -> frozenset[str]:
    """The single words by which a language asks: they say nothing of what is asked for."""
    words = (word for found in _WORDS.get(language, {}).values() for word in found.split("|"))
    return frozenset(word for word in words if not _OF_A_PATTERN.search(word))
