"""Settings that need two people at a till, and so two administrators here: one proposes, another agrees."""

from gatepos.central import publishing
from gatepos.central.publishing import ChangedMeanwhile, Difference
from gatepos.central.store import people, proposals
from gatepos.central.store.engine import Store, Transaction
from gatepos.central.store.people import Change
from gatepos.central.store.proposals import Proposal
from gatepos.errors import Refusal
from gatepos.i18n import N_


class NotProposed(Refusal):
    """A proposal that waits no more, or says another value by now."""

    says = N_("This does not wait any more, or was proposed anew. Look again.")


class SameAdministrator(Refusal):
    """Whoever proposed it agrees with themselves."""

    says = N_("You proposed this yourself: another administrator agrees, or you withdraw it.")


def agree(store: Store, park: str, key: str, value: str, who: str, at: str) -> None:
    """Publish what another administrator proposed; NotProposed, SameAdministrator, ChangedMeanwhile."""
    with store.writing() as tx:
        tx.alone()
        found = _proposed(tx, park, key, value)
        if found.who == who:
            raise SameAdministrator()
        if publishing.policy_of(tx, park).values.get(key) != found.was:
            raise ChangedMeanwhile()
        publishing.tell_policy(tx, park, [Difference(key, found.was, value)], f"{found.who} + {who}", at)
        proposals.drop(tx, park, key)


def withdraw(store: Store, park: str, key: str, value: str, who: str, at: str) -> None:
    """Let a proposal be, whoever made it; NotProposed."""
    with store.writing() as tx:
        tx.alone()
        _proposed(tx, park, key, value)
        proposals.drop(tx, park, key)
        people.changed(tx, Change(at, who, "policy.withdrawn", park, f"{key}: {value or '–'}"))


def _proposed(tx: Transaction, park: str, key: str, value: str) -> Proposal:
    found = proposals.of_key(tx, park, key)
    if found is None or found.value != value:
        raise NotProposed()
    return found
