"""The commands of spare tills: look at one, bring it up to date, start it where another cannot go on."""

from pathlib import Path

import click

from gatepos import spares
from gatepos.domain import labels
from gatepos.errors import Refusal
from gatepos.i18n import N_
from gatepos.spares import Begun, Start
from gatepos.spoken import Group, secret
from gatepos.till import spare as places
from gatepos.till.approvals import Second
from gatepos.till.radio import QuestionAsked
from gatepos.till.spare import Wish

_FOLDER = click.Path(path_type=Path, file_okay=False)
_LIKE = click.option(
    "--like",
    type=click.Path(path_type=Path, exists=True),
    help="The till that it would follow.",
)


class NoSpareSeen(Refusal):
    """No spare where one was looked for."""

    says = N_("No spare till can be seen from {folder}: put its disk or stick in.")


@click.group(cls=Group)
def spare() -> None:
    """Spare tills: empty, known to every gate, started where another cannot go on."""


@spare.command()
@click.argument("folder", type=_FOLDER)
def look(folder: Path) -> None:
    """Say which spares can be seen from FOLDER: in it, beside it, on disks and sticks."""
    found = spares.offered(folder)
    if not found:
        raise NoSpareSeen(folder=folder)
    for offer in found:
        row = offer.spare.row
        after = f", would follow {offer.spare.follows}" if offer.spare.follows else ""
        click.echo(f"{row.till} of {row.park}, gate {row.gate}{after}: {offer.folder}")


@spare.command()
@click.argument("folder", type=_FOLDER)
@_LIKE
def refresh(folder: Path, like: Path | None) -> None:
    """Fetch for the spare in FOLDER what central says by now; once a month, and when people change."""
    found = spares.refresh(folder, spares.like(like) if like else None)
    click.echo(f"{found.row.till} is up to date; {len(found.in_force.staff)} people work there.")


@spare.command()
@click.argument("folder", type=_FOLDER)
@click.argument("number")
@click.option("--manager", default="01", show_default=True, help="Who allows it; PIN in GATEPOS_PIN.")
def pin(folder: Path, number: str, manager: str) -> None:
    """Let supervisor NUMBER have a PIN at the spare in FOLDER, GATEPOS_NEW_PIN or asked for."""
    own = secret("GATEPOS_PIN", "PIN of the manager")
    Start(folder).allow(manager, own, number, secret("GATEPOS_NEW_PIN", "New PIN"))
    click.echo(f"{number} may start the spare with that PIN.")


@spare.command()
@click.argument("folder", type=_FOLDER)
@click.option("--follows", help="The till that cannot go on  [default: the one that it was made like]")
@click.option("--cause", type=click.Choice(list(places.CAUSES)), default="disk", show_default=True)
@click.option("--staff", default="01", show_default=True, help="Who starts it; PIN in GATEPOS_PIN.")
@click.option("--second", help="Who agrees by radio, where no supervisor is here.")
@click.option("--radio", help="The code of the till at which they answer.")
def start(
    folder: Path, follows: str | None, cause: str, staff: str, second: str | None, radio: str | None
) -> None:
    """Start the spare in FOLDER: from then on it is a till, and goes on where another cannot."""
    if (second is None) != (radio is None):
        raise click.UsageError("Say --second together with --radio.")
    begins = Start(folder)
    pin = secret("GATEPOS_PIN", "Your PIN" if second is None else "Your PIN; new, if you have none here")
    agrees = Second(second, radio=radio or "") if second else None
    wish = Wish(follows or begins.spare.follows, cause, staff, pin, agrees)
    begun = begins.begin(wish) if agrees is None else _by_radio(begins, wish, agrees)
    click.echo(f"{begun.till} goes on. Next: gatepos kiosk {folder}")
    for started in begun.codes:
        click.echo(f"{started.person.number} chooses a PIN with the start code {started.start_code}")


def _by_radio(begins: Start, wish: Wish, agrees: Second) -> Begun:
    try:
        return begins.begin(wish)
    except QuestionAsked as asked:
        values = asked.values
        click.echo(f"Read out: {labels.ACTIONS[str(values['kind'])]}, till {values['till']}.")
        click.echo(f"The question for {agrees.staff}: {values['question']}")
    answer = secret("GATEPOS_ANSWER", "Their answer")
    second = Second(agrees.staff, radio=agrees.radio, answer=answer)
    return begins.begin(Wish(wish.follows, wish.cause, wish.staff, wish.pin, second))
