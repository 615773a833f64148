"""Accelerators: dense peaks by number format, names, and what a stated count counts (chips, cores, dies).

The table is data (``accelerators.csv``); every peak in it is dense. A name that is not in it is an error with the name,
never a guess.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from flopcrawl.estimation.data import read_table

FORMATS: Mapping[str, tuple[str, ...]] = {
    "fp8": ("fp8", "mxfp8", "float8", "e4m3"),
    "fp16": ("bf16", "fp16", "bfloat16", "float16", "mixed", "half"),
    "tf32": ("tf32",),
    "fp32": ("fp32", "float32", "single"),
}
"""Peak column to the words for its number formats. BF16 and FP16 run at one rate on every chip of the table but the
MI100. Where several are named, the first in this order did the matrix products."""

_VENDOR = re.compile(
    r"\b(?:nvidia|tesla|geforce|google|cloud|amd|radeon|instinct|huawei|intel|habana|amazon|aws|graphcore|cerebras|"
    r"accelerators?|gpus?|npus?|chips?|tensor|core|modules?|units?)\b",
    re.IGNORECASE,
)
_MEMORY = re.compile(r"\b(?:\d+ ?gi?b|hbm\d?e?)\b", re.IGNORECASE)
_FORM = re.compile(r"\b(?:sxm\d?|dgxs?|hgx|oam|nvlink|pcie|superpods?|pods?|clusters?)\b", re.IGNORECASE)
_CORES = re.compile(r"\b(?:tensor ?)?cores?\b", re.IGNORECASE)
_DIES = re.compile(r"\b(?:gcds?|dies)\b", re.IGNORECASE)
_SLICE = re.compile(r"\bv(2|3|4|5p|5e|5litepod|6e)-(\d{1,6})\b", re.IGNORECASE)

SLICES_COUNT_CHIPS = frozenset({"5e", "5litepod", "6e"})
"""TPU generations whose slice names count chips; the others' count cores (Google Cloud TPU documentation)."""


class UnknownAcceleratorError(ValueError):
    """A chip that the table does not have, or has no training peak of. The message names it."""


@dataclass(frozen=True, slots=True)
class Accelerator:
    """One chip: ``peaks`` maps a format (``fp16``, ``fp8``, ``tf32``, ``fp32``) to dense FLOP/s per chip."""

    name: str
    peaks: Mapping[str, float]
    cores_per_chip: int
    confirmed: bool
    source: str

    def peak(self, number_format: str) -> tuple[float, str]:
        """Dense peak (FLOP/s) and the column it is from, in a stated format, else in the usual one of the hardware.

        The usual one is 16 bit where the chip has it, else 32 bit, else 8 bit. A stated format that the chip lacks
        falls back the same way. Raises UnknownAcceleratorError where no training peak is published.
        """
        column = format_column(number_format)
        for candidate in (column, "fp16", "fp32", "fp8"):
            if candidate in self.peaks:
                return self.peaks[candidate], candidate
        raise UnknownAcceleratorError(f"no dense peak of {self.name} is known in a training format")


def format_column(number_format: str) -> str:
    """The column of a stated number format ("" where none, or none known, is named)."""
    named = set(re.findall(r"[a-z0-9]+", number_format.lower()))
    return next((column for column, names in FORMATS.items() if named & set(names)), "")


def _compact(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "", name.lower())


def _spellings(name: str) -> list[str]:
    """A chip's name, reduced step by step: as written, without its vendor, its memory, its form."""
    reduced = [name]
    for superfluous in (_VENDOR, _MEMORY, _FORM):
        reduced.append(superfluous.sub(" ", reduced[-1]))
    return [_compact(each) for each in reduced]


@cache
def _table() -> Mapping[str, Accelerator]:
    """Every spelling of every accelerator. A shortened spelling of one row never shadows another row's own name."""
    table: dict[str, Accelerator] = {}
    short: dict[str, Accelerator] = {}
    for row in read_table("accelerators.csv"):
        peaks = {column: float(row[column]) for column in FORMATS if row[column]}
        chip = Accelerator(
            row["name"], peaks, int(row["cores_per_chip"]), row["certainty"] == "confirmed", row["source"]
        )
        for name in (row["name"], *filter(None, row["aliases"].split("|"))):
            table[_compact(name)] = chip
            for spelling in _spellings(name)[1:-1]:
                short.setdefault(spelling, chip)
    return short | table


def find(name: str) -> Accelerator:
    """The accelerator that a stated name means. Raises UnknownAcceleratorError naming what is not in the table."""
    cleaned = _SLICE.sub(lambda match: f"v{match[1]}", _DIES.sub(" ", _CORES.sub(" ", name)))
    for spelling in _spellings(cleaned):
        if spelling in _table():
            return _table()[spelling]
    raise UnknownAcceleratorError(f"unknown accelerator {name!r}: add it to accelerators.csv with its dense peaks")


def names() -> tuple[str, ...]:
    """The names of the table, as it writes them."""
    return tuple(sorted({chip.name for chip in _table().values()}))


def split(name: str) -> list[str]:
    """The accelerators of a cell that may name several: "A100, H100", "GB200; GB300", "TPU v4 and TPU v5e"."""
    return [part.strip() for part in re.split(r"[,;/]| and | or | \+ ", name) if part.strip()]


def chips(name: str, count: float | None) -> tuple[float | None, str]:
    """How many chips a stated count means, and a remark where it counts something else.

    ``TPU v3-256`` is a slice of 256 cores, so 128 chips; "1,024 TPU v3 cores" are 512 chips; "512 MI250X GCDs" are 256
    modules. A count beside a slice's name that is neither its cores nor its chips counts slices.
    """
    chip = find(name)
    if (match := _SLICE.search(name)) is not None:
        size = int(match[2])
        in_slice = size if match[1].lower() in SLICES_COUNT_CHIPS else size / chip.cores_per_chip
        if count is None or count in (size, in_slice):
            return in_slice, f"a {match[0]} slice has {in_slice:,.0f} chips"
        return count * in_slice, f"{count:,.0f} slices of {in_slice:,.0f} chips"
    if count is not None and chip.cores_per_chip > 1 and (_CORES.search(name) or _DIES.search(name)):
        return count / chip.cores_per_chip, f"{count:,.0f} are counted in parts, {chip.cores_per_chip} a chip"
    return count, ""
