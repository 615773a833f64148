"""A made-up database for tests of the site: real-looking models, and names that try to break a page."""

from __future__ import annotations

from pathlib import Path

from flopcrawl import database
from flopcrawl.derive import derive_all
from flopcrawl.vocabulary import Field
from tests.building import claim, store

HOSTILE = (
    "<script>window.broken = 1</script>", "=HYPERLINK(\"http://x\")", "'; DROP TABLE models; --", "\u202eesrever",
    "Long " + "name " * 90, "{{ 7 * 7 }}", "<img src=x onerror=window.broken=1>", "a/b?c#d%2F",
)  # fmt: skip
LABS = ("Meta AI", "Mistral AI", "DeepSeek", "Alibaba", "Nvidia", "Google DeepMind")


def make_database(path: Path, ordinary: int = 36) -> Path:
    """Make a database of ``ordinary`` models with a run described in words, and one of each hostile name."""
    claims = []
    for number in range(ordinary):
        lab, year, month = LABS[number % len(LABS)], 2022 + number % 4, 1 + number % 12
        name, url = f"Testmodel {number} {10 + 37 * number}B", f"https://example.org/{number}"
        common = {"organization": lab, "source": "cards", "url": url}
        size = (10 + 37 * number) * 1e9
        claims += [
            claim(name, Field.PARAMETERS_TOTAL, size, **common),
            claim(name, Field.PARAMETERS_ACTIVE, size if number % 3 else size / 8, **common),
            claim(name, Field.TOKENS_TRAINED, 1e12 * (1 + number % 15), **common),
            claim(name, Field.RELEASE_DATE, f"{year}-{month:02}-15", **common),
            claim(name, Field.DOMAIN, "Language", **common),
            claim(name, Field.ACCESSIBILITY, "Open weights (unrestricted)" if number % 2 else "API access", **common),
        ]
    for number, name in enumerate(HOSTILE):
        common = {
            "organization": name if number % 2 else "Meta AI",
            "source": "evil",
            "url": f"https://example.org/evil{number}",
        }
        claims += [
            claim(name, Field.PARAMETERS_TOTAL, 7e11, **common),
            claim(name, Field.PARAMETERS_ACTIVE, 7e11, **common),
            claim(name, Field.TOKENS_TRAINED, 2e13, quote=f"20T {name}", **common),
            claim(name, Field.RELEASE_DATE, "2025-02-03", **common),
        ]
    store(path, claims)
    overrides = path.parent / "overrides"
    overrides.mkdir(exist_ok=True)
    derive_all(path, overrides, run_id="r")
    with database.writer_lock(path):
        db = database.open_for_writing(path)
        with db.atomic():
            db.execute("UPDATE models SET name = name || ? WHERE name LIKE 'Long %'", ["x" * 10_000])
            database.set_information(db, "origin", "sample")
            database.set_information(db, "refreshed_at", "2026-01-02T00:00:00Z")
        db.close()
    return path
