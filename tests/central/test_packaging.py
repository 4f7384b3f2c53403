"""What an organisation runs central with: the proxy tells no path to anybody, and the backups restore."""

import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx2 as httpx
import psycopg
import pytest

from gatepos.central import folder as places
from gatepos.central.managers import app
from gatepos.central.store import engine
from gatepos.rehearsal.postgresql import Cluster
from gatepos.seal.passwords import Passwords
from tests.central.place import CENTRAL_KEY, Place, served
from tests.gate import CHEAP
from tests.sync.secure import certificate
from tests.test_cli import ROOT

PACKAGING = ROOT / "packaging" / "central"
CANARY = "CANARY7Q2K44MX"
HOSTS = ("central.example", "pages.example")


@dataclass
class Proxy:
    """nginx as the example has it, on loopback."""

    port: int
    logs: Path
    context: ssl.SSLContext

    def ask(self, path: str, host: str = HOSTS[0], method: str = "GET") -> httpx.Response:
        """Through the proxy, under one of its names."""
        with httpx.Client(verify=self.context, trust_env=False) as client:
            url = f"https://127.0.0.1:{self.port}{path}"
            extensions = {"sni_hostname": host}
            return client.request(method, url, headers={"Host": host}, extensions=extensions)

    def logged(self) -> str:
        """All that it wrote down."""
        return "".join(path.read_text() for path in self.logs.glob("*.log"))


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def _configuration(folder: Path, port: int, ports: tuple[int, int]) -> str:
    """The example with this test's names of files and ports, in the frame that Debian has around it."""
    text = (PACKAGING / "nginx.conf").read_text()
    for host, kind in zip(HOSTS, ("central", "pages"), strict=True):
        (folder / f"{kind}.pem").write_bytes(certificate(host))
        text = text.replace(f"/etc/gatepos/tls/{kind}.key", str(folder / f"{kind}.pem"))
    text = text.replace("/etc/gatepos/tls", str(folder)).replace("/var/log/nginx", str(folder / "logs"))
    text = text.replace("listen 443", f"listen 127.0.0.1:{port}")
    for was, now in zip((8470, 8471), ports, strict=True):
        text = text.replace(f"127.0.0.1:{was}", f"127.0.0.1:{now}")
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    return f"pid {folder}/pid; daemon off; events {{}} http {{ {temporary}\n{text}\n}}"


@contextmanager
def _proxied(folder: Path, urls: tuple[str, str]) -> Iterator[Proxy]:
    nginx = shutil.which("nginx") or pytest.skip("nginx is not installed")
    (folder / "logs").mkdir()
    port, ports = _free_port(), tuple(int(url.rpartition(":")[2]) for url in urls)
    (folder / "conf").write_text(_configuration(folder, port, (ports[0], ports[1])))
    command = [nginx, "-p", str(folder), "-c", str(folder / "conf"), "-e", str(folder / "logs" / "start.log")]
    checked = subprocess.run([*command, "-t"], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr
    context = ssl.create_default_context()
    context.check_hostname = False
    for kind in ("central", "pages"):
        context.load_verify_locations(folder / f"{kind}.pem")
    with subprocess.Popen(command) as running:
        try:
            while not _listens(port):
                assert running.poll() is None
            yield Proxy(port, folder / "logs", context)
        finally:
            running.terminate()


def _listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


def test_the_proxy_hands_on_what_central_needs_and_writes_no_path_down(place: Place, tmp_path: Path) -> None:
    folder = tmp_path / "proxy"
    folder.mkdir()
    pages = app.application(place.store, place.folder, CENTRAL_KEY, place.clock, Passwords(CHEAP))
    with served(pages) as shown, served(place.beside()) as url, _proxied(folder, (url, shown)) as proxy:
        assert proxy.ask("/healthz").json()["well"] is True
        assert proxy.ask(f"/P/{CANARY}").status_code == 400
        assert proxy.ask(f"/v1/c2b/{CANARY}/confirmation", method="POST").status_code == 404
        assert proxy.ask("/sign-in", HOSTS[1]).status_code == 200
        moved = proxy.ask("/tills", HOSTS[1])
        assert (moved.status_code, moved.headers["location"]) == (303, "/sign-in")
        code = proxy.ask("/language/sw?to=/sign-in", HOSTS[1])
        assert "Strict-Transport-Security" in code.headers
        assert proxy.ask("/sign-in").status_code == 404, "the pages are under their own name alone"
        shut = url
    with _proxied_dead(tmp_path, shut) as proxy:
        assert proxy.ask(f"/P/{CANARY}").status_code == 502
    logs = "".join(path.read_text() for path in tmp_path.rglob("*.log"))
    assert "GET 400" in logs
    assert "GET 502" in logs
    assert CANARY not in logs


@contextmanager
def _proxied_dead(tmp_path: Path, url: str) -> Iterator[Proxy]:
    """The proxy before a central that has stopped."""
    folder = tmp_path / "dead"
    folder.mkdir()
    with _proxied(folder, (url, url)) as proxy:
        yield proxy


def test_the_backup_script_copies_a_file_and_postgresql_and_both_restore(
    cluster: Cluster, tmp_path: Path
) -> None:
    central, stick = tmp_path / "central", tmp_path / "stick"
    places.create(central, is_demo=True)
    old = stick / "central-20200101T000000Z.db"
    stick.mkdir()
    old.write_bytes(b"")
    os.utime(old, (0, 0))
    _back_up(central, stick)
    (copy,) = stick.iterdir()
    assert (copy.suffix, old.exists()) == (".db", False)
    address = cluster.new_database()
    with closing(engine.by_url(address)) as store, store.writing() as tx:
        tx.write("INSERT INTO setting(name, value) VALUES ('canary', :value)", value=CANARY)
    _back_up(central, stick, GATEPOS_DATABASE=address)
    (dump,) = stick.glob("*.dump")
    fresh = cluster.new_database()
    subprocess.run(["pg_restore", "--no-owner", f"--dbname={fresh}", dump], check=True)
    with closing(engine.by_url(fresh)) as store, store.reading() as tx:
        assert tx.row("SELECT value FROM setting WHERE name = 'canary'") == (CANARY,)
    with psycopg.connect(fresh) as conn:
        conn.execute("INSERT INTO journal VALUES ('XNM2', 'a', 1, 0, 'b', 'c', 'd')")
        with pytest.raises(psycopg.errors.RaiseException):
            conn.execute("DELETE FROM journal")


def _back_up(central: Path, stick: Path, **environment: str) -> None:
    gatepos = str(Path(sys.executable).with_name("gatepos"))
    done = subprocess.run(
        [PACKAGING / "backup", central, stick],
        env={**os.environ, "GATEPOS": gatepos, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert "read back" in done.stdout


def test_the_units_name_commands_that_exist() -> None:
    found = "".join(path.read_text() for path in PACKAGING.glob("*.service"))
    assert re.search(r"gatepos central serve \S+ --pages-port 8471", found)
    assert "packaging/central/backup" in found


def test_a_backup_that_fails_keeps_the_old_copies(tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    old = stick / "central-20200101T000000Z.db"
    old.write_bytes(b"")
    os.utime(old, (0, 0))
    script, broken = PACKAGING / "backup", {**os.environ, "GATEPOS": "false"}
    done = subprocess.run([script, tmp_path / "none", stick], env=broken)
    assert done.returncode != 0
    assert old.exists()
