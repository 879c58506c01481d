"""What units and the container start is there: a renamed command or room would fail on a force's server alone."""

import re

import pytest

from data_access.__main__ import COMMANDS
from tests.places import ROOT

SYSTEMD = ROOT / "deployment" / "systemd"
SERVICES = sorted(path.name for path in SYSTEMD.glob("npd*.service"))


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_starts_what_there_is(name: str) -> None:
    (command,) = re.findall(r"^ExecStart=(.+)", (SYSTEMD / name).read_text(), re.MULTILINE)
    if asked := re.search(r"-m data_access ([a-z-]+)", command):
        assert asked[1] in {one.name for one in COMMANDS}
    elif script := re.match(r"/opt/npd/(deployment/\S+)", command):
        assert (ROOT / script[1]).stat().st_mode & 0o111
    else:
        assert command.startswith(("/opt/npd/.venv/bin/python -m streamlit run app.py", "/usr/bin/logger"))


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_runs_without_rights_of_its_own(name: str) -> None:
    lines = (SYSTEMD / name).read_text().splitlines()
    without = {"NoNewPrivileges=yes", "ProtectSystem=strict", "PrivateTmp=yes", "CapabilityBoundingSet=", "User=npd"}
    assert without <= set(lines) or "DynamicUser=yes" in lines


@pytest.mark.parametrize("name", sorted({*SERVICES} - {"npd-failed@.service"}))
def test_a_service_reads_the_settings_of_the_force_and_not_those_of_the_repository(name: str) -> None:
    given = re.findall(r"^Environment=(.+)", (SYSTEMD / name).read_text(), re.MULTILINE)
    assert "NPD_CONFIG=/etc/npd/config.toml" in " ".join(given).split()


def test_the_target_is_stopped_when_its_processes_are() -> None:
    """systemd stops in the reverse of its order of starts; without an order `systemctl stop` does not wait for them."""
    (after,) = re.findall(r"^After=(.+)", (SYSTEMD / "npd@.service").read_text(), re.MULTILINE)
    assert "npd.target" in after.split()


def test_each_timer_has_its_service_and_each_failure_is_told() -> None:
    timers = {path.stem for path in SYSTEMD.glob("*.timer")}
    assert timers == {"npd-load", "npd-digest", "npd-backup"}
    for name in timers:
        assert "OnFailure=npd-failed@%n.service" in (SYSTEMD / f"{name}.service").read_text()


def test_the_container_has_every_room_of_the_house() -> None:
    copied = set(re.findall(r"^COPY (\w+) /opt/npd/\1$", (ROOT / "deployment/Containerfile").read_text(), re.MULTILINE))
    picture = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").split("```\n")[1]
    rooms = {line.split("/")[0] for line in picture.splitlines() if re.match(r"\w+/", line)}
    assert copied == rooms == {"metrics", "data_access", "pages", "serving"}
