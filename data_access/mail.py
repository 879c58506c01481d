"""One e-mail to the force's server, and what the server said of it."""

import smtplib
import ssl
from contextlib import suppress
from typing import Literal

from data_access.mail_settings import MailSettings

TIMEOUT = 60  # seconds for each answer of the server
Answer = Literal["sent", "later", "refused", "unsure"]


def send(mail: MailSettings, mailbox: str, content: bytes) -> Answer:
    """Send a message and say what is known: accepted; to be tried later; refused for good; or that nobody can tell.

    What fails before the message is handed over was certainly not sent; a connection lost after that leaves it open.
    Raises OSError or SMTPException where the server cannot be reached, spoken to safely, or signed in to.
    """
    server = _connected(mail)
    try:
        server.sendmail(mail.sender, [mailbox], content)
    except smtplib.SMTPRecipientsRefused as error:
        return _by_code(max(code for code, _ in error.recipients.values()))
    except smtplib.SMTPResponseException as error:
        return _by_code(error.smtp_code)
    except (OSError, smtplib.SMTPException):
        return "unsure"
    finally:
        _part(server)
    return "sent"


def _connected(mail: MailSettings) -> smtplib.SMTP:
    trusted = ssl.create_default_context()
    if mail.tls == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(mail.host, mail.port, timeout=TIMEOUT, context=trusted)
    else:
        server = smtplib.SMTP(mail.host, mail.port, timeout=TIMEOUT)
    try:
        if mail.tls == "starttls":
            server.starttls(context=trusted)
        if mail.user:
            server.login(mail.user, mail.password)
    except BaseException:
        server.close()
        raise
    return server


def _part(server: smtplib.SMTP) -> None:
    """End the conversation; what the server said of the message stands, whatever becomes of the goodbye."""
    with suppress(OSError, smtplib.SMTPException):
        server.quit()
    server.close()


def _by_code(code: int) -> Answer:
    """Read a reply as RFC 5321 (4.2.1) has it; what is no refusal there may hide a message that was taken."""
    return {4: "later", 5: "refused"}.get(code // 100, "unsure")
