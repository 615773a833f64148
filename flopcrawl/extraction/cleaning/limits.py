"""How much of a page is read. Pages are other people's: each limit ends one way to waste a run."""

MAX_BYTES = 40_000_000
"""A page with more bytes is refused."""

MAX_TEXT = 12_000_000
"""Characters of cleaned text; what comes after is not read."""

MAX_CELLS = 400_000
"""Table cells on a page; later ones are kept as text only."""

MAX_SPAN = 50
"""Rows or columns that one cell may span; real tables stay below, a hostile one says a billion."""

MAX_DEPTH = 200
"""Nesting of JSON; what lies deeper is not read."""

MAX_PDF_PAGES = 600
"""Pages of a PDF; technical reports have up to 300."""

MAX_ENTRIES = 5_000
"""Entries of a feed or listing."""
