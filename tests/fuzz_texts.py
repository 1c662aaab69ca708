"""Targets of tests/fuzzing.py: what people type and set, and what is kept of them.

What cannot be used is refused by an error of the project's own; what is shown stays text.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import cache
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.discord.attachments import LONGEST_NAME, name_of
from bot.discord.controls import Action, BrokenControlError, Control, control_of, reading_of
from bot.discord.hearing import without_mentions
from bot.discord.markdown import code_block, emphasised, escaped, link, shortened, unescaped
from bot.discord.taught import Taught, UnteachableError, checked, documents_of
from bot.discord.written import Written, document_of_thread, packed, unpacked
from bot.locations import LocationError, find_location
from bot.presentation import block_lines, harmless
from bot.settings import SettingsError, read_settings
from bot.talk import asks_for_help, said_back
from bot.terminal.blocks import block_text
from knowledge.errors import ReadError
from knowledge.loading import read_text
from retrieval.answer.answer import Verdict
from retrieval.answer.finding import QuestionError
from retrieval.collection import Collection
from retrieval.evaluation.question_sets import PACKAGED, QuestionSetError, read_question_set
from retrieval.index.checksums import SealError, sealed, unsealed
from retrieval.index.folders import index_folder
from retrieval.index.manifest import FileRecord, IndexUseError, Manifest
from retrieval.opening import collection_of, open_collection
from retrieval.questions.follow_ups import completed
from retrieval.questions.question import looks_like_a_question, readings_of
from retrieval.questions.several import subquestions_of
from retrieval.questions.talk import is_talk, is_thanks, without_talk
from retrieval.questions.turns import Turn
from retrieval.text.tokens import analysed, content_terms, terms, tokens
from retrieval.text.tokens import unpacked as unpacked_words
from tests.fuzz_documents import LANGUAGES, SAMPLES, check, samples
from tests.fuzzing import TOKEN, Target, one_sentence

ROOT = Path(__file__).resolve().parents[1]
BEFORE = Turn("Which Mexican city is twinned with Bethlehem?", "Monterrey")
KEY = "abcdEF-_"
BREAK = "\N{ZERO WIDTH SPACE}"


def as_typed(content: bytes) -> str:
    """Bytes as a terminal hands them on: what is no UTF-8 as halves of characters."""
    return content.decode(errors="surrogateescape")


@cache
def _folder() -> "TemporaryDirectory[str]":
    """A place for files, gone at the end."""
    return TemporaryDirectory(prefix="footnote-fuzz-")


def _written(name: str, content: bytes) -> Path:
    path = Path(_folder().name, name)
    path.write_bytes(content)
    return path


def cut_into_words(content: bytes) -> None:
    """Words are slices in their order, and can be kept."""
    language, text = LANGUAGES[sum(content[:1]) % len(LANGUAGES)], as_typed(content[1:])
    found = tokens(text, language)
    for word in found:
        assert 0 <= word.start < word.end <= len(text)
        assert word.term and not any(map(str.isspace, word.term))
    for one, other in pairwise(found):
        assert one.start <= other.start
    assert content_terms(found) == terms(text, language)
    analysis = analysed(text, language)
    assert unpacked_words(*analysis.packed()) == (analysis.starts, analysis.terms)


def read_question(content: bytes) -> None:
    """What a question asks, as it is told before anything is searched."""
    text = as_typed(content)[:1000]
    for question in readings_of(text, LANGUAGES[:5]).values():
        assert question.terms
        _ = question.kind, question.purpose, question.names, question.pairs, question.raw_pairs
        _ = question.asks_for_several, question.asks_what_it_is_called, question.directions
    looks_like_a_question(text)
    is_talk(text), is_thanks(text), said_back(text), asks_for_help(text)
    without_talk(text)
    for part, thing in subquestions_of(text):
        assert thing in part
    turn = completed(text, BEFORE)
    assert completed(text, turn).question is not None
    _ = completed(text, None).thing


@cache
def _collection() -> Collection:
    return collection_of(
        [
            document
            for name in ("handbook.md", "handbook.adoc", "plots.csv", "latin1.txt")
            for document in read_text(name, (SAMPLES / name).read_text("latin1"))
        ],
        reader="words",
    )


def ask(content: bytes) -> None:
    """Every quote is a slice of its document; an answer has one, a decline has none."""
    collection = _collection()
    text = as_typed(content)
    with suppress(QuestionError):
        answer = collection.ask(text)
        assert bool(answer.citations) == (answer.verdict is Verdict.ANSWERED)
        for citation in (*answer.citations, *answer.nearest, *answer.best_quotes):
            document = collection.documents[citation.document_id]
            assert citation.quote == citation.span.of(document.text)
        if answer.citations:
            shown = block_text(block_lines(answer.citations), 80)
            assert not any(mark in shown for mark in "\r\x00\x9b\u202e")
        assert [hit.rank for hit in answer.hits] == list(range(1, len(answer.hits) + 1))
    with suppress(LocationError):
        find_location(text, collection.index)


def read_questions(name: str) -> Callable[[bytes], None]:
    """Read a question set from a file of a name, and match its patterns with a short text.

    Patterns of their own can take any time over a long text: they are as trusted as code.
    """

    def run(content: bytes) -> None:
        try:
            found = read_question_set(_written(name, content))
        except QuestionSetError as error:
            one_sentence(error)
            return
        for question in found.questions:
            assert question.question.strip() and question.expected
            question.is_answered_by("It burned.")
        if isinstance(found.corpus, tuple):
            for document in found.corpus[:3]:
                check(document)

    return run


def read_environment(content: bytes) -> None:
    """Settings are read or refused; the bot's token is in no error and no `repr`."""
    try:
        settings = read_settings({}, _written(".env", content))
    except SettingsError as error:
        one_sentence(error)
        return
    assert TOKEN not in repr(settings)
    _ = settings.admission, settings.metrics_address, settings.own_shards
    _ = settings.named_collections, settings.servers_of_collections


def read_manifest(content: bytes) -> None:
    """A manifest is of this format, or is none: the index is made anew."""
    try:
        manifest = Manifest.from_json(content)
    except ValueError:
        return
    # No path has halves of characters, so that none is written.
    with suppress(UnicodeEncodeError):
        assert Manifest.from_json(manifest.to_json()) == manifest


def unseal(content: bytes) -> None:
    """What is sealed comes back, and nothing else passes for it."""
    assert unsealed(sealed(content)) == content
    with suppress(SealError):
        assert sealed(unsealed(content)) == content


@cache
def _index() -> tuple[Path, Path, dict[str, bytes], object]:
    """A path of documents, its index, the files of that, and what it answers."""
    notes = Path(_folder().name, "notes")
    notes.mkdir()
    (notes / "a.md").write_text("# Mill\n\nThe mill burned in 1884. It was built again.\n")
    (notes / "b.txt").write_text("The oak was planted in 1987.\n")
    cache_folder = Path(_folder().name, "cache")
    collection = open_collection(notes, cache=cache_folder, engine="tantivy", reader="words")
    folder = index_folder(cache_folder, notes)
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    return notes, cache_folder, files, collection.ask("When did the mill burn?")


def open_damaged(content: bytes) -> None:
    """An index with another file in it is refused, or answers as before."""
    notes, cache_folder, files, answer = _index()
    name, _, other = content.partition(b"\0")
    if name.decode("latin1") not in files:
        return
    folder = index_folder(cache_folder, notes)
    path = folder / name.decode("latin1")
    for one in folder.iterdir():
        if files.get(one.name) != one.read_bytes():
            one.unlink()
    for one, kept in files.items():
        if not (folder / one).exists():
            (folder / one).write_bytes(kept)
    path.unlink()
    path.write_bytes(other)
    try:
        collection = open_collection(
            notes, cache=cache_folder, engine="tantivy", reader="words", refresh=False
        )
        assert collection.ask("When did the mill burn?") == answer
    except IndexUseError as error:
        one_sentence(error)


def press(content: bytes) -> None:
    """A custom id is one of ours, of somebody else, or broken."""
    text = as_typed(content)
    try:
        control = control_of(text)
    except BrokenControlError as error:
        one_sentence(error)
        return
    if control is not None:
        # What needs nothing may have a colon behind it.
        assert control.custom_id == text.removesuffix(":")
        if control.action in (Action.READ, Action.TURN):
            reading_of(control)


def name_upload(content: bytes) -> None:
    """A name is one line that leads nowhere."""
    name = name_of(content.decode(errors="replace"))
    assert 0 < len(name) <= LONGEST_NAME
    assert name == harmless(name)
    assert not set("/\\:") & set(name) and not name.startswith("#") and name not in (".", "..")


def bring(content: bytes) -> None:
    """Messages and taught answers become documents, or are refused."""
    text = content.decode(errors="replace")
    half = len(text) // 2
    messages = [
        Written(1, text[:9], "2026", text[:half], "1"),
        Written(0, "", "", text[half:], "2"),
    ]
    kept = packed(messages)
    assert unpacked(kept) == messages
    try:
        check(document_of_thread("thread", "https://discord.com/channels/1/2", kept))
    except ReadError as error:
        one_sentence(error)
    try:
        question, answer = checked(text[:half], text[half:])
    except UnteachableError as error:
        one_sentence(error)
        return
    for document in documents_of(Taught(1, 2, question, answer, 3, text[:9], "2026-01-01", "")):
        check(document)


def show(content: bytes) -> None:
    """Discord shows what is written, obeys nothing, and gets no more than it takes."""
    text = content.decode(errors="replace")
    shown = escaped(text)
    read = unescaped(shown)
    # What has no width, and breaks mentions, is read off without.
    assert read is None or escaped(read) == shown or BREAK in text
    for mention in ("@everyone", "@here"):
        assert mention not in shown
        assert mention not in code_block(text, 400)
    assert len(shortened(text, 300)) <= 300
    code = code_block(text, 400)
    assert code.count("```") == 2 and len(code) <= 400
    assert len(link(text, "https://x.y/", 80)) <= 80 + len("…[](<https://x.y/>)")
    emphasised([(text, True), (text, False)])
    without_mentions(text)


def _words() -> Sequence[bytes]:
    return [b"\0" + one for one in (*_questions(), *samples(".txt", ".md"))]


def _questions() -> Sequence[bytes]:
    lines = PACKAGED.read_bytes().splitlines()
    asked = [json.loads(line)["question"].encode() for line in lines[::8]]
    others = (
        "¿Cuándo se quemó el molino?", "Wann brannte die Mühle?", "水車小屋はいつ燃えましたか？",
        "And in 1947, 2011 and 2012?", "thanks! how long is the notice period?", "handbook.md:12",
        "What about Anna Berg?", "CONN_MAX_AGE request.FILES --max-time", "hi :) <@1> https://x.y",
    )  # fmt: skip
    return [*asked, *(one.encode() for one in others)]


def _lines() -> Sequence[bytes]:
    lines = PACKAGED.read_bytes().splitlines()
    pattern = {"id": "p", "question": "When?", "patterns": ["(?:18|19)\\d\\d", "[^a]+b{2,3}?$"]}
    return [*lines[::8], b"\n".join(lines[:3]), json.dumps(pattern).encode()]


def _squad() -> Sequence[bytes]:
    question = {"id": "1", "question": "When?", "answers": [{"text": "1884", "answer_start": 3}]}
    impossible = {"id": "2", "question": "Who?", "answers": [], "is_impossible": True}
    paragraph = {"context": "It burned in 1884.", "qas": [question, impossible]}
    return [json.dumps({"data": [{"title": "Mill", "paragraphs": [paragraph]}]}).encode()]


def _environment() -> Sequence[bytes]:
    listed = (ROOT / ".env.example").read_text().replace("# FOOTNOTE_", "FOOTNOTE_")
    values = (
        f"DISCORD_TOKEN={TOKEN}\nFOOTNOTE_SHARDS=2\nFOOTNOTE_SHARD_IDS=0,1\n",
        "FOOTNOTE_COLLECTIONS=a=x,b=y\nFOOTNOTE_COLLECTION_SERVERS=a=1+2\nFOOTNOTE_METRICS=[::1]:9464\n",
        f"FOOTNOTE_DATABASE=postgresql://a:{TOKEN}@b/c\nFOOTNOTE_SERVERS=1, 2\nFOOTNOTE_LOG=json\n",
        f"FOOTNOTE_OPENSEARCH=https://a:{TOKEN}@b:9200\nexport FOOTNOTE_KNOWLEDGE='a b'\n",
    )
    return [one.encode() for one in (listed, *values)]


def _manifests() -> Sequence[bytes]:
    record = FileRecord(
        size=5, modified=1, number=2, checksum="ab", documents=1, passages=2, read=3
    )
    return [Manifest("/a", {"b/c.md": record}).to_json(), Manifest("/a").to_json()]


def _files_of_index() -> Sequence[bytes]:
    files = _index()[2]
    return [name.encode() + b"\0" + content for name, content in files.items()]


def _controls() -> Sequence[bytes]:
    arguments = (
        (),
        (KEY,),
        (KEY, "1", "2", KEY * 3),
        ("1", KEY * 2),
        ("5",),
        ("1", "2"),
        ("a", "1", "b", "c"),
    )
    return [Control(a, given).custom_id.encode() for a in Action for given in arguments]


def _names() -> Sequence[bytes]:
    names = (
        "a.md",
        "../../etc/passwd",
        "C:\\x\\y.PDF",
        "#general",
        "a" * 200 + ".docx",
        "ü\u0301.txt",
    )
    return [name.encode() for name in names]


def _messages() -> Sequence[bytes]:
    hostile = (
        "@everyone <@1> <#4> </ask:5> <:x:6> <t:7> discord.gg/abc **bold** _it_ ||s|| `code` -# x",
        "[safe](https://evil.example) https://example.org/a_b_(d) <https://x.y> # h\n1. one\n> q",
    )
    return [*(one.encode() for one in hostile), *samples(".md")]


def targets() -> Iterator[Target]:
    """What is asked, set, kept, pressed and brought."""
    yield Target("words", cut_into_words, _words)
    yield Target("questions", read_question, _questions)
    yield Target("asking", ask, _questions)
    yield Target("question-sets", read_questions("q.jsonl"), _lines)
    yield Target("squad", read_questions("q.json"), _squad)
    yield Target("settings", read_environment, _environment)
    yield Target("manifests", read_manifest, _manifests)
    yield Target("seals", unseal, lambda: [sealed(one) for one in _manifests()])
    yield Target("indexes", open_damaged, _files_of_index)
    yield Target("custom-ids", press, _controls)
    yield Target("names", name_upload, _names)
    yield Target("messages", bring, _messages)
    yield Target("markdown-of-discord", show, _messages)
