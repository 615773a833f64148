#!/usr/bin/env python3
"""Hand every source (or those that are named) to scrapyd, except those that it already has waiting or running.

    SCRAPYD_PASSWORD=… deploy/schedule.py [SOURCE …]

scrapyd takes the same job twice without a word, so the guard is here. Exits 1 where scrapyd refuses one.
"""

from __future__ import annotations

import base64
import json
import os
import sys
from urllib.parse import urlencode
from urllib.request import Request, urlopen

ADDRESS = os.environ.get("SCRAPYD_URL", "http://127.0.0.1:6800")
PROJECT = "default"


def ask(service: str, **values: str) -> dict:
    """Ask scrapyd; values are posted."""
    account = f"{os.environ.get('SCRAPYD_USERNAME', 'flopcrawl')}:{os.environ['SCRAPYD_PASSWORD']}"
    headers = {"Authorization": "Basic " + base64.b64encode(account.encode()).decode()}
    query = "" if service == "schedule.json" else "?" + urlencode({"project": PROJECT})
    data = urlencode({"project": PROJECT, **values}).encode() if values else None
    with urlopen(Request(f"{ADDRESS}/{service}{query}", data, headers), timeout=60) as answer:  # noqa: S310
        return json.load(answer)


def main(names: list[str]) -> int:
    """Schedule, and say what was done."""
    jobs = ask("listjobs.json")
    busy = {job["spider"] for state in ("pending", "running") for job in jobs[state]}
    refused = 0
    for name in names or ask("listspiders.json")["spiders"]:
        if name in busy:
            print(f"{name}: waiting or running already")  # noqa: T201
            continue
        answer = ask("schedule.json", spider=name)
        refused += answer["status"] != "ok"
        print(f"{name}: {answer.get('jobid') or answer.get('message', '').splitlines()[-1]}")  # noqa: T201
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
