"""Whose a model is by its name alone: the developers of well-known families, for copies in other people's accounts."""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files

from flopcrawl.identity.organizations import Organization, OrganizationIndex, organizations
from flopcrawl.identity.registry import Registry

WORD = re.compile(r"[^\W\d_]+")
OTHERS_WORDS = frozenset(
    "open code coder math instruct chat base preview pro plus max mini small medium large lite flash turbo ultra nano "
    "vision vl it hf moe dense think thinking reasoning instruction tuned audio omni scout maverick jan feb mar apr "
    "may jun jul aug sep oct nov dec oss sonnet opus haiku nemo next a b e k m o r t v x".split()
)
"""Words that a developer's own name of a member may have beside the family's, and that say nothing of who made it."""


@cache
def families() -> dict[str, Organization]:
    """Family (in small letters) to its developer, as ``data/families.csv`` has them."""
    index = OrganizationIndex(organizations())
    rows = csv.DictReader(files("flopcrawl.data").joinpath("families.csv").read_text(encoding="utf-8").splitlines())
    found = {row["family"].casefold(): index.find(row["organization"]) for row in rows}
    return {family: organization for family, organization in found.items() if organization is not None}


def developer_of(name: str, registry: Registry) -> Organization | None:
    """The developer of a known model that is called by its family's plain name; None where the name does not tell.

    "Meta-Llama-3.1-405B" is Meta's in whoever's account it lies. A name that says more than family, size and version
    ("Llama-3.1-Nemotron-70B", "Llama-3-Swallow-70B") may be another developer's, who built on the family.
    """
    known = registry.resolve(name)
    if known.model is None:
        return None
    words = [word.casefold() for word in WORD.findall(known.model)]
    makers = [families().get(word) for word in words]
    named = {maker.name: maker for maker in makers if maker}
    rest = [word for word, maker in zip(words, makers, strict=True) if not maker and word not in OTHERS_WORDS]
    return next(iter(named.values())) if len(named) == 1 and not rest else None
