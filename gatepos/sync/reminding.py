"""What central said and forgot when it was put back from a copy, as this till kept it: which tills ended."""

from pathlib import Path
from typing import cast

from gatepos.ledger import pages
from gatepos.seal import said
from gatepos.wire import feed as feeds
from gatepos.wire import forms
from gatepos.wire.feed import Row
from gatepos.wire.forms import BadBody


def revoking(folder: Path, after: int) -> list[bytes]:
    """The kept pages of the keyring past a version by which a till is revoked, as central signed them."""
    return [data for _, data in pages.kept(folder, feeds.KEYRING) if _revokes(data, after)]


def _revokes(data: bytes, after: int) -> bool:
    try:
        fields = forms.parsed(forms.FEED, said.parsed(data).raw)
    except BadBody:
        return False  # the till itself takes no such page
    rows = feeds.of_tills(cast("list[Row]", fields["body"]))
    return cast(int, fields["version"]) > after and any(row["is_revoked"] for row in rows)
