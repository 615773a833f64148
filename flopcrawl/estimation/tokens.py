"""Tokens seen in training: stated, or unique tokens times epochs."""

from __future__ import annotations

import math
from dataclasses import dataclass

from flopcrawl.estimation import words
from flopcrawl.estimation.distribution import half_width
from flopcrawl.estimation.types import Input, ModelFacts
from flopcrawl.vocabulary import Field, Qualifier

VAGUE_FROM = 3.0
"""A range whose ends are further apart than this factor ("tens of trillions") is a bound, not a value."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """Tokens seen (count): the median ``low`` = ``high`` where stated, the ends where only a range is stated.

    ``sigma`` (decades) is what a range adds to a method's spread; ``note`` what a person should look at.
    """

    low: float
    high: float
    words: str
    fields: tuple[Field, ...]
    note: str = ""

    @property
    def count(self) -> float:
        """The median: the geometric mean of the ends."""
        return math.sqrt(self.low * self.high)

    @property
    def sigma(self) -> float:
        """The ends of a range taken as its 90 % interval, in decades."""
        return math.log10(self.high / self.low) / 2 / half_width()

    @property
    def is_vague(self) -> bool:
        """Whether only an order of magnitude is stated."""
        return self.high > VAGUE_FROM * self.low


def ends(value: Input) -> tuple[float, float]:
    """Both ends of a stated number, equal unless it is a range (in the number's unit)."""
    high = value.number_high if value.qualifier == Qualifier.RANGE and value.number_high is not None else value.number
    return min(value.number, high), max(value.number, high)


def written(value: Input, noun: str) -> str:
    """A stated number with its qualifier, as a formula shows it: ``over 15T tokens``."""
    low, high = ends(value)
    if low != high:
        return f"{words.short(low)} to {words.short(high)} {noun}"
    return f"{words.QUALIFIED[value.qualifier] if value.qualifier != Qualifier.RANGE else ''}{words.short(low)} {noun}"


def tokens_seen(facts: ModelFacts) -> Tokens | None:
    """Tokens seen in training: ``tokens_trained``, else ``dataset_tokens`` × ``epochs`` (one where none is stated)."""
    if (trained := facts.inputs.get(Field.TOKENS_TRAINED)) is not None:
        return Tokens(*ends(trained), written(trained, "tokens"), (Field.TOKENS_TRAINED,))
    if (unique := facts.inputs.get(Field.DATASET_TOKENS)) is None:
        return None
    low, high = ends(unique)
    stated = written(unique, "unique tokens")
    if (epochs := facts.number(Field.EPOCHS)) is None:
        note = "epochs are not stated: one is assumed"
        return Tokens(low, high, f"{stated} (seen once)", (Field.DATASET_TOKENS,), note)
    return Tokens(low * epochs, high * epochs, f"{stated} × {epochs:g} epochs", (Field.DATASET_TOKENS, Field.EPOCHS))
