"""Conversations: follow-ups are completed, and whole questions left alone."""

import pytest
from corpora import answerer_over, material
from hypothesis import given
from hypothesis import strategies as st

from retrieval.answer.conversation import Conversation
from retrieval.questions.follow_ups import Turn, completed

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
    assert completed(text, previous) == understood


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
    assert completed(text, previous) == text


@given(st.text(max_size=50), st.text(max_size=50), st.none() | st.text(max_size=20))
def test_any_text_can_follow_any_other(text: str, question: str, short: str | None) -> None:
    """Whatever was typed, a question comes of it."""
    assert isinstance(completed(text, Turn(question, short)), str)


def test_a_conversation_goes_on() -> None:
    """Each question is completed from the one before, and answered as if typed whole."""
    answerer = answerer_over(material())
    conversation = Conversation(answerer.answer)
    assert conversation.ask("How did Mexico vote in 2012?").short_answer
    again = conversation.ask("And in 1947?")
    assert again == answerer.answer("How did Mexico vote in 1947?")
    assert "29 November 1947" in (again.text or "")
    assert conversation.ask("What is the capital of Australia?").citations == ()
