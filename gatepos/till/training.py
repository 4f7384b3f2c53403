"""Training: a ledger of its own whose papers say so; only its beginning and end stand in the real one."""

from gatepos.ledger import queries
from gatepos.till.desk import Desk, Locked


class Training:
    """Beginning and ending a practice at this till."""

    def __init__(self, desk: Desk):
        self._desk = desk

    def begin(self, training_till: str) -> None:
        """Journal that the till is used for training on ledger `training_till`."""
        self._desk.allowed("sell")
        self._desk.write("training.begun", {"training_till": training_till})

    def end(self, training_till: str) -> None:
        """Journal that real selling goes on; Locked."""
        if self._desk.is_locked:
            raise Locked()
        self._desk.write("training.ended", {"training_till": training_till})

    def end_left(self) -> None:
        """End a training that has not ended: its window was closed, or the machine stopped."""
        begun = queries.training(self._desk.ledger)
        if begun is not None:
            self._desk.write("training.ended", {"training_till": begun.data["training_till"]})
