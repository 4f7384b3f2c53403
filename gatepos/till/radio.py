"""Agreeing by radio: the question that a clerk reads out, the answer that a supervisor gives from elsewhere.

The clerk's till makes the question of the very action that waits. The supervisor's own till answers it, told
which till asks and for what; or a printed list does, line by line, each line once. An answer to another
action, to another kind of it, or to a question that was answered before, is wrong.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from gatepos.domain import canonical, labels, numbers, staff, text
from gatepos.domain.entry import Entry
from gatepos.domain.shapes import QUESTION
from gatepos.errors import Refusal
from gatepos.i18n import N_
from gatepos.seal import digits, radio
from gatepos.seal.radio import Asked, Secrets
from gatepos.till.desk import Desk
from gatepos.till.sign_in import SignIn

LIST = "list"
"""In place of a till: the answer stands on a printed list of codes."""


class QuestionAsked(Refusal):
    """A question waits for its answer; its values are `staff`, `radio`, `kind`, `till` and `question`."""

    says = N_("Ask {staff} by radio: {question}. Type the answer.")


class WrongAnswer(Refusal):
    """The answer is not the one to this question."""

    says = N_("That is not the answer. Read out what it is for, this till and the question once more.")


class UnknownTill(Refusal):
    """A till of which this one has no key, or itself."""

    says = N_("Till {till} is not known here. Use another till's code, or a list of codes.")


class NoCodes(Refusal):
    """No list of codes, or every line of it is used."""

    says = N_("{staff} has no list with codes left. They print one at this till, under Set-up.")


class BadQuestion(Refusal):
    """A question that no till asks."""

    says = N_("A question has eight digits: let it be read out once more.")


@dataclass(frozen=True, slots=True)
class Waiting:
    """The question that waits: for which action, made with which word, its answer, and how it is kept."""

    nonce: str
    digest: bytes
    asked: QuestionAsked
    expected: str
    data: Mapping[str, object]

    def is_for(self, action: bytes) -> bool:
        """Whether it was made of this action."""
        return self.digest == radio.digest(action, self.nonce)


class Radio:
    """One question at a time; each list and each use of it stands in the journal."""

    def __init__(self, desk: Desk, sign_in: SignIn, secrets: Secrets):
        self._desk = desk
        self._sign_in = sign_in
        self._secrets = secrets
        self._waiting: Waiting | None = None

    # At the till whose clerk asks.

    def check(self, staff: str, by: str, answer: str, kind: str, about: Mapping[str, object]) -> None:
        """Pass once with the answer to the question that waits for this very action; QuestionAsked before.

        WrongAnswer, LockedOut after several; UnknownTill, NoCodes.
        """
        action = canonical.encode(
            {"by": self._desk.signed_in().number, "staff": staff, "radio": by, "kind": kind, "about": about}
        )
        waiting = self._waiting
        if waiting is None or not waiting.is_for(action):
            waiting = self._waiting = self._ask(staff, by, kind, action)
            raise waiting.asked
        if not answer:
            raise waiting.asked
        self._sign_in.answered(staff, None if digits.is_right(answer, waiting.expected) else WrongAnswer())
        self._waiting = None

    def _ask(self, staff: str, by: str, kind: str, action: bytes) -> Waiting:
        nonce = self._desk.new_id()
        if by == LIST:
            codes, line = self._line(staff)
            digest = radio.digest(action, nonce)
            question, expected = radio.question(digest, line), self._secrets.code(codes.id, line)
            asked = Asked(self._till, "", staff, kind, question)
            waiting = _waiting(nonce, digest, asked, by, expected, codes.id)
        else:
            till = text.line(by).upper()
            waiting = of_till(
                self._secrets, self._public(till), (self._till, till, staff, kind), nonce, action
            )
        self._desk.write("radio.asked", waiting.data)
        return waiting

    def _line(self, staff: str) -> tuple[Entry, int]:
        """The list of somebody, and its next line; NoCodes. A line that was asked for once is used."""
        made = [entry for entry in self._desk.ledger.of_kind("codes.made") if entry.by == staff]
        if not made:
            raise NoCodes(staff=staff)
        asked = self._desk.ledger.of_kind("radio.asked", made[-1].seq)
        line = sum(entry.data["codes"] == made[-1].id for entry in asked)
        if line >= radio.CODES:
            raise NoCodes(staff=staff)
        return made[-1], line

    def answering(self) -> tuple[str, ...]:
        """Who may agree by radio now: with codes left on a list, or at another till that is known here."""
        day = self._desk.day_now()
        may = [p.number for p in self._desk.staff.values() if p.works(day) and staff.may(p.roles, "approve")]
        others = any(row.till != self._till and not row.is_revoked for row in self._desk.keyring.values())
        return tuple(number for number in sorted(may) if others or self._has_codes(number))

    def _has_codes(self, number: str) -> bool:
        try:
            self._line(number)
        except NoCodes:
            return False
        return True

    # At the till of whoever agrees.

    def answer(self, asking: str, kind: str, question: str) -> str:
        """The answer of whoever signed in here to a question of another till; NotAllowed, UnknownTill."""
        person = self._desk.allowed("approve")
        till, asked = text.line(asking).upper(), "".join(question.split())
        public = self._public(till)
        if not QUESTION.holds(asked) or kind not in labels.ACTIONS:
            raise BadQuestion()
        answer = self._secrets.answer(Asked(till, self._till, person.number, kind, asked), public)
        self._desk.write("radio.answered", {"asking": till, "action": kind, "question": asked})
        return shown(answer)

    def make_codes(self) -> tuple[str, ...]:
        """A new list for whoever signed in, to be printed and carried, shown only now; NotAllowed."""
        self._desk.allowed("approve")
        made = self._desk.write("codes.made", {"count": radio.CODES}).entry
        return tuple(shown(self._secrets.code(made.id, line)) for line in range(radio.CODES))

    @property
    def _till(self) -> str:
        return self._desk.ledger.context.till

    def _public(self, till: str) -> bytes:
        """The key of another till that is trusted; UnknownTill."""
        rows = [row for row in self._desk.keyring.values() if row.till == till and not row.is_revoked]
        if not rows or till == self._till or not numbers.is_till(till):
            raise UnknownTill(till=till[:4])
        return rows[-1].public


def of_till(
    secrets: Secrets, public: bytes, about: tuple[str, str, str, str], nonce: str, action: bytes
) -> Waiting:
    """The question to a till that has this key; `about` is who asks, who answers, whose word, what kind."""
    own, till, staff, kind = about
    digest = radio.digest(action, nonce)
    asked = Asked(own, till, staff, kind, radio.question(digest))
    return _waiting(nonce, digest, asked, till, secrets.answer(asked, public), None)


def _waiting(nonce: str, digest: bytes, asked: Asked, by: str, expected: str, codes: str | None) -> Waiting:
    data = {
        "staff": asked.staff,
        "answering": asked.answering or None,
        "codes": codes,
        "action": asked.kind,
        "digest": digest.hex(),
        "question": asked.question,
    }
    told = QuestionAsked(
        staff=asked.staff, radio=by, kind=asked.kind, till=asked.asking, question=shown(asked.question)
    )
    return Waiting(nonce, digest, told, expected, data)


def shown(digits: str) -> str:
    """`1234 5678`, as it is read out."""
    return f"{digits[:4]} {digits[4:]}"
