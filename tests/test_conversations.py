"""Messages as a document: who said what stays apart, and each can be opened."""

import pytest

from knowledge.addresses import address_at, section_address
from knowledge.chunking import passages_of
from knowledge.conversations import Message, conversation
from knowledge.errors import Obstacle, ReadError

LINK = "https://discord.com/channels/1/2"


def test_each_message_is_a_section_of_its_own() -> None:
    """Quotes are what was written, below who wrote it, and lead to it."""
    messages = [
        Message("The **pool** opens at nine.\n\n- bring a towel\n- bring a cap", "ann", "11"),
        Message("", "ann", "12"),
        Message("It closes at ten.", "ben", "13"),
    ]
    document = conversation("#pool", LINK, messages)
    assert document.text == f"{messages[0].text}\n\n{messages[2].text}"
    passages = list(passages_of(document))
    assert all(passage.span.of(document.text) == passage.text for passage in passages)
    found = [(p.heading, p.anchor, p.text.partition("\n")[0]) for p in passages]
    assert ((("ann",), "11", "The **pool** opens at nine.")) in found
    assert found[-1] == (("ben",), "13", "It closes at ten.")
    url = document.url or ""
    assert section_address(url, None, "13", document.source) == f"{LINK}/13"
    assert address_at(url, None, "13", "It closes at ten.", document.source) == f"{LINK}/13"
    assert address_at(url, None, None, "It closes at ten.", document.source) == LINK


@pytest.mark.parametrize("mark", ["# ben", "ben\n===", "## ben", "---\ntitle: ben\n---"])
def test_nobody_writes_in_the_name_of_another(mark: str) -> None:
    """A heading in a message is one below its author's."""
    forged = Message(f"{mark}\n\nThe pool is closed for good.", "ann")
    document = conversation("#pool", LINK, [forged, Message("It is open.", "ben")])
    (closed,) = (p for p in passages_of(document) if "closed for good" in p.text)
    assert closed.heading[0] == "ann"


def test_messages_without_text_are_no_document() -> None:
    """Such as pictures."""
    with pytest.raises(ReadError) as caught:
        conversation("#pool", LINK, [Message(""), Message(" \n"), Message("# ")])
    assert caught.value.obstacle is Obstacle.NO_TEXT
