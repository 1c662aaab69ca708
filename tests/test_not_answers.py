"""What looks like an answer and is none: questions, contents, and the same text again."""

from corpora import answerer_over, document, passages_from

from retrieval.answer.answer import Answer


def _quoted(answer: Answer) -> str:
    return "\n".join(citation.quote for citation in answer.best_quotes)


def test_a_question_is_no_answer_to_itself() -> None:
    """A text that only asks is found, and what answers is quoted."""
    asked = "How do I reset the password?\n\nWhere are the logs of the server kept?\n"
    told = "# Logs\n\nThe logs of the server are kept in the folder var, for a week at most.\n"
    documents = [document(asked, "questions.txt"), document(told, "logs.md")]
    answer = answerer_over(*documents).answer("Where are the logs of the server kept?")
    assert _quoted(answer).startswith("The logs of the server are kept in")
    alone = answerer_over(document(asked, "questions.txt")).answer("How do I reset the password?")
    assert not alone.best_quotes


def test_contents_in_markdown_are_not_quoted() -> None:
    """Items that are nothing but links answer nothing; one with words beside the link may."""
    text = (
        "# Mail\n\n- [What is backscatter mail?](a.md)\n- [How do I stop it?](b.md)\n\n"
        "# Backscatter\n\nBackscatter mail is what a server sends to a forged sender.\n\n"
        "- [Backscatter](c.md) ends when the server checks recipients.\n"
    )
    answer = answerer_over(document(text, "a.md")).answer("What is backscatter mail?")
    assert "forged sender" in _quoted(answer)
    assert "](a.md)" not in _quoted(answer)
    other = answerer_over(document(text, "a.md")).answer("When does backscatter end?")
    assert "checks recipients" in _quoted(other)


def test_links_below_a_heading_that_asks_answer_nothing() -> None:
    """Such a heading lends its confidence to nothing else."""
    page = (
        "<h1>Widget</h1><h2>How do I install the widget?</h2><p><a href=i.html>Installing</a></p>"
        "<h2>History</h2><p>The widget was made in 1999 by people who liked widgets.</p>"
    )
    answer = answerer_over(document(page, "a.html")).answer("How do I install the widget?")
    assert answer.confidence < 0.9


def test_a_list_below_a_heading_that_asks_is_marked() -> None:
    """All its items answer."""
    items = ["Download the archive.", "Unpack it.", "Run setup."]
    text = "# Widget\n\n## How do I install the widget?\n\n" + "\n".join(f"- {i}" for i in items)
    answer = answerer_over(document(text, "a.md")).answer("How do I install the widget?")
    assert [citation.marked for citation in answer.citations] == items


def test_paragraphs_are_marked_whatever_ends_their_lines() -> None:
    """Every answer has a mark in each kind of text file."""
    text = "# T\n\nThe widget has a red button on it.\n\nThe widget has a blue button too.\n"
    for end in ("\n", "\r\n", "\r"):
        read = document(text.replace("\n", end), "a.md")
        answer = answerer_over(read).answer("Which button does the widget have?")
        assert any(citation.marks for citation in answer.best_quotes)


def test_what_is_cited_is_no_closest_section() -> None:
    """A part of the quote that stands on another page is not shown again."""
    one = "The flux capacitor needs 1.21 gigawatts of power."
    first = document(f"# Power\n\n{one}\n", "a.md")
    second = document(f"# Notes\n\n{one} It is said that lightning would do as well.\n", "b.md")
    answer = answerer_over(first, second).answer("How much power does the flux capacitor need?")
    told = " ".join(citation.quote for citation in answer.citations)
    assert all(one not in near.quote for near in answer.nearest if told)


def test_a_copy_on_another_page_does_not_take_the_place() -> None:
    """Of one text in two places one hit stays, where the better of them was."""
    text = "The flux capacitor needs 1.21 gigawatts of power whenever it is used."
    filler = [
        document(
            f"# Part {n}\n\nMuch power is needed, and the capacitor {n} is large.\n", f"{n}.md"
        )
        for n in range(30)
    ]
    read = [document(f"# Flux capacitor power\n\n{text}\n", "a.md"), *filler]
    asked = "How much power does the flux capacitor need?"
    before = answerer_over(*read).answer(asked)
    after = answerer_over(*read, document(f"# Appendix\n\n{text}\n", "zz.md")).answer(asked)
    assert before.hits[0].passage.text == after.hits[0].passage.text == text
    assert sum(hit.passage.text == text for hit in after.hits) == 1
    ranks = [hit.rank for hit in answerer_over(*read).search("power capacitor", 100)]
    assert ranks == list(range(1, len(ranks) + 1))


def test_an_anchor_of_a_term_is_not_that_of_the_section() -> None:
    """What follows a list of terms in a section leads to the section."""
    long = "It is the longest of all, and it needs a great many words to be told in full. " * 4
    page = (
        f"<h2 id=opts>Options</h2><dl><dt id=alpha>alpha</dt><dd>{long}</dd></dl>"
        "<p>Zebras are not options, and nothing here says so but this.</p>"
    )
    answer = answerer_over(document(page, "a.html")).answer("Are zebras options?")
    assert {hit.passage.text[:4]: hit.passage.anchor for hit in answer.hits} == {
        "alph": "alpha",
        "Zebr": "opts",
    }


def test_what_is_left_out_of_a_block_is_told() -> None:
    """An item from the middle of a long list does not read as if it stood right below the lead."""
    items = [
        f"Part {n} of the loom is made of oak from the hills near Ulm, {n} feet." for n in range(60)
    ]
    text = "The parts of the loom:\n\n" + "".join(f"- {item}\n" for item in items)
    answer = answerer_over(document(text, "a.md")).answer("What is part 41 of the loom made of?")
    lead, first, *others = answer.best_quotes
    assert lead.introduces
    assert not lead.skips
    assert first.skips
    assert not any(citation.skips for citation in others)


def test_a_definition_is_quoted_without_a_gap() -> None:
    """Sentences of one definition that fit are quoted with what stands between them."""
    between = "Between them stands a sentence about nothing that was asked, and it is not short."
    told = "It can open files of the kind PSD."
    long = "It does many other things that nobody here asked about, on some days. " * 6
    page = f"<dl><dt>PSD</dt><dd>{told} {between} {told[:-1]} files too. {long}</dd></dl>"
    answer = answerer_over(document(page, "a.html")).answer("can it open PSD files?")
    assert not any(citation.skips for citation in answer.best_quotes)


def test_no_part_of_a_listing_is_quotable() -> None:
    """A listing of source that is cut since it is long is none the more quotable."""
    code = "\n\n".join(f"def part_{n}(loom):\n    return loom.oil(part={n})" for n in range(200))
    page = (
        "<h1>Source code for loom</h1><pre>import oil\n\n<div class='viewcode-block' id='part_0'>"
        f"<a class='viewcode-back' href='#'>[docs]</a>{code}</div></pre>"
    )
    listing = document(page, "loom.html")
    assert not any(unit.is_quotable for passage in passages_from(listing) for unit in passage.units)
    assert len(passages_from(listing)) > 1
