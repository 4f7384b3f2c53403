"""The figure that is read out to central while the network is down, and the code that vouches for it."""

from gatepos.domain import keyring, vocabulary
from gatepos.errors import Refusal
from gatepos.i18n import N_
from gatepos.ledger import takings
from gatepos.seal.radio import Secrets
from gatepos.till import shift_views
from gatepos.till.desk import Desk


class NotJoined(Refusal):
    """A till whose figures no central could check."""

    says = N_("This till has not joined a central: nobody there could check its code.")


class Telephone:
    """What this till took today, for who cannot see its entries yet."""

    def __init__(self, desk: Desk, secrets: Secrets):
        self._desk = desk
        self._secrets = secrets

    def figure(self) -> shift_views.FigureView:
        """Today's takings up to the last entry and their check code, for who may approve: a count is blind.

        NotAllowed, NotJoined.
        """
        desk = self._desk
        desk.allowed("approve")
        central = keyring.of_till(desk.keyring, vocabulary.CENTRAL)
        if central is None:
            raise NotJoined()
        ledger, own = desk.ledger, desk.own.till
        rows = takings.of_ledger(ledger.conn)
        figure = takings.figure(rows, own, desk.today().isoformat(), ledger.head[0])
        return shift_views.FigureView(figure, self._secrets.figure_code(figure, central.public))
