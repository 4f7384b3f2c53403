"""Every address of central, fuzzed from its description: nothing breaks, nothing is read without end."""

import asyncio
import json
import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import hypothesis
import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from starlette.testclient import TestClient
from starlette.types import Message

from gatepos import resources
from gatepos.central import api, c2b
from gatepos.central.bodies import FILE_MAX
from gatepos.central.daraja import Credentials, Daraja
from gatepos.central.managers import app as managers
from gatepos.central.managers.people import People
from gatepos.domain import numbers
from gatepos.seal import passwords
from gatepos.seal import token as tokens
from gatepos.seal.keys import TillKey
from gatepos.seal.passwords import Passwords
from gatepos.wire import forms, push
from tests import lists
from tests.apart import apart
from tests.central.managers.conftest import AtOnce, Office
from tests.central.place import CENTRAL_KEY, Sender, asked, bearer
from tests.central.safaricom import NAME, SECRET, Safaricom
from tests.central.test_c2b import PAYBILL, REPORT
from tests.central.test_enrolling import certificate
from tests.gate import CHEAP
from tests.proof.conftest import Rounds
from tests.proof.described import FORM, JSON, Values, operations, put_right
from tests.proof.test_tokens import VAN

pytestmark = pytest.mark.proof
MIB, PIECE = 1024 * 1024, 64 * 1024
OTHER_KEY, NEW_KEY = TillKey(b"\x02" * 32), TillKey(b"\x03" * 32)
C2B = tuple(REPORT)
BODIES: Mapping[str, tuple[str, ...]] = {
    "/v1/enrol": tuple(forms.ENROL),
    "/v1/tills/{till}/entries": tuple(forms.PUSH),
    "/v1/tills/{till}/stk": tuple(forms.STK),
    "/v1/feeds/keyring": tuple(forms.SIGNED),
    "/v1/c2b/{secret}/confirmation": C2B,
    "/v1/c2b/{secret}/validation": C2B,
    "/v1/c2b/{secret}/stk": C2B,
    "/v1/c2b/{secret}/status": ("Result",),
    "/v1/c2b/{secret}/timeout": ("Result",),
    "/P/{text}": ("message", "wrong"),
}
"""The fields that each address takes: a new one does not pass unless it is named here."""
FORMS: Mapping[str, tuple[str, ...]] = {
    "/cases": ("case", "reason", "form"),
    "/outside": ("what", "since", "state", "form"),
    "/figure": ("till", "day", "kes", "usd", "papers", "seq", "code", "form"),
    "/takings/download": ("park", "first", "last", "format_json", "form"),
    "/reconciliation/import": ("form", "park", "paybill", "is_card", "statement"),
    "/reconciliation/decide": (
        "form",
        "park",
        "first",
        "last",
        "kind",
        "subject",
        "code",
        "judged",
        "difference",
        "decision",
        "line",
        "reason",
        "second",
        "password",
    ),
    "/reconciliation/withdraw": (
        "form",
        "park",
        "first",
        "last",
        "statement",
        "reason",
        "second",
        "password",
    ),
    "/reconciliation/sheet": ("form", "park", "first", "last"),
    "/till/revoke": ("till", "typed", "form"),
    "/till/adopt": ("till", "seq", "form"),
    "/till/code": ("place", "lane", "form"),
    "/person": ("name", "role", "park", "form"),
    "/rates": ("month", "rate", "from", "sure", "seen", "form"),
    "/rates/withdraw": ("id", "seen", "form"),
    "/policy/answer": ("park", "key", "value", "do", "form"),
    "/policy": ("park", "paybill", "allow_cash", "pass_host", "sure", "seen", "form"),
    "/staff": ("park", "number", "name", "role", "from_on", "until_on", "do", "form"),
    "/schedules/preview": ("form", "id", "title", "legal", "begins", "rows", "park_NNP"),
    "/schedules/publish": ("form", "id", "title", "legal", "begins", "rows", "parks"),
    "/prepaid/load": ("form", "rows"),
    "/prepaid/withdraw": ("form", "reference"),
    "/sign-out": ("form",),
    "/sign-in": ("name", "password"),
    "/start": ("name", "code", "password", "again"),
}


@dataclass
class Central:
    """Both applications of a central that a till has sent its journal to, and what holds at them."""

    sender: Sender
    other_token: str
    secret: str
    api: FastAPI
    office: Office

    @property
    def pages(self) -> FastAPI:
        """The managers' pages."""
        place = self.sender.place
        return managers.application(
            place.store, place.folder, CENTRAL_KEY, place.clock, Passwords(CHEAP), AtOnce()
        )

    def good(self) -> dict[str, list[object]]:
        """What holds, by name: fields of bodies, parts of paths, headers."""
        sender = self.sender
        joining = asked(sender.place.code(), NEW_KEY)
        sent = json.loads(push.body(sender.stretch(0)))
        account = numbers.make(sender.till, "P", 318)
        return {
            **{name: [value] for name, value in {**joining, **sent, **REPORT}.items()},
            "till": [sender.till], "secret": [self.secret], "feed": [*forms.FEEDS],
            "authorization": [*4 * [f"Bearer {sender.token}"], f"Bearer {self.other_token}"],
            "after": ["0", "3", "-1", str(2**70)], "phone": ["254712345678"], "account": [account],
            "content-encoding": ["identity"], "amount_minor": [4_394_000], "asked_for": [NAME],
            "paybill": [PAYBILL],
            "text": [tokens.make(VAN, sender.key)], "message": ["UA26X1Y2ZQ Confirmed. Ksh10.00"],
            "Result": [
                {"ResultCode": 1},
                {"ResultParameters": {"ResultParameter": [1]}},
                {"ResultCode": 0, "ResultParameters": {"ResultParameter": [
                    {"Key": "Amount", "Value": 10}, {"Key": "ReceiptNo", "Value": "UA26X1Y2ZQ"}]}},
            ],
        }  # fmt: skip

    def signed_in(self) -> tuple[dict[str, str], dict[str, list[object]]]:
        """An administrator's cookie, and what holds in forms."""
        name = f"boss {self.sender.place.count('person')}"
        token = next(iter(self.office.signed_in(name, "administrator").http.cookies.values()))
        values: dict[str, list[object]] = {
            "form": [passwords.form_token(token)], "code": [self.sender.till], "park": ["NNP", ""],
            "till": [self.sender.till], "typed": [self.sender.till], "seq": ["3"], "case": ["1"],
            "place": ["NNP MAIN"], "name": ["clerk", "\x00", "x" * 41], "role": ["manager"],
            "id": ["CF2026", "\x00"], "title": ["Fees", "\x00"], "legal": ["LN 1", "\x00"],
            "begins": ["2026-01-02T11:00", "0001-01-01"], "parks": ["", "NNP AMB", "\x00"],
            "rows": [resources.text("fees/CF2016.csv"), lists.TICKETS + lists.VAN, "\x00"],
            "reference": ["WQBGPWRR", "\x00"], "park_NNP": ["1"],
            "kes": ["412,000", "1.5"], "usd": ["", "30"], "papers": ["3"],
            "day": ["2026-01-02", "0001-01-01"], "reason": ["seen\x00", "it is settled"],
            "first": ["2026-01-02", "2026-01-03"], "last": ["2026-01-02", "\x00"], "format_json": ["1"],
            "kind": ["mpesa"], "subject": ["claim", "line"], "judged": ["waiting"], "difference": ["0"],
            "decision": ["explained", "is_line", "written_off", "\x00"], "line": ["UA26X1Y2ZQ", "\x00"],
            "second": ["clerk"], "password": ["\x00"], "is_card": ["", "1"],
            "statement": ["", "a,b", "Receipt No.,Paid In\nUA26X1Y2ZQ,1", "\x00"],
            "month": ["2026-02"], "rate": ["130.10"], "from": ["", "2026-02-01 00:00"], "number": ["31"],
            "from_on": ["", "2026-02-01"], "until_on": ["", "2026-12-31"], "do": ["", "code", "end"],
            "allow_cash": ["yes", "", "perhaps"], "paybill": ["600000"], "seen": ["0"], "sure": ["yes"],
            "what": ["mpesa"], "state": ["down", "works"], "since": ["", "05:50"],
        }  # fmt: skip
        return {"Cookie": f"gatepos={token}"}, values

    def rows(self) -> dict[str, int]:
        """How much each table holds."""
        with self.sender.place.store.reading() as tx:
            if self.sender.place.is_sqlite:
                found = tx.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
            else:
                found = tx.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return {str(name): self.sender.place.count(str(name)) for (name,) in found}


@pytest.fixture
def central(till: Sender, safaricom: Safaricom) -> Central:
    """A central that knows two tills, has a journal of one, and asks a Daraja on loopback."""
    place = till.place
    other = str(certificate(place, place.code(), OTHER_KEY, "XNM5")["token"])
    till.drain()
    safaricom.says("query", {"ResultCode": "0"})
    url = f"http://127.0.0.1:{safaricom.server_port}"
    mpesa = Daraja(Credentials(url, "key", SECRET, PAYBILL, "passkey", "https://central/x"))
    made = api.application(place.store, CENTRAL_KEY, place.clock, mpesa)
    secret = c2b.new_secret(place.store, PAYBILL, place.central.now())
    return Central(till, other, secret, made, Office(place, People(place.store, Passwords(CHEAP))))


def fuzzed(operation: Any, values: Values, headers: dict[str, str], seed: int, count: int) -> Counter[int]:
    """Ask an address so often; how often it answered what. It fails at a 5xx."""
    statuses: Counter[int] = Counter()
    right, wrong = operation.as_strategy(), operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)

    @hypothesis.seed(seed)
    @settings(
        max_examples=count, deadline=None, database=None, suppress_health_check=list(HealthCheck),
        phases=(Phase.explicit, Phase.generate, Phase.shrink),
    )  # fmt: skip
    @given(case=right | right | wrong, chance=st.integers(0, 2**32).map(random.Random))
    def ask(case: Case[Any], chance: random.Random) -> None:
        put_right(case, values, chance)
        answer = case.call(headers=headers or None)
        statuses[answer.status_code] += 1
        assert answer.status_code < 500, answer.text

    ask()
    return statuses


def test_no_call_of_tills_and_payers_breaks_central(central: Central, seed: int, rounds: Rounds) -> None:
    before = central.sender.place.count("journal"), central.sender.place.books()
    addresses, through = operations(central.api, BODIES, JSON), 0
    for operation in addresses:
        good = central.good()
        if operation.path == "/v1/enrol":
            good["till"] = [None]
        found = fuzzed(operation, good, {}, seed, rounds(10, 5_000))
        print(f"\n{operation.label}: seed {seed}, {dict(found)}", end="")
        through += found[200] > 0
    assert (central.sender.place.count("journal"), central.sender.place.books()) == before
    assert through > len(addresses) // 2, "calls are refused too early to prove much"


def test_no_page_of_managers_breaks(central: Central, seed: int, rounds: Rounds) -> None:
    for n in range(len(operations(central.pages, FORMS, FORM))):
        headers, values = central.signed_in()  # one may have signed out
        operation = operations(central.pages, FORMS, FORM)[n]
        found = fuzzed(operation, values, headers, seed, rounds(3, 5_000))
        print(f"\n{operation.label}: seed {seed}, {dict(found)}", end="")


def test_no_address_reads_more_than_a_mebibyte_and_a_statement_sixteen(central: Central) -> None:
    """Who may ask is looked at first: without a right to ask, nothing is read at all."""
    for app, bodies, closed in ((central.api, BODIES, "/v1/tills"), (central.pages, FORMS, "/")):
        for path in bodies:
            good = {"till": central.sender.till, "secret": central.secret, "text": "A"}
            status, pieces = apart(endless(app, path.format(**good), {}))
            assert status < 500, path
            is_open = path in ("/sign-in", "/start") or not path.startswith(closed)
            assert pieces <= (MIB // PIECE + 1 if is_open else 0), path
    secretless = "/v1/c2b/none/confirmation"
    assert apart(endless(central.api, secretless, {})) == (404, 0)
    entries = f"/v1/tills/{central.sender.till}/entries"
    assert apart(endless(central.api, entries, bearer(central.other_token))) == (403, 0)
    assert apart(endless(central.api, entries, bearer(central.sender.token))) == (413, MIB // PIECE + 1)
    signed_in, _ = central.signed_in()
    assert apart(endless(central.pages, "/prepaid/load", signed_in)) == (413, MIB // PIECE + 1)
    assert apart(endless(central.pages, "/reconciliation/import", signed_in)) == (400, FILE_MAX // PIECE + 1)


def test_what_is_one_tills_alone_is_refused_to_every_other(central: Central) -> None:
    own = [found for found in operations(central.api, BODIES, JSON) if "{till}" in found.path]
    http, sender = TestClient(central.api), central.sender
    assert own
    for found in own:
        for till, token in ((sender.till, central.other_token), ("XNM5", sender.token)):
            path = found.path.format(till=till, asked_for=NAME)
            answer = http.request(found.method, path, headers=bearer(token), content=b"{}")
            assert (answer.status_code, sender.place.error(answer)["error"]) == (403, "not_this_till")


def test_what_is_sent_again_has_no_effect(central: Central) -> None:
    """Whoever overheard a call, or a line that doubles it, changes nothing by saying it again."""
    sender, http = central.sender, TestClient(central.api)
    account = numbers.make(sender.till, "P", 318)
    joining = asked(sender.place.code(), NEW_KEY, "XNM6")
    calls: list[tuple[str, bytes]] = [
        ("/v1/enrol", forms.dump(joining)),
        (f"/v1/tills/{sender.till}/entries", push.body(sender.stretch(0))),
        (f"/v1/tills/{sender.till}/entries", push.body(sender.stretch(4, 9))),
        (f"/v1/c2b/{central.secret}/confirmation", forms.dump({**REPORT, "BillRefNumber": account})),
        (f"/v1/c2b/{central.secret}/validation", forms.dump(REPORT)),
        (f"/v1/c2b/{central.secret}/stk", forms.dump({"Body": {}})),
    ]
    first = [http.post(path, content=body, headers=bearer(sender.token)) for path, body in calls]
    assert {answer.status_code for answer in first} == {200}
    before = central.rows(), sender.place.books()
    for path, body in calls * 2:
        assert http.post(path, content=body, headers=bearer(sender.token)).status_code == 200
    assert (central.rows(), sender.place.books()) == before


async def endless(app: FastAPI, path: str, headers: Mapping[str, str]) -> tuple[int, int]:
    """What an application answers to a body without end, and how many pieces of it it took."""
    pieces, statuses = 0, []

    async def receive() -> Message:
        nonlocal pieces
        pieces += 1
        return {"type": "http.request", "body": bytes(PIECE), "more_body": True}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "path": path,
        "raw_path": path.encode(), "query_string": b"", "scheme": "http", "server": ("test", 80),
        "client": ("test", 1), "root_path": "",
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
    }  # fmt: skip
    await asyncio.wait_for(app(scope, receive, send), 20)
    return statuses[0], pieces


def test_a_file_of_any_bytes_breaks_no_page(central: Central, seed: int, rounds: Rounds) -> None:
    """Forms with files come in parts, which are not in the description."""
    chance = random.Random(seed)
    headers, values = central.signed_in()
    http = TestClient(central.pages)
    for _ in range(rounds(20, 5_000)):
        for path in ("/schedules/preview", "/schedules/publish", "/prepaid/load"):
            fields = {name: str(chance.choice(values[name])) for name in FORMS[path] if name != "rows"}
            rows = chance.choice((b"\x00", b"a,b\n\x00,1\n", chance.randbytes(40), b"reference\nT\x001\n"))
            answer = http.post(path, data=fields, files={"rows": rows}, headers=headers)
            assert answer.status_code < 500


def test_a_statement_of_any_bytes_breaks_no_page(central: Central, seed: int, rounds: Rounds) -> None:
    chance = random.Random(seed)
    headers, values = central.signed_in()
    http, path = TestClient(central.pages), "/reconciliation/import"
    for _ in range(rounds(3, 300)):
        fields = {name: str(chance.choice(values[name])) for name in FORMS[path] if name != "statement"}
        file = chance.choice(
            (b"\x00", b"a,b\n\x00,1\n", chance.randbytes(40), b"PK\x03\x04" + chance.randbytes(40))
        )
        answer = http.post(path, data=fields, files={"statement": file}, headers=headers)
        assert answer.status_code < 500
