"""What runs the project: scrapyd, the timers, the workflows; each tried as far as it can be here."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
import yaml

from tests.standin import StandIn
from tests.standin.server import settings_for
from tests.standin.sites import put_arena

ROOT = Path(__file__).parents[2]
SOURCES = {path.stem for path in (ROOT / "flopcrawl" / "spiders").glob("*.py")}
PASSWORD = "p%4s:s"


def eventually(true: Callable[[], Any], seconds: float = 60) -> Any:
    """What ``true`` returns once it is true; another process has to be waited for."""
    deadline = time.monotonic() + seconds
    while not (value := true()):
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.2)
    return value


class Scrapyd:
    """A scrapyd that was started as an operator starts it."""

    def __init__(self, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"

    def ask(self, service: str, password: str = PASSWORD, **values: str) -> dict[str, Any]:
        account = base64.b64encode(f"flopcrawl:{password}".encode()).decode()
        data = urlencode({"project": "default", **values}).encode() if values else None
        headers = {"Authorization": f"Basic {account}"}
        with urlopen(Request(f"{self.address}/{service}", data, headers), timeout=30) as answer:
            return json.load(answer)

    def up(self) -> bool:
        try:
            return self.ask("daemonstatus.json")["status"] == "ok"
        except (URLError, ConnectionError):
            return False


@pytest.fixture
def scrapyd(tmp_path: Path) -> Iterator[Scrapyd]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ, "SCRAPYD_PASSWORD": PASSWORD, "SCRAPYD_HTTP_PORT": str(port),
        "SCRAPYD_STATE": str(tmp_path / "scrapyd"),
        "FLOPCRAWL_DB": str(tmp_path / "f.db"), "FLOPCRAWL_EXPORTS": str(tmp_path),
    }  # fmt: skip
    with (tmp_path / "scrapyd.log").open("wb") as log:
        process = subprocess.Popen([ROOT / "deploy" / "scrapyd.sh"], env=environment, stdout=log, stderr=log)
        try:
            daemon = Scrapyd(port)
            eventually(daemon.up)
            yield daemon
        finally:
            process.terminate()
            process.wait(30)


@pytest.mark.slow
def test_scrapyd_wants_its_password_and_runs_a_source(scrapyd: Scrapyd, tmp_path: Path) -> None:
    with pytest.raises(HTTPError, match="401"):
        scrapyd.ask("daemonstatus.json", password="wrong")
    with StandIn() as web:
        put_arena(web)
        settings = [
            f"{name}={json.dumps(value) if isinstance(value, dict) else value}"
            for name, value in settings_for(web).items()
        ]
        values = urlencode([("project", "default"), ("spider", "arena"), *(("setting", each) for each in settings)])
        account = base64.b64encode(f"flopcrawl:{PASSWORD}".encode()).decode()
        with urlopen(
            Request(f"{scrapyd.address}/schedule.json", values.encode(), {"Authorization": f"Basic {account}"})
        ) as answer:
            assert json.load(answer)["status"] == "ok"
        eventually(lambda: scrapyd.ask("listjobs.json?project=default")["finished"])
    with sqlite3.connect(tmp_path / "f.db") as db:
        assert db.execute("SELECT source_state FROM runs").fetchall() == [("live",)]
    environment = {**os.environ, "SCRAPYD_PASSWORD": PASSWORD, "SCRAPYD_URL": scrapyd.address}
    refused = subprocess.run(
        [ROOT / "deploy" / "schedule.py", "nosuch"], env=environment, capture_output=True, timeout=60
    )
    assert (refused.returncode, refused.stdout[:7]) == (1, b"nosuch:")
    assert PASSWORD not in (tmp_path / "scrapyd.log").read_text()


def test_scrapyd_does_not_start_without_a_password() -> None:
    environment = {name: value for name, value in os.environ.items() if name != "SCRAPYD_PASSWORD"}
    ended = subprocess.run(
        [ROOT / "deploy" / "scrapyd.sh"], env=environment, capture_output=True, text=True, timeout=60
    )
    assert ended.returncode != 0
    assert "SCRAPYD_PASSWORD is not set" in ended.stdout + ended.stderr


def test_the_schedules_name_sources_and_commands_that_there_are() -> None:
    commands = {path.stem for path in (ROOT / "flopcrawl" / "commands").glob("*.py")}
    texts = [(ROOT / "deploy" / "crontab").read_text(), (ROOT / ".github" / "workflows" / "refresh.yml").read_text()]
    texts += [path.read_text() for path in (ROOT / "deploy" / "systemd").glob("*.service")]
    for text in texts:
        for names in re.findall(r"--only (\S+)", text):
            assert set(names.split(",")) <= SOURCES
        assert set(re.findall(r"(?:run\.sh|bin/scrapy) ([a-z]+)", text)) <= commands


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd here")
def test_the_units_are_sound(tmp_path: Path) -> None:
    units = []
    for path in (ROOT / "deploy" / "systemd").iterdir():
        # the folder and the user of an installed machine
        text = path.read_text().replace("/srv/flopcrawl", str(ROOT)).replace("User=flopcrawl", "")
        units.append(tmp_path / path.name)
        units[-1].write_text(text)
    found = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, timeout=60)
    assert (found.returncode, [line for line in found.stderr.splitlines() if "flopcrawl" in line]) == (0, [])


LINTERS = {
    "compose": ("check-jsonschema", "--builtin-schema", "vendor.compose-spec", "deploy/compose.yaml"),
    "workflows": (
        "check-jsonschema", "--builtin-schema", "vendor.github-workflows",
        *(str(path) for path in (ROOT / ".github" / "workflows").glob("*.yml")),
    ),
    "container file": ("hadolint", "deploy/Containerfile"),
    "shell": ("shellcheck", "deploy/run.sh", "deploy/scrapyd.sh"),
}  # fmt: skip


@pytest.mark.parametrize("what", LINTERS)
def test_what_cannot_be_tried_here_is_linted(what: str) -> None:
    program, *arguments = LINTERS[what]
    found = subprocess.run(
        [Path(sys.executable).parent / program, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert found.returncode == 0, found.stdout + found.stderr


@pytest.mark.parametrize("name", ["overrides.yml", "refresh.yml", "test.yml"])
def test_the_commands_of_the_workflows_are_sound_shell(name: str, tmp_path: Path) -> None:
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / name).read_text())
    steps = [step["run"] for job in workflow["jobs"].values() for step in job["steps"] if "run" in step]
    for number, command in enumerate(steps):
        script = tmp_path / f"{number}.sh"
        # as GitHub runs it
        script.write_text(f"#!/usr/bin/env -S bash -e\n{command}\n")
        found = subprocess.run(
            [Path(sys.executable).parent / "shellcheck", script], capture_output=True, text=True, timeout=60
        )
        assert found.returncode == 0, found.stdout


def test_the_crontab_is_as_cron_reads_it() -> None:
    """Five fields in their bounds, a command, and no bare % (which cron takes for a line's end)."""
    bounds = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
    lines = [line for line in (ROOT / "deploy" / "crontab").read_text().splitlines() if line and line[0] != "#"]
    assert lines.pop(0) == "FLOPCRAWL=/srv/flopcrawl"
    for line in lines:
        *fields, command = line.split(maxsplit=5)
        assert command.startswith("$FLOPCRAWL/deploy/run.sh ")
        assert "%" not in command
        for text, (low, high) in zip(fields, bounds, strict=True):
            for part in text.split(","):
                numbers = [int(number) for number in part.replace("*", str(low)).split("-")]
                assert all(low <= number <= high for number in numbers)
                assert numbers == sorted(numbers)


def test_the_workflows_can_write_only_what_they_must() -> None:
    found = {path.name: yaml.safe_load(path.read_text()) for path in (ROOT / ".github" / "workflows").glob("*.yml")}
    assert found["test.yml"]["permissions"] == {"contents": "read"}
    assert found["overrides.yml"]["permissions"] == {"contents": "read", "pull-requests": "write"}
    text = (ROOT / ".github" / "workflows" / "overrides.yml").read_text()
    # what a stranger writes is never a part of a command
    for command in re.findall(r"run: ([^\n]*|\|\n(?:\s{10}.*\n)+)", text):
        assert "github.event" not in command
    assert all(not checkout["with"]["persist-credentials"] for checkout in checkouts(found["overrides.yml"]))


def checkouts(workflow: dict[str, Any]) -> list[dict[str, Any]]:
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    return [step for step in steps if step.get("uses", "").startswith("actions/checkout")]


def test_compose_runs_nothing_as_root_and_opens_nothing_to_the_world() -> None:
    services = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text())["services"]
    for service in services.values():
        assert service["cap_drop"] == ["ALL"]
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))
    assert "\nUSER 10001\n" in (ROOT / "deploy" / "Containerfile").read_text()
