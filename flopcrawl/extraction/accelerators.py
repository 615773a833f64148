"""Accelerators as people write them: ``H100-80GB``, ``A100 40G``, ``TPU v4``, ``Ascend 910B``.

The names are in ``flopcrawl/data/accelerators.csv`` where that lists them; the shapes here read every generation of a
maker's scheme, so that a chip that is announced tomorrow is read without a change.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

MEMORY = r"(?:[- ]?\(?\d{2,3}\s?G[Bb]?s?(?![A-Za-z])\)?)"
CHIP = (
    r"(?:(?:GB|GH)\d{3}"
    r"|MI\d{3}[AXx]?"
    r"|[ABHLV]\d{2,3}(?!\d|\.\d)"
    r"|A[4-6]000|L40S|P100|T4(?= GPU)"
    r"|(?<=(?i:nvidia) )[345]0[6-9]0(?: Ti)?"
    r"|RTX[- ]?(?:PRO[- ]?)?A?\d{4}(?: Ti)?"
    r"|(?:Cloud )?TPUs?[- ]?[vV]\d[a-rt-z]{0,2}|TPU[- ]?(?:Trillium|Ironwood)"
    r"|Trainium[- ]?\d?|Gaudi[- ]?\d?"
    r"|(?:Ascend|昇腾)[- ]?\d{3}[A-Z]?|Ascend(?= [NX]PU)|(?:Atlas|MetaX|Kunlun)[- ]\w{2,6})"
)
FORM = r"(?:[- ]?(?:SXM\d?|PCIe|NVL\d*|Tensor Core|DGX|HGX|superchips?|SuperPOD))"
ACCELERATOR = re.compile(
    rf"(?=[NAGHITDLVBPMRCK昇])(?:(?<![A-Za-z0-9_/.])|(?<=\dx))(?:(?:NVIDIA|Nvidia|AMD|Google|AWS|Huawei|"
    rf"Intel)[’'s ]{{0,3}})?(?:(?:(?i:tesla)|DGX|HGX)[- ])?"
    rf"(?P<chip>{CHIP})(?P<memory>{MEMORY})?(?P<form>{FORM})?(?P<memory2>{MEMORY})?s?(?![A-Za-z0-9])"
    rf"|(?<![A-Za-z0-9_/.])NVIDIA-?[HD]GX-(?P<chip2>[ABH]\d{{3}})"
    rf"|(?<![A-Za-z0-9])(?P<glued>[AH][18]00)(?P<glue>80|40)G(?![A-Za-z0-9])"
)
START = re.compile(r"[NAGHITDLVBPMRCK昇](?:(?<![A-Za-z0-9].)|(?<=\dx.))(?=[\dVvMWstBHoauGnerPITl腾])")
"""Where :data:`ACCELERATOR` can match, told by two letters: the search skips to these places."""
WORD = re.compile(
    r"\s?(?:(?:NVIDIA|Nvidia|Google|AMD|Cloud|AI|Tensor Core|SXM\d?|PCIe|GB|accelerator|training)[- ]?){0,3}"
    r"(?:GPU|TPU|NPU|XPU|accelerator|chip|processor|device|superchip|card|卡|块)s?(?![-\w])",
)


@dataclass(frozen=True, slots=True)
class Accelerator:
    """An accelerator named at ``text[start:end]``, as the project writes it (``H100 80GB``, ``TPU v4``)."""

    name: str
    start: int
    end: int


def normalise(match: re.Match[str]) -> str:
    """The accelerator's name: maker and form dropped, memory as ``80GB``."""
    chip = match["chip"] or match["chip2"] or match["glued"]
    if "TPU" in chip:
        chip = re.sub(r"(?:Cloud )?TPUs?[- ]?", "TPU ", chip).replace("V", "v")
    chip = (
        re.sub(r"(?<=[a-z])[- ]?(?=\d)", " ", chip.replace("昇腾", "Ascend"))
        if chip[0] in "AT昇" and "U" not in chip
        else chip
    )
    if chip.startswith("MI"):
        chip = chip.upper()
    memory = match["memory"] or match["memory2"] or match["glue"]
    if memory and (size := re.search(r"\d+", memory)):
        return f"{chip} {size[0]}GB"
    return chip


def accelerators(text: str) -> Iterator[Accelerator]:
    """Every accelerator that ``text`` names."""
    last = 0
    for first in START.finditer(text):
        at = first.start()
        if at >= last and (match := ACCELERATOR.match(text, at)):
            last = match.end()
            yield Accelerator(normalise(match), at, last)
