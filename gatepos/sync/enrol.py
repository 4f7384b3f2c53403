"""How a till joins central: it shows a code and its key, and believes only the central that gave the code."""

from dataclasses import dataclass
from pathlib import Path
from typing import cast

from gatepos.domain import keyring, numbers
from gatepos.domain.keyring import KeyRow
from gatepos.errors import Refusal
from gatepos.i18n import N_
from gatepos.seal import enrolment, said
from gatepos.seal.enrolment import Joins
from gatepos.seal.keys import TillKey
from gatepos.seal.said import NotSaid
from gatepos.sync.address import Address
from gatepos.sync.client import Client, Limits, NoAnswer
from gatepos.wire import forms
from gatepos.wire.forms import BadBody

_OK = 200


class OtherCentral(Refusal):
    """An answer by another central than the one that gave the code."""

    says = N_("This code is not from the central at that address. Compare both with who gave them.")


@dataclass(frozen=True, slots=True)
class Joined:
    """What central answered: the till's own row of every keyring, and where to send from now on."""

    row: KeyRow
    address: Address


def enrol(
    joins: Joins,
    key: TillKey,
    till: str | None = None,
    limits: Limits | None = None,
    authorities: Path | None = None,
) -> Joined:
    """Join by a code; `till` where a ledger has one already. The same again when an answer was lost.

    `authorities` are an organisation's own, by which the line's TLS is believed.

    BadCode, BadAddress, NotPrivate, NoAnswer, OtherCentral, and what central refuses by name.
    """
    code = enrolment.read(joins.code)
    url = _address(joins.url)
    client = Client(Address(url, b"", "", authorities=authorities), limits)
    asked = {"code": code, "till": till, "public_key": key.public.hex()}
    try:
        answer = client.enrol(forms.dump({**asked, "proof": said.prove(key, code).hex()}))
    finally:
        client.stop()
    if answer.status != _OK:
        raise _refused(answer.data, till or code)
    return _joined(answer.data, url, code, key, till)


def _address(typed: str) -> str:
    """Central's address as typed: HTTPS, unless it says otherwise."""
    url = typed.strip().rstrip("/")
    return url if "://" in url else f"https://{url}"


def _joined(data: bytes, url: str, code: str, key: TillKey, till: str | None) -> Joined:
    """What an answer says, when the central that gave the code signed it for this key."""
    try:
        found = forms.parsed(forms.CERTIFICATE, said.parsed(data).raw)
        central = bytes.fromhex(cast(str, found["central_key"]))
        fields = said.read(central, "certificate", till or str(found["for"]), data)
    except (BadBody, NotSaid) as error:
        raise OtherCentral() from error
    row = keyring.row(cast("dict[str, object]", fields["certificate"]))
    if not enrolment.names(code, central) or row.public != key.public or row.till != fields["for"]:
        raise OtherCentral()
    is_demo = numbers.is_demo(row.till)
    return Joined(row, Address(url, central, cast(str, fields["token"]), data, is_demo))


def _refused(data: bytes, asked: str) -> Refusal | NoAnswer:
    """Why central let nobody in, as it says; nothing depends on who said it."""
    try:
        fields = forms.parsed(forms.ERROR, said.parsed(data).raw)
    except BadBody:
        return NoAnswer(why="not central")
    cause = enrolment.NAMED.get(cast(str, fields["error"]))
    return cause(till=asked) if cause else NoAnswer(why=fields["error"])
