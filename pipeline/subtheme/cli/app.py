"""``subtheme``: the commands, put together. Importing this loads nothing heavy."""

import sys
from io import TextIOWrapper
from typing import Annotated

import typer

from subtheme import __version__
from subtheme.cli.agree import agree
from subtheme.cli.codebook import codebook_app
from subtheme.cli.codings import codings
from subtheme.cli.compare import compare
from subtheme.cli.demo import demo
from subtheme.cli.evaluate import evaluate
from subtheme.cli.export import export
from subtheme.cli.importing import import_
from subtheme.cli.new import new
from subtheme.cli.next import next_
from subtheme.cli.open import open_
from subtheme.cli.precode import precode
from subtheme.cli.report import report
from subtheme.cli.review import review
from subtheme.cli.score import score
from subtheme.cli.settle import settle
from subtheme.cli.sheet import sheet_app
from subtheme.cli.status import doctor, status, undo
from subtheme.cli.train import train
from subtheme.process import own_this_process

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Find themes in interview transcripts, offline. A person decides.",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"subtheme {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


app.command("new")(new)
app.command("import")(import_)
app.add_typer(codebook_app, name="codebook")
app.command("codings")(codings)
app.command("train")(train)
app.command("evaluate")(evaluate)
app.command("compare")(compare)
app.command("next")(next_)
app.command("precode")(precode)
app.command("open")(open_)
app.command("review")(review)
app.add_typer(sheet_app, name="sheet")
app.command("score")(score)
app.command("agree")(agree)
app.command("settle")(settle)
app.command("report")(report)
app.command("export")(export)
app.command("status")(status)
app.command("undo")(undo)
app.command("doctor")(doctor)
app.command("demo")(demo)


def main() -> None:
    """Run the command line, in a process of its own."""
    own_this_process()
    for stream in (sys.stdout, sys.stderr):
        # A console in a legacy code page has no signs for a name in Arabic: better a question mark than no output.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    app()
