"""What every command shares: the frame that turns errors into words and an exit code, and its options."""

import errno
import functools
import json
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ParamSpec, TypeVar

import typer

from subtheme.errors import Problem, SubthemeError, problem_of_system

if TYPE_CHECKING:
    from subtheme.study import Study

P = ParamSpec("P")
R = TypeVar("R")

StudyOption = Annotated[
    Path, typer.Option("--study", "-s", envvar="SUBTHEME_STUDY", help="Folder of the study.", show_default="here")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Also marks that turn the direction of what follows: the characters of a name could stand in another order."""

CoderOption = Annotated[
    str | None, typer.Option("--coder", help="Who codes or decides.", show_default="from study.toml")
]
CodersOption = Annotated[
    list[str] | None,
    typer.Option(
        "--coder", help="Whose codings and answers count; may be given several times.", show_default="everybody's"
    ),
]


def opened_study(path: Path, *, coder: str | None = None, needs_transcripts: bool = True) -> "Study":
    """Open a study whose long work shows its progress here."""
    from subtheme.study import Study

    return Study.open(path, coder=coder, needs_transcripts=needs_transcripts, progress=progress, tell=warn)


def reports_errors(command: Callable[P, R]) -> Callable[P, R]:
    """Wrap `command` so that our errors go to stderr, as JSON to stdout where asked, with exit code 1.

    So does what the operating system refuses, such as room on the disk, and what the database does.
    """

    @functools.wraps(command)
    def framed(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except SubthemeError as error:
            kind, problems = type(error).__name__, error.problems
        except OSError as error:
            if error.errno is None or error.errno == errno.EPIPE:  # whoever reads the output has had enough
                raise
            kind, problems = "StudyError", (problem_of_system(error),)
        except Exception as error:
            problem = _problem_of_database(error)
            if problem is None:
                raise
            kind, problems = "StudyError", (problem,)
        if kwargs.get("as_json"):
            say_json({"error": {"kind": kind, "problems": [p.as_dict() for p in problems]}})
        for problem in problems:
            warn(f"Error: {problem}")
        raise typer.Exit(1)

    return framed


def _problem_of_database(error: Exception) -> Problem | None:
    from subtheme.files import unexpected_problem

    return unexpected_problem(error)


def say(text: str) -> None:
    """Print a result to stdout; control characters, which could steer a terminal, are spelt out."""
    typer.echo(_spelt_out(text))


def warn(text: str) -> None:
    """Print a remark to stderr, control characters spelt out."""
    typer.echo(_spelt_out(text), err=True)


def _spelt_out(text: str) -> str:
    r"""Return `text` with control characters other than line ends and tabs as ``\u001b``, which JSON reads, too."""
    return _CONTROL.sub(lambda m: f"\\u{ord(m.group()):04x}", text)


def say_json(value: Any) -> None:
    """Print `value` as JSON to stdout; numbers that are not defined become null."""
    is_unicode = (getattr(sys.stdout, "encoding", None) or "utf-8").lower().startswith("utf")
    say(json.dumps(_defined(value), ensure_ascii=not is_unicode, indent=2, allow_nan=False))


def _defined(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(k): _defined(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_defined(v) for v in value]
    if isinstance(value, float) and value != value:  # noqa: PLR0124 - NaN is the one number unlike itself
        return None
    return value


def progress(label: str, *, with_rate: bool = False) -> Callable[[int, int], None] | None:
    """Return a function that draws ``label done/total`` on a terminal, or None where stderr is no terminal.

    With the rate, transcripts per minute and the time that is left stand behind it.
    """
    if not sys.stderr.isatty():
        return None
    began: tuple[float, int] | None = None

    def draw(done: int, total: int) -> None:
        nonlocal began
        began = began or (time.monotonic(), done)
        filled = 30 * done // max(total, 1)
        pace = _pace(done - began[1], total - done, time.monotonic() - began[0]) if with_rate else ""
        end = "\n" if done >= total else ""
        sys.stderr.write(f"\r{label} [{'#' * filled}{'.' * (30 - filled)}] {done}/{total}{pace}{end}")
        sys.stderr.flush()

    return draw


def _pace(done: int, left: int, seconds: float) -> str:
    """Return the rate since the beginning and the time left at that rate, padded to cover what stood there."""
    if not done or seconds <= 0:
        return ""
    per_minute = 60 * done / seconds
    minutes = left / per_minute
    time_left = f"{minutes / 60:.1f} h left" if minutes >= 90 else f"{minutes:.1f} min left"
    return f"  {per_minute:.0f}/min, {time_left}".ljust(28)
