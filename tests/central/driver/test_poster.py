"""The poster at the gate that opens the page of the driver's slip."""

from pathlib import Path

from click.testing import CliRunner

from gatepos import receiver


def test_a_poster_opens_the_page(tmp_path: Path) -> None:
    done = CliRunner().invoke(receiver.central, ["poster", "pass.kws.go.ke", str(tmp_path / "a.pdf")])
    assert done.exit_code == 0
    assert "HTTPS://PASS.KWS.GO.KE/S" in done.output
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")
