"""Outages of several tills of a park that overlap are one outage of the park."""

from gatepos.central.outages import Outage, joined


def one(till: str, since: str, until: str | None, cause: str = "platform") -> Outage:
    return Outage(since, until, (f"{till} {since}",), (till,), (cause,), ("600000",))


def test_what_overlaps_is_one_from_the_earliest_beginning_to_the_latest_end() -> None:
    found = joined([
        one("B", "08", "12", "internet"), one("A", "07", "09"), one("C", "12", "13"), one("A", "14", "15"),
    ])  # fmt: skip
    assert [(all_.since, all_.until, all_.tills) for all_ in found] == [
        ("07", "13", ("A", "B", "C")), ("14", "15", ("A",)),
    ]  # fmt: skip
    assert (found[0].causes, found[0].paybills) == (("platform", "internet"), ("600000",))


def test_it_is_open_as_long_as_one_of_them_is() -> None:
    (found,) = joined([one("A", "07", None), one("B", "08", "09"), one("C", "23", "24")])
    assert (found.since, found.until, found.tills) == ("07", None, ("A", "B", "C"))


def test_one_within_another_ends_nothing() -> None:
    (found,) = joined([one("A", "07", "12"), one("B", "08", "09"), one("C", "11", "13")])
    assert found.until == "13"
