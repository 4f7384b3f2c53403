"""How commands speak: refusals in the reader's language, exit codes, PINs that no argument holds."""

import os
import sys
from collections.abc import Callable
from dataclasses import fields, replace
from functools import wraps
from pathlib import Path
from typing import Any, NoReturn

import click

from gatepos import app, i18n
from gatepos.errors import Refusal, Said, Trouble
from gatepos.i18n import N_, Words
from gatepos.ledger.troubles import LedgerInUse
from gatepos.reports.asked import Typed

FOUND, REFUSED, IN_USE, STOPPED = 1, 2, 3, 130
"""Exit codes: something was found, a refusal, a till that is running already, Ctrl-C."""


class NotReached(Trouble):
    """A file or folder that the system does not let be read or written."""

    says = N_("{file}: {why}. Nothing more was done.")


class NobodyToAsk(Refusal):
    """A secret that is not in the environment, and no terminal at which somebody could type it."""

    says = N_("Nobody is here to ask for it: put the {what} into {variable}.")


class Spoken(click.Command):
    """A command whose refusals are in the language of whoever runs it, or of the folder that it was given."""

    def invoke(self, ctx: click.Context) -> object:
        folder = ctx.params.get("folder") or ctx.params.get("path")
        try:
            return super().invoke(ctx)
        except (Refusal, Trouble) as said:
            code = IN_USE if isinstance(said, LedgerInUse) else REFUSED
            _stop(said, code, words_of(folder))
        except BrokenPipeError:
            raise  # whoever read what is written here has gone
        except OSError as error:
            where = error.filename or ctx.info_name
            _stop(NotReached(file=where, why=error.strerror or str(error)), REFUSED, words_of(folder))


class Group(click.Group):
    """A group whose commands are spoken."""

    command_class = Spoken
    group_class = type


def asks_for_report(command: Callable[..., None]) -> Callable[..., None]:
    """The options by which a report says of which days it is, how it is written and where to, as `typed`."""

    @wraps(command)
    def with_typed(**named: Any) -> None:
        typed = Typed(**{one.name: named.pop(one.name) for one in fields(Typed)})
        language = typed.language or i18n.of_environment(os.environ)
        command(typed=replace(typed, language=language), **named)

    made: Callable[..., None] = with_typed
    for option in reversed((
        click.option("--day", help="One business day, 2026-01-02."),
        click.option("--month", help="All of a month, 2026-01."),
        click.option("--from", "first", help="The first business day of a range."),
        click.option("--to", "last", help="The last one."),
        click.option("--format", "formats", default="xlsx,pdf,csv,json", show_default=True),
        click.option("--out", required=True, type=click.Path(path_type=Path, exists=True, file_okay=False),
                     help="The folder or stick to write to."),
        click.option("--language", type=click.Choice(list(i18n.LANGUAGES)), help="Of the papers."),
    )):  # fmt: skip
        made = option(made)
    return made


def secret(variable: str, prompt: str) -> str:
    """A PIN from the environment, or asked for, or a line of what is piped in; NobodyToAsk."""
    given = os.environ.get(variable)
    if not given and _is_terminal():
        given = str(click.prompt(prompt, hide_input=True))
    given = given or sys.stdin.readline().strip()
    if not given:
        raise NobodyToAsk(what=prompt, variable=variable)
    return given


def words_of(folder: Path | None, language: str | None = None) -> Words:
    """The words of a language that was named, or else of the environment, of a folder's settings, English."""
    language = language or i18n.of_environment(os.environ)
    try:
        if language is None and folder is not None and folder.is_dir():
            return app.words_of(folder)
    except Said:
        pass
    return i18n.words(language or i18n.ENGLISH)


def _is_terminal() -> bool:
    """Whether somebody can be asked for what is not shown: at the input, or at the terminal behind it."""
    if sys.stdin.isatty():
        return True
    try:
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY))
    except OSError:
        return False
    return True


def _stop(said: Said, code: int, words: Words) -> NoReturn:
    click.echo(said.said(words), err=True)
    sys.exit(code)
