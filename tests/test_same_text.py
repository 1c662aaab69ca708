"""The same text in several places: hits of one text stand as one."""

from corpora import answerer_over, document

ROPES = "Ropes of hemp hold a boat of eight metres in a storm. They last for two years."


def test_hits_of_one_text_stand_as_one() -> None:
    """Two pages have a paragraph, its lines broken elsewhere, a third has another one."""
    pages = [
        document(f"<h1>Boats</h1><p>{ROPES}</p>", "boats.html"),
        document(f"# All\n\n{ROPES.replace(' in ', chr(10) + 'in ')}\n", "all.md"),
        document("# Chains\n\nChains hold a boat in a storm where ropes do not.\n", "chains.md"),
    ]
    answer = answerer_over(*pages).answer("Which ropes hold a boat in a storm?")
    texts = [" ".join(hit.passage.text.split()) for hit in answer.hits]
    assert sorted(texts) == sorted({ROPES, "Chains hold a boat in a storm where ropes do not."})
    assert [hit.rank for hit in answer.hits] == [1, 2]


def test_the_best_place_of_a_text_stays() -> None:
    """Of two sections that say the same, the one whose heading was asked for."""
    text = "# Town\n\n## Harbour\n\nOpen from eight to six.\n\n## Mill\n\nOpen from eight to six.\n"
    answer = answerer_over(document(text, "a.md")).answer("When is the mill open?")
    assert [hit.passage.heading for hit in answer.hits] == [("Mill",)]


def test_the_page_that_is_closest_stays() -> None:
    """Not one that holds all chapters, which has other hits too."""
    chains = "Chains hold a boat in a storm where ropes do not."
    pages = [
        document(f"# All\n\n## Ropes\n\n{ROPES}\n\n## Chains\n\n{chains}\n", "all.md"),
        document(f"# Ropes\n\n{ROPES}\n", "ropes.md"),
    ]
    answer = answerer_over(*pages).answer("Which ropes hold a boat in a storm?")
    places = {" ".join(hit.passage.text.split()): hit.passage.document_id for hit in answer.hits}
    assert places[ROPES].endswith("ropes.md")
    assert len(places) == len(answer.hits) == 2
