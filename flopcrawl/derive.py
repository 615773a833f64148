"""claims + hand-edited files + estimation → a model's row, its estimates, its classifications and its changes.

A model's row is a pure function of its claims, the hand-edited files and the calibration: nothing here looks at when
or in which order a claim came. One derive is one transaction; a second one without new input writes nothing.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

from sqlite_utils import Database

from flopcrawl import database
from flopcrawl.clock import now
from flopcrawl.estimation.base import derivation_order, is_derivative
from flopcrawl.estimation.calibration import Calibration
from flopcrawl.estimation.combine import DISCLOSED, assess
from flopcrawl.estimation.distribution import interval
from flopcrawl.estimation.plausibility import implausible
from flopcrawl.estimation.thresholds import LISTED_FROM, MAIN
from flopcrawl.estimation.types import Assessment, Estimate, Input, ModelFacts, Peer, Rating, Statement
from flopcrawl.estimation.undisclosed import has_open_weights
from flopcrawl.identity import Organization, Registry
from flopcrawl.items import BadValueError, check_value
from flopcrawl.overrides import ExcludeRow, OverrideRow, Overrides, load
from flopcrawl.overrides.checks import CONFIRM, far_from
from flopcrawl.precedence import CATALOGUES, Candidate, Rank, choose, disagreement
from flopcrawl.vocabulary import (
    FIELDS,
    MIXED,
    Cause,
    Classification,
    Decision,
    Field,
    Kind,
    Method,
    Origin,
    OverrideStatus,
    Qualifier,
    Scope,
    Status,
)

BATCH = 1_000
"""Models that are compared with what is stored, and written, at once: bounds the memory of a rebuild."""

MODEL_COLUMNS = (
    "name", "organization", "country", "domain", "release_date", "accessibility", "license", "architecture",
    "parameters_total", "parameters_active", "tokens_trained", "base_model_key", "training_flop", "own_flop",
    "training_flop_low", "training_flop_high", "estimation_method", "confidence", "probability_over_1e25",
    "classification", "listed", "reason", "review", "origin", "stale", "source_url", "n_sources",
)  # fmt: skip
"""What is compared, and kept in ``changes``. The dates of a row follow from it and are not compared."""

OWN_FIELDS = (
    Field.DOMAIN, Field.RELEASE_DATE, Field.ACCESSIBILITY, Field.LICENSE, Field.ARCHITECTURE, Field.PARAMETERS_TOTAL,
    Field.PARAMETERS_ACTIVE, Field.TOKENS_TRAINED,
)  # fmt: skip
"""Fields that stand in a model's row as their deciding claim says them."""

OF_THE_PAGE = frozenset({Field.ORGANIZATION, Field.RELEASE_DATE})
"""Fields that a page often has of itself: what another developer's page has of them is not the model's."""

COMPARING = (Method.UNDISCLOSED, Method.LEADERBOARD)
"""Methods that compare a model with others of known compute."""

HUB = "https://huggingface.co/"
"""Where an account may publish other developers' models."""

ROW = "model"
"""The field of a change that adds or removes a whole row; its value is the row as JSON."""


class ClaimRow(NamedTuple):
    """What derive reads of a stored claim."""

    model_key: str
    claim_id: str
    subject: str
    organization: str
    field: Field
    value: str
    number: float | None
    number_high: float | None
    qualifier: Qualifier
    scope: Scope
    source: str
    url: str
    fetched_at: str
    origin: Origin
    status: Status
    used: int


READ_CLAIMS = f"SELECT {', '.join(ClaimRow._fields)} FROM claims"


@dataclass(frozen=True, slots=True)
class Change:
    """One value that a derive changed. ``field`` is :data:`ROW` where a model appeared or vanished."""

    model_key: str
    field: str
    old: str | None
    new: str | None
    cause: Cause


@dataclass(slots=True)
class Summary:
    """What a derive did: models looked at, changes written, and how many models stand where at the main threshold."""

    models: int = 0
    changes: list[Change] = field(default_factory=list)
    n_changes: int = 0
    classifications: dict[str, int] = field(default_factory=dict)
    listed: int = 0
    problems: int = 0


@dataclass(slots=True)
class Derived:
    """Everything that is stored of one model."""

    key: str
    row: dict[str, Any]
    first_seen: str
    last_seen: str
    estimates: list[tuple[Any, ...]]
    statements: list[tuple[Any, ...]]
    overrides: list[tuple[Any, ...]]
    claim_updates: list[tuple[int, str, str]]
    compared: bool


def derive_all(
    path: Path, overrides_folder: Path, *, run_id: str, cause: Cause = Cause.CODE, dry_run: bool = False
) -> Summary:
    """Derive every model of the database at ``path``.

    With ``dry_run`` nothing is stored: the work is done on a copy in memory, without the writer lock, and the summary
    holds every change that would be written.
    """
    if dry_run:
        memory = sqlite3.connect(":memory:")
        if path.exists():
            with database.open_for_reading(path) as source:
                source.backup(memory)
        db = Database(memory)
        database.prepare(db)
        return _derive(db, load(overrides_folder), None, run_id, cause, keep_changes=True)
    with database.writer_lock(path):
        db = database.open_for_writing(path)
        try:
            return _derive(db, load(overrides_folder), None, run_id, cause)
        finally:
            db.close()


def derive_touched(
    path: Path, overrides_folder: Path, subjects: Iterable[tuple[str, str]], *, run_id: str, cause: Cause
) -> Summary:
    """Derive the models that ``subjects`` (name and organization as written) mean, and what depends on them.

    That is: everything that shares their identity, their descendants, models whose hand-edited rows have changed, and
    models that are compared with others where what they are compared with has changed.
    """
    with database.writer_lock(path):
        db = database.open_for_writing(path)
        try:
            return _derive(db, load(overrides_folder), set(subjects), run_id, cause)
        finally:
            db.close()


def _derive(
    db: Database,
    overrides: Overrides,
    subjects: set[tuple[str, str]] | None,
    run_id: str,
    cause: Cause,
    keep_changes: bool = False,
) -> Summary:
    """Derive what ``subjects`` touch (None: everything), in one transaction."""
    summary = Summary(problems=len(overrides.problems))
    with db.atomic():
        deriver = Deriver(db, overrides, run_id, cause, summary, keep_changes)
        deriver.run(subjects)
    counts = db.conn.execute("SELECT classification, count(*) FROM models GROUP BY classification")
    summary.classifications = dict(counts.fetchall())
    summary.listed = db.conn.execute("SELECT count(*) FROM models WHERE listed = 1").fetchone()[0]
    return summary


class Deriver:
    """One derive: what is known to all models, and the models one after the other."""

    def __init__(
        self, db: Database, overrides: Overrides, run_id: str, cause: Cause, summary: Summary, keep_changes: bool
    ) -> None:
        self.db = db
        self.overrides = overrides
        self.run_id = run_id
        self.cause = cause
        self.summary = summary
        self.keep_changes = keep_changes
        self.moment = now()
        self.registry = Registry.load(
            aliases=[(row.alias, row.model) for row in overrides.aliases],
            not_same=[(row.a, row.b) for row in overrides.not_same],
        )
        self.calibration = Calibration.from_rows(database.calibrations(db))
        self.keys: dict[tuple[str, str], str] = {}
        self.names: dict[str, str] = {}
        self.developers: dict[str, Organization | None] = {}
        self.by_decision: set[str] = set()
        self.by_alias: set[str] = set()
        self.bases: dict[str, Base] = {}
        self.base_keys: set[str] = set()
        self.cyclic: frozenset[str] = frozenset()
        self.manual: dict[str, list[OverrideRow]] = defaultdict(list)
        self.corrections: dict[str, list[OverrideRow]] = defaultdict(list)
        self.refused: dict[tuple[str, int, Field], str] = {}
        for row in overrides.models:
            self.manual[self.key_of(row.model, _organization_in(overrides.models, row))].append(row)
        for row in overrides.corrections:
            self.corrections[self.key_of(row.model)].append(row)
        self.excluded = {self.key_of(row.model): row for row in overrides.exclude}
        self.accepted = {row.claim_id for row in overrides.decisions if row.decision == Decision.ACCEPT}
        self.stale_pages = database.stale_pages(db)
        self.peers: tuple[Peer, ...] = ()

    # --- names -----------------------------------------------------------------------------------------------------

    def key_of(self, name: str, organization: str = "") -> str:
        """The model that a name means, found once per name."""
        pair = (name, organization)
        if pair not in self.keys:
            identity = self.registry.resolve(name, organization)
            self.keys[pair] = identity.model_key
            if identity.model:
                self.names[identity.model_key] = identity.model
        return self.keys[pair]

    def resolve_claims(self) -> set[str]:
        """Give every claim and every rating the model that its name means today; return the models concerned."""
        moved: list[tuple[str, str, str]] = []
        concerned: set[str] = set()
        redirects: dict[str, str] = {}
        for subject, organization, old in self.db.conn.execute(
            "SELECT DISTINCT subject, organization, model_key FROM claims"
        ).fetchall():
            key = self.key_of(subject, organization)
            if key == old:
                continue
            moved.append((key, subject, organization))
            concerned.add(key)
            if old:
                concerned.add(old)
                redirects[old] = key
                self.by_alias.update((old, key))
        self.db.conn.executemany("UPDATE claims SET model_key = ? WHERE subject = ? AND organization = ?", moved)
        for table, column in (("arena_ratings", "name"), ("reference_epoch", "model")):
            rows = self.db.conn.execute(f"SELECT DISTINCT {column}, organization, model_key FROM {table}").fetchall()
            updates = [
                (key, name, organization)
                for name, organization, old in rows
                if (key := self.key_of(name, organization or "")) != old
            ]
            self.db.conn.executemany(
                f"UPDATE {table} SET model_key = ? WHERE {column} = ? AND organization IS ?", updates
            )
            if table == "arena_ratings":
                concerned.update(key for key, _, _ in updates)
        for old, new in redirects.items():
            if not self.db.conn.execute("SELECT 1 FROM claims WHERE model_key = ? LIMIT 1", (old,)).fetchone():
                self.db.conn.execute("UPDATE key_redirects SET new = ? WHERE new = ?", (new, old))
                self.db.conn.execute("INSERT OR REPLACE INTO key_redirects (old, new) VALUES (?, ?)", (old, new))
        self.db.conn.executemany(
            "DELETE FROM key_redirects WHERE old = ?", ((key,) for key in concerned - set(redirects))
        )
        return concerned

    def apply_decisions(self) -> None:
        """Mark the claims that a person rejected, and free those that a person no longer rejects."""
        rejected = [row.claim_id for row in self.overrides.decisions if row.decision == Decision.REJECT]
        ids = json.dumps(rejected)
        changed = self.db.conn.execute(
            "UPDATE claims SET status = 'rejected' WHERE status <> 'rejected' "
            "AND claim_id IN (SELECT value FROM json_each(?)) RETURNING model_key",
            (ids,),
        ).fetchall()
        changed += self.db.conn.execute(
            "UPDATE claims SET status = 'current' WHERE status = 'rejected' "
            "AND claim_id NOT IN (SELECT value FROM json_each(?)) RETURNING model_key",
            (ids,),
        ).fetchall()
        self.by_decision = {key for (key,) in changed}

    # --- which models ----------------------------------------------------------------------------------------------

    def run(self, subjects: set[tuple[str, str]] | None) -> None:
        """Derive what ``subjects`` touch, or everything."""
        moved = self.resolve_claims()
        self.apply_decisions()
        links = self.base_links()
        self.base_keys = set(links.values())
        self.cyclic = derivation_order(links).cyclic
        self.peers = self.known_peers()
        keys = None
        if subjects is not None:
            touched = {self.key_of(*subject) for subject in subjects} | moved | self.by_decision | self.edited_keys()
            keys = self.with_descendants(touched)
        compared = self.derive_keys(keys, postpone_compared=True)
        peers = self.known_peers()
        if peers != self.peers:
            stored = self.db.conn.execute("SELECT model_key FROM estimates WHERE method IN (?, ?)", tuple(COMPARING))
            compared |= self.with_descendants({key for (key,) in stored.fetchall()})
        self.peers = peers
        self.bases.clear()
        self.derive_keys(compared)
        database.replace_rejected_overrides(self.db, self.rejected_rows())

    def base_links(self) -> dict[str, str]:
        """The base that each model continues, by the claims and rows that decide it."""
        keys = {
            key
            for key, rows in [*self.manual.items(), *self.corrections.items()]
            for row in rows
            if row.field == Field.BASE_MODEL
        }
        claims: dict[str, list[ClaimRow]] = defaultdict(list)
        for row in map(
            ClaimRow._make,
            self.db.conn.execute(
                f"{READ_CLAIMS} WHERE field = ? AND status <> 'superseded' AND model_key IS NOT NULL ORDER BY claim_id",
                (Field.BASE_MODEL,),
            ).fetchall(),
        ):
            claims[row.model_key].append(row)
        links: dict[str, str] = {}
        for key in sorted(keys | claims.keys()):
            options = self.candidates(key, claims.get(key, [])).get(Field.BASE_MODEL)
            if options and (base := self.key_of(choose(Field.BASE_MODEL, options).value)) != key:
                links[key] = base
        return links

    def edited_keys(self) -> set[str]:
        """Models whose hand-edited rows differ from those that were applied last, or were removed since."""
        stored: dict[str, set[tuple[Any, ...]]] = defaultdict(set)
        for key, *row in self.db.conn.execute(
            "SELECT model_key, file, field, value, reason, source_url, editor, date FROM overrides "
            "WHERE model_key IS NOT NULL"
        ):
            stored[key].add(tuple(row))
        present: dict[str, set[tuple[Any, ...]]] = defaultdict(set)
        for key, rows in [*self.manual.items(), *self.corrections.items()]:
            present[key].update((r.file, str(r.field), r.value, r.reason, r.source_url, r.editor, r.date) for r in rows)
        for key, row in self.excluded.items():
            present[key].add((row.file, "exclude", row.model, row.reason, row.source_url, row.editor, row.date))
        return {key for key in stored.keys() | present.keys() if stored.get(key) != present.get(key)}

    def with_descendants(self, keys: set[str]) -> set[str]:
        """``keys``, and every model that continues one of them."""
        return keys | {
            key
            for (key,) in self.db.conn.execute(
                "WITH RECURSIVE down(key) AS (SELECT value FROM json_each(?) UNION "
                "SELECT m.model_key FROM models m JOIN down ON m.base_model_key = down.key) SELECT key FROM down",
                (json.dumps(sorted(keys)),),
            )
        }

    def known_peers(self) -> tuple[Peer, ...]:
        """Models of known compute with their rating history, in a fixed order.

        Continued models are left out: their base may itself be estimated by comparison, and no estimate may come back
        to itself.
        """
        histories = self.histories(None)
        rows = self.db.conn.execute(
            "SELECT model_key, organization, release_date, training_flop, estimation_method, accessibility, "
            "license FROM models "
            "WHERE training_flop IS NOT NULL AND release_date IS NOT NULL AND base_model_key IS NULL "
            "AND estimation_method IN (SELECT value FROM json_each(?)) ORDER BY model_key",
            (json.dumps(sorted({*DISCLOSED, Method.MANUAL})),),
        )
        return tuple(
            Peer(
                key,
                organization or "",
                date,
                flop,
                histories.get(key, ()),
                disclosed=method in DISCLOSED,
                open_weights=has_open_weights(access or "", licence or ""),
            )
            for key, organization, date, flop, method, access, licence in rows.fetchall()
        )

    def histories(self, keys: Sequence[str] | None) -> dict[str, tuple[Rating, ...]]:
        """Each model's raw ratings by day; of several rows of one model on one day the best one counts."""
        where, parameters = ("", ()) if keys is None else _among("AND model_key", keys)
        rows = self.db.conn.execute(
            "SELECT model_key, published, max(rating) FROM arena_ratings "
            f"WHERE board = 'text' AND model_key IS NOT NULL {where} "
            "GROUP BY model_key, published ORDER BY model_key, published",
            parameters,
        )
        return {
            key: tuple(Rating(day, value) for _, day, value in group) for key, group in groupby(rows, itemgetter(0))
        }

    # --- one batch of models after the other -----------------------------------------------------------------------

    def derive_keys(self, keys: set[str] | None, *, postpone_compared: bool = False) -> set[str]:
        """Derive models in batches, in the order of their keys.

        With ``postpone_compared`` the models that are estimated by comparison with known ones are not written but
        returned: what they are compared with is only known when all others are.
        """
        postponed: set[str] = set()
        for batch in _batches(self.all_keys() if keys is None else sorted(keys), BATCH):
            claims = self.claims_of(batch)
            histories = self.histories(batch)
            derived = [
                self.model(key, claims.get(key, []), histories.get(key, ()))
                for key in batch
                if claims.get(key) or self.manual.get(key)
            ]
            if postpone_compared:
                waiting = {model.key for model in derived if model.compared}
                postponed |= waiting
                derived = [model for model in derived if model.key not in waiting]
                batch = [key for key in batch if key not in waiting]
            self.summary.models += len(derived)
            self.write(batch, derived)
        return postponed

    def all_keys(self) -> list[str]:
        """Every model that has claims or rows of models.csv, or had them when it was derived last."""
        stored = self.db.conn.execute(
            "SELECT model_key FROM claims WHERE model_key IS NOT NULL UNION SELECT model_key FROM models"
        )
        return sorted({key for (key,) in stored} | self.manual.keys())

    def claims_of(self, keys: Sequence[str]) -> dict[str, list[ClaimRow]]:
        """The claims that speak for each model.

        Where none is current, those that a page has since stopped saying do (the page has changed or is gone: the
        model is still a model), but not those that a better reader no longer finds on the same page.
        """
        where, parameters = _among("WHERE model_key", keys)
        found: dict[str, list[ClaimRow]] = {}
        rows = map(
            ClaimRow._make, self.db.conn.execute(f"{READ_CLAIMS} {where} ORDER BY model_key, claim_id", parameters)
        )
        for key, group in groupby(rows, lambda row: row.model_key):
            claims = list(group)
            current = [c for c in claims if c.status in (Status.CURRENT, Status.IMPLAUSIBLE, Status.REJECTED)]
            # a pasted page that a person took away is undone
            found[key] = current or [c for c in claims if c.origin != Origin.PASTED and self.withdrawn(c)]
        return found

    def withdrawn(self, claim: ClaimRow) -> bool:
        """Has the page changed since it said this (rather than our reading of the same page)?"""
        row = self.db.conn.execute(
            "SELECT p.sha256 = c.page_sha256 FROM claims c JOIN pages p ON p.url = c.url AND p.source = c.source "
            "WHERE c.claim_id = ? ORDER BY p.fetched_at DESC LIMIT 1",
            (claim.claim_id,),
        ).fetchone()
        return row is None or not row[0]

    def base_of(self, key: str) -> Base | None:
        """A base model with its chosen estimate; None where it is unknown. Chains have an end: circles were cut."""
        if key not in self.bases:
            claims = self.claims_of([key]).get(key, [])
            if not claims and key not in self.manual:
                return None
            gathered, assessment, _ = self.assessed(key, claims, self.histories([key]).get(key, ()))
            self.bases[key] = Base(gathered.facts, assessment.chosen)
        return self.bases[key]

    # --- one model -------------------------------------------------------------------------------------------------

    def facts(self, key: str, claims: Sequence[ClaimRow], ratings: tuple[Rating, ...]) -> Gathered:
        """Everything that estimation may look at for one model, and which claims it is."""
        candidates = self.candidates(key, claims)
        chosen = {name: choose(name, options) for name, options in candidates.items()}
        notes = [
            f"{name}: {low.value} ({low.source}) against {high.value} ({high.source})"
            for name, options in sorted(candidates.items())
            if FIELDS[name].kind is Kind.NUMBER and name not in (Field.ARENA_RATING, Field.DOWNLOADS)
            if (pair := disagreement(options))
            for low, high in [pair]
        ]
        inputs = {
            name: Input(
                value=c.number if c.number is not None else c.value,
                claim_id=c.claim_id,
                qualifier=c.qualifier,
                number_high=c.number_high,
                origin=Origin(c.origin),
            )
            for name, c in chosen.items()
        }
        correction, manual = inputs.get(Field.FLOP_REPORTED), None
        stated = chosen.get(Field.FLOP_REPORTED)
        if stated is None or stated.rank is not Rank.CORRECTION:
            correction = None
        if stated is not None and stated.rank in (Rank.CORRECTION, Rank.MODELS_CSV):
            del inputs[Field.FLOP_REPORTED]
        correction = self.hand_input(self.corrections.get(key, ())) if correction else None
        manual = self.hand_input(self.manual.get(key, ()))
        bounds = tuple(
            Input(c.number, c.claim_id, c.qualifier, c.number_high, c.origin)
            for c in claims
            if c.field == Field.FLOP_REPORTED and c.scope == Scope.MODEL and c.status != Status.REJECTED
            if c.qualifier in (Qualifier.LESS, Qualifier.MORE) and c.number is not None
        )
        base_key, base = "", None
        if (named := chosen.get(Field.BASE_MODEL)) is not None:
            base_key = self.key_of(named.value)
            if base_key == key:
                base_key = ""
            elif key in self.cyclic:
                notes.append(f"base_model: the chain of base models by way of {base_key} comes back to this model")
                base_key = ""
            else:
                base = self.base_of(base_key)
        organization = self.organization(candidates.get(Field.ORGANIZATION, []), notes)
        facts = ModelFacts(
            model_key=key,
            name=self.name(key, chosen, claims),
            organization=organization,
            release_date=chosen[Field.RELEASE_DATE].value if Field.RELEASE_DATE in chosen else "",
            domain=chosen[Field.DOMAIN].value if Field.DOMAIN in chosen else "",
            inputs=inputs,
            bounds=bounds,
            correction=correction,
            manual=manual,
            base_model_key=base_key,
            base=base.estimate if base else None,
            ratings=ratings,
        )
        if correction or manual:
            facts = self.credible(key, facts)
        return Gathered(facts, chosen, candidates, notes)

    def candidates(self, key: str, claims: Sequence[ClaimRow]) -> dict[Field, list[Candidate]]:
        """Every claim and every hand-edited cell that could decide a field of one model."""
        found: dict[Field, list[Candidate]] = defaultdict(list)
        for c in claims:
            if c.scope != Scope.MODEL or c.status == Status.REJECTED:
                continue
            if c.field == Field.FLOP_REPORTED and c.qualifier in (Qualifier.LESS, Qualifier.MORE):
                continue
            rank = self.rank(c)
            if rank is Rank.RIVAL and c.field in OF_THE_PAGE:
                continue
            found[c.field].append(
                Candidate(c.claim_id, c.value, c.number, c.number_high, c.qualifier, rank, c.source, c.url, c.origin)
            )
        for row in (*self.manual.get(key, ()), *self.corrections.get(key, ())):
            self.refused.pop((row.file, row.line, row.field), None)
        scraped = {name: choose(name, options).number for name, options in found.items()}
        for rank, rows in (
            (Rank.MODELS_CSV, self.manual.get(key, ())),
            (Rank.CORRECTION, self.corrections.get(key, ())),
        ):
            for row in rows:
                if self.is_far(row, scraped.get(row.field)):
                    continue
                value, number = check_value(row.field, row.value)
                found[row.field].append(
                    Candidate(
                        f"{row.file}:{row.line}", value, number, None, Qualifier.EXACT, rank, row.file,
                        row.source_url, Origin.MANUAL,
                    )
                )  # fmt: skip
        return found

    def is_far(self, row: OverrideRow, other: float | None) -> bool:
        """Is a hand-edited number so far from the one known otherwise that it must be confirmed, and is not?"""
        if message := far_from(row, other):
            self.refused[row.file, row.line, row.field] = f"{message} {CONFIRM}"
        return bool(message)

    def credible(self, key: str, facts: ModelFacts) -> ModelFacts:
        """The facts without an entered compute that is far from what the developer discloses, and not confirmed."""
        known = assess(replace(facts, correction=None, manual=None), self.calibration, self.peers).chosen
        for row in (*self.corrections.get(key, ()), *self.manual.get(key, ())):
            if row.field == Field.FLOP_REPORTED:
                self.is_far(row, known.flop if known and known.method in DISCLOSED else None)
        correction = self.hand_input(self.corrections.get(key, ())) if facts.correction else None
        return replace(facts, correction=correction, manual=self.hand_input(self.manual.get(key, ())))

    def rank(self, claim: ClaimRow) -> Rank:
        """Who says it."""
        if claim.claim_id in self.accepted:
            return Rank.ACCEPTED
        if claim.source in CATALOGUES:
            return Rank.CATALOGUE
        if claim.origin == Origin.PASTED:
            return Rank.PASTED
        if claim.organization and claim.url.startswith(HUB):
            owner = self.known(claim.url.removeprefix(HUB).removeprefix("api/models/").split("/")[0])
            credited = self.known(claim.organization)
            if owner is None or credited is None or owner.name != credited.name:
                return Rank.REUPLOAD
        return Rank.RIVAL if self.is_foreign(claim) else Rank.DEVELOPER

    def is_foreign(self, claim: ClaimRow) -> bool:
        """Is a claim made by a page of a developer that is none of the known model's developers?"""
        credited = self.known(claim.organization) if claim.organization else None
        makers = self.registry.makers(claim.model_key)
        return credited is not None and bool(makers) and credited.name not in makers

    def known(self, text: str) -> Organization | None:
        """The developer that a text names, found once per text."""
        if text not in self.developers:
            self.developers[text] = self.registry.organization(text)
        return self.developers[text]

    def hand_input(self, rows: Sequence[OverrideRow]) -> Input | None:
        """The compute that a hand-edited file states for a model, with its ``within_factor``."""
        for row in rows:
            if row.field == Field.FLOP_REPORTED and (row.file, row.line, row.field) not in self.refused:
                return Input(
                    float(row.value), f"{row.file}:{row.line}", origin=Origin.MANUAL, within_factor=row.within_factor
                )
        return None

    def name(self, key: str, chosen: Mapping[Field, Candidate], claims: Sequence[ClaimRow]) -> str:
        """The name that is shown: the one that the data files know it by, else as it is written, shortest first."""
        if key in self.names:
            return self.names[key]
        if Field.NAME in chosen:
            return chosen[Field.NAME].value
        written = [c.subject for c in claims] or [row.model for row in self.manual.get(key, ())]
        return min(written, key=lambda name: (len(name), name), default=key)

    def organization(self, candidates: Sequence[Candidate], notes: list[str]) -> str:
        """The developer's canonical name. One model name claimed by two developers goes to review."""
        if not candidates:
            return ""
        best = choose(Field.ORGANIZATION, candidates)
        names = {known.name if (known := self.known(c.value)) else c.value for c in candidates if c.rank is best.rank}
        if len(names) > 1:
            notes.append(f"organization: claimed by {', '.join(sorted(names))}")
        known = self.known(best.value)
        return known.name if known else best.value

    def assessed(
        self, key: str, claims: Sequence[ClaimRow], ratings: tuple[Rating, ...]
    ) -> tuple[Gathered, Assessment, dict[str, str]]:
        """What was gathered of a model, what follows, and the claims that cannot be true, with the reasons.

        Those are kept, marked and sent to review, but never used in silence. Which they are is found anew each time.
        """
        gathered = self.facts(key, claims, ratings)
        assessment = assess(gathered.facts, self.calibration, self.peers)
        odd: dict[str, str] = {}
        while new := implausible(gathered.facts, assessment.estimates).items() - odd.items():
            odd |= dict(new)  # what takes the place of a doubted claim may be as wrong: another page that says it too
            gathered = self.facts(key, [c for c in claims if c.claim_id not in odd], ratings)
            gathered.notes.extend(f"implausible: {why}" for _, why in sorted(odd.items()))
            assessment = assess(gathered.facts, self.calibration, self.peers)
        return gathered, assessment, odd

    def model(self, key: str, claims: Sequence[ClaimRow], ratings: tuple[Rating, ...]) -> Derived:
        """Everything that is stored of one model."""
        gathered, assessment, odd = self.assessed(key, claims, ratings)
        facts, chosen = gathered.facts, gathered.chosen
        estimate = assessment.chosen
        if key in self.base_keys:
            self.bases[key] = Base(facts, estimate)
        used = self.used_ids(gathered, assessment)
        statements = self.statements(key, assessment)
        main = next(s for s in statements if s.threshold == MAIN)
        known = self.known(facts.organization)
        listed = (
            main.classification is not Classification.EXCLUDED
            and (main.probability or 0.0) >= LISTED_FROM
            and not self.is_derivative(facts, estimate)
        )
        low, high = interval(estimate.flop, estimate.sigma) if estimate and estimate.flop else (None, None)
        review = "; ".join(filter(None, [*gathered.notes, assessment.review]))
        country = chosen[Field.COUNTRY].value if Field.COUNTRY in chosen else known.country if known else ""
        row: dict[str, Any] = {
            "name": facts.name,
            "organization": facts.organization or None,
            "country": country or None,
            **{str(name): _stored(chosen.get(name)) for name in OWN_FIELDS},
            "base_model_key": facts.base_model_key or None,
            "training_flop": estimate.flop if estimate else None,
            "own_flop": estimate.own_flop if estimate else None,
            "training_flop_low": low,
            "training_flop_high": high,
            "estimation_method": str(estimate.method) if estimate else None,
            "confidence": str(assessment.confidence),
            "probability_over_1e25": main.probability,
            "classification": str(main.classification),
            "listed": int(listed),
            "reason": assessment.reason,
            "review": review,
            "origin": _origin(c.origin for c in gathered.candidates_with(used)),
            "stale": int(self.rests_on_copies(claims, used)),
            "source_url": self.source_url(gathered, estimate),
            "n_sources": len({c.source for c in claims if c.status != Status.REJECTED}) or 1,
        }  # fmt: skip
        seen = [c.fetched_at for c in claims] or [row.date for row in self.manual.get(key, ())]
        return Derived(
            key=key,
            row=row,
            first_seen=min(seen),
            last_seen=max(seen),
            estimates=[_estimate_row(key, e, e is estimate) for e in assessment.estimates],
            statements=[(key, s.threshold, s.probability, str(s.classification), s.basis) for s in statements],
            overrides=self.override_rows(key, gathered, assessment),
            claim_updates=[
                (int(c.claim_id in used), str(status), c.claim_id)
                for c in claims
                for status in [_status(c, odd)]
                if c.used != int(c.claim_id in used) or c.status != status
            ],
            compared=estimate is None
            or estimate.method in COMPARING
            or (facts.base is not None and facts.base.method in COMPARING),
        )

    def rests_on_copies(self, claims: Sequence[ClaimRow], used: set[str]) -> bool:
        """Does the row rest on a last good copy, or on what a page no longer says?"""
        return any(
            (c.source, c.url) in self.stale_pages or c.status == Status.SUPERSEDED for c in claims if c.claim_id in used
        )

    def statements(self, key: str, assessment: Assessment) -> list[Statement]:
        """Where the model stands at each threshold; an excluded one stands nowhere."""
        if key not in self.excluded:
            return list(assessment.statements)
        reason = f"excluded by hand: {self.excluded[key].reason}"
        return [Statement(s.threshold, s.probability, Classification.EXCLUDED, reason) for s in assessment.statements]

    def is_derivative(self, facts: ModelFacts, estimate: Estimate | None) -> bool:
        """Is this somebody else's version of a model, with little compute of its own and the same shape?"""
        base = self.bases.get(facts.base_model_key)
        if base is None or facts.base is None:
            return False
        return is_derivative(
            estimate.own_flop if estimate else None,
            facts.base.flop,
            same_developer=bool(facts.organization) and facts.organization == base.facts.organization,
            same_shape=_same_shape(facts, base.facts),
        )

    def used_ids(self, gathered: Gathered, assessment: Assessment) -> set[str]:
        """The claims that decide the row: those of its columns, and the inputs of the chosen estimate."""
        used = {c.claim_id for c in gathered.chosen.values()}
        for estimate in assessment.estimates:
            if estimate is assessment.chosen:
                used.update(str(value.get("claim", "")) for value in estimate.inputs.values())
        return used

    def source_url(self, gathered: Gathered, estimate: Estimate | None) -> str | None:
        """Where the most telling words are: an input of the chosen estimate, or whatever names the model."""
        ids = [str(value.get("claim", "")) for value in estimate.inputs.values()] if estimate else []
        by_id = {c.claim_id: c.url for options in gathered.candidates.values() for c in options}
        for claim_id in ids:
            if by_id.get(claim_id):
                return by_id[claim_id]
        for name in (Field.TOKENS_TRAINED, Field.PARAMETERS_TOTAL, Field.RELEASE_DATE, Field.NAME):
            if name in gathered.chosen and gathered.chosen[name].url:
                return gathered.chosen[name].url
        return None

    def override_rows(self, key: str, gathered: Gathered, assessment: Assessment) -> list[tuple[Any, ...]]:
        """What became of each hand-edited row of this model."""
        rows: list[tuple[Any, ...]] = []
        for row in [*self.manual.get(key, ()), *self.corrections.get(key, ())]:
            if refused := self.refused.get((row.file, row.line, row.field)):
                rows.append(_override_row(row, key, str(row.field), None, OverrideStatus.REJECTED, refused))
                continue
            own_id = f"{row.file}:{row.line}"
            others = [c for c in gathered.candidates.get(row.field, ()) if c.origin != Origin.MANUAL]
            scraped = choose(row.field, others) if others else None
            decides = gathered.chosen[row.field].claim_id == own_id
            if row.field == Field.FLOP_REPORTED:
                chosen = assessment.chosen
                decides = chosen is not None and chosen.method is Method.MANUAL
            if scraped is not None and (_same(row.field, scraped, row.value) or self.same_maker(row, scraped)):
                status, message = OverrideStatus.REDUNDANT, "the sources now say the same"
            elif decides:
                status, message = OverrideStatus.APPLIED, ""
            else:
                status = OverrideStatus.CONFLICT
                message = "the developer's own disclosure outranks this row; a row of corrections.csv would decide"
            rows.append(_override_row(row, key, str(row.field), scraped.value if scraped else None, status, message))
        if key in self.excluded:
            excluded = self.excluded[key]
            rows.append(_override_row(excluded, key, "exclude", None, OverrideStatus.APPLIED, ""))
        return rows

    def same_maker(self, row: OverrideRow, scraped: Candidate) -> bool:
        """Do two names of a developer mean one ("Mistral" and "Mistral AI")?"""
        if row.field is not Field.ORGANIZATION or (known := self.known(row.value)) is None:
            return False
        return self.known(scraped.value) == known

    def rejected_rows(self) -> Iterator[tuple[Any, ...]]:
        """The hand-edited rows that could not be used, with what is wrong and what to write instead."""
        for p in self.overrides.problems:
            message = f"{p.message} {p.remedy}".strip()
            yield (p.file, p.line, None, p.column, None, None, None, None, None, None, "rejected", message)
        known = {key for (key,) in self.db.conn.execute("SELECT model_key FROM models")}
        rows: list[tuple[str, OverrideRow | ExcludeRow, str]] = [
            (key, row, str(row.field)) for key, found in self.corrections.items() for row in found
        ]
        for key, row, name in [*rows, *((key, row, "exclude") for key, row in self.excluded.items())]:
            if key not in known:
                message = f"no model is known as {row.model!r}: 'scrapy identify' shows what a name means"
                yield _override_row(row, None, name, None, OverrideStatus.REJECTED, message)

    # --- writing ---------------------------------------------------------------------------------------------------

    def write(self, keys: Sequence[str], derived: Sequence[Derived]) -> None:
        """Write what differs from what is stored, and append it to ``changes``."""
        where, parameters = _among("WHERE model_key", keys)
        columns = ("model_key", *MODEL_COLUMNS, "first_seen", "last_seen")
        stored = {
            row[0]: dict(zip(columns, row, strict=True))
            for row in self.db.conn.execute(f"SELECT {', '.join(columns)} FROM models {where}", parameters)
        }
        old_overrides = database.rows_by_key(self.db, "overrides", keys)
        changes: list[Change] = []
        for model in derived:
            cause = self.cause_for(model, old_overrides.get(model.key, set()))
            changes += self.differences(stored.get(model.key), model, cause)
        derived_keys = {model.key for model in derived}
        for key in stored.keys() - derived_keys:
            cause = self.cause_for(None, old_overrides.get(key, set()), key)
            old = {c: stored[key][c] for c in MODEL_COLUMNS}
            changes.append(Change(key, ROW, json.dumps(old, ensure_ascii=False), None, cause))
        database.write_models(
            self.db,
            [
                (model.key, model.row, model.first_seen, model.last_seen)
                for model in derived
                if self.row_differs(stored.get(model.key), model)
            ],
            gone=sorted(stored.keys() - derived_keys),
            moment=self.moment,
            changed={change.model_key for change in changes},
        )
        database.replace_rows(self.db, "estimates", keys, [row for model in derived for row in model.estimates])
        database.replace_rows(self.db, "classifications", keys, [row for model in derived for row in model.statements])
        database.replace_rows(self.db, "overrides", keys, [row for model in derived for row in model.overrides])
        database.update_claims(self.db, [update for model in derived for update in model.claim_updates])
        database.append_changes(
            self.db, ((self.moment, self.run_id, c.model_key, c.field, c.old, c.new, str(c.cause)) for c in changes)
        )
        self.summary.n_changes += len(changes)
        if self.keep_changes:
            self.summary.changes += changes

    @staticmethod
    def row_differs(stored: Mapping[str, Any] | None, model: Derived) -> bool:
        """Is the stored row other than the derived one?"""
        if stored is None:
            return True
        dates = (stored["first_seen"], stored["last_seen"]) != (model.first_seen, model.last_seen)
        return dates or any(stored[column] != model.row[column] for column in MODEL_COLUMNS)

    @staticmethod
    def differences(stored: Mapping[str, Any] | None, model: Derived, cause: Cause) -> list[Change]:
        """What a derive changes of one model, column by column; a new model is one change."""
        if stored is None:
            row = {column: model.row[column] for column in MODEL_COLUMNS}
            return [Change(model.key, ROW, None, json.dumps(row, ensure_ascii=False), cause)]
        return [
            Change(model.key, column, _text(stored[column]), _text(model.row[column]), cause)
            for column in MODEL_COLUMNS
            if stored[column] != model.row[column]
        ]

    def cause_for(self, model: Derived | None, old_rows: set[tuple[Any, ...]], key: str = "") -> Cause:
        """Why a model has changed: a person's hand first, then names, then what this run is about."""
        key = model.key if model else key
        before = {(row[0], row[3], row[4]) for row in old_rows}
        after = {(row[0], row[3], row[4]) for row in model.overrides} if model else set()
        if after - before:
            return Cause.MANUAL
        if before - after:
            return Cause.OVERRIDE_REMOVED
        if key in self.by_decision:
            return Cause.DECISION
        if key in self.by_alias:
            return Cause.ALIAS
        return self.cause


@dataclass(slots=True)
class Gathered:
    """What was gathered of one model: for estimation, for its row, and for review."""

    facts: ModelFacts
    chosen: dict[Field, Candidate]
    candidates: dict[Field, list[Candidate]]
    notes: list[str]

    def candidates_with(self, ids: set[str]) -> Iterator[Candidate]:
        """The candidates with the given claim ids."""
        return (c for options in self.candidates.values() for c in options if c.claim_id in ids)


class Base(NamedTuple):
    """A model as others inherit from it."""

    facts: ModelFacts
    estimate: Estimate | None


SAME_SIZE = 0.2
"""A model has its base's size when their parameter counts differ by at most this share (rounding, new embeddings)."""


def _same_shape(facts: ModelFacts, base: ModelFacts) -> bool:
    """Were both trained to one architecture and size? What is not known is taken as inherited."""
    mine, theirs = facts.number(Field.PARAMETERS_TOTAL), base.number(Field.PARAMETERS_TOTAL)
    if mine and theirs and abs(mine - theirs) > SAME_SIZE * theirs:
        return False
    architectures = {facts.text(Field.ARCHITECTURE), base.text(Field.ARCHITECTURE)} - {""}
    return len(architectures) <= 1


def _among(column: str, keys: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """An SQL condition "column is one of keys", and its parameter."""
    return f"{column} IN (SELECT value FROM json_each(?))", (json.dumps(list(keys)),)


def _batches(keys: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """``keys`` in pieces of at most ``size``."""
    for start in range(0, len(keys), size):
        yield keys[start : start + size]


def _status(claim: ClaimRow, odd: Mapping[str, str]) -> Status:
    """A claim's standing after this derive."""
    if claim.status in (Status.REJECTED, Status.SUPERSEDED):
        return claim.status
    return Status.IMPLAUSIBLE if claim.claim_id in odd else Status.CURRENT


def _origin(origins: Iterable[str]) -> str:
    """One origin, or ``mixed``."""
    found = sorted({str(origin) for origin in origins})
    return found[0] if len(found) == 1 else MIXED if found else str(Origin.MANUAL)


def _same(name: Field, candidate: Candidate, value: str) -> bool:
    """Does a claim say just what a hand-edited row says?"""
    try:
        text, number = check_value(name, value)
    except BadValueError:
        return False
    return candidate.number == number if number is not None else candidate.value.casefold() == text.casefold()


def _stored(candidate: Candidate | None) -> float | str | None:
    """A deciding value as its column keeps it."""
    if candidate is None:
        return None
    return candidate.value if candidate.number is None else candidate.number


def _text(value: object) -> str | None:
    """A column's value as ``changes`` keeps it: exact, and None for nothing."""
    return None if value is None else repr(value) if isinstance(value, float) else str(value)


def _estimate_row(key: str, estimate: Estimate, chosen: bool) -> tuple[Any, ...]:
    """One row of ``estimates``; a one-sided bound fills only its side."""
    low, high = (estimate.at_least, estimate.at_most)
    if estimate.flop is not None:
        low, high = interval(estimate.flop, estimate.sigma)
    inputs = json.dumps(estimate.inputs, ensure_ascii=False, sort_keys=True)
    return (
        key, str(estimate.method), estimate.flop, low, high, estimate.sigma, estimate.formula, inputs, int(chosen),
    )  # fmt: skip


def _override_row(
    row: OverrideRow | ExcludeRow, key: str | None, name: str, scraped: str | None, status: OverrideStatus, message: str
) -> tuple[Any, ...]:
    """One row of ``overrides``."""
    value = row.value if isinstance(row, OverrideRow) else row.model
    return (
        row.file, row.line, key, name, value, scraped, row.reason, row.source_url, row.editor, row.date, str(status),
        message,
    )  # fmt: skip


def _organization_in(rows: Sequence[OverrideRow], row: OverrideRow) -> str:
    """The developer that the same line of models.csv names, so that its name means the right model."""
    for other in rows:
        if other.file == row.file and other.line == row.line and other.field == Field.ORGANIZATION:
            return str(other.value)
    return ""
