"""What a deployment says of its e-mail server: checked when config.toml is read, so that no night is lost to a slip."""

import ipaddress
import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from data_access.credentials import credential

PASSWORD_VARIABLE = "NPD_MAIL_PASSWORD"
Tls = Literal["starttls", "tls", "none"]
_DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
# No % before the @: servers that trust this machine read user%elsewhere.example@force.example as a mailbox elsewhere.
_MAILBOX = re.compile(r"[A-Za-z0-9._+'-]{1,64}@(?P<domain>[A-Za-z0-9.-]{1,255})")


@dataclass(frozen=True, kw_only=True)
class MailSettings:
    """The server that the digest goes out by (no `host`: none does), and `address_of_suite`, where its links lead.

    `tls`: how the connection is closed to others; "none" on this machine alone. `domains`: e-mail goes to mailboxes of
    these; none named: to nobody. The password of `user` is the credential NPD_MAIL_PASSWORD.
    """

    host: str = ""
    port: int = 587
    tls: Tls = "starttls"
    user: str = ""
    sender: str = ""
    address_of_suite: str = ""
    domains: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what cannot work, or would send in the clear over a network."""
        problem = next(filter(None, (_of_server(self), _of_sender(self), _of_suite(self), _of_domains(self))), None)
        if problem:
            raise ValueError(problem)

    @property
    def password(self) -> str:
        """The password of `user`. Raises ValueError where there is a user and none."""
        given = credential(PASSWORD_VARIABLE) or ""
        if self.user and not given:
            raise ValueError(f"[mail] names a user and ${PASSWORD_VARIABLE} no password: set it where the digest runs")
        return given

    def may_reach(self, mailbox: str) -> bool:
        """Tell whether e-mail may go to a mailbox."""
        found = _MAILBOX.fullmatch(mailbox)
        return bool(self.host and found and found["domain"].casefold() in map(str.casefold, self.domains))


def is_this_machine(host: str | None) -> bool:
    """Tell whether a host is this machine, by its name or address alone."""
    try:
        return host == "localhost" or ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


def _of_server(mail: MailSettings) -> str | None:
    if mail.host and not re.fullmatch(r"[A-Za-z0-9.:-]+", mail.host):
        return f"host is {mail.host!r}; it must be the name or address of a server"
    if not 0 < mail.port < 65536:
        return f"port is {mail.port}; it must be from 1 to 65535"
    if mail.host and mail.tls == "none" and not is_this_machine(mail.host):
        return f'tls is "none" and host {mail.host!r}: in the clear e-mail goes to this machine alone (127.0.0.1)'
    return None


def _of_sender(mail: MailSettings) -> str | None:
    if mail.host and not _MAILBOX.fullmatch(mail.sender):
        return f'sender is {mail.sender!r}; it must be a mailbox, "npd@force.example"'
    return None


def _of_suite(mail: MailSettings) -> str | None:
    parts = urlsplit(mail.address_of_suite)
    plain = parts.scheme == "http" and is_this_machine(parts.hostname)
    whole = re.fullmatch(r"https?://[A-Za-z0-9.:\[\]-]+(/[A-Za-z0-9._~/-]*)?", mail.address_of_suite)
    if (mail.host or mail.address_of_suite) and not (whole and (parts.scheme == "https" or plain)):
        return f'address_of_suite is {mail.address_of_suite!r}; links lead there: "https://npd.force.example"'
    return None


def _of_domains(mail: MailSettings) -> str | None:
    odd = [one for one in mail.domains if not _DOMAIN.fullmatch(one.casefold())]
    return f'domains has {odd[0]!r}; a domain is written "force.example"' if odd else None
