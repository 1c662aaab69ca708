"""Text that is not UTF-8: read where its encoding is sure, and refused where it is not."""

import json
from pathlib import Path
from time import monotonic

import pytest
from command import Run
from corpora import answerer_over, documents_at

from knowledge.documents import Document
from knowledge.encodings import encoding_of
from knowledge.errors import ReadError
from retrieval.opening import from_texts, open_collection

GERMAN = "Der Schlüssel für die Tür hängt am Brett. Größere Räume öffnen wir täglich um neun Uhr."
FRENCH = "Le musée est fermé le lundi. Il a été fondé par Hélène Lefèvre à la même époque."
PORTUGUESE = "A reunião não começa antes das nove. As opções são três, e ninguém está à espera."
POLISH = "Muzeum jest zamknięte w poniedziałki. Otwiera się o dziesiątej, a w środę jest tańsze."
CZECH = "Muzeum je v pondělí zavřené. Otevírá se v deset hodin a vstupné je nižší ve středu."
HUNGARIAN = "A múzeum hétfőn zárva van. Tíz órakor nyit, és szerdán olcsóbb a belépő a gyűjtőknek."
TURKISH = "Müze pazartesi günleri kapalıdır. Saat onda açılır ve çarşamba günü ücret düşüktür."
RUSSIAN = "Музей закрыт по понедельникам. Он открывается в десять часов, и билеты дешевле в среду."
GREEK = "Το μουσείο είναι κλειστό τη Δευτέρα. Ανοίγει στις δέκα και τα εισιτήρια είναι φθηνότερα."
HEBREW = "המוזיאון סגור ביום שני. הוא נפתח בשעה עשר והכרטיסים זולים יותר ביום רביעי."
JAPANESE = "博物館は月曜日に閉まっています。十時に開きます。水曜日は入場料が安くなります。"
CHINESE = "博物馆星期一不开放。我们在上午十点开门，星期三的门票比较便宜。这是一个很大的博物馆。"
TAIWANESE = "博物館星期一不開放。我們在上午十點開門，星期三的門票比較便宜。這是一個很大的博物館。"
KOREAN = "박물관은 월요일에 문을 닫습니다. 열 시에 문을 열고 수요일에는 입장료가 더 저렴합니다."


def _document(path: Path, content: bytes) -> Document:
    path.write_bytes(content)
    (document,) = documents_at(path)
    return document


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Café", "latin-1"),
        ("“Café” – it’s open all day, and the key is at the front desk.", "windows-1252"),
        (GERMAN, "latin-1"),
        (FRENCH, "windows-1252"),
        (PORTUGUESE, "latin-1"),
        ("Bœuf à la façon de Hélène coûte 12 € le midi, et le café est offert.", "iso-8859-15"),
        (POLISH, "windows-1250"),
        (POLISH, "iso-8859-2"),
        (CZECH, "windows-1250"),
        (HUNGARIAN, "windows-1250"),
        (TURKISH, "windows-1254"),
        (RUSSIAN, "windows-1251"),
        (RUSSIAN, "koi8-r"),
        (RUSSIAN, "cp866"),
        (RUSSIAN, "iso-8859-5"),
        (GREEK, "windows-1253"),
        (HEBREW, "windows-1255"),
        (JAPANESE, "shift_jis"),
        (JAPANESE, "euc-jp"),
        (CHINESE, "gb18030"),
        (TAIWANESE, "big5"),
        (KOREAN, "euc-kr"),
        (GERMAN, "utf-16"),
        (RUSSIAN, "utf-32"),
    ],
)
def test_text_of_another_encoding_is_read(tmp_path: Path, text: str, encoding: str) -> None:
    """The text is what was written, and the encoding that is told reads the same from the file."""
    path = tmp_path / "a.txt"
    document = _document(path, text.encode(encoding))
    assert document.text == text
    assert document.encoding is not None
    with path.open(encoding=document.encoding, newline="") as file:
        assert file.read() == text


@pytest.mark.parametrize("mark", [b"\xff\xfe", b"\xfe\xff"])
def test_utf_16_is_told_by_its_first_bytes(tmp_path: Path, mark: bytes) -> None:
    """Either order of bytes is read, and the mark is no part of the text."""
    encoding = "utf-16-le" if mark == b"\xff\xfe" else "utf-16-be"
    document = _document(tmp_path / "a.md", mark + "# Größe\r\n\r\nText.\r\n".encode(encoding))
    assert (document.title, document.encoding) == ("Größe", "utf-16")
    assert document.text == "# Größe\r\n\r\nText.\r\n"


@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_utf_8_needs_no_naming(tmp_path: Path, start: str) -> None:
    """With a mark or without, the encoding of the most common case is None."""
    assert _document(tmp_path / "a.txt", f"{start}{RUSSIAN}".encode()).encoding is None


@pytest.mark.parametrize(
    "content",
    [
        b"\xfd\xfeA",
        "Naïve déjà vu — ".encode() + b"\xff",  # UTF-8 that is damaged
        bytes(range(0x80, 0x100)),
        GERMAN.encode("utf-7") + GERMAN.encode("cp500"),
        "“”".encode("windows-1252")[:1] + b"\x81 data \x8d\x9d",
    ],
)
def test_what_is_unsure_is_refused(tmp_path: Path, content: bytes) -> None:
    """What no encoding makes words of, or several do, is named with the remedy."""
    with pytest.raises(ReadError, match=r"is not UTF-8 \(byte 0x.. at .*\); save it as UTF-8$"):
        _document(tmp_path / "a.txt", content)


def test_half_a_letter_of_utf_16_is_refused(tmp_path: Path) -> None:
    """A file that ends within a letter is damaged."""
    with pytest.raises(ReadError, match=r"is not valid UTF-16; save it as UTF-8$"):
        _document(tmp_path / "a.txt", b"\xff\xfea\0b")


@pytest.mark.parametrize("content", [b"\xff\xfe", b"\xff\xfe \0\n\0"])
def test_utf_16_without_text_is_empty(tmp_path: Path, content: bytes) -> None:
    """A mark and blanks are no text."""
    with pytest.raises(ReadError, match="is empty"):
        _document(tmp_path / "a.txt", content)


def test_json_lines_are_utf_8(tmp_path: Path) -> None:
    """As JSON is; a file of another encoding is named with the remedy."""
    with pytest.raises(ReadError, match=r"is UTF-16; save it as UTF-8$"):
        _document(tmp_path / "a.jsonl", '{"_id": "1", "text": "A."}\n'.encode("utf-16"))


FILES = {
    "a.txt": f"{GERMAN}\r\n\r\nDie Küche schließt um acht Uhr.\r\n",
    "a.md": f"# Schlüssel\n\n{GERMAN}\n\n- Die Küche schließt um acht Uhr.\n",
    "a.rst": f"Schlüssel\n=========\n\n{GERMAN}\n\nDie Küche schließt um acht Uhr.\n",
    "a.csv": "Raum,Zeit\nBüro,Das Büro öffnet um neun.\nKüche,Die Küche schließt um acht Uhr.\n",
}


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
@pytest.mark.parametrize("name", FILES)
def test_a_quote_stands_in_the_file(tmp_path: Path, name: str, encoding: str) -> None:
    """The source, opened in the encoding of the citation, has the quote at its offsets."""
    read = _document(tmp_path / name, FILES[name].encode(encoding))
    answer = answerer_over(read).answer("Wann schließt die Küche?")
    assert any("Küche schließt" in citation.quote for citation in answer.best_quotes)
    for citation in answer.best_quotes:
        assert citation.encoding is not None
        with Path(citation.source).open(encoding=citation.encoding, newline="") as file:
            assert file.read()[citation.span.start : citation.span.end] == citation.quote


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (f"<p>{GERMAN}</p>".encode(), None),
        (f'<meta charset="koi8-r"><p>{RUSSIAN}</p>'.encode("koi8-r"), "koi8-r"),
        (f'<meta charset="latin1"><p>{GERMAN}</p>'.encode("latin-1"), "windows-1252"),
        (f'<meta charset="utf-16"><p>{GERMAN}</p>'.encode(), None),
        (f"<p>{RUSSIAN}</p>".encode("windows-1251"), "windows-1251"),
        (f"<p>{GERMAN}</p>".encode("utf-16"), "utf-16"),
    ],
)
def test_a_page_says_its_encoding_or_it_is_told(
    tmp_path: Path, content: bytes, encoding: str | None
) -> None:
    """A page that says nothing, and is not UTF-8, is looked at as text is."""
    document = _document(tmp_path / "a.html", content)
    assert document.text in (GERMAN, RUSSIAN)
    assert document.encoding == encoding


def test_the_encoding_is_kept_in_the_index(tmp_path: Path) -> None:
    """What is opened again says the same as what was read."""
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "a.txt").write_bytes(GERMAN.encode("latin-1"))
    open_collection(tmp_path / "notes", cache=tmp_path / "cache")
    again = open_collection(tmp_path / "notes", cache=tmp_path / "cache", refresh=False)
    assert again.documents["a.txt"].encoding == "windows-1252"
    assert from_texts({"a.txt": GERMAN}).documents["a.txt"].encoding is None


def test_the_encoding_is_said(run: Run, tmp_path: Path) -> None:
    """Citations have it, `show` works on them, and the list of documents names it."""
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "alt.txt").write_bytes(FILES["a.txt"].encode("latin-1"))
    (tmp_path / "notes" / "neu.md").write_text("# Uhr\n\nThe clock was made in 1987.\n")
    asked = run("ask", "--json", "--knowledge", "notes", "Wann schließt die Küche?")
    citation = json.loads(asked.out)["nearest"] or json.loads(asked.out)["citations"]
    assert {one["encoding"] for one in citation} == {"windows-1252"}
    asked = run("ask", "--json", "--knowledge", "notes", "When was the clock made?")
    assert [one["encoding"] for one in json.loads(asked.out)["citations"]] == [None]
    shown = run("show", "--knowledge", "notes", "alt.txt:3")
    assert (shown.code, "Die Küche schließt um acht Uhr." in shown.out) == (0, True)
    shown = run("show", "--json", "--knowledge", "notes", "alt.txt:3")
    assert json.loads(shown.out)["encoding"] == "windows-1252"
    assert " · windows-1252 · " in run("documents", "--knowledge", "notes").out
    listed = run("documents", "--json", "--knowledge", "notes").out.splitlines()
    assert [json.loads(one)["encoding"] for one in listed] == ["windows-1252", None]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(f"{GERMAN} ", "latin-1"), (CHINESE, "gb18030"), (RUSSIAN, "koi8-r")],
)
def test_a_long_line_is_told_by_its_beginning(text: str, encoding: str) -> None:
    """No more is looked at, which may end within a letter."""
    content = (text * 10_000).encode(encoding)
    encoding_of("Café".encode("latin-1"))  # what knows languages is loaded once
    begun = monotonic()
    told = encoding_of(content)
    assert monotonic() - begun < 5
    assert told is not None
    assert content.decode(told) == text * 10_000


def test_the_encoding_is_told_far_behind_the_beginning_of_a_line(tmp_path: Path) -> None:
    """Letters beyond ASCII are looked for, however late in their line they stand."""
    text = f"{'The key hangs at the front desk. ' * 2_000}Café Zoë is open all day."
    assert _document(tmp_path / "late.txt", text.encode("latin-1")).text == text
