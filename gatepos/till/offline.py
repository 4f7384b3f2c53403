"""Working offline by choice: for a line that costs, or a central that is being moved; selling is the same."""

from gatepos.domain.kinds import PAUSED
from gatepos.errors import Refusal
from gatepos.i18n import N_
from gatepos.till.desk import Desk


class WhyOffline(Refusal):
    """Working offline without a reason."""

    says = N_("Say why the till works offline.")


class Offline:
    """Stops and begins what goes on with central."""

    def __init__(self, desk: Desk):
        self._desk = desk

    def pause(self, reason: str) -> None:
        """Send nothing to central and ask nothing of it; NotAllowed, WhyOffline."""
        self._desk.allowed("switch")
        if not reason.strip():
            raise WhyOffline()
        self._desk.write(PAUSED, {"is_paused": True, "reason": reason.strip()})

    def resume(self) -> None:
        """Send and ask again; NotAllowed."""
        self._desk.allowed("switch")
        self._desk.write(PAUSED, {"is_paused": False, "reason": ""})
