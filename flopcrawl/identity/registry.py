"""Which model a name means: known names first, then rules; look-alikes are suggested, never merged."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from rapidfuzz import fuzz, process

from flopcrawl.identity.dates import Build
from flopcrawl.identity.folding import fold, slug
from flopcrawl.identity.names import Kind, Parts, joined, signature, take_apart
from flopcrawl.identity.organizations import Organization, OrganizationIndex, organizations

KEPT_APART = "a build of a model whose dated builds are kept apart"
SUGGESTIONS = 5
LEAST_LIKENESS = 80.0
"""RapidFuzz's token-sort ratio (0 to 100) from which a name is worth showing as a look-alike."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What a name means.

    Two names are one model exactly when their ``model_key`` is equal. ``model`` is the known name, None for a model
    that no data file knows; ``rule`` says in words what decided.
    """

    name: str
    model_key: str
    model: str | None
    rule: str
    _registry: Registry = field(repr=False, compare=False)

    @property
    def suggestions(self) -> list[str]:
        """Known models that look like this name and are not it, the likest first."""
        return self._registry.suggest(self.name, self.model_key)

    def as_dict(self) -> dict[str, object]:
        """As ``scrapy identify --format json`` prints it."""
        return {
            "name": self.name, "model_key": self.model_key, "model": self.model, "rule": self.rule,
            "suggestions": self.suggestions,
        }  # fmt: skip


GLOSS = re.compile(r"\((?![^)]*\d[BM]\b)[^)]*\)")
"""What a name adds in brackets, a size apart: ``GPT-3 175B (davinci)``."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """A known name under one of its forms: the model it means, and the build that the name gives."""

    model: str
    build: Build | None


_Form = tuple[tuple[str, ...], list[_Entry]]
"""One form of a name (see :meth:`Parts.forms`) and the known names that have it."""


@cache
def _rows(file: str) -> tuple[dict[str, str], ...]:
    text = files("flopcrawl").joinpath("data", file).read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def shipped_aliases() -> list[tuple[str, str]]:
    """The pairs (alias, model) of ``data/aliases.csv``."""
    return [(row["alias"], row["model"]) for row in _rows("aliases.csv")]


def shipped_not_same() -> list[tuple[str, str]]:
    """The pairs of ``data/not_same.csv``."""
    return [(row["a"], row["b"]) for row in _rows("not_same.csv")]


class Registry:
    """The known names, indexed by their forms.

    Args:
        aliases: pairs (alias, model): the alias means the model; a model is known by being named here.
        not_same: pairs of names that are different models, whatever the rules say.
        known_organizations: whose names may stand before a model's name.
    """

    def __init__(
        self,
        aliases: Iterable[tuple[str, str]],
        not_same: Iterable[tuple[str, str]],
        known_organizations: Iterable[Organization],
    ) -> None:
        self._organizations = OrganizationIndex(known_organizations)
        self._names: dict[str, str] = {}
        self._exact: dict[str, list[_Entry]] = {}
        self._together: dict[str, list[_Entry]] = {}
        self._reduced: dict[str, set[str]] = {}
        self._apart: dict[str, set[str]] = {}
        self._folded: dict[str, str] = {}
        self._cache: dict[tuple[str, str], Identity] = {}
        self._merged: dict[str, str] = {}
        self._makers: dict[str, frozenset[str]] | None = None
        self._learn(list(aliases), list(not_same))

    @classmethod
    def load(cls, aliases: Iterable[tuple[str, str]] = (), not_same: Iterable[tuple[str, str]] = ()) -> Registry:
        """The registry of the shipped data, with the contractor's rows added. Theirs win over the shipped ones."""
        registry = cls(shipped_aliases(), shipped_not_same(), organizations())
        registry._extend(list(aliases), list(not_same))
        return registry

    def resolve(self, name: str, organization: str = "") -> Identity:
        """Which model ``name`` means.

        ``organization`` (as written, may be empty) helps where a source leaves the developer's name out of the model's.
        """
        asked = (name, organization)
        if asked not in self._cache:
            self._cache[asked] = self._resolve(name, organization)
        return self._cache[asked]

    def organization(self, text: str) -> Organization | None:
        """The organization that ``text`` names in any of its spellings (or as a hub account), or None."""
        return self._organizations.find(text)

    def makers(self, model_key: str) -> frozenset[str]:
        """The canonical names of a known model's developers, as ``data/aliases.csv`` gives them.

        Empty where the model is not known, or where one of its developers is no known organization.
        """
        if self._makers is None:
            named: dict[str, set[str]] = {}
            for row in _rows("aliases.csv"):
                texts = {text.strip() for text in row["organization"].split(",") if text.strip()}
                named.setdefault(self.resolve(row["model"]).model_key, set()).update(texts)
            self._makers = {
                key: frozenset(each.name for each in found if each)
                for key, texts in named.items()
                if None not in (found := [self.organization(text) for text in sorted(texts)])
            }
        return self._makers.get(model_key, frozenset())

    def suggest(self, name: str, model_key: str) -> list[str]:
        """Known models that look like ``name`` and are not the one with ``model_key``: those held apart first."""
        apart = [self._names[key] for key in sorted(self._apart.get(model_key, ())) if key in self._names]
        alike: list[tuple[str, float, str]] = process.extract(
            fold(name),
            self._folded,
            scorer=fuzz.token_sort_ratio,
            score_cutoff=LEAST_LIKENESS,
            limit=2 * SUGGESTIONS,
        )
        found = dict.fromkeys(apart)
        found.update(dict.fromkeys(self._names[key] for _, _, key in alike if key != model_key))
        return list(found)[:SUGGESTIONS]

    # -- learning -----------------------------------------------------------------------------------------------------

    def _learn(self, aliases: list[tuple[str, str]], not_same: list[tuple[str, str]]) -> None:
        for _, model in aliases:
            self._add(model, model)
        for alias, model in aliases:
            self._add(alias, model)
        for pair in not_same:
            for name in pair:
                if self._exactly(self._parts(name)) is None:
                    self._add(name, name)
        for a, b in not_same:
            self._hold_apart(self.resolve(a).model_key, self.resolve(b).model_key)
        self._cache.clear()

    def _extend(self, aliases: list[tuple[str, str]], not_same: list[tuple[str, str]]) -> None:
        """A person's rows: an alias that is a known model's own name moves everything that this model is called."""
        for alias, model in aliases:
            target = self.resolve(model)
            if target.model is None:
                self._add(model, model)
                self._cache.clear()
                target = self.resolve(model)
            key = slug(alias)
            if key in self._names and key != target.model_key:
                self._merged[key] = target.model_key
            else:
                self._replace(alias, target.model or model)
            self._cache.clear()
        for a, b in not_same:
            if self.resolve(a).model_key == self.resolve(b).model_key:
                for name in (a, b):
                    if slug(name) not in self._names:
                        self._replace(name, name)
                    self._merged.pop(slug(name), None)
            self._cache.clear()
            self._hold_apart(self.resolve(a).model_key, self.resolve(b).model_key)

    def _hold_apart(self, a: str, b: str) -> None:
        if a != b:
            self._apart.setdefault(a, set()).add(b)
            self._apart.setdefault(b, set()).add(a)

    def _add(self, name: str, model: str) -> None:
        """Let ``name`` mean ``model``; what the name already means stays."""
        parts = self._parts(name)
        entry = _Entry(slug(model), parts.build)
        self._names.setdefault(entry.model, model)
        self._folded.setdefault(entry.model, fold(model))
        full = parts.keeping(~0)
        for index, written in ((self._exact, signature(full)), (self._together, joined(full))):
            entries = index.setdefault(written, [])
            if all(known.build != parts.build for known in entries):
                entries.append(entry)
        if parts.build is None:
            shorter = [form for form in parts.forms(always=Kind.EFFORT) if form != full]
            if (bare := GLOSS.sub(" ", name)) != name:
                shorter += self._parts(bare).forms()
            for form in shorter:
                if len(form) > 1:
                    self._reduced.setdefault(signature(form), set()).add(entry.model)

    def _replace(self, name: str, model: str) -> None:
        parts = self._parts(name)
        full = parts.keeping(~0)
        for index, form in ((self._exact, signature(full)), (self._together, joined(full))):
            index[form] = [known for known in index.get(form, []) if known.build != parts.build]
        self._add(name, model)

    # -- resolving ----------------------------------------------------------------------------------------------------

    def _parts(self, name: str) -> Parts:
        return take_apart(name, lambda text: self._organizations.find(text) is not None)

    def _exactly(self, parts: Parts) -> str | None:
        """The model that has exactly this name, build included."""
        full = parts.keeping(~0)
        entries = (*self._exact.get(signature(full), ()), *self._together.get(joined(full), ()))
        return next((entry.model for entry in entries if entry.build == parts.build), None)

    def _resolve(self, name: str, organization: str) -> Identity:
        parts = self._parts(name)
        known, rule = self._known(parts)
        if known is None and ":" in name:
            known, rule = self._known(self._parts(name.replace(":", " ")))
        if known is None and organization and (developer := self._organizations.find(organization)):
            longer = self._parts(f"{developer.name.split()[0]} {name}")
            if longer.core != parts.core:
                known, rule = self._known(longer)
        if known is not None:
            seen: set[str] = set()
            while known in self._merged and known not in seen:
                seen.add(known)
                known, rule = self._merged[known], "a row of the hand-edited aliases"
            return Identity(name, known, self._names[known], rule, self)
        key = slug(" ".join(parts.core))
        if rule:
            key = f"{key}-{parts.build}"
        if not key:
            key = f"unnamed-{hashlib.sha256(name.encode()).hexdigest()[:8]}"
        return Identity(name, key, self._names.get(key), rule or "unknown name: its normalized form", self)

    def _known(self, parts: Parts) -> tuple[str | None, str]:
        """The key of the known model and the rule that found it; (None, rule) says that the build is kept apart."""
        if exact := self._exactly(parts):
            return exact, "a known name"
        forms = [(form, self._entries(form)) for form in parts.forms()]
        if parts.build is None:
            return self._undated(forms)
        for _, entries in forms:
            found = {entry.model for entry in entries if entry.build and entry.build.agrees(parts.build)}
            if len(found) == 1:
                return found.pop(), "the known build of that date"
        builds: list[_Entry] = []
        for _, entries in forms:
            builds += entries
            if any(entry.build is None for entry in entries):
                break
        models = {entry.model for entry in builds}
        if len(models) == 1 and not (parts.monthly and all(entry.build is None for entry in builds)):
            return models.pop(), "a known name, date dropped"
        if not models:
            return self._by_reduction(forms) if not parts.monthly else (None, KEPT_APART)
        if parts.monthly:
            return None, KEPT_APART
        first = {entry.model for entry in builds if entry.build is None}
        later = [entry.build for _, entries in forms for entry in entries if entry.build and entry.model not in first]
        if len(first) == 1 and parts.build.year and all(b.year and parts.build.order < b.order for b in later):
            return first.pop(), "a build older than those that are kept apart"
        return None, KEPT_APART

    def _undated(self, forms: list[_Form]) -> tuple[str | None, str]:
        """A name without a date: the undated known name of the longest form, else the only build that is known."""
        for dated in (False, True):
            for _, entries in forms:
                models = {entry.model for entry in entries if dated or entry.build is None}
                if len(models) == 1:
                    return models.pop(), "a known name, qualifiers dropped"
        return self._by_reduction(forms)

    def _by_reduction(self, forms: list[_Form]) -> tuple[str | None, str]:
        """Known names that are themselves longer than what they mean: ``Gemma 1.1 7B Instruct``."""
        for form, _ in forms:
            models = self._reduced.get(signature(form), set())
            if len(models) == 1:
                return next(iter(models)), "a known name without its qualifiers"
        return None, ""

    def _entries(self, form: tuple[str, ...]) -> list[_Entry]:
        return self._exact.get(signature(form)) or self._together.get(joined(form)) or []


__all__ = ["Identity", "Kind", "Registry"]
