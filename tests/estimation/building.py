"""Models for the tests of estimation, in one line each."""

from __future__ import annotations

from typing import Any

from flopcrawl.estimation.calibration import Calibration
from flopcrawl.estimation.types import Estimate, Input, ModelFacts
from flopcrawl.vocabulary import Field, Method

CALIBRATION = Calibration.provisional()


def model(name: str = "Some Model", released: str = "2024-06-01", **values: Any) -> ModelFacts:
    """A model with the given fields (values or Inputs); the facts' own attributes may be given too."""
    attributes = {key: values.pop(key) for key in list(values) if key in ModelFacts.__dataclass_fields__}
    inputs = {
        Field(key): value if isinstance(value, Input) else Input(value, f"claim-{key}") for key, value in values.items()
    }
    return ModelFacts("some-model", name, release_date=released, inputs=inputs, **attributes)


def base(flop: float, sigma: float = 0.1) -> Estimate:
    """A base model's estimate."""
    return Estimate(Method.OPERATIONS, flop, sigma, "of the base")
