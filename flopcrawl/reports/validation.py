"""Our models against a reference: coverage, accuracy, decisions, intervals and freshness, each with its interval.

A reference row is our model when :mod:`flopcrawl.identity` gives both one key, and never otherwise. *Automatic* means
without anything that a person entered: of each model the best estimate that rests on no hand-edited row.
"""

from __future__ import annotations

import json
import math
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import pandas as pd

from flopcrawl.estimation import words
from flopcrawl.estimation.combine import DISCLOSED, PRECEDENCE
from flopcrawl.estimation.distribution import interval, probability_over
from flopcrawl.estimation.thresholds import LISTED_FROM
from flopcrawl.identity import Registry
from flopcrawl.reports.statistics import Median, Share, in_border
from flopcrawl.vocabulary import Classification, Method, Origin

AT = (1e25, 1e23)
"""Thresholds (FLOP) at which coverage and decisions are reported."""

GROUPS = ("method", "reference confidence", "domain", "year", "origin")
LEVELS = (0.8, 0.9)

UNMATCHED = "no source names it"


@dataclass(frozen=True, slots=True)
class Measure:
    """One number of a validation: what, for which models (``cell``), at which threshold (FLOP; 0 for none)."""

    name: str
    cell: str
    threshold: float
    value: float | None
    low: float | None
    high: float | None
    n: int
    text: str

    @classmethod
    def share(cls, name: str, cell: str, hits: Iterable[bool], threshold: float = 0.0) -> Measure:
        """A share with Wilson's interval."""
        every = list(hits)
        found = Share(sum(every), len(every))
        low, high = found.interval or (None, None)
        return cls(name, cell, threshold, found.value, low, high, found.n, str(found))

    @classmethod
    def median(cls, name: str, cell: str, values: Sequence[float]) -> Measure:
        """A median with a bootstrap interval."""
        found = Median.of(values)
        return cls(name, cell, 0.0, found.value, found.low, found.high, found.n, str(found))


@dataclass(frozen=True, slots=True)
class Validation:
    """What a validation found.

    ``pairs`` has one row a reference model with ours beside it (all columns of :func:`compare`); ``missing`` and
    ``extra`` one row a model and threshold; ``revisions`` what differs between the vintages of the reference.
    """

    vintage: str
    pairs: pd.DataFrame
    measures: tuple[Measure, ...]
    missing: pd.DataFrame
    extra: pd.DataFrame
    revisions: pd.DataFrame

    def find(self, name: str, cell: str = "all", threshold: float = 0.0) -> Measure:
        """The measure of that name. Raises KeyError where there is none."""
        for each in self.measures:
            if (each.name, each.cell, each.threshold) == (name, cell, threshold):
                return each
        raise KeyError(f"{name}, {cell}, {threshold:g}")


def our_models(db: sqlite3.Connection) -> pd.DataFrame:
    """Every model by its key, with its automatic estimate (columns ``auto_*``) and its probability at every threshold.

    ``auto_flop`` and ``auto_sigma`` are NaN, and ``auto_method`` "", where nothing but hand-made values is known.
    """
    models = pd.read_sql_query("SELECT * FROM models", db).set_index("model_key")
    automatic = pd.DataFrame.from_dict(
        _automatic(db), orient="index", columns=["auto_method", "auto_flop", "auto_sigma"]
    )
    models = models.join(automatic)
    models["auto_method"] = models["auto_method"].fillna("")
    undisclosed = {
        key: (flop, sigma)
        for key, flop, sigma in db.execute(
            "SELECT model_key, flop, sigma FROM estimates WHERE method = ? AND flop IS NOT NULL", (Method.UNDISCLOSED,)
        )
    }
    said = pd.read_sql_query("SELECT model_key, threshold, probability, classification FROM classifications", db)
    for threshold in AT:
        of_threshold = said[said["threshold"] == threshold].set_index("model_key")
        models[_p(threshold)] = of_threshold["probability"].astype(float)
        models[_class(threshold)] = of_threshold["classification"]
        models[_undisclosed(threshold)] = pd.Series(
            {key: probability_over(threshold, flop, sigma) for key, (flop, sigma) in undisclosed.items()}, dtype=float
        )
        models[_auto(threshold)] = [_automatic_probability(model, threshold) for _, model in models.iterrows()]
    return models


def _p(threshold: float) -> str:
    return f"probability over {words.flop(threshold)}"


def _class(threshold: float) -> str:
    return f"classification at {words.flop(threshold)}"


def _auto(threshold: float) -> str:
    return f"automatic probability over {words.flop(threshold)}"


def _undisclosed(threshold: float) -> str:
    return f"undisclosed probability over {words.flop(threshold)}"


def _automatic(db: sqlite3.Connection) -> dict[str, tuple[str, float, float]]:
    """The best estimate of each model that no hand-edited row is an input of: method, FLOP, spread (decades)."""
    best: dict[str, tuple[tuple[int, int], tuple[str, float, float]]] = {}
    rows = db.execute("SELECT model_key, method, flop, sigma, inputs, chosen FROM estimates WHERE flop IS NOT NULL")
    for key, method, flop, sigma, inputs, chosen in rows:
        by_hand = any(each.get("origin") == Origin.MANUAL for each in json.loads(inputs).values())
        if by_hand or method == Method.MANUAL:
            continue
        rank = (0 if chosen else 1, PRECEDENCE.index(Method(method)))
        if key not in best or rank < best[key][0]:
            best[key] = (rank, (method, float(flop), float(sigma)))
    return {key: found for key, (_, found) in best.items()}


def _automatic_probability(model: pd.Series, threshold: float) -> float:
    """P(over) without hand-made values: the stored one where the row rests on none, else the automatic estimate's."""
    if model["estimation_method"] == Method.BOUND or model["estimation_method"] == model["auto_method"]:
        return float(model[_p(threshold)])
    if math.isnan(model["auto_flop"]):
        return math.nan
    return probability_over(threshold, model["auto_flop"], model["auto_sigma"])


def matched_keys(
    reference: pd.DataFrame, known: Iterable[str], registry: Registry, redirects: Mapping[str, str]
) -> list[str]:
    """The key of each reference row's model: one of ours where identity says so, else the key of the name.

    A cell may name several organizations. The name is resolved with each of them; where that leads to more than one of
    our models, the row is not matched.
    """
    ours = set(known)
    found = []
    for model, organizations in zip(reference["model"], reference["organization"], strict=True):
        parts = [part.strip() for part in organizations.split(",") if part.strip()] or [""]
        keys = [registry.resolve(model, organization).model_key for organization in [*parts, ""]]
        keys = [redirects.get(key, key) for key in dict.fromkeys(keys)]
        present = [key for key in dict.fromkeys(keys) if key in ours]
        found.append(present[0] if len(present) == 1 else keys[0])
    return found


def compare(reference: pd.DataFrame, models: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """One row a reference model, ours beside it. Several rows for one of our models keep the one with a value.

    Columns of the reference as in ``validation_reference.tidy``; ``model_key``; ``present``; ``ratio`` (our automatic
    value over theirs); ``inside <level>``; and ours, prefixed by ``our``.
    """
    pairs = reference.assign(model_key=list(keys))
    pairs = pairs.sort_values("flop", ascending=False, kind="stable", na_position="last")
    pairs = pairs.drop_duplicates("model_key").sort_values("model", kind="stable").reset_index(drop=True)
    ours = models.reindex(pairs["model_key"]).reset_index(drop=True)
    pairs["present"] = pairs["model_key"].isin(models.index)
    renamed = {column: f"our {column}" for column in ours.columns if column in pairs.columns}
    pairs = pd.concat([pairs, ours.rename(columns=renamed)], axis=1)
    pairs["ratio"] = pairs["auto_flop"] / pairs["flop"]
    pairs["method"] = pairs["auto_method"].fillna("")
    pairs["reference confidence"] = pairs["confidence"].replace("", "not stated")
    pairs["year"] = pairs["released"].str[:4].replace("", "unknown")
    pairs["domain"] = pairs["domain"].replace("", "not stated").str.split(",").str[0]
    for level in LEVELS:
        pairs[f"inside {level:g}"] = [
            _inside(flop, auto, sigma, level)
            for flop, auto, sigma in zip(pairs["flop"], pairs["auto_flop"], pairs["auto_sigma"], strict=True)
        ]
    return pairs


def _inside(flop: float, ours: float, sigma: float, level: float) -> bool | None:
    if math.isnan(flop) or math.isnan(ours):
        return None
    low, high = interval(ours, sigma, level)
    return bool(low <= flop <= high)


def is_over(pairs: pd.DataFrame, threshold: float) -> pd.Series:
    """Whether the reference puts a model over the threshold (FLOP): by its value, or "over X, not estimated"."""
    return (pairs["flop"] > threshold) | (pairs["over"] >= threshold)


def near_line(pairs: pd.DataFrame, threshold: float) -> pd.Series:
    """Whether the reference value lies in the border zone of the threshold (FLOP)."""
    return pairs["flop"].map(lambda flop: in_border(flop, threshold))


def coverage(pairs: pd.DataFrame, threshold: float) -> list[Measure]:
    """Shares of the reference's models over the threshold that we have, find by ourselves, find at all, and list."""
    over = pairs[is_over(pairs, threshold)]
    found = {
        "present": over["present"],
        "detected automatically": over[_auto(threshold)] >= LISTED_FROM,
        "detected with overrides": over[_p(threshold)] >= LISTED_FROM,
        "over or uncertain": over[_class(threshold)].isin([Classification.OVER, Classification.UNCERTAIN]),
    }
    if threshold == AT[0]:
        found["listed"] = over["listed"] == 1
    return [Measure.share(f"coverage: {name}", "all", hits, threshold) for name, hits in found.items()]


def decisions(pairs: pd.DataFrame, threshold: float) -> list[Measure]:
    """False positives and negatives at even chance, border zone apart; precision and recall of the automatic ones.

    The method ``undisclosed`` is judged by itself on every model that it can run on, chosen or not.
    """
    judged = pairs[(pairs["flop"].notna() | pairs["over"].notna())]
    border = near_line(judged, threshold)
    away = judged[~border & judged[_p(threshold)].notna()]
    over, says = is_over(away, threshold), away[_p(threshold)] >= LISTED_FROM
    alone = judged[~border & judged[_auto(threshold)].notna()]
    alone_over, alone_says = is_over(alone, threshold), alone[_auto(threshold)] >= LISTED_FROM
    compared = judged[~border & judged[_undisclosed(threshold)].notna()]
    compared_over, compared_says = is_over(compared, threshold), compared[_undisclosed(threshold)] >= LISTED_FROM
    every = judged[~border]
    every_over = is_over(every, threshold)
    return [
        Measure.share("false positives", "all", says[~over], threshold),
        Measure.share("false negatives", "all", ~says[over], threshold),
        Measure.share("false positives", "automatic", alone_says[~alone_over], threshold),
        Measure.share("false negatives", "automatic", ~alone_says[alone_over], threshold),
        Measure.share("precision", "automatic", alone_over[alone_says], threshold),
        Measure.share("recall", "automatic", alone_says[alone_over], threshold),
        Measure.share(
            "recall, models that we lack counted", "automatic", (every[_auto(threshold)] >= LISTED_FROM)[every_over],
            threshold,
        ),
        Measure.share("precision", "undisclosed, wherever it runs", compared_over[compared_says], threshold),
        Measure.share("recall", "undisclosed, wherever it runs", compared_says[compared_over], threshold),
        Measure.share("in the border zone", "all", border, threshold),
    ]  # fmt: skip


def accuracy(pairs: pd.DataFrame) -> list[Measure]:
    """How near our automatic values are to the reference's: in all, where facts are disclosed, and group by group."""
    judged = pairs[pairs["ratio"].notna()]
    sure = judged["confidence"].isin(["Confident", "Likely"])
    cells: dict[str, pd.DataFrame] = {
        "all": judged,
        "disclosed facts": judged[judged["method"].isin([str(method) for method in DISCLOSED])],
        "reference Confident or Likely": judged[sure],
    }
    for group in GROUPS:
        for value, rows in judged.groupby(group):
            cells[f"{group}: {value}"] = rows
    found = []
    for cell, rows in cells.items():
        ratios = rows["ratio"]
        found += [
            Measure.share("within 2×", cell, ratios.between(1 / 2, 2)),
            Measure.share("within 3×", cell, ratios.between(1 / 3, 3)),
            Measure.median("median ratio", cell, ratios.tolist()),
            Measure.median("spread (median |log10 ratio|)", cell, [abs(math.log10(ratio)) for ratio in ratios]),
        ]
    for level in LEVELS:
        inside = judged[f"inside {level:g}"].astype(bool)
        found.append(Measure.share(f"{100 * level:.0f} % intervals cover", "all", inside))
    return found


def freshness(pairs: pd.DataFrame) -> list[Measure]:
    """Days from release to our first sight of a model, for those released since we began to look."""
    dated = pairs[pairs["present"] & (pairs["released"].str.len() == 10) & pairs["first_seen"].notna()]
    if dated.empty:
        return [Measure.median("days from release to first seen", "all", [])]
    released = pd.to_datetime(dated["released"])
    seen = pd.to_datetime(dated["first_seen"].str[:10])
    since = released >= seen.min()
    return [Measure.median("days from release to first seen", "all", (seen - released)[since].dt.days.tolist())]


def missing(pairs: pd.DataFrame, threshold: float, suggest: Callable[[str, str], list[str]]) -> pd.DataFrame:
    """The reference's models over the threshold that we do not put there, why, and what would close the gap."""
    gaps = pairs[is_over(pairs, threshold) & ~(pairs[_p(threshold)] >= LISTED_FROM)]
    records = []
    for _, row in gaps.iterrows():
        reason, remedy = _why(row, threshold, suggest)
        records.append(
            {
                "threshold": threshold, "model": row["model"], "organization": row["organization"],
                "released": row["released"], "reference": row["flop"], "ours": row["training_flop"],
                "classification": row[_class(threshold)] if row["present"] else "", "reason": reason,
                "what would close it": remedy,
            }
        )  # fmt: skip
    return pd.DataFrame(records, columns=MISSING_COLUMNS)


MISSING_COLUMNS = [
    "threshold", "model", "organization", "released", "reference", "ours", "classification", "reason",
    "what would close it",
]  # fmt: skip


def _why(row: pd.Series, threshold: float, suggest: Callable[[str, str], list[str]]) -> tuple[str, str]:
    """Why a model is not found over the threshold, and what would close the gap."""
    if not row["present"]:
        alike = suggest(row["model"], row["model_key"])
        if alike:
            return "name not matched", f"an alias, if it is one of {', '.join(alike)}; else a source that names it"
        return UNMATCHED, "a source that names it, or a row of models.csv with public evidence"
    if row[_class(threshold)] == Classification.EXCLUDED:
        return "excluded by hand", "removing the row of exclude.csv"
    if math.isnan(row[_p(threshold)]):
        return "no facts", "its tokens and active parameters, its hardware and time, or its rating"
    method = row["estimation_method"]
    if method == Method.BOUND:
        return "a bound decides against it", "a look at the statement"
    review = str(row["review"] or "")
    return f"estimate under ({method}, {words.flop(row['training_flop'])} FLOP)", review or "better facts than these"


def extra(pairs: pd.DataFrame, models: pd.DataFrame, threshold: float) -> pd.DataFrame:
    """Models that we put over the threshold and the reference does not, with our evidence."""
    ours = models[models[_p(threshold)] >= LISTED_FROM]
    if threshold == AT[0]:
        ours = ours[ours["listed"] == 1]
    reference = {str(row["model_key"]): row for _, row in pairs.iterrows()}
    newest = max(pairs["released"], default="")
    records = []
    for key, row in ours.iterrows():
        if (theirs := reference.get(str(key))) is not None:
            if bool(theirs["flop"] > threshold) or bool(theirs["over"] >= threshold):
                continue
            said = "lower there" if theirs["flop"] == theirs["flop"] else "there without a value"
            if in_border(theirs["flop"], threshold):
                said = "in the border zone there"
        elif row["release_date"] and newest and str(row["release_date"]) > newest:
            said = "released after the reference"
        else:
            said = "not there"
        records.append(
            {
                "threshold": threshold, "model": row["name"], "organization": row["organization"],
                "released": row["release_date"], "reference": said, "ours": row["training_flop"],
                "probability": row[_p(threshold)], "confidence": row["confidence"], "evidence": row["reason"],
                "source": row["source_url"],
            }
        )  # fmt: skip
    return pd.DataFrame(records, columns=EXTRA_COLUMNS)


EXTRA_COLUMNS = [
    "threshold", "model", "organization", "released", "reference", "ours", "probability", "confidence", "evidence",
    "source",
]  # fmt: skip


def revisions(tables: Sequence[pd.DataFrame], keys: Sequence[Sequence[str]]) -> pd.DataFrame:
    """What the reference itself changed between one vintage and the next: added, withdrawn, renamed, revised.

    ``tables`` are vintages, oldest first, ``keys`` their models' keys. Told apart, so that a change of theirs is not
    taken for an error of ours.
    """
    records = []
    keyed = [
        table.assign(model_key=list(own)).drop_duplicates("model_key").set_index("model_key")
        for table, own in zip(tables, keys, strict=True)
    ]
    for before, after in pairwise(keyed):
        for key in sorted(set(before.index) | set(after.index)):
            kinds = _changes(
                before.loc[key] if key in before.index else None, after.loc[key] if key in after.index else None
            )
            records += [
                {"from": before["vintage"].iloc[0], "to": after["vintage"].iloc[0], "model_key": key, "change": kind,
                 "before": old, "after": new}
                for kind, old, new in kinds
            ]  # fmt: skip
    return pd.DataFrame(records, columns=["from", "to", "model_key", "change", "before", "after"])


def _changes(before: pd.Series | None, after: pd.Series | None) -> list[tuple[str, str, str]]:
    if before is None or after is None:
        kept = after if before is None else before
        assert kept is not None
        return [("added", "", kept["model"])] if before is None else [("withdrawn", kept["model"], "")]
    found = []
    if before["model"] != after["model"]:
        found.append(("renamed", before["model"], after["model"]))
    old, new = _stated(before), _stated(after)
    if old != new:
        found.append(("revised", old, new))
    return found


def _stated(row: pd.Series) -> str:
    """A reference row's compute in words."""
    if row["flop"] == row["flop"]:
        return f"{row['flop']:.3g}"
    return f"over {row['over']:.3g}, not estimated" if row["over"] == row["over"] else "no value"


def validate(
    db: sqlite3.Connection, reference: pd.DataFrame, registry: Registry, earlier: Sequence[pd.DataFrame] = ()
) -> Validation:
    """Compare the database's models with one vintage of the reference; ``earlier`` are older vintages, oldest first."""
    models = our_models(db)
    redirects = dict(db.execute("SELECT old, new FROM key_redirects").fetchall())

    def keys_of(table: pd.DataFrame) -> list[str]:
        return matched_keys(table, models.index, registry, redirects)

    pairs = compare(reference, models, keys_of(reference))
    measures: list[Measure] = []
    for threshold in AT:
        measures += coverage(pairs, threshold) + decisions(pairs, threshold)
    measures += accuracy(pairs) + freshness(pairs)
    tables = [*earlier, reference]
    return Validation(
        str(reference["vintage"].iloc[0]),
        pairs,
        tuple(measures),
        pd.concat([missing(pairs, threshold, registry.suggest) for threshold in AT], ignore_index=True),
        pd.concat([extra(pairs, models, threshold) for threshold in AT], ignore_index=True),
        revisions(tables, [keys_of(table) for table in tables]),
    )
