"""``hardware``: chips, time, dense peak and utilization."""

from __future__ import annotations

from dataclasses import dataclass

from flopcrawl.estimation import accelerators, words
from flopcrawl.estimation.base import with_base
from flopcrawl.estimation.calibration import Calibration, Spread
from flopcrawl.estimation.dates import year
from flopcrawl.estimation.tokens import written
from flopcrawl.estimation.types import Estimate, ModelFacts, Refused
from flopcrawl.vocabulary import Field, Method

SECONDS_AN_HOUR = 3600.0
HOURS_A_DAY = 24.0

DEFAULT_MFU = 0.30
"""Utilization where nothing is stated (the project's specification): a middle of what papers report for small runs."""

LARGE_RUN_CHIPS = 1000
LARGE_RUN_YEAR = 2022.0
LARGE_RUN_MFU = 0.40
"""Runs on at least so many chips since this year report more: PaLM .46 (arXiv 2204.02311, table 3), OPT-175B .47
(147 TFLOP/s of an A100, arXiv 2205.01068), Llama 3.1 405B .38 to .43 (arXiv 2407.21783, table 4), Nemotron-4 340B .41
(arXiv 2406.11704), MegaScale .55 (arXiv 2402.15627)."""

EARLY_UNTIL = 2021.0
EARLY_MFU = 0.25
"""Before 2021: GPT-3 .21 on V100 (arXiv 2204.02311, table 3), Megatron-LM .24 (15.1 PFLOP/s on 512 V100, arXiv
1909.08053)."""

FP8_MFU = 0.20
"""Of the FP8 peak, as attention, norms and optimizer stay in 16 bit: DeepSeek-V3 .17 (6 × 37B × 14.8T in 2.664M hours,
arXiv 2412.19437), Llama 4 Behemoth .20 (390 TFLOP/s per GPU, Meta, 5 April 2025)."""


@dataclass(frozen=True, slots=True)
class ChipTime:
    """Chip-hours of a run, how they are written in a formula, and the fields they rest on."""

    hours: float
    words: str
    fields: tuple[Field, ...]
    note: str = ""


def default_mfu(released: float | None, chips: float | None, column: str) -> float:
    """Utilization (fraction of the dense peak) by era (``released``, in years), scale (chips) and format column."""
    if column == "fp8":
        return FP8_MFU
    if released is not None and released < EARLY_UNTIL:
        return EARLY_MFU
    if chips is not None and chips >= LARGE_RUN_CHIPS and released is not None and released >= LARGE_RUN_YEAR:
        return LARGE_RUN_MFU
    return DEFAULT_MFU


def chip_time(facts: ModelFacts, name: str) -> ChipTime | None:
    """Chip-hours of the run: stated, else chips × days × 24. ``name`` is the accelerator as written."""
    count, remark = accelerators.chips(name, facts.number(Field.GPU_COUNT))
    days = facts.number(Field.TRAINING_DAYS)
    by_days = None if count is None or days is None else count * days * HOURS_A_DAY
    if (stated := facts.inputs.get(Field.GPU_HOURS)) is not None:
        note = ""
        if by_days is not None and not 1 / 3 < stated.number / by_days < 3:
            note = f"{words.short(stated.number)} chip-hours are stated, chips × days give {words.short(by_days)}"
        return ChipTime(stated.number, written(stated, f"{name} hours"), (Field.GPU_HOURS,), note)
    if by_days is None or count is None or days is None:
        return None
    text = f"{words.short(count)} {name} × {days:g} days" + (f" ({remark})" if remark else "")
    return ChipTime(by_days, text, (Field.GPU_COUNT, Field.TRAINING_DAYS))


def estimate(facts: ModelFacts, calibration: Calibration) -> Estimate | Refused | None:
    """Training compute in FLOP: chip-hours · 3600 s · dense peak (FLOP/s) · utilization, plus the base model's compute.

    The peak is that of the stated number format, else of the hardware's usual one. Refused, naming it, for an unknown
    chip and for a mix of chips with unequal peaks; also where time is stated and the chip is not.
    """
    name = facts.text(Field.GPU_TYPE)
    if not name:
        if Field.GPU_HOURS in facts.inputs or {Field.GPU_COUNT, Field.TRAINING_DAYS} <= facts.inputs.keys():
            return Refused(Method.HARDWARE, "time on hardware is stated, the accelerator is not named")
        return None
    number_format = facts.text(Field.NUMBER_FORMAT)
    try:
        named = accelerators.split(name)
        peaks = {accelerators.find(each).peak(number_format) for each in named}
        if len(peaks) > 1:
            return Refused(Method.HARDWARE, f"{name!r} names chips with different peaks, and not how many of each")
        time = chip_time(facts, named[0])
    except accelerators.UnknownAcceleratorError as error:
        return Refused(Method.HARDWARE, str(error))
    if time is None:
        return None
    peak, column = peaks.pop()
    mfu = facts.number(Field.MFU)
    kind = Spread.HARDWARE_DEFAULT_MFU if mfu is None else Spread.HARDWARE_STATED_MFU
    used = default_mfu(year(facts.release_date), facts.number(Field.GPU_COUNT), column) if mfu is None else mfu
    flop = time.hours * SECONDS_AN_HOUR * peak * used
    own = Estimate(
        Method.HARDWARE,
        flop,
        calibration.spreads[kind],
        f"{time.words} × {words.flop(peak)} FLOP/s (dense {column.upper()} peak) × {100 * used:.3g} % "
        f"{'stated' if mfu is not None else 'usual'} utilization = {words.flop(flop)} FLOP",
        facts.cite(*time.fields, Field.GPU_TYPE, Field.NUMBER_FORMAT, Field.MFU),
        note=time.note,
    )
    return with_base(own, facts, calibration)
