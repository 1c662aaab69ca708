"""Languages other than English: told by the text, read by their own endings and stop words."""

import re
import unicodedata
from dataclasses import replace

import pytest
from corpora import answerer_over, document
from hypothesis import given
from hypothesis import strategies as st

from knowledge.chunking import passages_of
from knowledge.languages import UNSPACED, is_unspaced, language_of
from retrieval.answer.answer import Answer
from retrieval.evaluation import measures
from retrieval.questions.question import Kind, Question, readings_of
from retrieval.text.tokens import analysed, located_terms, terms, tokens, unpacked

# One short text of each, about the same library; the second sentence answers.
TEXTS = {
    "ar": "المكتبة مفتوحة كل يوم. تأسست المكتبة في عام ١٩٨٧ على يد ليلى حداد. الدخول مجاني.",
    "de": "Die Bibliothek ist täglich geöffnet. Sie wurde 1987 von Ottilie Maier gegründet. Der"
    " Eintritt ist frei.",
    "el": "Η βιβλιοθήκη είναι ανοιχτή. Ιδρύθηκε το 1987 από την Ελένη Δήμου. Η είσοδος είναι"
    " ελεύθερη.",
    "en": "The library is open every day. It was founded in 1987 by Ottilie Marsh. Entry is free.",
    "es": "La biblioteca está abierta cada día. Fue fundada en 1987 por Otilia Vega. La entrada es"
    " gratuita.",
    "fr": "La bibliothèque est ouverte chaque jour. Elle a été fondée en 1987 par Odile Marchand."
    " L'entrée est libre.",
    "he": "הספרייה פתוחה בכל יום. היא נוסדה בשנת 1987 על ידי אורית לוי. הכניסה חופשית.",
    "hi": "पुस्तकालय हर दिन खुला रहता है। इसकी स्थापना १९८७ में ओमना देवी ने की थी। प्रवेश निःशुल्क है।",
    "ja": "図書館は毎日開いています。図書館は1987年に松本花子が設立しました。入場は無料です。",
    "ko": "도서관은 매일 문을 엽니다. 도서관은 1987년에 김옥희가 설립했습니다. 입장은 무료입니다.",
    "ru": "Библиотека открыта каждый день. Её основала в 1987 году Ольга Белова. Вход свободный.",
    "th": "ห้องสมุดเปิดทุกวันตั้งแต่เก้าโมงเช้าถึงห้าโมงเย็นสำหรับทุกคนในหมู่บ้าน"
    " ห้องสมุดก่อตั้งขึ้นในปี 1987 โดยอรทัย สุขใจ ซึ่งเป็นครูของโรงเรียน"
    " การเข้าชมไม่เสียค่าใช้จ่ายสำหรับผู้มาเยือนทุกคน",
    "tr": "Kütüphane her gün açıktır. Kütüphaneyi 1987'de Oya Demir kurdu. Giriş ücretsizdir.",
    "zh": "图书馆每天开放。图书馆由欧阳梅于1987年创立。入场免费。",
}

QUESTIONS = {
    "ar": ("متى تأسست المكتبة؟", "١٩٨٧"),
    "de": ("Wann wurde die Bibliothek gegründet?", "1987"),
    "el": ("Πότε ιδρύθηκε;", "1987"),
    "en": ("Who founded the library?", "Ottilie Marsh"),
    "es": ("¿Quién fundó la biblioteca?", "Otilia Vega"),
    "fr": ("Quand a été fondée la bibliothèque ?", "1987"),
    "he": ("מתי נוסדה הספרייה?", "1987"),
    "hi": ("पुस्तकालय की स्थापना कब हुई?", "१९८७"),
    "ja": ("図書館はいつ設立されましたか？", "1987"),
    "ko": ("도서관은 언제 설립했습니까?", "1987"),
    "ru": ("Кто основал библиотеку?", "Ольга Белова"),
    "th": ("ห้องสมุดก่อตั้งขึ้นเมื่อไร", "1987"),
    "tr": ("Kütüphaneyi kim kurdu?", "Oya Demir"),
    "zh": ("图书馆是哪一年创立的？", "1987"),
}


@pytest.mark.parametrize("language", TEXTS)
def test_the_language_is_told_by_the_text(language: str) -> None:
    """A document is read in the language that its text is in."""
    assert language_of(TEXTS[language]) == language
    assert document(TEXTS[language]).language == language


@pytest.mark.parametrize(
    "text",
    ["", "1234", "Installation", "README", "silver silver silver oil", "def f(): pass", "🎉"],
)
def test_what_is_too_short_to_tell_is_english(text: str) -> None:
    """A few words in Latin letters are read as English, whatever they might be."""
    assert language_of(text) == "en"


@pytest.mark.parametrize("language", TEXTS)
def test_sentences_end_as_they_do_in_the_language(language: str) -> None:
    """Each sentence can be quoted by itself."""
    (passage,) = passages_of(document(TEXTS[language]))
    assert len(passage.units) == 3


def _quoted(answer: Answer) -> str:
    return "\n".join(citation.marked for citation in answer.best_quotes)


@pytest.mark.parametrize("language", QUESTIONS)
def test_a_question_is_answered_in_each_language(language: str) -> None:
    """The right sentence fits best, with a neighbour at most."""
    question, held = QUESTIONS[language]
    quoted = _quoted(answerer_over(document(TEXTS[language])).answer(question))
    assert held in quoted
    assert len(quoted) < len(TEXTS[language])


@pytest.mark.parametrize("language", QUESTIONS)
def test_a_question_is_read_in_the_languages_of_the_documents(language: str) -> None:
    """Among documents in all languages, the one in that of the question answers."""
    documents = [document(text, f"{name}.txt") for name, text in TEXTS.items()]
    question, held = QUESTIONS[language]
    answer = answerer_over(*documents).answer(question)
    assert answer.hits[0].passage.document_id == f"{language}.txt"
    assert held in _quoted(answer)


def test_a_page_that_is_taken_for_another_language_does_not_win_by_stop_words() -> None:
    """Where the question is Spanish, its stop words find nothing in a page read as Portuguese."""
    text = "La casa es de la ciudad, y en la ciudad es que la casa se hizo por el alcalde."
    misread = replace(document(text, "misread.txt"), language="pt")
    documents = [document(TEXTS["es"], "es.txt"), misread]
    answer = answerer_over(*documents).answer("¿Por quién fue fundada la biblioteca en la ciudad?")
    assert answer.hits[0].passage.document_id == "es.txt"
    assert readings_of("¿Quién es de la casa?", ["es", "pt"])["pt"].terms == ["cas"]


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("de", "Häuser", "Hauses"),
        ("de", "größten", "Größte"),
        ("es", "fundación", "fundacion"),
        ("fr", "l'école", "écoles"),
        ("it", "dell’arte", "arte"),
        ("tr", "Ankara'nın", "ankara"),
        ("tr", "İSTANBUL", "istanbul"),
        ("ru", "библиотеки", "библиотекой"),
        ("ru", "зелёный", "зеленый"),
        ("ar", "المكتبة", "مكتبة"),
        ("ar", "أحمد", "احمد"),
        ("ar", "مُحَمَّد", "محمد"),
        ("ar", "١٩٨٧", "1987"),
        ("fa", "کتاب", "كتاب"),
        ("he", "שָׁלוֹם", "שלום"),
        ("hi", "१९८७", "1987"),
        ("hi", "फ़िल्म", "फिल्म"),
        ("de", "1.200.000", "1200000"),
        ("de", "3,5", "3.5"),
        ("ja", "ＡＢＣ", "abc"),
        ("ja", "カ\u3099", "ガ"),
        ("zh", "２０１２年", "2012年"),
    ],
)
def test_forms_of_a_word_meet(language: str, one: str, other: str) -> None:
    """A word is one term in any of its forms, with or without accents, in digits of any script."""
    assert terms(one, language) == terms(other, language) != []


@pytest.mark.parametrize(
    ("language", "text"),
    [("de", "Wann wurde die"), ("es", "¿Qué es la"), ("ru", "Кто и где"), ("tr", "kim ve nasıl")],
)
def test_words_that_ask_say_nothing(language: str, text: str) -> None:
    """Question words and other stop words of a language are no content."""
    assert terms(text, language) == []


@pytest.mark.parametrize(
    ("language", "text", "kind"),
    [
        ("de", "Wann wurde das Haus gebaut?", Kind.DATE),
        ("de", "Wie viele Räume gibt es?", Kind.NUMBER),
        ("es", "¿Quién construyó la casa?", Kind.PERSON),
        ("fr", "Où se trouve la maison ?", Kind.PLACE),
        ("ru", "Почему закрыли дом?", Kind.REASON),
        ("zh", "房子是谁建的？", Kind.PERSON),
        ("ja", "家はどこにありますか？", Kind.PLACE),
        ("ar", "كم عدد الغرف؟", Kind.NUMBER),
        ("hi", "घर कब बनाया गया?", Kind.DATE),
        ("tr", "Ev nasıl yapıldı?", Kind.MANNER),
        ("no", "Når ble huset bygget?", Kind.DATE),
        ("eu", "Noiz eraiki zen etxea?", Kind.OTHER),
    ],
)
def test_what_is_asked_for_is_told_by_the_words_of_the_language(
    language: str, text: str, kind: Kind
) -> None:
    """The kind of answer is known in the languages that have a list of question words."""
    assert Question(text, language).kind is kind


@given(
    st.text(st.sampled_from("図書館は毎日หองสมุด ็도서관 a1-.")), st.sampled_from(["en", "ja", "zh"])
)
def test_words_are_kept_as_they_are_read(text: str, language: str) -> None:
    """What the index keeps of a text's words is what reading it again gives."""
    kept = analysed(text, language)
    assert unpacked(*kept.packed()) == located_terms(text, language) == kept[:2]


@given(st.text(st.sampled_from("図書館毎日開放免費入場")))
def test_pairs_of_letters_follow_each_other(text: str) -> None:
    """A run of letters without blanks gives each pair of neighbours; a single letter itself."""
    pairs = [text[n : n + 2] for n in range(len(text) - 1)] or ([text] if text else [])
    assert [text[word.start : word.end] for word in tokens(text, "zh")] == pairs


@given(
    st.text(st.sampled_from("한국어도서관ガギ éü"), max_size=20),
    st.sampled_from(["en", "de", "ko"]),
)
def test_composed_and_decomposed_letters_meet(text: str, language: str) -> None:
    """A letter gives the same terms as one character or as several."""
    composed, decomposed = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    assert terms(composed, language) == terms(decomposed, language)


def test_no_repair_without_knowing_the_words() -> None:
    """Where the documents are in another language, a form of a word is not taken for a typo."""
    german = document("Der Gärtner pflegt die Rosen. Die Gärtnerei öffnet um neun Uhr morgens.")
    answer = answerer_over(german).answer("Wer pflegte die Rose des Gärtners?")
    assert answer.repairs == ()
    mended = answerer_over(german).answer("Wann öffnet die Gätrnerei?")
    assert [repair.read_as for repair in mended.repairs] == ["Gärtnerei"]


@pytest.mark.parametrize(
    ("language", "text", "gold", "held"),
    [
        ("tr", "1944'teki isyan", "1944", 1.0),
        ("ar", "في شارع كونفيكتورسكا، شمال", "شارع كونفيكتورسكا", 1.0),
        ("zh", "主场位于Konwiktorska 大街，从", "Konwiktorska大街", 1.0),
        ("zh", "华沙的第一家", "第二家", 0.0),
        ("de", "Das Haus – es stand", "es", 1.0),
        ("de", "Das Haus", "Hau", 0.0),
    ],
)
def test_answers_are_compared_as_the_language_writes(
    language: str, text: str, gold: str, held: float
) -> None:
    """Punctuation of every script parts words, and letters without blanks are words."""
    assert measures.contains(text, [gold], language) == held
    assert measures.exact_match(gold, [gold], language) == 1
    assert measures.f1(gold, [gold], language) == 1


@pytest.mark.parametrize("bounds", re.findall(".-.", UNSPACED))
def test_letters_of_scripts_without_blanks_are_known(bounds: str) -> None:
    """At both ends of each stretch of them, whatever stands before it."""
    for letter in (bounds[0], bounds[-1]):
        assert is_unspaced(f"An “é” – {letter}")
    assert not is_unspaced("An “é” – Ελλάδα Привет שלום नमस्ते ― → ✓")
