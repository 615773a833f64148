"""The organizations that develop models: canonical names, the spellings of other sources, countries, hub accounts."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from flopcrawl.identity.folding import slug


@dataclass(frozen=True, slots=True)
class Organization:
    """One developer, as ``data/organizations.csv`` has it.

    ``country`` in Epoch's words; ``hub`` and ``github`` are account names on the model hub and on GitHub.
    """

    name: str
    country: str = ""
    aliases: tuple[str, ...] = ()
    hub: tuple[str, ...] = ()
    github: tuple[str, ...] = ()


def _list(cell: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in (cell or "").split("|") if part.strip())


def read_organizations(rows: Iterable[Mapping[str, str]]) -> tuple[Organization, ...]:
    """Organizations from rows with the columns of ``organizations.csv``."""
    return tuple(
        Organization(
            name=row["name"].strip(),
            country=row["country"].strip(),
            aliases=_list(row["aliases"]),
            hub=_list(row["hub organizations"]),
            github=_list(row["github organizations"]),
        )
        for row in rows
    )


@cache
def organizations() -> tuple[Organization, ...]:
    """All organizations of ``data/organizations.csv``, in the order of the file."""
    text = files("flopcrawl").joinpath("data", "organizations.csv").read_text(encoding="utf-8")
    return read_organizations(csv.DictReader(text.splitlines()))


class OrganizationIndex:
    """Finds an organization by any of its spellings."""

    def __init__(self, known: Iterable[Organization]) -> None:
        self._by_spelling: dict[str, Organization] = {}
        self._by_account: dict[str, Organization] = {}
        for organization in known:
            for spelling in (organization.name, *organization.aliases):
                self._by_spelling.setdefault(_key(spelling), organization)
            for account in organization.hub:
                self._by_account.setdefault(account.casefold(), organization)
        for account, organization in self._by_account.items():
            self._by_spelling.setdefault(_key(account), organization)

    def find(self, text: str) -> Organization | None:
        """The organization that ``text`` names, or None. Of a list (``A,B`` or ``A and B``) the first."""
        if found := self._by_spelling.get(_key(text)):
            return found
        first = text.split(",")[0].split(" and ")[0].split(";")[0]
        return self._by_spelling.get(_key(first)) if first != text else None

    def of_account(self, account: str) -> Organization | None:
        """The organization that owns a hub account, or None."""
        return self._by_account.get(account.casefold())


def _key(text: str) -> str:
    return slug(text).replace("-", "")
