"""What a person does about an error of the disk or the database."""

from __future__ import annotations

import errno

READ_ONLY = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def remedy_for_machine(error: Exception | str) -> str:
    """What to do where the disk or the database is at fault; "" where neither is known to be.

    ``error`` is the exception, or its words (SQLite has no numbers for what happened below it).
    """
    text = str(error).casefold()
    number = error.errno if isinstance(error, OSError) else None
    if number in READ_ONLY or "readonly" in text or "read-only" in text or "unable to open" in text:
        return (
            "make the folders of the database, the archive and the exports writable (`mount`, `ls -ld`), then run it "
            "again"
        )
    if number in FULL or "full" in text or "disk i/o" in text:
        return "make room on the disk (`df -h`, `dmesg`), then run it again: what was stored is kept"
    if "malformed" in text or "not a database" in text:
        return "take back the newest backup (`scrapy restore`), then run it again"
    return ""


def remedy_for(error: Exception | str) -> str:
    """The same for a refresh, whatever ended it."""
    return remedy_for_machine(error) or "run `scrapy refresh --loglevel INFO` to see where it ends"
