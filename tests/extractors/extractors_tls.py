"""TLS and HTTP/2 on loopback: certificates made for the test, and a server whose every frame a test decides."""

from __future__ import annotations

import datetime as dt
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import RequestReceived

LONGEST = 20.0  # seconds that a connection is kept


@dataclass(frozen=True, slots=True)
class Authority:
    """Who signs the certificates of a test; `file` is what a client must trust."""

    folder: Path
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def file(self) -> Path:
        """The authority's own certificate."""
        return self.folder / "authority.pem"

    def context(self, host: str = "127.0.0.1", days: int = 1, protocols: tuple[str, ...] = ("h2",)) -> ssl.SSLContext:
        """Return a server's context with a certificate for `host` that ends in `days`, which may be past."""
        key = ec.generate_private_key(ec.SECP256R1())
        try:
            name: x509.GeneralName = x509.IPAddress(ip_address(host))
        except ValueError:
            name = x509.DNSName(host)
        certificate = (
            _builder(host, self.certificate.subject, key, days)
            .add_extension(x509.SubjectAlternativeName([name]), critical=False)
            .sign(self.key, hashes.SHA256())
        )
        file = self.folder / f"{host}-{days}.pem"
        file.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            + certificate.public_bytes(serialization.Encoding.PEM)
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        context.set_alpn_protocols(list(protocols))
        return context


def make_authority(folder: Path) -> Authority:
    """Make an authority and write its certificate into a folder."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Authority of a test")])
    certificate = (
        _builder("Authority of a test", name, key, days=2)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    made = Authority(folder, key, certificate)
    made.file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return made


def _builder(name: str, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, days: int) -> x509.CertificateBuilder:
    now = dt.datetime.now(dt.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=30))
        .not_valid_after(now + dt.timedelta(days=days))
    )


@contextmanager
def listening(serve: Callable[[socket.socket], None]) -> Iterator[int]:
    """Give each connection to `serve`, in a thread of its own, and give the port."""
    listener = socket.create_server(("127.0.0.1", 0))
    open_ones: list[socket.socket] = []

    def one(connection: socket.socket) -> None:
        with connection, suppress(OSError, ssl.SSLError):  # the client has had enough
            connection.settimeout(LONGEST)
            serve(connection)

    def accept() -> None:
        with suppress(OSError):  # the listener was closed
            while True:
                connection = listener.accept()[0]
                open_ones.append(connection)
                threading.Thread(target=one, args=(connection,), daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()
        for connection in open_ones:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


@dataclass(slots=True)
class Stream:
    """One request over HTTP/2, to be answered frame by frame; `send` puts what is due on the wire."""

    h2: H2Connection
    number: int
    path: str
    wire: ssl.SSLSocket

    def send(self) -> None:
        """Send the frames that the state machine holds."""
        self.wire.sendall(self.h2.data_to_send())

    def head(self, status: int = 200, kind: str = "text/html; charset=utf-8", **headers: str) -> None:
        """Begin an answer."""
        named = [(name.replace("_", "-"), value) for name, value in headers.items()]
        self.h2.send_headers(self.number, [(":status", str(status)), ("content-type", kind), *named])
        self.send()

    def answer(self, body: bytes, status: int = 200, kind: str = "text/html; charset=utf-8") -> None:
        """Send a whole answer, in as many frames as one is long."""
        self.head(status, kind)
        for start in range(0, len(body), self.h2.max_outbound_frame_size):
            self.h2.send_data(self.number, body[start : start + self.h2.max_outbound_frame_size])
        self.h2.end_stream(self.number)
        self.send()


@contextmanager
def h2_site(context: ssl.SSLContext, answer: Callable[[Stream], None]) -> Iterator[str]:
    """Serve HTTP/2 over TLS and give the address of the root; robots.txt is 404, all else is for `answer`."""

    def serve(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as wire:
            state = H2Connection(H2Configuration(client_side=False, header_encoding="utf-8"))
            state.initiate_connection()
            wire.sendall(state.data_to_send())
            while data := wire.recv(65536):
                for event in state.receive_data(data):
                    if isinstance(event, RequestReceived):
                        path = dict(event.headers)[":path"]
                        stream = Stream(state, event.stream_id, path, wire)
                        if path == "/robots.txt":
                            stream.answer(b"", 404)
                        else:
                            answer(stream)
                wire.sendall(state.data_to_send())

    with listening(serve) as port:
        yield f"https://127.0.0.1:{port}"
