"""Sizes that names state: ``X-7B`` and ``X-30B-A3B``, also of members that a page only names in passing.

They fill the gaps: a size that the page gives of a model, or a more exact one of its line, is better than its name's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from flopcrawl.extraction.context import Page
from flopcrawl.extraction.names import ACTIVE_SIZE, Parts, mentions, parts, size_value
from flopcrawl.extraction.sharing import is_member
from flopcrawl.extraction.subjects import Subjects
from flopcrawl.items import BadValueError, Fact
from flopcrawl.vocabulary import Field, Scope

ROUNDED = 0.05
"""How far a size in a name may be from the exact one and still say the same."""


def sizes_of_names(subjects: Subjects, page: Page, facts: list[Fact]) -> list[Fact]:
    """The sizes that names state, where the page gives none for that name, nor a more exact one for the line."""
    own = [fact for fact in facts if fact.scope is Scope.MODEL and fact.model]
    have = {(parts(fact.model or ""), fact.field) for fact in own}
    active = {(parts(fact.model or ""), fact.field, fact.value) for fact in own}
    sizes = [fact for fact in own if fact.field in (Field.PARAMETERS_TOTAL, Field.PARAMETERS_ACTIVE)]
    exact = [(parts(fact.model or "").stem, fact) for fact in sizes if not parts(fact.model or "").sizes]

    def known(named: Fact) -> bool:
        name = parts(named.model or "")
        if (name, Field.PARAMETERS_ACTIVE, named.value) in active:
            return True  # what the name says is what is active
        return (name, named.field) in have or any(
            fact.field is named.field
            and stem == name.stem
            and ROUNDED < abs(float(fact.value) / float(named.value) - 1) < 0.4
            for stem, fact in exact
        )

    named = [fact for fact in from_names(subjects, page) if not known(fact)]
    if named or any(fact.field is Field.PARAMETERS_TOTAL for fact in own):
        return named
    return list(before_names(subjects, page))


SIZE_BEFORE = re.compile(r"(?<![\w.+×-])(?P<size>(?:[1-9]\d{0,3}(?:\.\d{1,3})?|0\.\d{0,2}[1-9])[MB]) (?=[^\W\d_])")


def before_names(subjects: Subjects, page: Page) -> Iterator[Fact]:
    """The size that stands right before an own name (``a 222M X``), where the page names but one."""
    found: dict[str, dict[str, Fact]] = {}
    for match in islice(SIZE_BEFORE.finditer(page.text), MOST_PLACES):
        if (value := size_value(match["size"])) is None:
            continue
        for name in subjects.names:
            end = match.end() + len(name)
            if page.text.startswith(name, match.end()) and not NAME_GOES_ON.match(page.text, end):
                quote = page.text[match.start() : end]
                fact = Fact(Field.PARAMETERS_TOTAL, value, name, quote=quote, start=match.start(), end=end)
                found.setdefault(name, {}).setdefault(match["size"], fact)
    yield from (fact for sizes in found.values() if len(sizes) == 1 for fact in sizes.values())


MOST_PLACES = 2_000
"""Places of a page's main name that are looked at for the sizes of its members."""
LENGTH_OF = 500
"""How much smaller a size in a name is that says the length of a context: ``X-7B-1M``."""


def named_members(subjects: Subjects, page: Page) -> list[str]:
    """The sized members of the page's line that its text names, once each."""
    word = re.match(r"[^\W\d_]{2,}", subjects.primary or "")
    found: dict[Parts, str] = {}
    for start in islice(places(page.text, word[0]), MOST_PLACES) if word else ():
        match = UP_TO_SIZE.match(page.text, start)
        if match is None or (start and NAME_GOES_ON.match(page.text, start - 1)):
            continue
        mention = next(mentions(page.text[start : match.end() + 40], subjects.stems), None)
        if mention is None or mention.start > 0 or not parts(mention.name).sizes:
            continue
        first, last = page.sentence(start)
        if PLANNED.search(page.text, first, last):
            continue
        if is_member(mention.name, subjects) and subjects.is_ours(mention.name):
            found.setdefault(parts(mention.name), mention.name)
    return list(found.values())


PLANNED = re.compile(
    r"\b(?:soon|upcoming|coming|will|plan(?:s|ned|ning)?|later this|in the future|on the horizon|underway|"
    r"in the works)\b",
    re.IGNORECASE,
)
"""A sentence on a model that is not there yet."""
UP_TO_SIZE = re.compile(r"[\w.+ /-]{0,44}?\d[BMbm](?![A-Za-z])")
NAME_GOES_ON = re.compile(r"[\w-]")


SEVERAL_SIZES = re.compile(r"(?P<line>.+?)(?P<sizes>\d+(?:\.\d+)?[BM](?:/\d+(?:\.\d+)?[BM])+)(?P<kind>.*)")


def each_size(name: str) -> list[str]:
    """The names that one with several sizes stands for: ``X-1.5B/7B`` for ``X-1.5B`` and ``X-7B``."""
    several = SEVERAL_SIZES.fullmatch(name)
    if several is None:
        return [name]
    return [several["line"] + size + several["kind"] for size in several["sizes"].split("/")]


def places(text: str, word: str) -> Iterator[int]:
    """Where a text writes a word, as given, in small letters, in capitals or with one."""
    for spelling in dict.fromkeys((word, word.lower(), word.upper(), word.capitalize())):
        at = text.find(spelling)
        while at >= 0:
            yield at
            at = text.find(spelling, at + len(spelling))


def from_names(subjects: Subjects, page: Page) -> Iterator[Fact]:
    """Parameters that an own name states: ``X-30B-A3B``."""
    names = [single for name in [*subjects.names, *named_members(subjects, page)] for single in each_size(name)]
    for name in dict.fromkeys(names):
        at = page.text.find(name)
        sizes = sorted(parts(name).sizes)
        largest = max((size_value(size) or 0.0 for size in sizes), default=0.0)
        for size in sizes:
            value = size_value(size)
            if value is None or value * LENGTH_OF < largest:
                continue
            which = Field.PARAMETERS_ACTIVE if ACTIVE_SIZE.fullmatch(size) else Field.PARAMETERS_TOTAL
            try:
                if at < 0:
                    yield Fact(which, value, name)
                else:
                    yield Fact(which, value, name, quote=name, start=at, end=at + len(name))
            except BadValueError:
                continue  # a name of many digits: no size of a model
