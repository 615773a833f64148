"""How much of a page is read. Pages are other people's: each limit ends one way to waste a run."""

MAX_BYTES = 40_000_000
"""A page with more bytes is refused."""

MAX_TEXT = 12_000_000
"""Characters of cleaned text; what comes after is not read."""

MAX_CELLS = 400_000
"""Table cells on a page; later ones are kept as text only."""

MAX_CELL_TEXT = 2_000
"""Characters of a table cell. A longer one is not data but a page laid out by a table."""

MAX_HEADING = 400
"""Characters of a heading; a longer one is a paragraph in a heading's dress."""

MAX_ELEMENTS = 800_000
"""Elements of an HTML page; what comes after is not read. The longest real papers have a tenth of it."""

MAX_SPAN = 50
"""Rows or columns that one cell may span; real tables stay below, a hostile one says a billion."""

MAX_DEPTH = 200
"""Nesting of JSON; what lies deeper is not read."""

MAX_FRONT_MATTER = 200_000
"""Characters of front matter; a longer block between two rules is text."""

MAX_PDF_PAGES = 600
"""Pages of a PDF; technical reports have up to 300."""

MAX_PDF_UNPACKED = 400_000_000
"""Bytes that the compressed parts of a PDF may unpack to; a report of 300 pages with pictures has a tenth of it."""

MAX_ENTRIES = 5_000
"""Entries of a feed or listing."""

MAX_PAIRS = 100_000
"""Values of a JSON object that are shown with their keys."""

MAX_PAGES = 5_000
"""Form feeds in a text; with more of them no running heads are looked for."""

MAX_MENDED = 20_000
"""Lines in a wrong encoding that are put right."""

MAX_SCRIPT = 5_000_000
"""Characters of scripts that are searched for the words of a page that has none of its own."""
