"""The command `footnote`: thin commands over the answering code; errors become one sentence."""

import atexit
import os
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress

import click

from bot.terminal.asking import Asking, question_lines, show_answer
from bot.terminal.backup import backup, restore
from bot.terminal.bot import bot
from bot.terminal.chat import chat
from bot.terminal.check import check
from bot.terminal.documents import documents
from bot.terminal.evaluate import calibrate, evaluate
from bot.terminal.links import plain_links
from bot.terminal.options import (
    Chosen,
    made_vectors,
    opened_collection,
    prints_json,
    reads_knowledge,
    say,
    show_text,
    spare_memory,
    takes_limit,
    valid,
    width,
)
from bot.terminal.questions import questions
from bot.terminal.streams import obstacle, prepare_streams, refused
from footnote import FootnoteError, UnavailableError

ANSWERED, DECLINED, WRONG_USE, UNFORESEEN, INTERRUPTED = 0, 1, 2, 3, 130
UNAVAILABLE = 75
"""What may work later, as in sysexits.h (EX_TEMPFAIL)."""

_DAEMON = "daemon"
"""The threads of bot/daemon.py, which the end does not wait for."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command with `arguments` (those of the process, if None); the exit code."""
    code = _run(arguments)
    if any(thread.name == _DAEMON for thread in threading.enumerate()):
        atexit.register(_end, code)
    return code


def _end(code: int) -> None:
    """End without tearing down threads: one in the middle of C++ code would abort the process."""
    with suppress(OSError):
        sys.stdout.flush()
    os._exit(code)


def _run(arguments: Sequence[str] | None) -> int:
    prepare_streams()
    if (reason := obstacle()) is not None:
        return _failed(reason, WRONG_USE)
    spare_memory()
    try:
        code = footnote.main(arguments, prog_name="footnote", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return WRONG_USE
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "footnote"
        return _failed(f"{error.format_message()} See: {command} --help", WRONG_USE)
    except UnavailableError as error:
        return _failed(str(error), UNAVAILABLE)
    except FootnoteError as error:
        return _failed(str(error), WRONG_USE)
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except (BrokenPipeError, SystemExit):  # click makes an exit of a closed pipe
        # Whoever read our output has had enough; what is still buffered must not complain either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ANSWERED
    except Exception as error:
        if (reason := refused(error)) is not None:
            return _failed(reason, WRONG_USE)
        kind = type(error).__name__
        return _failed(f"unexpected error ({kind}: {error}); please report it", UNFORESEEN)
    return int(code or 0)


def _failed(sentence: str, code: int) -> int:
    say(sentence)
    return code


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="footnote-bot")
def footnote() -> None:
    """Answer questions from your documents with exact, cited quotes.

    Questions that the documents do not answer are declined.

    \b
    Examples:
      footnote ask "When did Mexico open its office in Ramallah?"
      footnote ask --knowledge notes/ "Who signed the lease?"
      footnote ask --json < questions.txt
      footnote search --knowledge notes/ "lease"
    """


footnote.add_command(evaluate)
footnote.add_command(calibrate)
footnote.add_command(bot)
footnote.add_command(backup)
footnote.add_command(restore)
footnote.add_command(chat)
footnote.add_command(check)
footnote.add_command(questions)
footnote.add_command(documents)


@footnote.command()
@click.argument("question", required=False)
@takes_limit
@reads_knowledge
@prints_json
@plain_links
@click.option("--explain", is_flag=True, help="Show why the question was answered or declined.")
def ask(
    question: str | None,
    limit: int,
    chosen: Chosen,
    as_json: bool,
    explain: bool,
) -> int:
    """Answer a question or each line of input.

    Without QUESTION, each line of standard input is one. Exits with 0 if the question was answered,
    1 if the documents do not answer it, 2 if you have to fix something first. With several
    questions, exits with 0 if all could be processed.

    \b
    Examples:
      footnote ask "Which Mexican city is twinned with Bethlehem?"
      footnote ask --knowledge handbook.md "How do I reset my password?"
      footnote ask --explain "Who wrote the anthem?"
      printf 'Who came?\\nWhen?\\n' | footnote ask --json --knowledge notes/
    """
    from footnote import Verdict

    if explain and (question is None or as_json):
        raise click.UsageError("--explain needs a QUESTION and does not work with --json.")
    collection = opened_collection(chosen)
    if question is None:
        asking = Asking(limit, chosen.repeated, as_json=as_json)
        for number, text in question_lines("Type a question and press Enter. Ctrl-D quits."):
            asking.ask(collection.ask, number, text)
        return asking.code
    trace = collection.explain(valid(question), limit)
    show_answer(trace.answer, chosen.repeated, as_json)
    if explain:
        from bot.terminal.explaining import explanation_text
        from bot.terminal.rendering import engine_text

        show_text(explanation_text(trace, collection, width()))
        show_text(engine_text(collection, trace.answer, width()))
    return ANSWERED if trace.answer.verdict is Verdict.ANSWERED else DECLINED


@footnote.command()
@click.argument("query")
@takes_limit
@reads_knowledge
@prints_json
def search(query: str, limit: int, chosen: Chosen, as_json: bool) -> int:
    """Find passages by their words.

    Shows the passages that share words with QUERY, best first. Exits with 0 if passages were found,
    1 if not.

    \b
    Examples:
      footnote search "diplomatic visits"
      footnote search --json --limit 3 --knowledge notes/ "lease"
    """
    collection = opened_collection(chosen)
    hits = collection.search(valid(query), limit)
    if as_json:
        from footnote.json_records import SearchRecord

        for hit in hits:
            document = collection.documents[hit.passage.document_id]
            show_text(SearchRecord.of(hit, document).model_dump_json())
    else:
        from bot.terminal.rendering import hits_text

        nothing = "  No passage matches; try other words."
        show_text(hits_text(hits, collection.documents, width()) or nothing)
    return ANSWERED if hits else DECLINED


@footnote.command()
@click.argument("place", metavar="DOCUMENT[:LINE]")
@reads_knowledge
@prints_json
def show(place: str, chosen: Chosen, as_json: bool) -> int:
    """Show a passage of a document in context.

    DOCUMENT is the path within the knowledge folder, as citations and `footnote search` show it.
    Behind it, `:LINE` names a line, `#page=N` a page of a PDF, and `#ANCHOR` a section of a web
    page. Without them, the first passage is shown.

    \b
    Examples:
      footnote show mexico-palestine-relations.md:12
      footnote show --knowledge notes/ projects/garden.md
      footnote show --knowledge notes/ "lease.pdf#page=3"
      footnote show --knowledge notes/ "manual/install.html#requirements"
    """
    from bot.locations import find_location

    found = find_location(place, opened_collection(chosen).index)
    if as_json:
        from footnote.json_records import PassageRecord

        show_text(PassageRecord.of(found.passage, found.document).model_dump_json())
    else:
        from bot.terminal.rendering import surroundings_text

        show_text(surroundings_text(found, width()))
    return ANSWERED


@footnote.command()
@reads_knowledge
@prints_json
@click.option("--rebuild", is_flag=True, help="Read every file again even if unchanged.")
@click.option("--anew", "rebuild", is_flag=True, hidden=True, help="Same as --rebuild.")
def index(chosen: Chosen, as_json: bool, rebuild: bool) -> int:
    """Build the index or bring it up to date.

    Reports what changed. Reads only the files that have changed; --rebuild reads all of them. Lists
    skipped files with the reason. Other commands also update the index before they answer, but only
    this one and the bot make vectors, by which passages are found that share no words with a
    question, if a reader is installed.

    \b
    Examples:
      footnote index --knowledge notes/
      footnote index --rebuild --knowledge notes/
    """
    collection = opened_collection(chosen, says_what=True, refresh=True, rebuild=rebuild)
    made = made_vectors(collection)
    report = collection.report
    if as_json:
        from footnote.json_records import IndexRecord, SkippedRecord

        record = IndexRecord(
            documents=len(collection.documents),
            passages=collection.passages,
            engine=collection.engine,
            folder=collection.place,
            added=list(report.added),
            changed=list(report.changed),
            removed=list(report.removed),
            renamed=[list(pair) for pair in report.renamed],
            skipped=[SkippedRecord(name=s.name, reason=s.reason) for s in report.skipped],
            vectors=0 if made is None else made.vectors,
        )
        show_text(record.model_dump_json())
    else:
        from bot.terminal.rendering import index_text

        show_text(index_text(collection, made, width()))
    return ANSWERED
