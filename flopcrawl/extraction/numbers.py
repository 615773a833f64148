"""Numbers as people write them: one scan over a text, every number with its value, its place and its qualifier.

The patterns that scan a whole text begin with a plain set of characters, which the regex engine looks for quickly.

Read are digits with thousands separators or a decimal comma, magnitudes as letters (``15.6T``), words (``15.6
trillion``) and Chinese units (``36 万亿``), powers of ten in every spelling (``3.8e25``, ``3.8 × 10^25``, and with a
superscript lost on the way, ``3.8×1025`` or ``3.14+23``), small numbers in words (``two months``), and ranges.
What a number counts is not decided here: see :mod:`flopcrawl.extraction.units`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from flopcrawl.vocabulary import Qualifier

LETTERS: dict[str, float] = {"k": 1e3, "m": 1e6, "g": 1e9, "b": 1e9, "t": 1e12, "q": 1e15}
WORDS: dict[str, float] = {
    "hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "quadrillion": 1e15,
    "mn": 1e6, "bn": 1e9, "tn": 1e12, "mln": 1e6, "bln": 1e9, "trn": 1e12,
}  # fmt: skip
CHINESE: dict[str, float] = {
    "十": 1e1,
    "百": 1e2,
    "千": 1e3,
    "万": 1e4,
    "亿": 1e8,
    "萬": 1e4,
    "億": 1e8,
    "兆": 1e12,
    "만": 1e4,
    "억": 1e8,
    "조": 1e12,
}
SMALL: dict[str, float] = {
    word: float(value)
    for value, word in enumerate(
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen".split(), 1
    )
} | {"twenty": 20.0, "thirty": 30.0, "sixty": 60.0, "ninety": 90.0, "一": 1.0, "两": 2.0, "二": 2.0, "三": 3.0,
     "四": 4.0, "五": 5.0, "六": 6.0, "七": 7.0, "八": 8.0, "九": 9.0, "十": 10.0}  # fmt: skip

SCAN = re.compile(
    r"""
    (?P<digits>\d(?<![A-Za-z0-9_.^\\]\d)(?<!(?<![\dBMTk])/\d)
      (?:\d{0,2}(?:[,\u2019'](?=\d{3}(?!\d))\d{3})+(?:\.\d+)?            # 7,285,403,648
      |\d{0,2}(?:[ ]\d{3}){2,}(?!\d)                                      # 7 285 403 648
      |(?<!0)\d{0,2}[ ](?:0\d{2}(?![\d.])                                 # 1 024
        |(?:(?<=[a-z:,~][ ]\d[ ])|(?<=[a-z:,~][ ]\d\d[ ]))\d{3}(?=[ ](?:G[TB]|[GTN]PUs?|[AHBV]\d{2,3}s?|TPU|NVIDIA|
          chips|accelerators|hours|tokens|parameters)\b))                   # of 5 500 GPUs
      |\d*(?:[.,]\d+)?))                                                  # 15.6 or 15,6
    (?:
      \s?[×xX*·⋅∙]\s?10(?:\s?\^\s?\{?(?P<power>\d{1,2})\}?|(?P<lost>\d{2})(?![\d,.]\d|\d)
        |[ ](?P<apart>\d{2})(?=[ ](?:\w+[ ])?(?i:FLOPs?|floating)))           # × 10^25, × 1025, × 10 25 FLOPs
     |[eE][+]?(?P<exponent>\d{1,2})(?![\w])                               # 3.8e25
     |(?<=\d)\+(?P<plus>2\d)(?=\s*(?:FLOP|flop|\||$))                      # 3.14+23
     |(?P<tail>
        \s?(?P<more>\+|多|余|plus)?[\s-]?
        (?P<magnitude>(?i:hundred|thousand|million|billion|trillion|quadrillion|mln|bln|trn|mn|bn|tn)s?(?![A-Za-z])
          |[十百千万亿萬億兆만억조]{1,3}
          |(?<!-)[KMGBTQkmbt](?![A-Za-z0-9_]|(?-i:[-/]s\b)))
       )
    )?
    """,
    re.VERBOSE,
)
GIGA_TOKENS = re.compile(r"\s?(?P<prefix>[GT])(?:T|tokens?)\b")
SPELLED = re.compile(
    r"[OoTtFfSsEeNn](?<![A-Za-z-].)(?:"
    + "|".join(f"(?<=[{word[0].upper()}{word[0]}]){word[1:]}" for word in SMALL if word.isascii())
    + r")(?=[ \n-](?:[A-Za-z][\w-]* ){0,2}"
    r"(?:day|week|month|hour|year|GPU|TPU|chip|epoch|node|trillion|billion|million|thousand|hundred|"
    r"[A-Z]{1,2}\d{2,3})s?)"
    r"(?P<magnitude>[ -](?:trillion|billion|million|thousand|hundred)(?=\W))?"
)
SINGLE = re.compile(
    r"single(?=[ -](?:full )?epoch\b| (?:(?:NVIDIA|Nvidia|AMD|Google|Cloud|RTX|Tesla) )*"
    r"(?:[A-Z]{1,2}\d{2,4}\w*|\d{4}|GPU|TPU)\b)"
)
SPELLED_CHINESE = re.compile(r"[一两二三四五六七八九十](?<![一两二三四五六七八九十\d].)(?=个(?:多)?月|周|天|个星期|年)")
TEN_TO = re.compile(r"10(?<![\w.,×x*·⋅]10)\s?\^\s?\{?(\d{1,2})\}?")

BEFORE: tuple[tuple[Qualifier, re.Pattern[str]], ...] = (
    (
        Qualifier.MORE,
        re.compile(
            r"(?:\bover|\bmore than|\bgreater than|\bexceed(?:s|ing|ed)?|\bat least|\babove|\bbeyond|\bupwards of|>|"
            r"≥|>="
            r"|超过|超|逾|高达|不少于|多于)\s*(?:the\s|an?\s)?$",
            re.IGNORECASE,
        ),
    ),
    (
        Qualifier.LESS,
        re.compile(
            r"(?:\bup to|\bless than|\bfewer than|\bunder|\bbelow|\bat most|\bnearly|\balmost|\bno more than|<|≤|<="
            r"|不到|不超过|近|接近|少于|最多)\s*(?:the\s|an?\s)?$",
            re.IGNORECASE,
        ),
    ),
    (
        Qualifier.ABOUT,
        re.compile(
            r"(?:\babout|\baround|\bapproximately|\bapprox\.?|\broughly|\bestimated|\bcirca|\bsome|\bca\.|~|≈|∼|～|\bc\."
            r"|约|大约|约为|大概|左右)\s*(?:the\s|an?\s|at\s)?$",
            re.IGNORECASE,
        ),
    ),
)
CHANGE = re.compile(
    r"\b(?:increas|scal|grow|grew|expand|extend|rais|went|mov|upgrad|reduc|decreas|improv|ris|"
    r"rose)\w*\b[^.;]{0,70}\bfrom (?:about |around |roughly )?$",
    re.IGNORECASE,
)
"""Words that make ``from X to Y`` a change, of which only the end is true now, and no range."""
RANGE_JOIN = re.compile(r"\s?(?:-|–|—|~|∼|～|to|到|至)\s?$")


@dataclass(slots=True)
class Number:
    """A number in a text: ``text[start:end]`` says ``value``.

    ``magnitude`` is true where a letter, a word or a power of ten scaled the digits, ``plain`` is the number as its
    digits say it, and ``letters`` what scaled it, as written. ``high`` is the upper end of a range. Nobody changes one;
    it is not frozen only because a page has thousands, and a frozen one takes four times as long to make.
    """

    value: float
    start: int
    end: int
    magnitude: bool = False
    plain: float = 0.0
    letters: str = ""
    qualifier: Qualifier = Qualifier.EXACT
    high: float | None = None
    power: bool = False


MOST_NUMBERS = 100_000
"""Numbers of a text that are read; a report of 300 pages has a tenth of them."""
TOO_LARGE = 1e100
"""Above everything that is counted: digits run together, or an attack."""


def parse_digits(digits: str) -> float:
    """The value of digits with separators. A comma before other than three digits is a decimal comma.

    >>> parse_digits("7,285,403,648"), parse_digits("15,6"), parse_digits("5,500.25")
    (7285403648.0, 15.6, 5500.25)
    """
    if digits.isdecimal():
        return float(digits)
    bare = digits.replace("'", "").replace("\u2019", "").replace(" ", "")
    if bare.count(",") == 1 and "." not in bare:
        head, tail = bare.split(",")
        if len(tail) != 3 or head == "0" or len(head) > 3:
            return float(f"{head}.{tail}")
    return float(bare.replace(",", ""))


def scale_of(magnitude: str) -> float:
    """What a magnitude multiplies by: ``B``, ``billion``, ``万亿``.

    >>> scale_of("T"), scale_of("trillion"), scale_of("万亿")
    (1000000000000.0, 1000000000000.0, 1000000000000.0)
    """
    word = magnitude.lower()
    if word in LETTERS:
        return LETTERS[word]
    if word.rstrip("s") in WORDS:
        return WORDS[word.rstrip("s")]
    scale = 1.0
    for character in magnitude:
        scale *= CHINESE[character]
    return scale


def qualifier_before(text: str, start: int) -> Qualifier:
    """What the words just before ``start`` say of the number there: ``over``, ``up to``, ``约``."""
    left = text[max(0, start - 24) : start]
    for qualifier, pattern in BEFORE:
        if pattern.search(left):
            return qualifier
    return Qualifier.EXACT


def _from_match(text: str, match: re.Match[str]) -> Number:
    plain = parse_digits(match["digits"])
    start, end = match.span()
    scaled = match.lastgroup
    if scaled == "digits":  # most numbers of a page: nothing scales them
        giga = GIGA_TOKENS.match(text, end)
        if giga is None:
            return Number(plain, start, end, False, plain)
        value = plain * LETTERS[giga["prefix"].lower()]
        return Number(value, start, giga.end("prefix"), True, plain, giga["prefix"])
    if scaled == "tail":
        more = Qualifier.MORE if match["more"] else Qualifier.EXACT
        value = plain * scale_of(match["magnitude"])
        return Number(value, start, end, True, plain, match["magnitude"], more)
    power = match[str(scaled)]
    return Number(plain * 10.0 ** int(power), start, end, True, plain, power, power=True)


def _spelled(match: re.Match[str], magnitude: str) -> Number:
    word, scale = match[0].lower(), 1.0
    if magnitude:
        word = word[: -len(magnitude)]
        scale = scale_of(magnitude[1:])
    return Number(SMALL[word] * scale, *match.span(), scale > 1, SMALL[word])


def numbers(text: str) -> Iterator[Number]:
    """Every number of ``text``, in order of appearance. Spelled-out ones only where a unit follows.

    Of those in digits, the first :data:`MOST_NUMBERS`.
    """
    found = [_from_match(text, match) for match in islice(SCAN.finditer(text), MOST_NUMBERS)]
    found += [Number(10.0 ** int(m[1]), *m.span(), True, 1.0, m[1], power=True) for m in TEN_TO.finditer(text)]
    found += [_spelled(match, match["magnitude"]) for match in SPELLED.finditer(text)]
    found += [Number(1.0, *m.span(), False, 1.0) for m in SINGLE.finditer(text)]
    if not text.isascii():
        found += [_spelled(match, "") for match in SPELLED_CHINESE.finditer(text)]
    found.sort(key=lambda number: (number.start, -number.end))
    last = -1
    for number in found:
        if number.start >= last and number.value < TOO_LARGE:
            last = number.end
            yield number


def join_ranges(text: str, found: list[Number]) -> list[Number]:
    """Join the two numbers of a range (``3-5``, ``2 to 3 trillion``); the lower borrows a missing magnitude."""
    result: list[Number] = []
    for number in found:
        last = result[-1] if result else None
        gap = text[last.end : number.start] if last and number.start - last.end <= 4 else None
        if last and gap is not None and RANGE_JOIN.fullmatch(gap) and not last.power:
            if "to" in gap and CHANGE.search(text[max(0, last.start - 90) : last.start]):
                result.append(number)
                continue
            low = last.value
            if number.magnitude and not last.magnitude and number.plain:
                low *= number.value / number.plain
            if low < number.value and last.high is None:
                result[-1] = Number(
                    low, last.start, number.end, number.magnitude, last.plain, number.letters, Qualifier.RANGE,
                    number.value,
                )  # fmt: skip
                continue
        result.append(number)
    return result
