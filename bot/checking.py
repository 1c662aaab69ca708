"""The command that compares every file with what was read of it."""

from pathlib import Path

import click

from bot.commands import prints_json, reads_knowledge, settings_here, show_text, width


@click.command()
@reads_knowledge
@prints_json
def check(knowledge: Path | None, engine: str | None, as_json: bool) -> int:
    """Read every file again and compare it with the index, by checksum.

    Other commands trust a file's size and time. Exits with 0 if nothing differs, 1 if something
    does, which `footnote index --anew` mends.

    \b
    Examples:
      footnote check --knowledge notes/
    """
    from bot.indexes import index_folder
    from bot.rendering import counted, harmless, wrapped
    from retrieval.index.checking import differences
    from retrieval.index.manifest import IndexUseError
    from retrieval.index.reading import open_index

    settings = settings_here()
    path = knowledge or settings.knowledge
    folder = index_folder(settings.cache, path)
    index = open_index(folder, path)
    if index is None:
        raise IndexUseError(f"{path}: has no index yet; make it with: footnote index")
    found = list(differences(index, path))
    for each in found:
        if as_json:
            from retrieval.records import DifferenceRecord

            record = DifferenceRecord(file=each.file, difference=each.what)
            show_text(record.model_dump_json())
        else:
            show_text(wrapped(f"{harmless(each.file)} {harmless(each.what)}", width(), "•"))
    if not as_json:
        files = counted(len(index.manifest.files), "file")
        text = "all as they were read" if not found else "run: footnote index --anew"
        show_text(wrapped(f"{files} compared; {text}.", width()))
    return 1 if found else 0
