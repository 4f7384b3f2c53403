"""How a till joins central: its key is made first, then central is asked, and only then a ledger is begun."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import click

from gatepos import app, spares
from gatepos.domain import numbers
from gatepos.errors import Refusal, Trouble
from gatepos.i18n import N_
from gatepos.seal import enrolment
from gatepos.seal.enrolment import Joins
from gatepos.seal.keys import TillKey
from gatepos.spoken import Spoken, secret
from gatepos.sync import address, unsent
from gatepos.sync import enrol as enrolling
from gatepos.sync.address import Address
from gatepos.till.station import Plan
from gatepos.till.till import Till

_SCHEDULE = "CF2025"
_NOWHERE = ("NNP", "MAIN", "1")
"""Stands in a plan until central says where the till stands."""


class OtherPlace(Refusal):
    """A code for another till or park than the folder's."""

    says = N_("This code is for {till} in {park}. This folder's till goes on as it was.")


class CodeOfSpare(Refusal):
    """A code for a spare, where a till was to sell at once."""

    says = N_("This code is for a spare till. Say --spare with it, or ask central for another code.")


def make(folder: Path, plan: Plan, world: app.World | None = None) -> Till:
    """Make a till by a plan, with central where it joins one; whatever either refuses, by name."""
    if plan.joins is None:
        return app.create_till(folder, plan, world)
    own = numbers.proposed_till(plan.park, plan.gate, plan.lane)
    app.check_plan(replace(plan, code=own))
    spares.check_free(folder)
    key = _key(folder)
    joined = enrolling.enrol(plan.joins, key, authorities=address.authorities(folder))
    if joined.row.is_spare:
        raise CodeOfSpare()
    address.save(folder, joined.address)
    row = joined.row
    made = replace(plan, code=row.till, park=row.park, gate=row.gate, lane=row.lane)
    return app.begin_till(folder, made, key, world, row)


def again(folder: Path, till: Till, joins: Joins) -> None:
    """Let the till of a folder join, or join anew: its code, key and journal stay. OtherPlace and others.

    UnsentHere, ShiftStillOpen before it joins another central.
    """
    own, key = till.desk.own, TillKey.load(folder / app.KEY)
    before = address.central_keys(folder)
    if before and not any(enrolment.names(joins.code, key) for key in before):
        unsent.of(folder, till.desk.ledger).check()  # what only the central before may have had is sent first
    joined = enrolling.enrol(joins, key, own.till, authorities=address.authorities(folder))
    if (joined.row.till, joined.row.park) != (own.till, own.park):
        raise OtherPlace(till=joined.row.till, park=joined.row.park)
    address.save(folder, _remembering(folder, joined.address))


@click.command(cls=Spoken)
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.argument("url")
@click.option(
    "--manager", default="01", show_default=True, help="The manager; PIN in GATEPOS_PIN or asked for."
)
@click.option("--schedule", default=_SCHEDULE, show_default=True, help="A new till's fee schedule.")
@click.option("--spare", "is_spare", is_flag=True, help="Keep it as a spare: it sells nothing until started.")
@click.option(
    "--like", type=click.Path(path_type=Path, exists=True), help="The till that the spare would follow."
)
def enrol(folder: Path, url: str, manager: str, schedule: str, is_spare: bool, like: Path | None) -> None:
    """Let the till in FOLDER join the central at URL; where there is no till yet, make it.

    The code that central gave is GATEPOS_CODE, or asked for.
    """
    joins = Joins(url, secret("GATEPOS_CODE", "Enrolment code"))
    pin = secret("GATEPOS_PIN", "PIN of the manager")
    if is_spare:
        takes_over = spares.like(like) if like else spares.alone(manager, schedule)
        row = spares.join(folder, joins, manager, pin, takes_over).row
        click.echo(f"{row.till} of {row.park}, gate {row.gate}, is kept in {folder} as a spare.")
        return
    is_there = (folder / app.IDENTITY).exists()
    plan = Plan("", *_NOWHERE, manager, pin, schedule, joins)
    till = app.open_till(folder) if is_there else make(folder, plan)
    with closing(till.desk.ledger):
        if is_there:
            till.sign_in.sign_in(manager, pin)
            till.desk.allowed("set_up")
            again(folder, till, joins)
        own = till.desk.own
    click.echo(f"{own.till} of {own.park}, gate {own.gate}, lane {own.lane}, has joined {url}.")


def _remembering(folder: Path, joined: Address) -> Address:
    """With the keys of central that signed what is kept; a file that names none is about to be replaced."""
    try:
        former = tuple(known for known in address.central_keys(folder) if known != joined.key)
        return replace(joined, former=former, distrusted=address.distrusted_keys(folder))
    except Trouble:
        return joined


def _key(folder: Path) -> TillKey:
    """The key with which central was asked before, when the answer was lost; else a new one."""
    return TillKey.load(folder / app.KEY) if (folder / app.KEY).exists() else app.new_key(folder)
