"""What changed since a range was exported is said once, and at a glance no more than a glance takes in."""

from gatepos import i18n
from gatepos.reports.versions import History, Version

WORDS = i18n.words(i18n.ENGLISH)
WAS = {"collected_kes_minor": 100_000, "papers": 1, "tickets": 4, "charged_minor": 100_000, "people": 2}
NOW = {
    "collected_kes_minor": 600_000, "papers": 3, "tickets": 5, "charged_minor": 200_000, "people": 11,
    "claimed_codes": 1,
}  # fmt: skip
ONCE = History((Version(1, "2026-01-02T07:09:00.000Z", WAS),))


def test_a_glance_names_the_version_once_and_the_weightiest_changes() -> None:
    (note,) = ONCE.at_a_look(NOW, WORDS)
    assert note.said(WORDS).endswith(
        ": collected here, KES 1,000 → 6,000; charged, KES 1,000 → 2,000; visitors 2 → 11; and 3 more."
    )
    assert note.said(WORDS).count("version 1") == 1


def test_the_report_and_the_paper_of_the_changes_have_them_all() -> None:
    (note,) = ONCE.since(NOW, WORDS)
    assert note.said(WORDS).count("→") == 6
    sheet = ONCE.sheet(NOW, WORDS)
    assert sheet is not None
    assert len(sheet.rows) == 6
    assert ("papers", "1", "3") in sheet.rows


def test_a_figure_that_older_versions_do_not_have_is_no_change_while_it_is_zero() -> None:
    assert ONCE.next({**WAS, "confirmed_codes": 0}) == 1
    assert ONCE.at_a_look({**WAS, "confirmed_codes": 0}, WORDS) == ()
    assert ONCE.sheet(WAS, WORDS) is None
