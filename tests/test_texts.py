"""The texts of front ends: in whose language, and that no catalogue lacks one."""

import asyncio
import re
import string
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest

from bot import texts
from bot.texts import NAME, gettext, ngettext, number, pgettext, speaking
from docs.catalogues import Text, UnmarkedError, marked_texts, texts_in, updated
from tests.marks import OTHER_READERS, command_names, unmarked_in

MARKED = marked_texts()
LANGUAGES = ("de", "es", "fr", "pt")


def catalogue(language: str) -> polib.POFile:
    """A catalogue as it stands in its file."""
    return polib.pofile(str(texts.CATALOGUES / f"{language}.po"), encoding="utf-8")


def of(entry: polib.POEntry) -> Text:
    """The text of the code that an entry translates."""
    return Text(entry.msgid, entry.msgid_plural, entry.msgctxt)


def translated(entry: polib.POEntry) -> list[str]:
    """All forms of a translation."""
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def fields(text: str) -> set[str]:
    """The placeholders of a text."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_there_are_the_languages_that_we_promise() -> None:
    """Besides English."""
    assert set(texts.languages()) >= set(LANGUAGES)


@pytest.mark.parametrize("language", texts.languages())
def test_a_catalogue_has_what_the_code_says(language: str) -> None:
    """Every text once, and none that the code has no more; `docs/catalogues.py` brings that."""
    entries = [of(entry) for entry in catalogue(language)]
    assert set(entries) == set(MARKED)
    assert len(set(entries)) == len(entries)


@pytest.mark.parametrize("language", texts.languages())
def test_every_text_is_translated(language: str) -> None:
    """In every form of the language, ready for use, with the blanks at its ends."""
    for entry in catalogue(language):
        for text in translated(entry):
            assert text.strip(), entry.msgid
            ends = re.findall(r"^\s|\s$", entry.msgid)
            assert re.findall(r"^\s|\s$", text) == ends, entry.msgid
        assert not entry.fuzzy, entry.msgid


@pytest.mark.parametrize("language", texts.languages())
def test_a_translation_has_the_same_placeholders(language: str) -> None:
    """Each by its name; only the form for one may leave the number out."""
    for entry in catalogue(language):
        wanted = fields(entry.msgid_plural or entry.msgid)
        for text in translated(entry):
            assert wanted - {"count"} <= fields(text) <= wanted, entry.msgid
        assert fields(translated(entry)[-1]) == wanted, entry.msgid


@pytest.mark.parametrize("language", texts.languages())
def test_a_translation_keeps_the_form(language: str) -> None:
    """As many lines, bold words and code, and Markdown's signs at the beginning."""
    for entry in catalogue(language):
        for text in translated(entry):
            for sign in ("**", "`", "\n"):
                assert text.count(sign) == entry.msgid.count(sign), (entry.msgid, sign)
            start = r"^(?:### |-# |- )?"
            assert re.match(start, text)[0] == re.match(start, entry.msgid)[0], entry.msgid  # type: ignore[index]


@pytest.mark.parametrize("language", texts.languages())
def test_a_translation_names_commands_as_members_see_them(language: str) -> None:
    """`/ask` is what somebody sees as `/frage`; what a text quotes, buttons too, is the same."""
    labels = {text.message for text in MARKED if text.context is None}
    with speaking(language):
        for entry in catalogue(language):
            for names in command_names(entry.msgid):
                shown = "/" + " ".join(pgettext(NAME, name) for name in names)
                assert all(shown in text for text in translated(entry)), (entry.msgid, shown)
            for label in re.findall(r"“([^”]+)”|\*\*([^*]+)\*\*", entry.msgid):
                label_ = label[0] or label[1]
                if label_ in labels:
                    assert gettext(label_) in entry.msgstr, entry.msgid


@pytest.mark.parametrize("language", texts.languages())
def test_a_catalogue_is_as_it_is_written_by_the_program(language: str, tmp_path: Path) -> None:
    """In the order of the code, so that a change of a text changes only its lines."""
    path = texts.CATALOGUES / f"{language}.po"
    new = tmp_path / path.name
    updated(path, MARKED).save(str(new))
    assert new.read_text("utf-8") == path.read_text("utf-8")


def test_all_that_is_said_is_marked() -> None:
    """What goes into messages, buttons, forms and refusals comes out of the catalogues."""
    root = Path(texts.__file__).parent
    found = {
        f"{path.relative_to(root)}:{line}": text
        for path in sorted(root.rglob("*.py"))
        if "terminal" not in path.parts and path.stem not in OTHER_READERS
        for line, text in unmarked_in(path.read_text("utf-8"))
    }
    assert found == {}


def test_a_text_that_is_put_together_is_no_mark() -> None:
    """Catalogues have whole texts only."""
    import ast

    assert list(texts_in(ast.parse('gettext("a" "b")'), "x")) == [Text("ab")]
    assert list(texts_in(ast.parse("gettext(LABELS[key])"), "x")) == []
    for code in ('gettext(f"a {b}")', 'gettext("a" + b)', 'gettext("a" if b else "c")'):
        with pytest.raises(UnmarkedError):
            list(texts_in(ast.parse(code), "x"))


@pytest.fixture
def catalogues(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of catalogues instead of ours."""
    monkeypatch.setattr(texts, "CATALOGUES", tmp_path)
    for cached in (texts._catalogue, texts._read):
        cached.cache_clear()
    yield tmp_path
    for cached in (texts._catalogue, texts._read):
        cached.cache_clear()


def write(folder: Path, language: str, forms: str, *entries: str) -> None:
    """A catalogue, with the rule for its plural forms."""
    header = [
        'msgid ""', 'msgstr ""', '"Content-Type: text/plain; charset=UTF-8\\n"',
        f'"Plural-Forms: {forms}\\n"',
    ]  # fmt: skip
    folder.joinpath(f"{language}.po").write_text("\n".join([*header, "", *entries]), "utf-8")


POLISH = (
    "nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);",
    'msgid "{count} document"\nmsgid_plural "{count} documents"',
    'msgstr[0] "{count} dokument"\nmsgstr[1] "{count} dokumenty"\nmsgstr[2] "{count} dokumentów"',
)


def test_plural_forms_are_those_of_the_language(catalogues: Path) -> None:
    """As many as it has, by its own rule."""
    write(catalogues, "pl", *POLISH)
    counts = (1, 2, 5, 22, 25)
    with speaking("pl"):
        said = [ngettext("{count} document", "{count} documents", count) for count in counts]
    assert said == ["1 dokument", "2 dokumenty", "5 dokumentów", "22 dokumenty", "25 dokumentów"]
    english = [ngettext("{count} document", "{count} documents", count) for count in (1, 1234)]
    assert english == ["1 document", "1,234 documents"]


def test_a_locale_has_the_catalogue_of_its_language(catalogues: Path) -> None:
    """Its own goes first; what has none, or what a catalogue lacks, is English."""
    write(catalogues, "zh", "nplurals=1; plural=0;", 'msgid "yes"', 'msgstr "是"')
    write(catalogues, "zh-TW", "nplurals=1; plural=0;", 'msgid "no"', 'msgstr "否"')
    said = {}
    for locale in ("zh-CN", "zh-TW", "en-GB", "xx", "../zh", "", None):
        with speaking(locale):
            said[locale] = (gettext("yes"), gettext("no"))
    english = ("yes", "no")
    assert said == {
        "zh-CN": ("是", "no"), "zh-TW": ("yes", "否"),
        "en-GB": english, "xx": english, "../zh": english, "": english, None: english,
    }  # fmt: skip


def test_values_are_filled_in_as_they_are() -> None:
    """A member's braces are no placeholders."""
    assert gettext("there is no {name}", name="{count} {0}") == "there is no {count} {0}"


def test_numbers_are_written_as_in_the_language() -> None:
    """A comma would be read as the beginning of decimals in most others."""
    written = {}
    for locale in ("en-US", "de", "fr", "pt-BR"):
        with speaking(locale):
            written[locale] = number(1234567)
    assert written == {
        "en-US": "1,234,567", "de": "1.234.567", "fr": "1\u202f234\u202f567", "pt-BR": "1.234.567",
    }  # fmt: skip


async def test_a_language_goes_along_with_tasks_and_threads(catalogues: Path) -> None:
    """And two at once do not mix."""
    for language, word in (("de", "ja"), ("es", "sí")):
        write(
            catalogues, language, "nplurals=2; plural=(n != 1);", 'msgid "yes"', f'msgstr "{word}"'
        )
    met = asyncio.Barrier(2)

    async def say() -> list[str]:
        await met.wait()
        return [gettext("yes"), await asyncio.to_thread(gettext, "yes")]

    async def answer(locale: str) -> list[str]:
        with speaking(locale):
            return await asyncio.create_task(say())

    assert await asyncio.gather(answer("de"), answer("es-419")) == [["ja"] * 2, ["sí"] * 2]
    assert gettext("yes") == "yes"
