"""A digest as text, as HTML that loads nothing, and as an e-mail of both; every item leads into the suite."""

from collections.abc import Sequence
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime
from html import escape

from data_access.export import MARKING
from data_access.mail_settings import MailSettings
from data_access.store import DataVersion
from pages.digest.material import Item, Material
from pages.parts import drawing
from pages.parts.palette import BLUE, INK, LINE, PAPER, QUIET
from pages.wording import words

MOST = 40  # items; the Overview has them all
YOURS = "yours"
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_STYLE = (
    f"body{{color:{INK};background:{PAPER};font:16px/1.4 Arial,sans-serif;max-width:42rem;margin:1rem auto}}"
    "body{padding:0 1rem}"
    "h1{font-size:1.4rem}h2{font-size:1.1rem}ul{list-style:none;padding:0}"
    f"li{{padding:.5rem 0;border-top:1px solid {LINE}}}a{{color:{BLUE}}}small{{color:{QUIET}}}"
    ".tag{border:1px solid;padding:0 .45rem;font-weight:700;font-size:.8rem}"
    ".npd-mark{display:inline-block;width:.95rem;height:.95rem;line-height:.95rem;text-align:center;font-size:.8rem;"
    "font-weight:800;margin-right:.4rem}.npd-circle{border-radius:50%}.npd-diamond{transform:rotate(45deg) scale(.8)}"
    ".npd-dash{height:.25rem}"
)


def subject(material: Material) -> str:
    """Say how much there is, with the marking; no area and no figure stands on the outside of an e-mail."""
    return f"{MARKING}: neighbourhood policing, {_counted(material)}"


def text(material: Material, version: DataVersion, suite: str) -> str:
    """Write the digest as plain text."""
    parts = [_marking(version), _opening(material)]
    for head, items in _parts(material):
        parts += [head, *(f"{_said(one)}\n{_to(suite, one.address)}" for one in items[:MOST])]
        parts += [_more(items)] if len(items) > MOST else []
    return "\n\n".join([*parts, f"{_why(version)}\n{_to(suite, YOURS)}", MARKING]) + "\n"


def html(material: Material, version: DataVersion, suite: str) -> str:
    """Write the digest as one HTML page that refers to nothing but the suite."""
    body = "".join(_section(head, items, suite) for head, items in _parts(material))
    return (
        f'<!DOCTYPE html>\n<html lang="en-GB"><head><meta charset="utf-8"><title>{escape(subject(material))}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}"><style>{_STYLE}</style></head>\n<body><main>'
        f'<p><span class="tag">{escape(_marking(version))}</span></p><h1>{escape(_opening(material))}</h1>{body}'
        f'<p><small>{escape(_why(version))} <a href="{escape(_to(suite, YOURS))}">Change or stop it</a>. {MARKING}'
        "</small></p></main></body></html>\n"
    )


def e_mail(
    material: Material, version: DataVersion, mail: MailSettings, *, message_id: str, mailbox: str, now: datetime
) -> bytes:
    """Write the digest as an e-mail of text and HTML, whole: what is queued is what is sent."""
    message = EmailMessage(policy=policy.SMTP)
    message["Message-ID"], message["Date"] = message_id, format_datetime(now)
    message["From"], message["To"], message["Subject"] = mail.sender, mailbox, subject(material)
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's holiday reply comes back
    message.set_content(text(material, version, mail.address_of_suite))
    message.add_alternative(html(material, version, mail.address_of_suite), subtype="html")
    return message.as_bytes()


def _parts(material: Material) -> list[tuple[str, Sequence[Item]]]:
    both = (("Really changed", material.news), ("Explanations due for review", material.due))
    return [(head, items) for head, items in both if items]


def _counted(material: Material) -> str:
    said = [f"{len(material.news)} new"] if material.news else []
    return ", ".join([*said, *([f"{len(material.due)} to review"] if material.due else [])])


def _opening(material: Material) -> str:
    if not material.news:
        return "Nothing else really changed; explanations are due for review."
    count = len(material.news)
    which = f"{count} figure{'' if count == 1 else 's'}"
    return f"{which} really changed, which your digest had not told you yet, of {material.looked_at:,} looked at."


def _marking(version: DataVersion) -> str:
    return f"{MARKING} · SAMPLE DATA" if version.sample else MARKING


def _said(one: Item) -> str:
    return f"{f'{one.verdict} · ' if one.verdict else ''}{one.title}\n{one.said}"


def _section(head: str, items: Sequence[Item], suite: str) -> str:
    more = f"<p>{escape(_more(items))}</p>" if len(items) > MOST else ""
    return f"<h2>{head}</h2><ul>{''.join(_line(one, suite) for one in items[:MOST])}</ul>{more}"


def _line(one: Item, suite: str) -> str:
    mark = f"{drawing.mark_html(words.mark(one.verdict))}<strong>{one.verdict}</strong> · " if one.verdict else ""
    return f'<li>{mark}<a href="{escape(_to(suite, one.address))}">{escape(one.title)}</a><br>{escape(one.said)}</li>'


def _more(items: Sequence[Item]) -> str:
    return f"And {len(items) - MOST} more: the Overview lists all."


def _why(version: DataVersion) -> str:
    return (
        f"Data version {version.number}, loaded {words.moment(version.loaded_at)}. You get this because you subscribed "
        "to it; figures of areas below the LPA (local policing area) are told in the suite alone."
    )


def _to(suite: str, address: str) -> str:
    return f"{suite.rstrip('/')}/{address}"
