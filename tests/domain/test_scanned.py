"""What scanners type: our papers on any keyboard, several at once, and everything that is not ours."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatepos.domain.scanned import SCANNED_MAX, Kind, begins_like_ours, kind_of, readings, split

BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
OURS = f"HTTPS://PASS-1.KWS.GO.KE/P/{BASE32}"
BARE = f"GP:{BASE32}"

# The rows of the keys that our papers need, unshifted and shifted, as each keyboard has them.
US = "1234567890-qwertyuiopasdfghjkl;zxcvbnm,./", "!@#$%^&*()_QWERTYUIOPASDFGHJKL:ZXCVBNM<>?"
GERMAN = "1234567890ßqwertzuiopasdfghjklöyxcvbnm,.-", '!"§$%&/()=?QWERTZUIOPASDFGHJKLÖYXCVBNM;:_'
FRENCH = "&é\"'(-è_çà)azertyuiopqsdfghjklmwxcvbn,;:!", "1234567890°AZERTYUIOPQSDFGHJKLMWXCVBN?./§"
Keys = tuple[str, str]


def typed(text: str, keyboard: Keys, *, lock: bool = False) -> str:
    """What comes out when a scanner presses US keys on another keyboard; Shift Lock turns Shift around."""
    out = ""
    for character in text:
        shift = character in US[1]
        out += keyboard[shift != lock][US[shift].index(character)]
    return out


@pytest.mark.parametrize("text", [OURS, BARE])
@pytest.mark.parametrize("lock", [False, True])
@pytest.mark.parametrize("keyboard", [US, GERMAN, FRENCH])
def test_a_paper_reads_the_same_whatever_the_keyboard(text: str, keyboard: Keys, lock: bool) -> None:
    garbled = typed(text, keyboard, lock=lock)
    found = list(readings(garbled))
    assert found[0] == garbled
    assert text in [reading.upper() for reading in found]
    assert len(set(found)) == len(found) <= 4


def test_small_letters_of_an_accented_keyboard_read_too() -> None:
    assert BARE in list(readings(typed(BARE, FRENCH).translate(str.maketrans("éèçà", "ÉÈÇÀ"))))
    assert BARE in list(readings(typed(BARE, GERMAN).swapcase()))


@pytest.mark.parametrize(
    "text", ["KDA 412M", "UA26X1Y2ZQ", "https://ecitizen.go.ke/x", "", "🦁", "6001234567890"]
)
def test_what_is_not_ours_reads_as_it_is_and_no_other_way(text: str) -> None:
    assert list(readings(text)) == [text]


def test_a_text_too_long_to_be_ours_is_read_once() -> None:
    garbled = typed("GP:" + "A" * 698, GERMAN)
    assert list(readings(garbled)) == [garbled]
    assert len(list(readings(garbled[:700]))) > 1


@pytest.mark.parametrize("keyboard", [US, GERMAN, FRENCH])
@pytest.mark.parametrize("glue", ["", "\n", "\r\n"])
def test_two_scans_run_together_are_taken_apart(keyboard: Keys, glue: str) -> None:
    one, two = typed(OURS, keyboard), typed(BARE, keyboard)
    assert split(one + glue + two + glue + one) == (one, two, one)


def test_a_scan_alone_stays_one() -> None:
    for text in (OURS, OURS.lower(), BARE, typed(OURS, GERMAN), typed(OURS, FRENCH), "KDA 412M"):
        assert split(text + "\r\n") == (text,)
    assert split(" \n") == ()


def test_half_a_scan_before_a_whole_one_does_not_spoil_it() -> None:
    assert split(OURS[:15] + OURS) == (OURS[:15], OURS)
    assert split(OURS[-9:] + OURS) == (OURS[-9:], OURS)


def test_a_web_address_inside_a_web_address_stays_where_it_is() -> None:
    text = "https://example.com/?to=https://example.org/gp:1"
    assert split(text) == (text,)


def test_a_scanner_that_names_the_kind_of_code_is_understood() -> None:
    assert split(f"]Q1{OURS}]Q1{BARE}") == (OURS, BARE)


def test_a_flood_is_taken_apart_within_limits() -> None:
    assert len(split(BARE * 1_000)) == 20
    assert sum(map(len, split(BARE * 1_000))) == SCANNED_MAX


@pytest.mark.parametrize("keyboard", [US, GERMAN, FRENCH])
def test_ours_is_known_by_its_first_four_characters(keyboard: Keys) -> None:
    for text in (OURS, BARE):
        assert begins_like_ours(typed(text, keyboard)[:4])
        assert begins_like_ours(typed(text, keyboard).lower())
    assert not begins_like_ours("GP:")
    assert not begins_like_ours("KDA412M")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("https://kwspay.ecitizen.go.ke/ticket?id=12", "ecitizen_ticket"),
        ("ACCOUNTS.ECITIZEN.GO.KE/en/x", "ecitizen_ticket"),
        ("eCitizen invoice ABCDEF", "ecitizen_ticket"),
        ("https://notecitizen.go.ke/", "web_address"),
        ("https://ecitizen.go.ke.example.com/", "web_address"),
        (
            "00020101021128370008ke.go.qr010801888880020504000053031045802KE5908PREPAID6006KITALE63044FF1",
            "mpesa_qr",
        ),
        ('{"MerchantName":"KWS","RefNo":"1","Amount":1,"TrxCode":"PB","CPI":"600000"}', "mpesa_qr"),
        ("https://www.kws.go.ke/fees", "web_address"),
        ("www.kws.go.ke", "web_address"),
        ("kws.go.ke/fees", "web_address"),
        ("WIFI:T:WPA;S:Lodge;P:secret;;", "wifi"),
        ("BEGIN:VCARD\r\nVERSION:3.0\r\nTEL:+254722000000\r\nEND:VCARD", "contact"),
        ("MECARD:N:Wanjiku;TEL:0722000000;;", "contact"),
        ("tel:+254722000000", "phone"),
        ("+254 722 000000", "phone"),
        ("0722000000", "phone"),
        ("mailto:gate@kws.go.ke", "email"),
        ("gate@kws.go.ke", "email"),
        ("6001087340014", "number_only"),
        ("KDA 412M", "plain_text"),
        ("مرحبا", "plain_text"),
        ("🦁", "plain_text"),
        ("", "nothing"),
        (" \r\n\t", "nothing"),
        ("\x00", "binary"),
        ("a\ud800", "binary"),
        ("\x1b[2J", "binary"),
        ("\ufffdPNG", "binary"),
        ("A" * 5_000, "plain_text"),
        ("9" * 5_000, "number_only"),
        ("a." * 2_500, "plain_text"),
        ("e-" * 2_500, "plain_text"),
        ("000201" * 800, "number_only"),
    ],
)  # fmt: skip
def test_what_is_not_ours_is_called_what_it_is(text: str, kind: str) -> None:
    assert kind_of(text) == kind


@given(st.text(st.characters(), max_size=400))
def test_any_text_at_all_is_read_without_a_fault(text: str) -> None:
    assert kind_of(text) in Kind
    assert "".join("".join(split(text)).split()) in "".join(text.split())
    assert next(readings(text)) == text
    assert all(len(reading) <= len(text) for reading in readings(text))
    begins_like_ours(text)
