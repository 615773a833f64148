"""A finding: something that a check has seen, how bad it is, and what a person can do about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

FINDINGS = "flopcrawl/findings"
"""The stat of a crawl that holds the findings of its monitors."""


class Severity(StrEnum):
    """How bad it is: ``error`` makes the run a failed one, ``warning`` wants a person some day, ``info`` is news."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check has seen.

    ``source`` is a spider, a file or ``models``; ``check`` a short word for the kind; ``subject`` what tells two
    findings of a kind apart (a model, a field): together they are the finding's :attr:`key`, by which a repeated one
    is known again.
    """

    severity: Severity
    source: str
    check: str
    message: str
    remedy: str
    subject: str = ""

    @property
    def key(self) -> str:
        """The same trouble has the same key in every run."""
        return "/".join(part for part in (self.source, self.check, self.subject) if part)

    def __str__(self) -> str:
        """One line."""
        return f"{self.severity}: {self.source}: {self.message} — {self.remedy}"
