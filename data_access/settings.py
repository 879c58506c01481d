"""What a deployment chooses: config.toml as frozen values; an unknown key is an error."""

import os
import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import date
from ipaddress import ip_address
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints
from urllib.parse import urlsplit

from data_access.credentials import credential
from data_access.mail_settings import MailSettings
from metrics.parameters import Parameters

CONFIG_VARIABLE = "NPD_CONFIG"
STORE_VARIABLE = "NPD_STORE_URL"
ROOT = Path(__file__).resolve().parent.parent

PeopleGrain = Literal["none", "department", "team", "officer"]
Right = Literal[
    "judge",
    "explain",
    "approve",
    "export",
    "read_text",
    "open_individuals",
    "export_individuals",
    "read_trail",
    "administer",
]


@dataclass(frozen=True, kw_only=True)
class StoreSettings:
    """Where the store is; relative paths start at the folder of config.toml."""

    url: str = "sqlite:///var/npd.sqlite"
    facts_dir: str = ""


@dataclass(frozen=True, kw_only=True)
class ForceSettings:
    """The force's own code and name, as the benchmark prints them."""

    code: str = "E23000014"
    name: str = "West Midlands Police"


@dataclass(frozen=True, kw_only=True)
class SignInSettings:
    """`demo`: who opens the suite picks a viewer; `oidc`: Streamlit signs them in, `claim` names them.

    `groups_claim` lists their groups (empty: groups are not used); `idle_minutes` end a sign-in that is not used.
    """

    mode: Literal["demo", "oidc"] = "demo"
    claim: str = "sub"
    groups_claim: str = ""
    idle_minutes: int = 60


@dataclass(frozen=True, kw_only=True)
class ViewerSettings:
    """One viewer: where they see (`force`, or some LPAs or sectors), how fine about people, and what they may do.

    `groups`: everyone of these groups of the identity provider is such a viewer, under an id of their own.
    A right never widens what is seen: `may_open_individuals` means nothing where `people` is not "officer".
    `may_read_text` None: wherever `people` is not "none", so that a partner agency reads no free text unless told.
    """

    id: str
    name: str
    force: bool = False
    lpas: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    people: PeopleGrain = "none"
    teams: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    may_judge: bool = True
    may_explain: bool = False
    may_approve: bool = False
    may_export: bool = True
    may_read_text: bool | None = None
    may_open_individuals: bool = True
    may_export_individuals: bool = False
    may_read_trail: bool = True
    may_administer: bool = False

    @property
    def rights(self) -> frozenset[Right]:
        """The rights given."""
        given = {right: getattr(self, f"may_{right}") for right in get_args(Right)}
        usual = self.people != "none"
        return frozenset(right for right, may in given.items() if (usual if may is None else may))


@dataclass(frozen=True, kw_only=True)
class PrivacySettings:
    """Local days for which raw fixes are kept, and those within an hour of midnight (for late files).

    `keep_people_months`: months, the newest among them, in which officers and callers are told apart; 0: all.
    `pseudonyms`: officers and callers are kept under these from the next load on, for good.
    `keep_rejected_days`: days after its load for which a value set aside is kept; what broke which rule stays.
    `downloads_per_hour`: how many files one viewer may take away in an hour.
    """

    keep_fixes_days: int = 0
    keep_edge_days: int = 35
    keep_rejected_days: int = 90
    keep_people_months: int = 36
    pseudonyms: bool = False
    downloads_per_hour: int = 120


@dataclass(frozen=True, kw_only=True)
class StartSettings:
    """`figures_ahead`: work each viewer's series out at the start and after each load, before anybody asks for them."""

    figures_ahead: bool = True


@dataclass(frozen=True, kw_only=True)
class ApiSettings:
    """How many requests one token may make in an hour, how many are answered at once, and the rows of one answer."""

    requests_per_hour: int = 600
    at_once: int = 2
    most_rows: int = 100_000


@dataclass(frozen=True, kw_only=True)
class MetricsSettings:
    """`addresses`: from where the suite's own numbers may be read at /metrics; none named: from nowhere."""

    addresses: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what is no address: a name would never match, and so seem to work."""
        for address in self.addresses:
            try:
                ip_address(address)
            except ValueError:
                raise ValueError(f'addresses has {address!r}; an address is written "127.0.0.1"') from None


@dataclass(frozen=True, kw_only=True)
class MapSettings:
    """`style_url`: the MapLibre style of the force's own map server, under the areas; empty: no map server is asked."""

    style_url: str = ""

    @property
    def host(self) -> str:
        """The scheme and host of the map server; empty where there is none."""
        parts = urlsplit(self.style_url)
        return f"{parts.scheme}://{parts.netloc}" if self.style_url else ""


@dataclass(frozen=True, kw_only=True)
class CostSettings:
    """Pounds an hour by role; a role without a figure has no cost shown."""

    hour: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class HarmSettings:
    """The weight set shown first, and the date that a crime counts under."""

    weight_set: str = "ons-2020"
    dated_by: Literal["recorded_on", "committed_on"] = "recorded_on"


@dataclass(frozen=True, kw_only=True)
class SampleSettings:
    """The sample force that the first start builds."""

    seed: int = 1
    months: int = 24
    scale: float = 0.1


@dataclass(frozen=True, kw_only=True)
class StepChange:
    """A recorded change of practice: the control chart of `indicator` in `area` starts anew in `month`."""

    indicator: str
    area: str
    month: date
    reason: str


@dataclass(frozen=True, kw_only=True)
class NeedPart:
    """One part of the need index: an indicator, its weight, and whether more of it means more need."""

    indicator: str
    weight: float
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class NeedSettings:
    """The recipe of the neighbourhood need index, and the names of its types from most need to least."""

    parts: tuple[NeedPart, ...] = ()
    types: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The whole of config.toml; `folder` is where it lies."""

    folder: Path = ROOT
    store: StoreSettings = field(default_factory=StoreSettings)
    force: ForceSettings = field(default_factory=ForceSettings)
    sign_in: SignInSettings = field(default_factory=SignInSettings)
    viewers: tuple[ViewerSettings, ...] = ()
    parameters: Parameters = field(default_factory=Parameters)
    privacy: PrivacySettings = field(default_factory=PrivacySettings)
    start: StartSettings = field(default_factory=StartSettings)
    api: ApiSettings = field(default_factory=ApiSettings)
    metrics: MetricsSettings = field(default_factory=MetricsSettings)
    map: MapSettings = field(default_factory=MapSettings)
    mail: MailSettings = field(default_factory=MailSettings)
    cost: CostSettings = field(default_factory=CostSettings)
    harm: HarmSettings = field(default_factory=HarmSettings)
    sample: SampleSettings = field(default_factory=SampleSettings)
    need: NeedSettings = field(default_factory=NeedSettings)
    step_changes: tuple[StepChange, ...] = ()

    @property
    def store_url(self) -> str:
        """The store's URL: the credential NPD_STORE_URL, else `[store] url`; SQLite paths are made absolute."""
        return _absolute(credential(STORE_VARIABLE) or self.store.url, self.folder)

    @property
    def facts_dir(self) -> Path | None:
        """The folder of the published read copies; None: beside the store."""
        return (self.folder / self.store.facts_dir).resolve() if self.store.facts_dir else None


class SettingsError(ValueError):
    """A key or value of config.toml that the suite does not know."""


def settings_file() -> Path:
    """Name the file that says what this deployment chooses: $NPD_CONFIG, else the config.toml at the root."""
    return Path(os.environ.get(CONFIG_VARIABLE) or ROOT / "config.toml")


def load_settings(path: Path | None = None) -> Settings:
    """Read `path`, else $NPD_CONFIG, else the config.toml at the root; a missing default file: the defaults."""
    file = path or settings_file()
    if not file.exists():
        if file != ROOT / "config.toml":
            raise SettingsError(f"{file}: no such configuration file")
        return Settings()
    try:
        values = tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{file} is not TOML: {error}") from error
    settings = replace(_build(Settings, values, file.name), folder=file.resolve().parent)
    _refuse_twins(settings.viewers, file.name)
    _refuse_odd_address(settings.map.style_url, f"{file.name}: map: style_url")
    return settings


def _refuse_odd_address(url: str, where: str) -> None:
    """Let a map server's address be an address: its host goes into what a browser is told it may talk to."""
    if url and not re.fullmatch(r"https?://[A-Za-z0-9.:\[\]-]+/[^\s\"'<>]*", url):
        raise SettingsError(f'{where} is {url!r}; it must be an address, "https://maps.force.example/style.json"')


def _refuse_twins(viewers: tuple[ViewerSettings, ...], where: str) -> None:
    """Let no two viewers share an id or a group, by whatever case: which of them is meant must never be a guess."""
    for what, named in (
        ("id", [viewer.id for viewer in viewers]),
        ("group", [group for viewer in viewers for group in dict.fromkeys(map(str.casefold, viewer.groups))]),
    ):
        seen = Counter(name.casefold() for name in named)
        if twice := [name for name in named if seen[name.casefold()] > 1]:
            raise SettingsError(f"{where}: viewers: {what} {twice[0]!r} stands twice (case does not count)")


def _absolute(url: str, folder: Path) -> str:
    prefix = "sqlite:///"
    if not url.startswith(prefix) or url == "sqlite:///:memory:":
        return url
    return prefix + str((folder / url.removeprefix(prefix)).resolve())


def _build(cls: type, values: Mapping[str, Any], where: str) -> Any:
    known = {entry.name for entry in fields(cls)} - ({"folder"} if cls is Settings else set())
    unknown = sorted(set(values) - known)
    if unknown:
        allowed = ", ".join(sorted(known))
        raise SettingsError(f"{where}: unknown key {unknown[0]!r}; allowed here: {allowed}")
    hints = get_type_hints(cls)
    built = {name: _value(hints[name], value, f"{where}: {name}") for name, value in values.items()}
    try:
        return cls(**built)
    except TypeError as error:
        missing = ", ".join(sorted(known - set(values)))
        raise SettingsError(f"{where}: a key is missing; not given: {missing}") from error
    except ValueError as error:
        raise SettingsError(f"{where}: {error}") from error


def _value(hint: Any, value: Any, where: str) -> Any:
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        return _value(next(one for one in get_args(hint) if one is not NoneType), value, where)
    if is_dataclass(hint):
        return _build(hint, _of(value, dict, "a table", where), where)
    if origin is tuple:
        items = _of(value, list, "a list", where)
        return tuple(_value(get_args(hint)[0], item, f"{where}[{place}]") for place, item in enumerate(items))
    if origin is Literal:
        if value not in get_args(hint):
            raise SettingsError(f"{where} is {value!r}; allowed: {', '.join(map(repr, get_args(hint)))}")
        return value
    if hint is date:
        return _month(value, where)
    if origin is not None:
        return dict(_of(value, dict, "a table", where))
    return _plain(hint, value, where)


def _plain(hint: Any, value: Any, where: str) -> Any:
    allowed = (int, float) if hint is float else hint
    if not isinstance(value, allowed) or (isinstance(value, bool) and hint is not bool):
        raise SettingsError(f"{where} is {value!r}; it must be of type {hint.__name__}")
    return value


def _of(value: Any, kind: type, words: str, where: str) -> Any:
    if not isinstance(value, kind):
        raise SettingsError(f"{where} is {value!r}; it must be {words}")
    return value


def _month(value: Any, where: str) -> date:
    if isinstance(value, date):
        return value.replace(day=1)
    try:
        return date.fromisoformat(f"{value}-01")
    except ValueError:
        raise SettingsError(f'{where} is {value!r}; it must be a month, written "YYYY-MM"') from None
