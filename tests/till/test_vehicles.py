"""The till remembers vehicles: offered by three characters, and asked about when they have fewer seats."""

import pytest

from gatepos.i18n import words
from gatepos.ledger import vehicles
from gatepos.ledger.vehicles import Vehicle
from gatepos.till.checkout import LowerBand
from gatepos.till.till import Till
from tests.gate import EA_CITIZEN, Gate
from tests.park import tell_all
from tests.till.conftest import Tills
from tests.till.test_slips import paid


def came(till: Till, plate: str, band: int, operator: str = "", code: str = "UA26X1Y2ZQ") -> None:
    till.checkout.tap(EA_CITIZEN)
    till.checkout.vehicle(band)
    till.checkout.plate(plate)
    till.checkout.operator(operator)
    till.window.work.is_confirmed = True
    paid(till, code)


def plates_like(till: Till, typed: str) -> list[str]:
    return [vehicle.plate for vehicle in till.checkout.like(typed)]


def test_three_characters_offer_the_vehicles_that_came_last_first(gate: Gate, sell: Till) -> None:
    for n, plate in enumerate(("KDA 412M", "KDA 500A", "KDB 077Z", "KDA 413N", "KDA 700X")):
        came(sell, plate, 2, "Bush Treks", f"UA26X1Y2Z{n}")
        gate.clock.pass_by(60_000)
    assert plates_like(sell, "kd") == []
    assert plates_like(sell, "kda") == ["KDA700X", "KDA413N", "KDA500A"]
    assert plates_like(sell, "KDA 41") == ["KDA413N", "KDA412M"]
    assert plates_like(sell, "KDA 412M") == ["KDA412M"]
    assert plates_like(sell, "XYZ") == []


def test_what_a_vehicle_is_offered_with_is_how_it_came_last(gate: Gate, sell: Till) -> None:
    came(sell, "KDA 412M", 1, "Bush Treks")
    gate.clock.pass_by(60_000)
    came(sell, "KDA 412M", 2, "Savanna Ltd", "UA26X1Y2ZR")
    assert sell.checkout.like("KDA") == (Vehicle("KDA412M", 2, "Savanna Ltd"),)


def test_choosing_a_vehicle_fills_in_its_seats_and_its_operator(sell: Till) -> None:
    came(sell, "KDA 412M", 2, "Bush Treks")
    sell.checkout.tap(EA_CITIZEN)
    view = sell.checkout.come_again("KDA412M")
    assert (view.plate, view.band, view.operator) == ("KDA412M", 2, "Bush Treks")
    assert view.total_minor == 250_000


def test_vehicles_of_tills_that_were_heard_are_offered_too(tills: Tills) -> None:
    one, other, _ = tills
    came(one, "KDA 412M", 3, "Bush Treks")
    tell_all(tills)
    assert other.checkout.like("KDA") == (Vehicle("KDA412M", 3, "Bush Treks"),)


def test_fewer_seats_than_last_time_are_asked_about_once(sell: Till) -> None:
    came(sell, "KDA 412M", 3)
    sell.checkout.tap(EA_CITIZEN)
    sell.checkout.vehicle(1)
    sell.checkout.plate("KDA 412M")
    with pytest.raises(LowerBand):
        sell.payments.pay("mpesa")
    assert paid(sell, "UA26X1Y2ZR").total_minor == 160_000
    sell.checkout.tap(EA_CITIZEN)
    sell.checkout.vehicle(2)
    sell.checkout.plate("KDA 412M")
    assert paid(sell, "UA26X1Y2ZS").total_minor == 250_000


def test_another_plate_is_asked_about_anew(sell: Till) -> None:
    came(sell, "KDA 412M", 3)
    came(sell, "KDB 077Z", 3, code="UA26X1Y2ZR")
    sell.checkout.tap(EA_CITIZEN)
    sell.checkout.vehicle(1)
    for plate in ("KDA 412M", "KDB 077Z"):
        sell.checkout.plate(plate)
        with pytest.raises(LowerBand):
            sell.payments.pay("mpesa")


def test_the_question_names_the_seats_in_the_readers_language(sell: Till) -> None:
    said = LowerBand(plate="KDA412M", last=3)
    assert "KDA 412M" in said.said(words("en"))
    assert "13–24" in said.said(words("sw"))


@pytest.mark.parametrize("asks", ["like", "last"])
def test_no_question_reads_all_vehicles(sell: Till, asks: str) -> None:
    """At 500,000 entries a scan of the book would be felt while typing."""
    asked: list[str] = []
    conn = sell.desk.ledger.conn
    conn.set_trace_callback(asked.append)
    if asks == "like":
        vehicles.beginning(sell.desk.ledger, "KDA", 3)
    else:
        vehicles.last(sell.desk.ledger, "KDA412M")
    conn.set_trace_callback(None)
    assert len(asked) == (2 if asks == "like" else 1)
    for question in asked:
        plan = [str(row[3]) for row in conn.execute(f"EXPLAIN QUERY PLAN {question}")]
        assert any("USING INDEX vehicle" in step for step in plan), plan
        assert not any("TEMP B-TREE" in step or step == "SCAN vehicle" for step in plan), plan


def test_a_vehicle_is_offered_however_many_came_since(
    gate: Gate, sell: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vehicles, "_LOOKED_MAX", 1)
    for n, plate in enumerate(("KDA 412M", "KDA 500A")):
        came(sell, plate, 2, code=f"UA26X1Y2Z{n}")
        gate.clock.pass_by(60_000)
    assert plates_like(sell, "KDA 41") == ["KDA412M"]
