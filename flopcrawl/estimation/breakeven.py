"""What would settle an uncertain model: the tokens, or the hardware and time, at which it crosses a threshold."""

from __future__ import annotations

from flopcrawl.estimation import accelerators, words
from flopcrawl.estimation.active import OPERATIONS, active_parameters
from flopcrawl.estimation.hardware import HOURS_A_DAY, LARGE_RUN_MFU, SECONDS_AN_HOUR
from flopcrawl.estimation.thresholds import MAIN
from flopcrawl.estimation.types import ModelFacts
from flopcrawl.vocabulary import Field

USUAL_CHIP = "H100"
USUAL_DAYS = 90.0
"""A run to picture where none is stated: the chip most large runs of 2023 to 2025 name, over three months."""


def tokens_to_cross(active: float, threshold: float = MAIN, base_flop: float = 0.0) -> float:
    """Tokens (count) at which ``active`` parameters (count) cross ``threshold`` (FLOP), ``base_flop`` counted."""
    return max(threshold - base_flop, 0.0) / (OPERATIONS * active)


def chips_to_cross(peak: float, days: float, mfu: float, threshold: float = MAIN, base_flop: float = 0.0) -> float:
    """Chips (count) of ``peak`` FLOP/s at utilization ``mfu`` that cross ``threshold`` (FLOP) in ``days``."""
    return max(threshold - base_flop, 0.0) / (peak * mfu * days * HOURS_A_DAY * SECONDS_AN_HOUR)


def sentence(facts: ModelFacts, threshold: float = MAIN) -> str:
    """The break-even in words: by tokens where active parameters are known, and by hardware."""
    base = facts.base.flop if facts.base is not None and facts.base.flop is not None else 0.0
    parts = []
    active = active_parameters(facts)
    if active is not None and not active.imputed:
        tokens = tokens_to_cross(active.count, threshold, base)
        parts.append(f"above {words.short(tokens)} tokens at {active.words}")
    name = facts.text(Field.GPU_TYPE) or USUAL_CHIP
    try:
        chip = accelerators.find(name)
        peak, _ = chip.peak(facts.text(Field.NUMBER_FORMAT))
    except accelerators.UnknownAcceleratorError:
        name = USUAL_CHIP
        peak, _ = accelerators.find(name).peak("")
    days = facts.number(Field.TRAINING_DAYS) or USUAL_DAYS
    mfu = facts.number(Field.MFU) or LARGE_RUN_MFU
    chips = chips_to_cross(peak, days, mfu, threshold, base)
    parts.append(f"above {words.short(chips)} {name} for {days:g} days at {100 * mfu:.3g} % utilization")
    return f"crosses {words.flop(threshold)} {', or '.join(parts)}"
