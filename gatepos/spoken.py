"""How commands speak: refusals in the language of their folder, exit codes, PINs that no argument holds."""

import os
import sys
from collections.abc import Callable
from dataclasses import fields
from functools import wraps
from pathlib import Path
from typing import Any, NoReturn

import click

from gatepos import app, i18n
from gatepos.errors import Refusal, Said, Trouble
from gatepos.i18n import Words
from gatepos.ledger.troubles import LedgerInUse
from gatepos.reports.asked import Typed

FOUND, REFUSED, IN_USE = 1, 2, 3
"""Exit codes: something was found, a refusal, a till that is running already."""


class Spoken(click.Command):
    """A command whose refusals are in the language of the folder that it was given."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except (Refusal, Trouble) as said:
            folder = ctx.params.get("folder") or ctx.params.get("path")
            code = IN_USE if isinstance(said, LedgerInUse) else REFUSED
            _stop(said, code, _words(folder))


class Group(click.Group):
    """A group whose commands are spoken."""

    command_class = Spoken
    group_class = type


def asks_for_report(command: Callable[..., None]) -> Callable[..., None]:
    """The options by which a report says of which days it is, how it is written and where to, as `typed`."""

    @wraps(command)
    def with_typed(**named: Any) -> None:
        command(typed=Typed(**{one.name: named.pop(one.name) for one in fields(Typed)}), **named)

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
    """A PIN from the environment, or asked for."""
    given = os.environ.get(variable)
    return given if given else str(click.prompt(prompt, hide_input=True))


def _stop(said: Said, code: int, words: Words) -> NoReturn:
    click.echo(said.said(words), err=True)
    sys.exit(code)


def _words(folder: Path | None) -> Words:
    """The words of a folder's settings; English where there are none, or they cannot be read."""
    try:
        return app.words_of(folder) if folder is not None and folder.is_dir() else i18n.words(i18n.ENGLISH)
    except Said:
        return i18n.words(i18n.ENGLISH)
