"""Several processes that answer: a site that goes on when one of them is killed."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tests.site.make_db import make_database

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """``scrapy site --workers 2`` over a made-up database, and its address."""
    path = make_database(tmp_path_factory.mktemp("workers") / "flopcrawl.db", ordinary=2)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "scrapy", "site", "--port", str(port), "--workers", "2"],
        cwd=ROOT, env={**os.environ, "FLOPCRAWL_DB": str(path)}, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    yield process, f"http://127.0.0.1:{port}"
    process.terminate()
    assert process.wait(PATIENCE) is not None


PATIENCE = 600
"""Seconds: three processes import the site before it answers, on a machine that may be busy."""


def until(true: Callable[[], bool]) -> None:
    """Wait until a function's answer is true."""
    for _ in range(PATIENCE * 10):
        if true():
            return
        time.sleep(0.1)
    raise AssertionError(f"not so within {PATIENCE} s")


def workers(process: subprocess.Popen[bytes]) -> set[int]:
    """The processes that answer: those children that are no helper of Python's own."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    commands = {int(child): Path(f"/proc/{child}/cmdline").read_bytes() for child in children}
    return {child for child, command in commands.items() if b"spawn_main" in command}


def answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/", timeout=30).status_code == 200
    except httpx.TransportError:
        return False


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="children are listed where there is /proc")
def test_a_killed_worker_is_started_anew_and_the_site_goes_on(
    served: tuple[subprocess.Popen[bytes], str],
) -> None:
    process, address = served
    until(lambda: answers(address))
    before = workers(process)
    assert len(before) == 2
    killed = min(before)
    os.kill(killed, signal.SIGKILL)
    until(lambda: len(workers(process) - {killed}) == 2)
    until(lambda: answers(address))
    assert "Meta AI" in httpx.get(f"{address}/developers", timeout=30).text


def test_a_second_site_does_not_share_the_port(served: tuple[subprocess.Popen[bytes], str], tmp_path: Path) -> None:
    _, address = served
    until(lambda: answers(address))
    path = make_database(tmp_path / "flopcrawl.db", ordinary=1)
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", "site", "--port", address.rsplit(":", 1)[1], "--workers", "2"],
        cwd=ROOT, env={**os.environ, "FLOPCRAWL_DB": str(path)}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode != 0
    assert "choose another with --port" in done.stdout + done.stderr


def test_workers_do_not_go_with_a_site_that_changes_over(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", "site", "--workers", "2", "--live"],
        cwd=ROOT, env={**os.environ, "FLOPCRAWL_DB": str(tmp_path / "x.db")}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode != 0
    assert "--workers" in done.stdout + done.stderr
