"""E-mail: what config.toml may say of the server, and a real server that is spoken to safely or not at all."""

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from smtplib import SMTPAuthenticationError

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from data_access import mail
from data_access.mail_settings import MailSettings
from data_access.settings import SettingsError, load_settings
from tests.browser.conftest import free_port
from tests.pages.digest.conftest import Server, mail_at

GOOD = {
    "host": '"mail.force.example"', "sender": '"npd@force.example"', "address_of_suite": '"https://npd.force.example"',
    "domains": '["force.example"]',
}  # fmt: skip


def written(folder: Path, **changed: str) -> Path:
    lines = (f"{name} = {value}" for name, value in {**GOOD, **changed}.items())
    (folder / "config.toml").write_text("\n".join(("[mail]", *lines)))
    return folder / "config.toml"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"tls": '"none"'}, "to this machine alone"),
        ({"tls": '"ssl"'}, "allowed: 'starttls', 'tls', 'none'"),
        ({"host": '"mail.force.example/x"'}, "the name or address of a server"),
        ({"port": "0"}, "from 1 to 65535"),
        ({"sender": '"nobody"'}, "it must be a mailbox"),
        ({"sender": '"a@b.example\\nBcc: c@d.example"'}, "it must be a mailbox"),
        ({"address_of_suite": '"http://npd.force.example"'}, "links lead there"),
        ({"address_of_suite": '"https://npd.force.example/?x=<b>"'}, "links lead there"),
        ({"address_of_suite": '""'}, "links lead there"),
        ({"domains": '["@force.example"]'}, 'a domain is written "force.example"'),
        ({"password": '"secret"'}, "unknown key 'password'"),
    ],
)
def test_a_slip_is_named_when_the_file_is_read(tmp_path: Path, changed: dict[str, str], words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        load_settings(written(tmp_path, **changed))


def test_nothing_said_is_no_e_mail_and_no_domain_is_nobody(tmp_path: Path) -> None:
    assert not MailSettings().may_reach("a@force.example")
    said = load_settings(written(tmp_path)).mail
    assert [said.may_reach(one) for one in ("A@Force.Example", "a@sub.force.example", "a@force.example ")] == [
        True, False, False
    ]  # fmt: skip
    assert not load_settings(written(tmp_path, domains="[]")).mail.may_reach("a@force.example")
    routed = ("a%elsewhere.example@force.example", "elsewhere.example!a@force.example", "@b.example:a@force.example")
    assert [one for one in routed if said.may_reach(one)] == []


def test_a_user_without_a_password_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NPD_MAIL_PASSWORD", raising=False)
    with pytest.raises(ValueError, match="NPD_MAIL_PASSWORD"):
        _ = mail_at(9, user="npd").password


def certificate(folder: Path, *names: str) -> tuple[Path, Path]:
    """Write a certificate for this machine, and for `names`, that is its own authority; and its key."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "here")])
    now, named = datetime.now(UTC), [x509.DNSName(one) for one in names]
    own = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1")), *named])
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    made = made.add_extension(own, False).add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
    files = folder / "certificate.pem", folder / "key.pem"
    files[0].write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    kind = serialization.PrivateFormat.PKCS8
    files[1].write_bytes(key.private_bytes(serialization.Encoding.PEM, kind, serialization.NoEncryption()))
    return files


@pytest.fixture(params=["starttls", "tls"])
def safe(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Server, MailSettings, Path]]:
    """A server that speaks TLS only, and lets npd in with a password."""
    chain, key = certificate(tmp_path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(chain, key)
    kept, port = Server(), free_port()

    def let_in(server, session, envelope, mechanism, data) -> AuthResult:
        return AuthResult(success=(data.login, data.password) == (b"npd", b"right"), handled=False)

    # A server that is encrypted from the start is not known as such to aiosmtpd, which then lets nobody sign in.
    signing_in = {"require_starttls": True, "authenticator": let_in, "auth_required": True}
    how = {"ssl_context": context} if request.param == "tls" else {"tls_context": context, **signing_in}
    controller = Controller(kept, hostname="127.0.0.1", port=port, **how)
    controller.start()
    yield kept, mail_at(port, tls=request.param, user="npd" if request.param == "starttls" else ""), chain
    controller.stop()


def test_a_server_is_trusted_by_its_certificate_and_signed_in_to(
    safe: tuple[Server, MailSettings, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, settings, chain = safe
    content = b"Subject: OFFICIAL\r\n\r\nOne is new.\r\n"
    monkeypatch.setenv("NPD_MAIL_PASSWORD", "right")
    with pytest.raises(ssl.SSLCertVerificationError):
        mail.send(settings, "a@force.example", content)
    monkeypatch.setenv("SSL_CERT_FILE", str(chain))
    assert mail.send(settings, "a@force.example", content) == "sent"
    assert [one.content for one in kept.taken] == [content]
    if settings.user:
        monkeypatch.setenv("NPD_MAIL_PASSWORD", "wrong")
        with pytest.raises(SMTPAuthenticationError):
            mail.send(settings, "a@force.example", content)
        assert len(kept.taken) == 1


def test_a_server_that_parts_before_it_answers_leaves_it_open() -> None:
    class Parting(Server):
        async def handle_DATA(self, server, session, envelope) -> str:
            server.transport.abort()
            return "250 never heard"

    port = free_port()
    controller = Controller(Parting(), hostname="127.0.0.1", port=port)
    controller.start()
    try:
        assert mail.send(mail_at(port), "a@force.example", b"Subject: x\r\n\r\nx\r\n") == "unsure"
    finally:
        controller.stop()
