"""Asking Safaricom's Daraja: a phone to pay, what became of that, how a payment stands (FORMATS.md §6)."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

import requests
from urllib3.exceptions import HTTPError

from gatepos.domain import moments, money
from gatepos.errors import Refusal, Trouble
from gatepos.i18n import N_
from gatepos.wire import urls

WAITING = "waiting"
REQUEST_MAX = 64
_STATES = {
    "0": "paid", "1": "no_money", "1032": "cancelled", "1037": "no_answer", "2001": "wrong_pin",
}  # fmt: skip
"""What became of a request, by Daraja's ResultCode; any other failed."""
_IN_HAND = "500.001.1001"
"""Daraja's errorCode for a request that the phone has not answered."""
_DEADLINES_S = (5, 20)
_ANSWER_MAX = 64 * 1024
_EARLY_MS = 60_000
_VARIABLES = {
    "url": "GATEPOS_DARAJA_URL",
    "key": "GATEPOS_DARAJA_KEY",
    "secret": "GATEPOS_DARAJA_SECRET",
    "shortcode": "GATEPOS_DARAJA_SHORTCODE",
    "passkey": "GATEPOS_DARAJA_PASSKEY",
    "callback": "GATEPOS_DARAJA_CALLBACK",
}
_ASKS_STATUS = {"initiator": "GATEPOS_DARAJA_INITIATOR", "credential": "GATEPOS_DARAJA_CREDENTIAL"}
"""Of whoever may ask how payments stand: Safaricom gives that right to an initiator of its own."""
_STK, _STATUS, _TIMEOUT = "/stk", "/status", "/timeout"
_SHORTCODE = "4"
"""Daraja's IdentifierType of an organisation's shortcode."""


class NoDaraja(Refusal):
    """A central that was given no credentials."""

    says = N_("Central cannot ask phones to pay: it has no Daraja credentials.")


class OtherPaybill(Refusal):
    """A phone that is to be asked for a paybill of which central has no credentials."""

    says = N_("Central asks phones to pay to {own} alone, not to {paybill}.")


class DarajaRefuses(Refusal):
    """Daraja answered, and did not take the request."""

    says = N_("M-PESA did not take the request (code {code}). Let them pay by paybill.")


class DarajaSilent(Trouble):
    """No answer came, or none that is Daraja's; whether the phone was asked is not known."""

    says = N_("M-PESA does not answer. Look at the phone before you ask again.")


@dataclass(frozen=True, slots=True)
class Credentials:
    """What Safaricom gave the organisation, and where Daraja is to report."""

    url: str
    key: str = field(repr=False)
    secret: str = field(repr=False)
    shortcode: str
    passkey: str = field(repr=False)
    callback: str = field(repr=False)
    initiator: str = ""
    credential: str = field(default="", repr=False)


class Daraja:
    """Daraja as central calls it; each call may run on a thread of its own."""

    def __init__(self, credentials: Credentials):
        self._own = credentials
        self._token, self._until_ms = "", 0

    @property
    def asks_of(self) -> str | None:
        """The paybill of whose payments it may ask how they stand; None without an initiator."""
        return self._own.shortcode if self._own.initiator and self._own.credential else None

    def check_paybill(self, paybill: str) -> None:
        """OtherPaybill: the money would go elsewhere than the till says."""
        if paybill != self._own.shortcode:
            raise OtherPaybill(own=self._own.shortcode, paybill=paybill)

    def request(self, phone: str, amount_minor: int, account: str, now_ms: int) -> str:
        """Ask a phone to pay whole shillings; Daraja's name for it. DarajaRefuses, DarajaSilent."""
        fields = {
            **self._signed(now_ms),
            "TransactionType": "CustomerPayBillOnline",
            "Amount": amount_minor // money.MINOR,
            "PartyA": phone,
            "PartyB": self._own.shortcode,
            "PhoneNumber": phone,
            "CallBackURL": self._own.callback,
            "AccountReference": account,
            "TransactionDesc": "Park entry",
        }
        answer = self._asked("/mpesa/stkpush/v1/processrequest", fields, now_ms)
        name = answer.get("CheckoutRequestID")
        if (
            str(answer.get("ResponseCode")) != "0"
            or not isinstance(name, str)
            or not 0 < len(name) <= REQUEST_MAX
        ):
            raise DarajaRefuses(code=_code(answer))
        return name

    def state(self, request: str, now_ms: int) -> str:
        """What became of a request, a word of `forms.STK_SAID`; DarajaRefuses, DarajaSilent."""
        fields = {**self._signed(now_ms), "CheckoutRequestID": request}
        answer = self._asked("/mpesa/stkpushquery/v1/query", fields, now_ms)
        if answer.get("errorCode") == _IN_HAND:
            return WAITING
        if "ResultCode" not in answer:
            raise DarajaRefuses(code=_code(answer))
        return _STATES.get(str(answer["ResultCode"]), "failed")

    def ask_status(self, trans_id: str, now_ms: int) -> None:
        """Ask how a payment stands, which is reported beside the callback. DarajaRefuses, DarajaSilent."""
        beside = self._own.callback.removesuffix(_STK)
        fields: dict[str, object] = {
            "Initiator": self._own.initiator,
            "SecurityCredential": self._own.credential,
            "CommandID": "TransactionStatusQuery",
            "TransactionID": trans_id,
            "PartyA": self._own.shortcode,
            "IdentifierType": _SHORTCODE,
            "ResultURL": f"{beside}{_STATUS}",
            "QueueTimeOutURL": f"{beside}{_TIMEOUT}",
            "Remarks": "Park entry",
            "Occasion": "",
        }
        answer = self._asked("/mpesa/transactionstatus/v1/query", fields, now_ms)
        if str(answer.get("ResponseCode")) != "0":
            raise DarajaRefuses(code=_code(answer))

    def _signed(self, now_ms: int) -> dict[str, object]:
        at = f"{moments.local(now_ms):%Y%m%d%H%M%S}"
        password = base64.b64encode(f"{self._own.shortcode}{self._own.passkey}{at}".encode()).decode()
        return {"BusinessShortCode": self._own.shortcode, "Password": password, "Timestamp": at}

    def _asked(self, path: str, fields: dict[str, object], now_ms: int) -> dict[str, object]:
        headers = {"Authorization": f"Bearer {self._access(now_ms)}"}
        return _answered("POST", f"{self._own.url}{path}", headers=headers, json=fields)

    def _access(self, now_ms: int) -> str:
        """A token of an hour or so, asked for again a minute before it ends."""
        if now_ms >= self._until_ms:
            url = f"{self._own.url}/oauth/v1/generate?grant_type=client_credentials"
            answer = _answered("GET", url, auth=(self._own.key, self._own.secret))
            token, lasts_s = answer.get("access_token"), str(answer.get("expires_in", ""))
            if not isinstance(token, str) or not (lasts_s.isascii() and lasts_s.isdigit()):
                raise DarajaRefuses(code=_code(answer))
            self._token, self._until_ms = token, now_ms + int(lasts_s) * 1000 - _EARLY_MS
        return self._token


def from_environment(environment: Mapping[str, str]) -> Daraja | None:
    """Daraja by the credentials in the environment; None unless all are there but the initiator's.

    InTheOpen.
    """
    found = {name: environment.get(variable, "") for name, variable in _VARIABLES.items()}
    status = {name: environment.get(variable, "") for name, variable in _ASKS_STATUS.items()}
    if not all(found.values()):
        return None
    urls.check_private(found["url"])
    return Daraja(Credentials(**found, **status))


def _answered(method: str, url: str, **how: object) -> dict[str, object]:
    """The JSON that Daraja answers, errors too; DarajaSilent."""
    try:
        with requests.Session() as session:
            session.trust_env = False  # no proxy, no .netrc
            answer = session.request(
                method,
                url,
                timeout=_DEADLINES_S,
                allow_redirects=False,
                stream=True,
                **how,  # type: ignore[arg-type]
            )
            data = answer.raw.read(_ANSWER_MAX, decode_content=True)
            fields = json.loads(data)
    except (requests.RequestException, HTTPError, OSError, ValueError, RecursionError) as error:
        raise DarajaSilent() from error
    if not isinstance(fields, dict):
        raise DarajaSilent()
    return cast("dict[str, object]", fields)


def _code(answer: Mapping[str, object]) -> str:
    return str(answer.get("errorCode") or answer.get("ResponseCode") or "?")[:20]
