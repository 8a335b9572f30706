from __future__ import annotations

import base64
import email
import email.policy
import ipaddress
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from ssl import PROTOCOL_TLS_SERVER, SSLContext
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from alerts_examples import MOMENT, SECRET, message
from alerts_servers import RawServer, Talk
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from alerts import channels
from detente.models import SendOutcome, SendResult

WHO = "from=alerts@example.org&to=desk@example.org"
Start = Callable[..., int]


class Keeper:
    """Takes every mail, or gives `replies` by command."""

    def __init__(self, **replies: str) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.replies = replies

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self.replies.get("MAIL", "250 OK")

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.recipients.append(address)
        envelope.rcpt_tos.append(address)
        return self.replies.get("RCPT", "250 OK")

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        parsed = email.message_from_bytes(envelope.original_content or b"", policy=email.policy.default)
        assert isinstance(parsed, EmailMessage)
        self.mails.append(parsed)
        return self.replies.get("DATA", "250 OK")


def send(url: str, deadline: float = 5, **changes: Any) -> SendResult:
    return channels.send(url, message(**changes), delivery_id="d123", created_at=MOMENT, deadline=deadline)


def content(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def test_a_mail_arrives_in_both_forms_under_the_delivery_s_own_id(smtp: Start) -> None:
    keeper = Keeper()
    url = f"mailto://127.0.0.1:{smtp(keeper)}?{WHO}"

    assert send(url).outcome is SendOutcome.SENT
    assert send(url).outcome is SendOutcome.SENT

    first, second = keeper.mails
    assert first["Message-ID"] == second["Message-ID"] == "<d123@example.org>"
    assert first["Date"] == second["Date"] == "Sun, 04 May 2025 09:30:00 +0000"
    assert first["X-Detente-Event"] == "e1"
    assert first["X-Detente-Delivery"] == "d123"
    assert first["From"] == "Détente <alerts@example.org>"
    assert first["To"] == "desk@example.org"
    assert first["Subject"] == "Mediation requested"
    assert first.get_content_type() == "multipart/alternative"
    assert content(first, "plain") == "Pakistan → Russia\n  indented\n"
    assert content(first, "html") == "<p>Pakistan → Russia</p>\n"


def test_the_sender_may_have_a_name_of_its_own(smtp: Start) -> None:
    keeper = Keeper()
    send(f"mailto://127.0.0.1:{smtp(keeper)}?{WHO}&name=News%20Desk")
    assert keeper.mails[0]["From"] == "News Desk <alerts@example.org>"


def test_no_subject_injects_a_header_and_no_character_stops_a_mail(smtp: Start) -> None:
    keeper = Keeper()
    url = f"mailto://127.0.0.1:{smtp(keeper)}?{WHO}"
    subject = "War\r\nBcc: all@example.org\n\nIt begins\u2028X-Evil: 1 \ud83d\x00"
    text = f"\ud800 {'long ' * 1000}\n.\n..\nQUIT\n"

    assert send(url, subject=subject, text=text, html=text).outcome is SendOutcome.SENT

    (mail,) = keeper.mails
    assert "Bcc" not in mail
    assert "X-Evil" not in mail
    assert mail["Subject"].startswith("War Bcc: all@example.org It begins X-Evil: 1")
    assert keeper.recipients == ["desk@example.org"]
    assert content(mail, "plain") == text.replace("\ud800", "\ufffd")


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize(("code", "outcome"), [(550, SendOutcome.PERMANENT), (451, SendOutcome.TEMPORARY)])
def test_the_code_of_a_refusal_tells_whether_to_try_again(
    smtp: Start, command: str, code: int, outcome: SendOutcome
) -> None:
    reply = f"{code} 5.1.1 <desk@example.org> not taken from alerts@example.org"
    result = send(f"mailto://127.0.0.1:{smtp(Keeper(**{command: reply}))}?{WHO}")
    assert result.outcome is outcome
    assert result.detail == f"SMTP {code}: 5.1.1 <…> not taken from …"


def test_login_is_tried_and_its_failure_is_told_without_the_password(smtp: Start) -> None:
    def judge(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
        assert isinstance(data, LoginPassword)
        good = data.password == SECRET.encode()
        return AuthResult(
            success=good, handled=False, message=None if good else f"535 {data.password.decode()} is wrong"
        )

    keeper = Keeper()
    port = smtp(keeper, auth_require_tls=False, authenticator=judge)

    assert send(f"mailto://clerk:{SECRET}@127.0.0.1:{port}?{WHO}") == SendResult(SendOutcome.SENT)
    refused = send(f"mailto://clerk:x{SECRET}@127.0.0.1:{port}?{WHO}")

    assert len(keeper.mails) == 1
    assert refused.outcome is SendOutcome.PERMANENT
    assert refused.detail == "SMTP 535: the server refuses this user and password"


def test_a_server_without_login_gets_no_password(smtp: Start) -> None:
    result = send(f"mailto://clerk:{SECRET}@127.0.0.1:{smtp(Keeper())}?{WHO}")
    assert result.outcome is SendOutcome.TEMPORARY
    assert "no login" in result.detail


def test_a_stubborn_server_holds_a_mail_no_longer_than_its_deadline(stubborn: RawServer) -> None:
    began = time.monotonic()
    result = send(f"mailto://127.0.0.1:{stubborn.port}?{WHO}", deadline=0.3)
    assert time.monotonic() - began < 1.5
    assert result == SendResult(SendOutcome.TEMPORARY, "no answer within 0.3 s")
    assert stubborn.hung_up.wait(2), "the connection was left open"


def test_a_mail_that_was_taken_counts_as_sent_though_the_farewell_is_not_answered(
    raw: Callable[[Talk], RawServer],
) -> None:
    def talk(connection: Any, _: object) -> None:
        lines = connection.makefile("rb")
        connection.sendall(b"220 ready\r\n")
        for line in lines:
            if line.upper().startswith(b"QUIT"):
                return
            if line.upper().startswith(b"DATA"):
                connection.sendall(b"354 go on\r\n")
                while lines.readline() != b".\r\n":
                    pass
            connection.sendall(b"250 fine\r\n")

    began = time.monotonic()
    result = send(f"mailto://127.0.0.1:{raw(talk).port}?{WHO}", deadline=5)
    assert result.outcome is SendOutcome.SENT
    assert time.monotonic() - began < 2


@pytest.mark.parametrize(
    ("greeting", "outcome", "words"),
    [
        (b"554 go away\r\n", SendOutcome.PERMANENT, "SMTP 554: go away"),
        (b"421 too busy\r\n", SendOutcome.TEMPORARY, "SMTP 421: too busy"),
        (b"\x1b[2J\r\n", SendOutcome.TEMPORARY, "SMTP -1"),
    ],
)
def test_a_greeting_can_be_a_refusal(
    raw: Callable[[Talk], RawServer], greeting: bytes, outcome: SendOutcome, words: str
) -> None:
    server = raw(lambda connection, _: connection.sendall(greeting))
    result = send(f"mailto://127.0.0.1:{server.port}?{WHO}")
    assert (result.outcome, result.detail[: len(words)]) == (outcome, words)
    assert result.detail.isprintable()


def test_a_server_that_hangs_up_or_is_not_there_is_tried_again(raw: Callable[[Talk], RawServer]) -> None:
    hangs_up = raw(lambda connection, _: connection.close())
    assert send(f"mailto://127.0.0.1:{hangs_up.port}?{WHO}").outcome is SendOutcome.TEMPORARY
    nobody = send(f"mailto://127.0.0.1:1?{WHO}")
    assert nobody == SendResult(SendOutcome.TEMPORARY, "cannot talk to the server: connection refused")


# --- TLS --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate for 127.0.0.1 that nobody signed but itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "loopback")])
    now = datetime.now(UTC)
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(address, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "server.pem"
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    pem = serialization.Encoding.PEM
    file.write_bytes(key.private_bytes(pem, form, plain) + made.public_bytes(pem))
    return file


@pytest.fixture(params=["starttls", "ssl"])
def tls_server(request: pytest.FixtureRequest, smtp: Start, certificate: Path) -> tuple[str, Keeper]:
    context = SSLContext(PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    keeper = Keeper()
    if request.param == "starttls":
        port = smtp(keeper, tls_context=context, require_starttls=True)
    else:
        port = smtp(keeper, ssl_context=context)
    return f"mailtos://127.0.0.1:{port}?{WHO}&mode={request.param}", keeper


def test_a_certificate_that_nobody_vouches_for_stops_the_mail(tls_server: tuple[str, Keeper]) -> None:
    url, keeper = tls_server
    result = send(url)
    assert result == SendResult(
        SendOutcome.TEMPORARY, "cannot talk to the server: TLS failed (CERTIFICATE_VERIFY_FAILED)"
    )
    assert not keeper.mails


def test_a_trusted_certificate_for_this_server_lets_it_through(
    tls_server: tuple[str, Keeper], certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, keeper = tls_server
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert send(url) == SendResult(SendOutcome.SENT)
    wrong_name = url.replace("127.0.0.1", "localhost")
    assert "CERTIFICATE_VERIFY_FAILED" in send(wrong_name).detail
    assert len(keeper.mails) == 1


def test_verification_can_be_waived_in_the_address(tls_server: tuple[str, Keeper]) -> None:
    url, keeper = tls_server
    assert send(f"{url}&verify=no") == SendResult(SendOutcome.SENT)
    assert len(keeper.mails) == 1


def test_a_server_that_offers_no_tls_gets_neither_password_nor_mail(smtp: Start) -> None:
    keeper = Keeper()
    result = send(f"mailtos://clerk:{SECRET}@127.0.0.1:{smtp(keeper)}?{WHO}")
    assert result.outcome is SendOutcome.TEMPORARY
    assert "no STARTTLS" in result.detail
    assert not keeper.mails


# --- addresses --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        f"mailtos://clerk:{SECRET}@example.org?smtp=mail.example.org&to=desk@example.org",
        f"mailto://clerk:{SECRET}@gmail.com",
        f"mailtos://clerk:{SECRET}@example.org/desk@example.org?mode=ssl&verify=no",
        f"mailto://clerk:{SECRET}@localhost?{WHO}",
        f"mailto://clerk:{SECRET}@mail.example.org?{WHO}&mode=insecure",
        f"mailto://mail.example.org?{WHO}",
    ],
)
def test_these_addresses_are_taken(url: str) -> None:
    assert channels.check(url) is None


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        (f"mailto://clerk:{SECRET}@mail.example.org?{WHO}", "the password would travel unencrypted"),
        (f"mailtos://clerk:{SECRET}@example.org?to=a@example.org,b@example.org", "the address names 2 recipients"),
        (f"mailtos://clerk:{SECRET}@example.org?to={SECRET}", "the address names no valid recipient"),
        (f"mailtos://clerk:{SECRET}@example.org?cc=b@example.org", "a part after the '?' would have no effect"),
        (f"mailtos://clerk:{SECRET}@example.org?+Bcc=b@example.org", "a part after the '?' would have no effect"),
        (f"mailtos://clerk:{SECRET}@example.org?pgp=encrypt", "a part after the '?' would have no effect"),
        (f"mailtos://clerk:{SECRET}@example.org?mode={SECRET}", "the address does not have the form of mailtos://"),
        (f"mailtos://clerk:{SECRET}%C3%A9@example.org", "SMTP takes only ASCII"),
        ("mailtos://mail.example.org?to=desk@example.org", "the address does not have the form of mailtos://"),
    ],
)
def test_these_are_refused_with_a_mend_and_without_the_address(url: str, problem: str) -> None:
    said = channels.check(url)
    assert said
    assert said.startswith(problem)
    assert said.partition("; ")[2]
    assert SECRET not in said
    assert "clerk" not in said
    assert send(url) == SendResult(SendOutcome.PERMANENT, said)


def test_no_log_line_holds_a_secret(smtp: Start, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(1)
    port = smtp(Keeper(RCPT="550 no"))
    send(f"mailto://clerk:{SECRET}@127.0.0.1:{port}?{WHO}")
    channels.check(f"mailtos://clerk:{SECRET}@example.org?mode={SECRET}")
    hidden = base64.b64encode(SECRET.encode()).decode()
    lines = [record.getMessage() for record in caplog.records if not record.name.startswith("mail.log")]
    assert not [line for line in lines if SECRET in line or hidden in line]
