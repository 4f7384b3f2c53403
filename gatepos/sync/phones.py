"""Asking phones to pay, through central: each on a thread of its own, so that it waits for no backlog."""

import sys
import threading
from collections.abc import Callable
from http import HTTPStatus
from typing import cast

from gatepos.domain.prompts import Asked, Barred, CentralAsksNone, Prompt, State
from gatepos.errors import Refusal, Said
from gatepos.i18n import N_
from gatepos.seal import said
from gatepos.sync.client import Answer, Client, Limits, LineNotSecure
from gatepos.wire import forms

LIMITS = Limits(connect_s=5, read_s=45, total_s=60)
"""Central answers when M-PESA has answered it."""
EVERY_S = 3.0
"""So often central is asked what became of it."""
LOOKS_MAX = 40
"""M-PESA's own prompt ends after a minute; two without a word are no answer."""
ASKED_MAX, KEPT_MAX = 4, 50
HURRIES_S = (0.0, 5.0, 15.0)
"""When the code is asked for after M-PESA said that it is paid, before the next round does it anyway."""


class TooManyAsked(Refusal):
    """More phones at once than one window has."""

    says = N_("Several phones are being asked already. Wait for them, or let this one pay by paybill.")


class AnotherPaybill(Refusal):
    """A bill that is paid to a paybill for which central asks no phones."""

    says = N_("Central asks phones for another paybill than this bill's. Let them pay by paybill.")


class RefusedByMpesa(Refusal):
    """M-PESA did not take the request."""

    says = N_("M-PESA did not ask that phone. Look at the number, or let them pay by paybill.")


_REFUSALS: dict[str, type[Said]] = {
    "no_daraja": CentralAsksNone,
    "other_paybill": AnotherPaybill,
    "daraja_refuses": RefusedByMpesa,
}
"""Errors by which central says why the phone was not asked; any other of its refusals has no more words."""


class Phones:
    """The line to phones of one till: `ask` and what it says from any thread.

    `key` is the one with which central speaks, `connect` makes a way to it, `reached` says why there is none
    now, `hurry` has payments asked for.
    """

    def __init__(
        self,
        till: str,
        key: Callable[[], bytes],
        connect: Callable[[], Client],
        reached: Callable[[], Barred | None],
        hurry: Callable[[], None],
    ):
        self._till = till
        self._key = key
        self._connect = connect
        self._reached = reached
        self._hurry = hurry
        self._lock = threading.Lock()
        self._prompts: dict[str, Prompt] = {}
        self._clients: set[Client] = set()
        self._ended = threading.Event()
        self._asks_none = False

    def barred(self) -> Barred | None:
        """Why no phone can be asked now."""
        return self._reached() or (CentralAsksNone() if self._asks_none else None)

    def again(self) -> None:
        """Somebody asked to try now: central may have learnt to ask."""
        self._asks_none = False

    def ask(self, asked: Asked) -> None:
        """Have a phone asked, unless one is being asked for that account; Barred, TooManyAsked."""
        barred = self.barred()
        if barred is not None:
            raise barred
        with self._lock:
            before = self._prompts.get(asked.account)
            if before is not None and before.is_running:
                return
            if sum(prompt.is_running for prompt in self._prompts.values()) >= ASKED_MAX:
                raise TooManyAsked()
            self._prompts.pop(asked.account, None)
            self._prompts[asked.account] = Prompt(State.ASKING)
            self._forget()
        threading.Thread(target=self._run, args=(asked,), name="ask a phone", daemon=True).start()

    def prompt(self, account: str) -> Prompt | None:
        """What became of the last phone that was asked for an account."""
        return self._prompts.get(account)

    def stop(self) -> None:
        """End what is under way; what a phone was asked, it was asked."""
        self._ended.set()
        with self._lock:
            for client in self._clients:
                client.stop()

    def _run(self, asked: Asked) -> None:
        client = self._connect()
        with self._lock:
            self._clients.add(client)
        prompt = Prompt(State.SILENT)
        try:
            request, prompt = self._request(client, asked)
            if request:
                self._put(asked.account, prompt)
                prompt = self._followed(client, request)
        except Exception:
            # A bug here is told; the clerk goes on with the code from the SMS.
            threading.excepthook(threading.ExceptHookArgs((*sys.exc_info(), threading.current_thread())))
        finally:
            self._put(asked.account, prompt)
            with self._lock:
                self._clients.discard(client)
            client.stop()
        if prompt.state is State.PAID:
            self._fetch()

    def _request(self, client: Client, asked: Asked) -> tuple[str, Prompt]:
        """M-PESA's name for the request, empty where there is none, and how it stands.

        Asked once: whatever the answer, only a person asks again.
        """
        body = forms.dump(
            {
                "phone": asked.phone,
                "account": asked.account,
                "amount_minor": asked.amount_minor,
                "paybill": asked.paybill,
            }
        )
        try:
            answer = client.ask_phone(self._till, body)
            if answer.status == HTTPStatus.OK:
                return self._said(answer)
            return "", self._refused(answer)
        except LineNotSecure as error:
            return "", Prompt(State.REFUSED, error)
        except Said:
            return "", Prompt(State.SILENT)

    def _followed(self, client: Client, request: str) -> Prompt:
        """What becomes of a request; a look that fails is no answer to it."""
        for _ in range(LOOKS_MAX):
            if self._ended.wait(EVERY_S):
                return Prompt(State.SILENT)
            try:
                answer = client.phone_asked(self._till, request)
                name, prompt = self._said(answer) if answer.status == HTTPStatus.OK else ("", None)
            except Said:
                continue
            if prompt is not None and name == request and not prompt.is_running:
                return prompt
        return Prompt(State.NO_ANSWER)

    def _said(self, answer: Answer) -> tuple[str, Prompt]:
        """The name and state in a signed answer; NotSaid, BadBody."""
        fields = said.read(self._key(), "stk", self._till, answer.data)
        return cast(str, fields["request"]), Prompt(State(cast(str, fields["state"])))

    def _refused(self, answer: Answer) -> Prompt:
        """What an error means: the phone was not asked only where central signed that it refused."""
        fields = said.read(self._key(), "error", self._till, answer.data)
        if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return Prompt(State.SILENT)
        cause = _REFUSALS.get(cast(str, fields["error"]))
        self._asks_none = self._asks_none or cause is CentralAsksNone
        return Prompt(State.REFUSED, cause() if cause else None)

    def _fetch(self) -> None:
        for wait_s in HURRIES_S:
            if self._ended.wait(wait_s):
                return
            self._hurry()

    def _put(self, account: str, prompt: Prompt) -> None:
        with self._lock:
            self._prompts[account] = prompt

    def _forget(self) -> None:
        """The oldest go that nobody waits for."""
        over = [account for account, prompt in self._prompts.items() if not prompt.is_running]
        for account in over[: max(0, len(self._prompts) - KEPT_MAX)]:
            del self._prompts[account]
