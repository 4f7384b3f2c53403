"""Central at work: it answers tills, and managers' browsers on another port, until it is told to stop."""

import contextlib
import gc
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from gatepos.central import api
from gatepos.central import folder as places
from gatepos.central.daraja import Daraja
from gatepos.central.managers import app as managers
from gatepos.domain.clock import Clock
from gatepos.errors import Trouble
from gatepos.i18n import N_


class AddressTaken(Trouble):
    """Another program listens there, or the machine has no such address."""

    says = N_("Central cannot listen on {host}, port {port}: {why}. Choose another with --port.")


def serve(
    folder: Path,
    clock: Clock,
    database: str | None,
    address: tuple[str, int],
    ready: Callable[[str], None],
    mpesa: Daraja | None = None,
    pages: tuple[int, Callable[[str], None]] | None = None,
) -> None:
    """Answer tills until told to stop; `ready` is told where. NoCentral, CentralRuns, AddressTaken, and
    what `places.opened` raises. `pages` are the port of the managers' pages on the same host, and who is
    told.
    """
    key, former = places.key_of(folder), places.former_keys(folder)
    with contextlib.ExitStack() as running:
        running.enter_context(places.alone(folder))
        store = running.enter_context(contextlib.closing(places.opened(folder, database)))
        listening = running.enter_context(_listening(*address))
        if pages is not None:
            beside = running.enter_context(_listening(address[0], pages[0]))
            running.enter_context(_beside(_server(managers.application(store, folder, key, clock)), beside))
        gc.freeze()  # what was imported stays: a twentieth of the time went into looking through it
        ready(_url(listening))
        if pages is not None:
            pages[1](_url(beside))
        _server(api.application(store, key, clock, mpesa, former)).run(sockets=[listening])


def _server(app: FastAPI) -> uvicorn.Server:
    # No access log: addresses and headers of calls are nobody's business.
    return uvicorn.Server(uvicorn.Config(app, access_log=False, log_level="warning", server_header=False))


@contextlib.contextmanager
def _beside(server: uvicorn.Server, listening: socket.socket) -> Iterator[None]:
    """A server on a thread of its own for as long as the block lasts."""
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()


def _url(listening: socket.socket) -> str:
    return "http://{}:{}".format(*listening.getsockname()[:2])


def _listening(host: str, port: int) -> socket.socket:
    try:
        listening = socket.create_server((host, port))
        # asyncio does not ask it for such a socket, and every answer would wait 40 ms for an acknowledgement.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
        return listening
    except OSError as error:
        raise AddressTaken(host=host, port=port, why=error.strerror) from error
