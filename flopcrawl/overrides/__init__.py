"""The hand-edited files: read as spreadsheets write them, checked, and never misread.

A row that cannot be understood surely becomes a :class:`Problem` that names file, line and column, says what is wrong
and what to write instead. It never stops the good rows. Code reads these files and never writes them.
"""

from flopcrawl.overrides.files import load
from flopcrawl.overrides.grounds import cites_reference
from flopcrawl.overrides.rows import (
    AliasRow,
    DecisionRow,
    ExcludeRow,
    OverrideRow,
    Overrides,
    PairRow,
    Problem,
)

__all__ = [
    "AliasRow",
    "DecisionRow",
    "ExcludeRow",
    "OverrideRow",
    "Overrides",
    "PairRow",
    "Problem",
    "cites_reference",
    "load",
]
