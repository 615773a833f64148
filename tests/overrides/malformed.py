"""Malformed files and rows as people make them, and the place and the words that each must get.

``CASES`` is the table: what was done wrong, the file, its bytes, and the expected problem as (line, column, a part of
the message and remedy). Every file that can be read at all also has a good row, which must come through.
``docs/malformed-overrides.md`` is this table, with the messages.
"""

from __future__ import annotations

from typing import NamedTuple

END = "reported size,https://example.org/a,kim,2025-03-01"
MODELS = "name,parameters_total,tokens_trained,flop_reported,within_factor,confirmed,reason,source_url,editor,date\n"
CORRECTIONS = "model,field,value,within_factor,confirmed,reason,source_url,editor,date\n"
ALIASES = "alias,model,reason,source_url,editor,date\n"
NOT_SAME = "a,b,reason,source_url,editor,date\n"
EXCLUDE = "model,reason,source_url,editor,date\n"
DECISIONS = "claim_id,decision,reason,source_url,editor,date\n"
GOOD = {
    "models.csv": f"Good,70e9,15.6T,,,,{END}\n",
    "corrections.csv": f"Good,release_date,2025-02-03,,,{END}\n",
    "aliases.csv": f"Good One,Good,{END}\n",
    "not_same.csv": f"Good A,Good B,{END}\n",
    "exclude.csv": f"Good,{END}\n",
    "decisions.csv": "0123456789abcdef,reject,,,kim,2025-03-01\n",
}
HEADERS = {
    "models.csv": MODELS, "corrections.csv": CORRECTIONS, "aliases.csv": ALIASES, "not_same.csv": NOT_SAME,
    "exclude.csv": EXCLUDE, "decisions.csv": DECISIONS,
}  # fmt: skip


class Case(NamedTuple):
    """One mistake. ``good`` says that the file's good row must be read all the same."""

    what: str
    file: str
    data: bytes
    line: int
    column: str
    says: str
    good: bool = True


def bad(what: str, file: str, row: str, column: str, says: str, line: int = 2) -> Case:
    """A bad row before the good one."""
    return Case(what, file, (HEADERS[file] + row + "\n" + GOOD[file]).encode(), line, column, says)


def correction(what: str, field: str, value: str, says: str, column: str = "value") -> Case:
    """A bad value in corrections.csv."""
    factor = "3" if field == "flop_reported" else ""
    return bad(what, "corrections.csv", f'Some,{field},"{value}",{factor},,{END}', column, says)


def whole(what: str, data: bytes, says: str, line: int = 0, column: str = "", good: bool = False) -> Case:
    """A bad models.csv."""
    return Case(what, "models.csv", data, line, column, says, good)


CASES = [
    # numbers
    correction("a point that may be decimal or thousands", "training_days", "25.000", "25 or 25000"),
    correction("a comma that may be decimal or thousands", "training_days", "1,200", "1.2 or 1200"),
    correction("the same with a word behind", "tokens_trained", "25.000 million", "25 million or 25000 million"),
    correction("two mantissa digits and a comma", "flop_reported", "12,345e20", "12.345e20 or 12345e20"),
    correction("a word instead of a number", "parameters_total", "many", "not a number"),
    correction("a unit that is not known", "parameters_total", "405 zillion", "behind a number is not understood"),
    correction("a unit behind the suffix", "tokens_trained", "15T tokens", "not a number"),
    correction("a number with a doubt", "tokens_trained", "~15T", "not one number"),
    correction("a lower bound", "tokens_trained", "> 15T", "not one number"),
    correction("a lower bound in words", "tokens_trained", "over 15T", "not one number"),
    correction("a range", "tokens_trained", "10-12T", "not one number"),
    correction("a range in words", "tokens_trained", "10 to 12T", "not one number"),
    correction("an exponent beyond all numbers", "flop_reported", "1e400", "too large"),
    correction("a lost superscript", "flop_reported", "3.8×1025", "not a number"),
    correction("infinity", "flop_reported", "inf", "not a number"),
    correction("a negative size", "parameters_total", "-5e9", "outside"),
    correction("zero parameters", "parameters_total", "0", "outside"),
    correction("billions written as plain digits", "parameters_total", "405", "outside"),
    correction("a compute beyond physics", "flop_reported", "1e60", "outside"),
    correction("a utilization above 1", "mfu", "38", "outside"),
    correction("a formula in a number", "parameters_total", "=405*10^9", "not a number"),
    correction("groups of wrong length", "parameters_total", "4,05,000,000", "can be read surely"),
    correction("a spreadsheet's error", "parameters_total", "#VALUE!", "own sign"),
    correction("a spreadsheet's hashes", "parameters_total", "########", "own sign"),
    correction("no value", "parameters_total", "", "value is missing"),
    # dates
    correction("a day that may be a month", "release_date", "7/9/2025", "2025-07-09 or 2025-09-07"),
    correction("the same with points", "release_date", "7.9.2025", "2025-07-09 or 2025-09-07"),
    correction("the same with two digits of the year", "release_date", "7/9/25", "2025-07-09 or 2025-09-07"),
    correction("a day that does not exist", "release_date", "2025-02-30", "there is no day"),
    correction("month 13", "release_date", "31/13/2025", "there is no day"),
    correction("a spreadsheet's count of days", "release_date", "45847", "2025-07-09 or 2029-07-10"),
    correction("a month without a year", "release_date", "9 July", "not a date"),
    correction("a quarter", "release_date", "Q3 2025", "not a date"),
    correction("a weekday", "release_date", "Wednesday 2025", "not a date"),
    correction("a release in the future", "release_date", "2031-01-01", "in the future"),
    bad("an edit in the future", "exclude.csv", "Some,a merge,https://example.org/a,kim,2031-01-01", "date", "future"),
    # words
    correction("a field that does not exist", "tokens", "15T", "Did you mean 'tokens_trained'?", column="field"),
    correction("no field", "", "15T", "the cell is empty", column="field"),
    correction("a domain misspelt", "domain", "Langauge", "Did you mean 'Language'?"),
    correction("an unknown domain", "domain", "Cooking", "Allowed are Language"),
    correction("an accessibility in other words", "accessibility", "open", "(unrestricted)' or"),
    correction("an unknown accelerator", "gpu_type", "H1000", "no accelerator that we know"),
    bad("a decision that is none", "decisions.csv", "fedcba9876543210,maybe,,,,", "decision", "Allowed are accept"),
    bad("a decision misspelt", "decisions.csv", "fedcba9876543210,rejct,,,,", "decision", "Did you mean 'reject'?"),
    bad("a claim that is none", "decisions.csv", "the second one,reject,,,,", "claim_id", "is no claim"),
    bad("no claim", "decisions.csv", ",reject,,,,", "claim_id", "the claim is missing"),
    bad("confirmed is neither", "models.csv", f"Some,,,1e25,3,perhaps,{END}", "confirmed", "neither yes nor no"),
    # what every row needs
    bad("no reason", "exclude.csv", "Some,,https://example.org/a,kim,2025-03-01", "reason", "reason is missing"),
    bad("no source", "exclude.csv", "Some,a merge,,kim,2025-03-01", "source_url", "source is missing"),
    bad("a source that is no address", "exclude.csv", "Some,a merge,the blog,kim,", "source_url", "no web address"),
    bad("an address without scheme", "exclude.csv", "Some,a merge,example.org/a,kim,", "source_url", "no web address"),
    bad("a script as an address", "exclude.csv", "Some,a merge,javascript:alert(1),kim,", "source_url", "no web addr"),
    bad("an address with a bracket", "exclude.csv", "Some,a merge,https://[a.b,kim,", "source_url", "no web address"),
    bad("an address with password", "exclude.csv", "Some,a,https://u:p@example.org,kim,", "source_url", "no web addr"),
    bad("no name", "models.csv", f",70e9,,,,,{END}", "name", "name is missing"),
    bad("a row that says nothing", "models.csv", f"Some,,,,,,{END}", "name", "says nothing"),
    bad("a compute without a factor", "models.csv", f"Some,,,1e25,,,{END}", "within_factor", "how sure it is"),
    bad("a factor below 1", "models.csv", f"Some,,,1e25,0.5,,{END}", "within_factor", "no factor"),
    bad("a factor that is a percentage", "models.csv", f"Some,,,1e25,abc,,{END}", "within_factor", "not a number"),
    bad(
        "the reference as a source", "models.csv", "Some,70e9,,,,,why,https://epoch.ai/data,kim,2025-03-01",
        "source_url", "cannot rest on Epoch",
    ),
    bad(
        "the reference as a reason", "models.csv", "Some,70e9,,,,,Epoch AI says so,https://example.org/a,kim,2025-03-01",
        "reason", "cannot rest on Epoch",
    ),
    bad("a name that became a formula", "exclude.csv", f"#NAME?,{END}", "model", "needs an apostrophe"),
    # contradictions
    bad("both names are one", "not_same.csv", f"GPT-9,gpt-9,{END}", "b", "both names are the same"),
    bad("an alias of itself", "aliases.csv", f"GPT-9,gpt-9,{END}", "alias", "both names are the same"),
    Case(
        "a model twice", "models.csv", (MODELS + GOOD["models.csv"] + f"good,80e9,,,,,{END}\n").encode(), 3, "name",
        "line 2 of this file is about the same",
    ),
    Case(
        "a claim accepted and rejected", "decisions.csv",
        (DECISIONS + GOOD["decisions.csv"] + "0123456789ABCDEF,accept,,,,\n").encode(), 3, "claim_id",
        "line 2 of this file is about the same",
    ),
    Case(
        "aliases in a circle", "aliases.csv", (ALIASES + f"A1,B1,{END}\nB1,A1,{END}\n" + GOOD["aliases.csv"]).encode(),
        2, "alias", "in a circle",
    ),
    # shapes
    bad("more cells than the header", "exclude.csv", f"Some,model,{END}", "", "more cells than the header"),
    bad("a quotation mark that never closes", "exclude.csv", f'"Some,{END}', "", "quotation mark is not closed"),
    bad("a quotation mark within quotes", "exclude.csv", f'"So"me",{END}', "", "the row cannot be read"),
    bad("a cell of 3,000 characters", "exclude.csv", f"{'x' * 3000},{END}", "model", "the cell has 3000 characters"),
    whole("a column that does not exist", MODELS.replace("name,", "name,tokens,", 1).encode()
          + f"Good,,70e9,15.6T,,,,{END}\n".encode(), "no column is called 'tokens'", 1, "tokens", good=True),
    whole("a column twice", MODELS.replace("name,", "name,Name,", 1).encode()
          + f"Good,,70e9,15.6T,,,,{END}\n".encode(), "stands twice", 1, "name", good=True),
    whole("a column twice, with two values", MODELS.replace("name,", "name,Name,", 1).encode()
          + f"Some,Other,70e9,15.6T,,,,{END}\nGood,,70e9,15.6T,,,,{END}\n".encode(), "two columns are called", 2,
          "name", good=True),
    whole("no header", GOOD["models.csv"].encode(), "has no column name", 1),
    whole("a workbook with the name of a CSV", b"PK\x03\x04\x14\0\6\0", "is a spreadsheet"),
    whole("an old workbook with the name of a CSV", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "is a spreadsheet"),
    whole("a web page with the name of a CSV", b"\n<!DOCTYPE html><table>", "is a web page"),
    whole("a PDF with the name of a CSV", b"%PDF-1.7", "is a PDF"),
    whole("NUL bytes", (MODELS + "a\0b,1\n").encode(), "NUL"),
    whole("UTF-16 cut in half", MODELS.encode("utf-16")[:-1], "damaged"),
    whole("letters of an old encoding", (MODELS + f"Café,70e9,,,,,{END}\n" + GOOD["models.csv"]).encode("cp1252"),
          "could be 'Café' or 'CafÈ'", 2, "name", good=True),
]  # fmt: skip
