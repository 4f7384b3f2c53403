"""Which looks at the pages are kept: every one of an auditor, and those of anybody at what is delicate."""

from gatepos.central.store import looks
from gatepos.central.store.engine import Store
from gatepos.central.store.looks import Look
from gatepos.central.store.people import Person
from gatepos.domain import moments
from gatepos.i18n import N_
from gatepos.reports import practice

AUDITOR = "auditor"
DELICATE = (
    "/cases", "/passes", "/staff", "/changes", "/administration", "/practice", "/statement", "/entries",
    "/reconciliation",
)  # fmt: skip
"""Cases, whose plates and operators, and who works where."""
PAGES = {
    "/takings": N_("Takings"),
    "/tills": N_("Tills"),
    "/till": N_("Till"),
    "/passes": N_("Open passes"),
    "/outages": N_("Outages"),
    "/cases": N_("Cases"),
    "/changes": N_("Changes"),
    "/administration": N_("Administration"),
    "/gates": N_("Gates"),
    "/staff": N_("Staff"),
    "/policy": N_("Policy"),
    "/rates": N_("USD rate"),
    "/keys": N_("Keys"),
    "/practice": practice.TITLE,
    "/statement": N_("Statement of outages"),
    "/entries": N_("Entries"),
    "/reconciliation": N_("Reconciliation"),
    looks.EXPORT: N_("Export of takings"),
}
"""What the pages are called."""
_ABOUT_MAX = 100


def keep(store: Store, who: Person, path: str, query: str, now_ms: int) -> None:
    """Keep somebody's look before they have it; StorageFailed, and then they have nothing."""
    if who.role != AUDITOR and path not in DELICATE:
        return
    look = Look(moments.to_text(now_ms), who.name, path, query[:_ABOUT_MAX])
    with store.reading() as tx:
        is_kept = looks.is_kept(tx, look)
    if not is_kept:
        with store.writing() as tx:
            looks.keep(tx, look)
