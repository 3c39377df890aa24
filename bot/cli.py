"""The command `lemans-bot`: parses arguments, nothing else.

What a command needs is imported when it runs: `ask` must not wait for Telegram's library.
"""

from __future__ import annotations

import gc
import io
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from bot.errors import BotError, FaqError, SettingsError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.assistant import Assistant
    from bot.console import Listener
    from bot.settings import Settings

INTERRUPTED = 130
BROKEN_PIPE = 141
"""As a shell reports programs that SIGINT or SIGPIPE ended."""

TOKEN_HINT = (
    "No TELEGRAM_BOT_TOKEN is set, so the chat is here; for Telegram get a token from @BotFather (send it "
    "/newbot), set the variable to it and start again."
)


def main(args: Sequence[str] | None = None) -> NoReturn:
    """Run the command with `args` (default: the process's) and end the process with its exit status."""
    arguments = list(sys.argv[1:] if args is None else args)
    # Read when numpy is first imported: its vectors here are too short to share among threads, and starting
    # those would take longer than all the rest of an answer.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    _open_streams()
    try:
        # Not `cli.main()`, which prints several lines on bad arguments and ends with 1 when interrupted.
        with cli.make_context("lemans-bot", arguments) as context:
            cli.invoke(context)
        sys.stdout.flush()
    except click.exceptions.Exit as end:
        sys.exit(end.exit_code)
    except click.ClickException as error:
        _fail(error.format_message(), error.exit_code)
    except FaqError as error:
        # As compilers do it, `file:line: …` first: editors can jump there.
        click.echo("\n".join(error.problems), err=True)
        sys.exit(error.exit_status)
    except BotError as error:
        _fail(str(error), error.exit_status)
    except (KeyboardInterrupt, click.Abort):
        sys.exit(INTERRUPTED)
    except OSError as error:
        # Python flushes standard output once more at its end; then it shall find an open door.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            sys.exit(BROKEN_PIPE)
        _fail(error.strerror or str(error), 1)
    sys.exit(0)


def _open_streams() -> None:
    """Make sure that there are standard streams, and that no character stops them."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # closed by whoever started us: `<&-`
            setattr(sys, name, open(os.devnull, mode))  # noqa: SIM115, PTH123
        if isinstance(stream := getattr(sys, name), io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _fail(message: str, status: int) -> NoReturn:
    click.echo(f"lemans-bot: {' '.join(message.splitlines())}", err=True)
    sys.exit(status)


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="lemans-bot", message="lemans-bot %(version)s")
@click.pass_context
def cli(context: click.Context) -> None:
    """Answer questions about the series “Le Mans: Racing is everything”.

    Without a COMMAND: on Telegram when TELEGRAM_BOT_TOKEN is set, else here in the terminal.
    """
    if context.invoked_subcommand is None:
        settings = _settings()
        if settings.token:
            _run(settings)
        else:
            click.echo(TOKEN_HINT, err=True)
            _chat(settings)


@cli.command()
def chat() -> None:
    """Chat with the bot in the terminal."""
    _chat(_settings())


@cli.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object per reply.")
@click.option("--language", metavar="de|en", help="The language where a question leaves it open.")
@click.option("--now", metavar="TIME", help="The time to answer at, such as 2017-06-08T20:00, in TIMEZONE.")
@click.argument("questions", nargs=-1, metavar="[QUESTION ...]")
def ask(as_json: bool, language: str | None, now: str | None, questions: tuple[str, ...]) -> None:
    """Answer each QUESTION, or each line of standard input."""
    from bot import console

    settings = _settings()
    clock = console.clock_at(now, settings.timezone)
    assistant = _assistant(settings)
    if language not in (None, *assistant.languages):
        raise SettingsError(
            f"--language is {language!r}, in which the FAQ is not written, so the bot cannot answer in it: "
            f"give one of {', '.join(assistant.languages)}."
        )
    console.ask(
        assistant,
        map(console.typed, questions) if questions else console.questions_of(sys.stdin.buffer),
        clock,
        language=language,
        as_json=as_json,
        heard=_listener(settings),
    )
    # At its end Python searches all that was imported for garbage, which takes as long as an answer.
    gc.freeze()


@cli.command()
def run() -> None:
    """Answer on Telegram."""
    _run(_settings())


@cli.group(no_args_is_help=False)
def webhook() -> None:
    """Manage the webhook at Telegram."""


@webhook.command()
def delete() -> None:
    """Remove the webhook; `run` without WEBHOOK_URL does so too."""
    from bot import logs
    from bot.telegram import app

    settings = _settings()
    logs.configure(settings.log_level, settings.log_format)
    click.echo(app.delete_webhook(settings))


@cli.command()
def health() -> None:
    """Ask the bot that runs here, at PORT, whether it can serve: exit status 0, or 1 and the reason."""
    from bot.probe import ask_health

    click.echo(ask_health(_settings()))


@cli.command()
@click.argument("directory", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
def check(directory: Path | None) -> None:
    """Validate the FAQ in DIR, or the one in use: exit status 0, or 1 with one line per problem."""
    from bot.assistant import SHIPPED_FAQ, load_assistant
    from bot.console import figures
    from bot.loader import load_faq

    settings = _settings()
    folder = directory or settings.faq_dir or SHIPPED_FAQ
    faq = load_faq(folder)
    # Goes as far as the bot would, and leaves behind what makes its next start fast.
    load_assistant(folder, settings.timezone)
    click.echo(figures(faq))


@cli.command()
@click.argument("files", metavar="FILE ...", nargs=-1, required=True, type=click.Path(path_type=Path))
def review(files: tuple[Path, ...]) -> None:
    """Report what people asked and the bot could not answer, from QUESTION_LOG files, commonest first."""
    from bot.review import report

    for line in report(files):
        click.echo(line)


def _settings() -> Settings:
    from bot.settings import Settings

    return Settings.from_env()


def _assistant(settings: Settings) -> Assistant:
    from bot.assistant import load_assistant

    return load_assistant(settings.faq_dir, settings.timezone)


def _listener(settings: Settings) -> Listener | None:
    if settings.question_log is None:
        return None
    from bot.review import QuestionLog

    return QuestionLog(settings.question_log).heard


def _chat(settings: Settings) -> None:
    from bot import console

    console.chat(
        _assistant(settings),
        console.Terminal(sys.stdin, sys.stdout),
        console.clock_at(None, settings.timezone),
        language=console.locale_language(os.environ),
        heard=_listener(settings),
    )


def _run(settings: Settings) -> None:
    # Until the bot listens for it: as a container's first process it would not be ended by SIGTERM otherwise.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    from bot import logs
    from bot.telegram import app

    logs.configure(settings.log_level, settings.log_format)
    app.valid_token(settings.token)
    app.run(settings, _assistant(settings))
