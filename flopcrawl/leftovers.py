"""What processes that were killed have left: files under a passing name, which nobody will ever rename or remove."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

OLD_SECONDS = 24 * 3600
"""Longer than anything that writes under a passing name may run."""


def sweep(folder: Path, *patterns: str) -> None:
    """Remove what matches ``patterns`` in ``folder`` and has not been touched for :data:`OLD_SECONDS`.

    The clock here is the one by which the file system stamps its files.
    """
    oldest = time.time() - OLD_SECONDS
    for pattern in patterns:
        for path in folder.glob(pattern):
            if path.lstat().st_mtime > oldest:
                continue
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
