"""Conversations: follow-ups are completed, and whole questions left alone."""

import pytest
from corpora import answerer_over, material
from hypothesis import given
from hypothesis import strategies as st

from retrieval.answer.answer import Answer, Verdict
from retrieval.answer.conversation import Conversation
from retrieval.questions.follow_ups import completed
from retrieval.questions.question import looks_like_a_question
from retrieval.questions.talk import is_talk, is_thanks, without_talk
from retrieval.questions.turns import Turn

VOTE = Turn("How did Mexico vote in 2012?", "in favor")
GREEN = Turn("Who visited Palestine from Mexico in 2000?", "Foreign Secretary Rosario Green")
GAZA = Turn("When did Rosario Green visit Gaza?", "2000")
TWIN = Turn("Which city is twinned with Ramallah?", "Toluca")
EMBASSY = Turn("When was the Palestinian embassy opened in Mexico City?", "2023")
MEETING = Turn("Where did Luis Echeverría meet Yasser Arafat?", "Alexandria")


@pytest.mark.parametrize(
    ("previous", "text", "understood"),
    [
        (VOTE, "And in 1947?", "How did Mexico vote in 1947?"),
        (VOTE, "in 1947?", "How did Mexico vote in 1947?"),
        (VOTE, "what about 1947", "How did Mexico vote in 1947?"),
        (GREEN, "Who was she?", "Who was Foreign Secretary Rosario Green?"),
        (GREEN, "what did she say", "what did Foreign Secretary Rosario Green say"),
        (GAZA, "Whom did she meet?", "Whom did Rosario Green meet?"),
        (GAZA, "And in 1999?", "When did Rosario Green visit Gaza in 1999?"),
        (GAZA, "What was his message?", "What was Rosario Green's message?"),
        (TWIN, "What about Bethlehem?", "Which city is twinned with Bethlehem?"),
        (TWIN, "and with Bethlehem?", "Which city is twinned with Bethlehem?"),
        (EMBASSY, "Where is it?", "Where is the Palestinian embassy?"),
        (EMBASSY, "What are its duties?", "What are the Palestinian embassy's duties?"),
        (MEETING, "Why?", "Why did Luis Echeverría meet Yasser Arafat?"),
        (MEETING, "And when?", "When did Luis Echeverría meet Yasser Arafat?"),
        (MEETING, "Who lives there?", "Who lives in Alexandria?"),
        (Turn("How much are apples?", "€2"), "And pears?", "How much are pears?"),
        (Turn("How much is a haircut?"), "and a beard trim?", "How much is a beard trim?"),
        (Turn("Can contractors work from home?"), "and staff?", "Can staff work from home?"),
        (
            Turn("Who is Yasser Arafat?", "PLO"),
            "Where did he live?",
            "Where did Yasser Arafat live?",
        ),
        (Turn("Who is Anna Berg?", "miller"), "Who visited her?", "Who visited Anna Berg?"),
        (Turn("When did Mexico open its office?", "2005"), "Where is it?", "Where is the office?"),
        (
            Turn("Who visited in 2013?", "Undersecretary Carlos de Icaza"),
            "What did he do?",
            "What did Undersecretary Carlos de Icaza do?",
        ),
        (
            Turn("How long is the notice period?", "four weeks"),
            "And during probation?",
            "How long is the notice period during probation?",
        ),
    ],
)
def test_a_follow_up_is_completed(previous: Turn, text: str, understood: str) -> None:
    """What it leaves out comes from the question before or its answer."""
    assert completed(text, previous).question == understood


@pytest.mark.parametrize("previous", [VOTE, GREEN, GAZA, TWIN, EMBASSY, MEETING, None])
@pytest.mark.parametrize(
    "text",
    [
        "What is the capital of Australia?",
        "Which Mexican city is twinned with Bethlehem?",
        "Did Arafat say where he was born?",
        "When did Mexico open its office in Ramallah?",
        "Is there an embassy in Ramallah?",
        "How many people were there in 1947?",
        "Can a tenant cancel if he moves out?",
        "Which countries said they would abstain?",
        "How do employees get their badges?",
        "Is it true that Mexico abstained?",
        "How long does it take to get a passport?",
        "What about the opening hours of it all, in summer and winter?",
        "Also what is the fee?",
        "really?",
        "ok thanks",
        "thanks",
        "hello",
        "Palestinian Mexicans",
        "",
    ],
)
def test_what_stands_alone_stays(previous: Turn | None, text: str) -> None:
    """A topic is never carried over to a whole question, nor to what is no question."""
    assert completed(text, previous).question == text


CHAINS = [
    [
        ("What does the treaty of Tlatelolco ban?", ""),
        ("thanks!", ""),
        ("who signed it?", "who signed the treaty of Tlatelolco?"),
    ],
    [
        ("When did Mexico and Palestine sign the Twinning Agreement?", ""),
        ("who signed it?", "who signed the Twinning Agreement?"),
    ],
    [
        ("Tell me about the peace treaty", ""),
        ("ok cool", ""),
        ("who signed it?", "who signed the peace treaty?"),
    ],
    [
        ("Which Mexican city is twinned with Bethlehem?", ""),
        ("Thanks! And with Ramallah?", "Which Mexican city is twinned with Ramallah?"),
        ("great, thanks", ""),
        ("thanks, what about Gaza?", "Which Mexican city is twinned with Gaza?"),
    ],
    [
        ("good bot", ""),
        ("with Bethlehem?", ""),
    ],
    [
        ("what does the Curves tool do", ""),
        ("and the Levels tool?", "what does the Levels tool do"),
    ],
    [
        ("what is the default page size?", ""),
        ("and cache size?", "what is the default cache size?"),
    ],
    [
        ("What is the default value of MaxRequestWorkers?", ""),
        ("and its maximum?", "What is MaxRequestWorkers's maximum?"),
        ("how do I increase it?", "how do I increase MaxRequestWorkers?"),
        ("on Windows?", "how do I increase MaxRequestWorkers on Windows?"),
        ("and for the worker MPM?", "how do I increase MaxRequestWorkers for the worker MPM?"),
    ],
    [
        ("What does KeepAlive do?", ""),
        ("what is its default?", "what is KeepAlive's default?"),
        ("how do I turn it off?", "how do I turn KeepAlive off?"),
        ("and for one virtual host?", "how do I turn KeepAlive off for one virtual host?"),
        ("what about HTTP/2?", "how do I turn HTTP/2 off?"),
        ("thanks!", ""),
        ("is it faster?", "is HTTP/2 faster?"),
    ],
    [
        ("how do i enable http compression", ""),
        ("does it work with images?", "does http compression work with images?"),
        ("what about old browsers?", "does http compression work with old browsers?"),
        ("and in .htaccess?", "does http compression work with old browsers in .htaccess?"),
        ("that worked, thanks", ""),
    ],
    [
        ("How do I run migrations?", ""),
        ("and undo them?", "How do I undo migrations?"),
        ("for one app only?", "How do I undo migrations for one app only?"),
        ("how do I squash them?", "how do I squash migrations?"),
        ("in Django 3?", "how do I squash migrations in Django 3?"),
    ],
    [
        ("How do I convert a video to GIF?", ""),
        ("with sound?", "How do I convert a video to GIF with sound?"),
        ("at 10 fps?", "How do I convert a video to GIF at 10 fps?"),
        ("and at a smaller size?", "How do I convert a video to GIF at a smaller size?"),
        ("does it loop?", "does the video loop?"),
    ],
    [
        ("What does -crf do?", ""),
        ("what is its range?", "what is -crf's range?"),
        ("and the default?", "What is -crf's default?"),
        ("what about -preset?", "What is -preset's default?"),
        ("which one is slowest?", ""),
    ],
    [
        ("How do I add a table to a SQLite database?", ""),
        ("and a column?", "How do I add a column to a SQLite database?"),
        ("can I rename it?", "can I rename the column?"),
        ("in version 3.25?", "can I rename the column in version 3.25?"),
        ("since when?", "Since when can I rename the column in version 3.25?"),
    ],
    [
        ("How do I sharpen a photo in GIMP?", ""),
        ("only a part of it?", "only a part of the photo?"),
        ("with a layer mask?", "How do I sharpen a photo in GIMP with a layer mask?"),
        ("how do I save it as PNG?", "how do I save the photo as PNG?"),
        ("and as JPEG?", "how do I save the photo as JPEG?"),
    ],
    [
        ("What is myhostname in Postfix?", ""),
        ("what is its default?", "what is myhostname's default?"),
        ("and mydomain?", "what is mydomain's default?"),
        ("how do I see their values?", "how do I see mydomain's values?"),
        ("great, that did it", ""),
    ],
    [
        ("How does asyncio.gather handle exceptions?", ""),
        ("and asyncio.wait?", "How does asyncio.wait handle exceptions?"),
        ("what does it return?", "what does asyncio.wait return?"),
        ("since which version?", "Since which version does asyncio.wait return?"),
        ("of course!", ""),
        ("by the way, how do I cancel it?", "how do I cancel asyncio.wait?"),
    ],
    [
        ("How much does membership cost?", ""),
        ("for students?", "How much does membership cost for students?"),
        ("and for children?", "How much does membership cost for children?"),
        ("in winter?", "How much does membership cost in winter?"),
        ("how do I pay?", ""),
        ("where?", "Where do I pay?"),
        ("and when?", "When do I pay?"),
    ],
    [
        ("How can I password protect a directory?", ""),
        ("with htpasswd?", "How can I password protect a directory with htpasswd?"),
        ("and a single file?", "How can I password protect a single file?"),
        ("how do I remove the password?", ""),
        ("what about nginx?", "how do I remove the password for nginx?"),
    ],
    [
        ("How long is the notice period for staff?", ""),
        ("and for managers?", "How long is the notice period for managers?"),
        ("for apprentices?", "How long is the notice period for apprentices?"),
        ("who decides that?", "who decides the notice period?"),
        ("it doesn't work", ""),
        ("why?", "Why: who decides the notice period?"),
    ],
    [
        ("hello", ""),
        ("default port of smtp", ""),
        ("for TLS?", "default port of smtp for TLS"),
        ("how do I change it?", "how do I change default port of smtp?"),
        ("can I?", ""),
        ("is it secure?", "is default port of smtp secure?"),
        ("why?", "Why is default port of smtp secure?"),
    ],
    [
        ("Which licenses are free?", ""),
        ("why?", "Why are licenses free?"),
        ("who wrote them?", "who wrote the licenses that are free?"),
    ],
    [
        ("Which directive limits the number of requests?", ""),
        (
            "what is its default?",
            "what is the default of the directive that limits the number of requests?",
        ),
        (
            "can it be unlimited?",
            "can the directive that limits the number of requests be unlimited?",
        ),
        ("and KeepAliveTimeout?", "can KeepAliveTimeout be unlimited?"),
    ],
    [
        ("How do I extract audio from a video?", ""),
        ("as mp3?", "How do I extract audio from a video as mp3?"),
        ("what about subtitles?", "How do I extract subtitles from a video?"),
    ],
]


@pytest.mark.parametrize("chain", CHAINS, ids=[chain[0][0] for chain in CHAINS])
def test_follow_ups_do_not_pile_up(chain: list[tuple[str, str]]) -> None:
    """Each keeps to the topic, and takes nothing from what the one before it added; what is "" is
    left as it is."""
    previous = None
    for text, understood in chain:
        previous = completed(text, previous)
        assert previous.question == (understood or text)


TALK = (
    "thanks!", "That did it, thanks!", "ok", "ok cool", "Great.", "it works now", "lol", "good bot",
    "hi", "Hello there!", "good morning everyone", "really?", "👍", "thank you, you saved my day",
    "thanks for the help", "perfect, that fixed my problem, thanks", "never mind", "how are you?",
    "Vielen Dank!", "danke für die Hilfe", "¡Muchas gracias!", "Buenos días", "merci beaucoup",
    "D’accord", "muito obrigada", "olá", "thanks, you saved my day", "No, thanks.", "nein danke",
    "thanks for version 1.5", "thanks <3", "thank you <3", "ok <3", "thanks :D", "thanks :)",
    "thanks ;-)", "thanks xD", "thanks :P", "<3", "thanks <3<3!", "thanks :heart:", ":+1: thanks",
    "thanks <:heart:123>", "thanks <a:party_cat:123>", "thanks <@123>", "<@!123> thank you :D",
    "thank u so much!!", "many thanks", "thankyou", "thnx", "I appreciate it", "bad bot",
    "danke dir", "vielen lieben Dank", "tausend Dank", "¡muchísimas gracias!", "hallo zusammen",
    "hola a todos", "¿qué tal?", "ça va ?", "tudo bem?", "gracias, eso fue todo", "that is all",
    "that's all, thanks",
)  # fmt: skip


@pytest.mark.parametrize("text", TALK)
def test_what_is_said_becomes_no_question(text: str) -> None:
    """Nor does it end the topic: the next question is completed as if it had not been said."""
    first = Turn("What does KeepAlive do?", "keeps connections open")
    assert is_talk(text)
    said = completed(text, first)
    assert said.question == text
    assert completed("is it safe?", said).question == "is KeepAlive safe?"


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("thanks! and how long is the notice period?", "and how long is the notice period?"),
        ("Thank you. Who signed the lease?", "Who signed the lease?"),
        ("hello, when did Mexico open its office", "when did Mexico open its office"),
        ("merci, et pour les étudiants ?", "et pour les étudiants ?"),
        ("How do I turn it off?\nThanks in advance!", "How do I turn it off?"),
        ("how do I enable gzip, thanks", "how do I enable gzip"),
        ("I need the notice period, thanks", "I need the notice period"),
        ("Mexican city twinned with Bethlehem, thanks", "Mexican city twinned with Bethlehem"),
        ("opening hours, thanks", "opening hours"),
        ("Login fails after update. Thanks!", "Login fails after update."),
        ("I cannot log in, thanks", "I cannot log in"),
        ("must I pay, thanks", "must I pay"),
        ("compare Apache and nginx, thanks in advance!", "compare Apache and nginx"),
        (
            "Thanks for the info, now the deadline for students",
            "now the deadline for students",
        ),
        ("no thanks, the treaty of 1947", "the treaty of 1947"),
        ("Ramallah, thanks", "Ramallah"),
        ("1947, thanks", "1947"),
        ("Thanks! 2014?", "2014?"),
        ("thanks, version 1.5", "version 1.5"),
        ("ok, is it good?", "is it good?"),
        ("Wer hat unterschrieben, danke", "Wer hat unterschrieben"),
        ("Kann ich hier parken, danke", "Kann ich hier parken"),
        ("Danke! Kündigungsfrist für Studenten", "Kündigungsfrist für Studenten"),
        ("dónde firmo, gracias", "dónde firmo"),
        ("Gracias, plazo de entrega", "plazo de entrega"),
        ("où signer, merci", "où signer"),
        ("délai de préavis, merci beaucoup !", "délai de préavis"),
        ("thanks <3 when did it open?", "when did it open?"),
        ("How do I turn it off? thanks :D", "How do I turn it off?"),
        ("Obrigado, qual é o prazo", "qual é o prazo"),
        ("prazo de entrega, muito obrigada", "prazo de entrega"),
        *(
            (text, text)
            for text in (
                "thank you letter template",
                "Who thanks whom?",
                "is it good?",
                "was it good",
                "and is it good?",
                "What is the German word for: thank you?",
                "Who wrote: Thank you?",
                "How do you say: thank you",
                "Which song is it, Thank You?",
                "help",
                "Hello World program",
                "right to repair",
                "nice value of a process",
                "hi-res images",
                "Thanksgiving holidays",
                "No. 5",
                "please list the documents",
                "ok button",
                "... and in 2012?",
                "Good Friday, opening hours",
                "",
                " ",
                "is it",
                "is that all?",
                "what is <3?",
                "version <3",
                "no <3.5",
                ":ref:",
                "std::thanks:",
                "ok :30",
                "tudo bem com o prazo",
            )
        ),
    ],
)
def test_a_question_with_thanks_is_one(text: str, asked: str) -> None:
    """What only looks like talk is asked, and without the talk around it; nothing else changes."""
    assert not is_talk(text)
    assert without_talk(text) == asked


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("tell me more about the lease", True),
        ("please explain the notice period", True),
        ("nice, tell everybody", False),
        ("office hours?", True), ("when does it open", True), ("wann wurde es eröffnet", True),
        ("seit wann gibt es das Büro", True), ("Welche Stadt ist es", True),
        ("¿cuántos países votaron", True), ("en qué año votó México", True),
        ("qui a signé le traité", True), ("qu’est-ce que le traité", True),
        ("quando foi aberta a embaixada", True), ("em que ano", True),
        ("I was in Mexico last summer", False), ("ich war in Mexiko", False),
        ("creo que sí", False), ("c'est bien", False), ("acho que sim", False), ("", False),
    ],
)  # fmt: skip
def test_what_looks_like_a_question(text: str, asks: bool) -> None:
    """A mark, or a word that asks, in the languages in which talk is known."""
    assert looks_like_a_question(text) is asks


def test_a_year_behind_thanks_is_completed() -> None:
    """It is a follow-up as it would be without them."""
    previous = Turn("How did Mexico vote in 2012?", "in favor")
    for text in ("2014?", "Thanks! 2014?", "2014, thanks"):
        assert completed(text, previous).question == "How did Mexico vote in 2014?"


@pytest.mark.parametrize(
    ("text", "thanks"),
    [
        ("thanks for the help", True), ("merci, salut", True), ("no problem, thanks", True),
        ("thanks <3", True), ("I appreciate it :)", True), ("no thanks <3", False),
        ("no thanks", False), ("No, thank you!", False), ("nein danke", False),
        ("no, gracias", False), ("non merci", False), ("não, obrigado", False), ("ok", False),
    ],
)  # fmt: skip
def test_who_declines_with_thanks_does_not_thank(text: str, thanks: bool) -> None:
    """Nobody is told that they are welcome then."""
    assert is_talk(text)
    assert is_thanks(text) is thanks


def test_what_is_long_is_no_follow_up() -> None:
    """It says everything, and costs no time, however long it is."""
    text = f"And in {'a' * 1_000_000}?"
    assert completed(text, Turn("What does KeepAlive do?")) == Turn(text)


def test_a_name_that_answers_is_the_topic() -> None:
    """After "which", the next question is about what was found."""
    asked = completed("Which directive limits requests?", None).answered("MaxRequestWorkers")
    assert completed("what is its default?", asked).question == (
        "what is MaxRequestWorkers's default?"
    )


@given(st.text(max_size=50), st.text(max_size=50), st.none() | st.text(max_size=20))
def test_any_text_can_follow_any_other(text: str, question: str, short: str | None) -> None:
    """Whatever was typed, a question comes of it."""
    understood = completed(text, Turn(question, short))
    assert isinstance(completed(question, understood), Turn)


def test_a_conversation_goes_on() -> None:
    """Each question is completed from the one before, and answered as if typed whole."""
    answerer = answerer_over(material())
    conversation = Conversation(answerer.answer)
    assert conversation.ask("How did Mexico vote in 2012?").short_answer
    again = conversation.ask("And in 1947?")
    assert again == answerer.answer("How did Mexico vote in 1947?")
    assert "29 November 1947" in (again.text or "")
    assert conversation.ask("What is the capital of Australia?").citations == ()


@pytest.mark.parametrize(
    ("question", "follow_up", "is_answered"),
    [
        ("Which Mexican city is twinned with Bethlehem?", "and with Ramallah?", True),
        ("Which Mexican city is twinned with Bethlehem?", "what about the weather?", False),
        ("Which Mexican city is twinned with Bethlehem?", "what about Ramalah?", True),
        ("How did Mexico vote in 2012?", "and at UNESCO?", True),
        ("How did Mexico vote in 2012?", "And in 1947?", True),
        ("How much did Mexico donate to the World Food Programme?", "what about UNICEF?", False),
        ("How much did Mexico donate to the World Food Programme?", "and in Brazil?", False),
    ],
)
def test_what_a_follow_up_adds_is_in_its_answer(
    question: str, follow_up: str, is_answered: bool
) -> None:
    """The words of the question before find what answered that, and say nothing of the new ones."""
    conversation = Conversation(answerer_over(material()).answer)
    first = conversation.ask(question)
    assert first.verdict is Verdict.ANSWERED
    then = conversation.ask(follow_up)
    assert (then.verdict is Verdict.ANSWERED) == is_answered
    if not is_answered:
        assert [one.section for one in then.withheld] == [one.section for one in first.citations]
        assert then.nearest[0].section == first.citations[0].section
        assert len({one.section for one in then.nearest}) == len(then.nearest) <= 3


def test_talk_is_never_searched_for() -> None:
    """It is declined without a search, and the next question follows on from the one before."""
    asked = []

    def ask(text: str, limit: int) -> Answer:
        asked.append(text)
        return Answer(text, Verdict.DECLINED, 0.5, (), ())

    conversation = Conversation(ask)
    conversation.ask("Which Mexican city is twinned with Bethlehem?")
    said = conversation.ask("thanks!")
    assert (said.question, said.verdict, said.confidence) == ("thanks!", Verdict.DECLINED, 0)
    conversation.ask("and with Ramallah?")
    assert asked == [
        "Which Mexican city is twinned with Bethlehem?",
        "Which Mexican city is twinned with Ramallah?",
    ]
