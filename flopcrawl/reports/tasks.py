"""What needs a person: each piece of work with its value, its minutes, and the moment it came up. Pure.

A report asks for the minutes of what came up in its period; older work stays open, is listed with it in the order of
value, and is not counted again. What stood unchanged for long sinks (:data:`FADES_DAYS`): whoever reads the list has
seen it, and new work should not have to queue behind it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flopcrawl.vocabulary import Classification, SourceState

if TYPE_CHECKING:
    from flopcrawl.reports.changes import Health, Moved

WEEKLY_MINUTES = 120
"""What a person is meant to give to the list in a week."""

MINUTES = {"number": 10, "mend": 30, "watch": 5, "override": 5, "look": 5, "sample": 15}
"""What one piece of manual work takes: finding and entering a number, mending a source, seeing whether a source came
back, a row, looking at a value, looking at a few of many values that one cause has moved."""

FADES_DAYS = 28
"""Days after which the value of unchanged work is half of what it was."""

MATERIAL = 0.1
"""A model whose probability of being over the threshold moved by so much is to be looked at anew."""

LOOKED_AT_BELOW = 0.5
"""An estimate that moved by more than a factor of two is worth a look."""

BY_HAND = frozenset({"manual", "decision", "override_removed"})
AT_ONCE = frozenset({"calibration", "code"})
"""Causes of changes: a person's, who has looked; and those that move many models at once, of which a few are looked at.
"""

HALF_FULL = 0.3
"""The value of a missing half of a fact, like tokens without parameters: it may settle where the model stands."""


@dataclass(frozen=True, slots=True)
class Task:
    """Something that only a person can do: its value (0 to 1: how much the list gains), its minutes, and since when.

    ``model`` names the model that it is about, where it is about one.
    """

    what: str
    why: str
    value: float
    minutes: int
    since: str
    model: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person would see of a model that is to be settled, and the moment since which they would see it.

    ``done``: a person has edited the model since; nothing is to be done until something else changes.
    """

    classification: str
    probability: float
    review: str
    since: str
    done: bool = False

    @classmethod
    def renewed(cls, last: Standing | None, row: Mapping[str, Any], moment: str, cause: str) -> Standing | None:
        """What there is to see of ``row`` after a change at ``moment``, given what there was before it.

        None where nothing is to be settled.
        """
        classification, review = str(row.get("classification")), str(row.get("review") or "")
        if classification == Classification.UNCERTAIN:
            review = ""  # its words follow the estimate, whose size is judged by the probability
        elif not review or classification != Classification.UNKNOWN:
            return None
        probability = float(row.get("probability_over_1e25") or 0.0)
        if cause in BY_HAND:
            return cls(classification, probability, review, moment, done=True)
        same = last is not None and (last.classification, last.review) == (classification, review)
        if last is not None and same and abs(last.probability - probability) < MATERIAL:
            return last
        return cls(classification, probability, review, moment)


def tasks(
    models: Mapping[str, Mapping[str, Any]],
    standing: Mapping[str, Standing],
    sources: Iterable[Health],
    moved: Iterable[Moved],
    bad_rows: Iterable[tuple[str, str, str]],
    *,
    start: str,
    end: datetime,
) -> list[Task]:
    """Everything that is open at ``end``, the most valuable first.

    ``bad_rows`` are hand-edited rows that cannot be used: file, message, and the moment since which.
    """
    found = [*_of_sources(sources), *_of_moved(moved, start)]
    found += [Task(f"Correct {file}", message, 0.6, MINUTES["override"], since) for file, message, since in bad_rows]
    for key, seen in ((key, seen) for key, seen in standing.items() if not seen.done):
        row = models[key]
        fades = 0.5 ** ((end - datetime.fromisoformat(seen.since)).days / FADES_DAYS)
        if seen.classification == Classification.UNCERTAIN:
            probability = float(row.get("probability_over_1e25") or 0.0)
            what, value = f"Find a disclosed number of {row['name']}", 4 * probability * (1 - probability) * 0.9
            why = f"{row.get('reason', '')} It is over 1e25 FLOP with a probability of {probability:.0%}."
        else:
            what, value, why = f"Find what is missing of {row['name']}", HALF_FULL, seen.review
        found.append(Task(what, why, value * fades, MINUTES["number"], seen.since, str(row["name"])))
    return sorted(found, key=lambda task: (-task.value, task.what))


def _of_sources(sources: Iterable[Health]) -> Iterable[Task]:
    """A source that failed twice, or was stale twice, does not come back by itself; one that did so once may."""
    words = {
        SourceState.FAILED: "its last run failed", SourceState.STALE: "last good copies stand in for it",
        "killed": "its last run was killed",
    }  # fmt: skip
    for source in sources:
        if source.state in words and source.streak > 1:
            why = f"{words[source.state]}, not for the first time"
            yield Task(f"Mend the source {source.source}", why, 1.0, MINUTES["mend"], source.since)
        elif source.state in words:
            why = f"{words[source.state]}: the next run may mend it"
            yield Task(f"See whether {source.source} comes back", why, 0.95, MINUTES["watch"], source.since)


def _of_moved(moved: Iterable[Moved], start: str) -> Iterable[Task]:
    """Estimates that moved far: each, or a few of those that one cause has moved."""
    together: dict[str, list[Moved]] = {}
    for each in moved:
        if 1 / each.factor >= LOOKED_AT_BELOW or each.cause in BY_HAND:
            continue
        if each.cause in AT_ONCE:
            together.setdefault(each.cause, []).append(each)
            continue
        why = f"{each.before:.1e} became {each.after:.1e} FLOP ({each.cause})"
        yield Task(f"Look at {each.name}", why, min(0.8, each.factor / 20), MINUTES["look"], start, each.name)
    for cause, several in together.items():
        names = ", ".join(each.name for each in several[:5])
        what = f"Look at a few of {len(several)} estimates that moved far ({cause})"
        minutes = min(MINUTES["sample"], MINUTES["look"] * len(several))
        yield Task(what, f"for example {names}", 0.7, minutes, start)


def within(found: Sequence[Task], minutes: int = WEEKLY_MINUTES) -> list[Task]:
    """The tasks from the top that fit into so many minutes."""
    fitting, left = [], minutes
    for task in found:
        if task.minutes > left:
            break
        left -= task.minutes
        fitting.append(task)
    return fitting
