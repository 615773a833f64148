"""Model names as they are written: finding them in a sentence, taking them apart, telling own from foreign.

Nothing here knows a model or a laboratory. A name is recognised by its shape: a word with a size (``X-7B``), with a
version (``X 3.1``, ``X-V2``), with a tier (``X Large``), or one whose first word was seen on the page in such a shape.
Which two names are the same model in the end is :mod:`flopcrawl.identity`'s business, not ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from flopcrawl.extraction.accelerators import ACCELERATOR

TIERS = frozenset(
    """nano micro tiny mini small medium large xlarge huge lite light pro plus ultra super flash max turbo air
    preview fast giant xl xxl heavy beta edge""".split()
)
"""Words that tell a bigger from a smaller model of one line."""

VARIANTS = frozenset(
    """base instruct chat it pt sft dpo rlhf hf gguf awq gptq fp8 bf16 thinking reasoning vision vl coder code math moe
    omni audio embedding embed reranker guard reward vlm mamba dense zero distill exp experimental terminus pretrained
    live intermediate step checkpoint image video tts speech translate deep""".split()
)
"""Words that tell a kind of model of one line from another."""

FORMS = frozenset(
    "intermediate step checkpoint base instruct chat it pt sft hf preview exp experimental pretrained terminus".split()
)
"""Words for forms of one model, as opposed to other models of a line."""

NOISE = frozenset("the a an our model models series family release official new series llm language ai".split())

NOT_STEMS = frozenset(
    """table figure fig section sec stage phase step steps appendix eq equation chapter part day days year week month
    version python cuda pytorch apache release layer layers top rank level page note algorithm task tier group line
    january february march april may june july august september october november december jan feb mar apr jun jul aug
    sep sept oct nov dec gpu gpus tpu tpus cpu cpus rtx nvidia amd intel fp bf int tf adam adamw adamw2 lr id no vol
    arxiv section abstract january series round a an the in on at of to for from and or with by over about than all
    we our its it this these those total training pretraining pre hardware num number size data dataset batch context
    length parameters params tokens model models epochs epoch loss beta alpha figure theorem lemma rome http https www
    node nodes hgx dgx sxm pcie nvlink ddr hbm gddr ethernet infiniband transformers transformer mmlu gsm gsm8k math
    aime gpqa humaneval mbpp arc hellaswag bbh ceval cmmlu agieval drop piqa squad nq livecodebench swe bench imagenet
    ascend kunlun atlas hopper blackwell ampere volta trainium gaudi instinct geforce tesla quadro trillium ironwood
    sparse expert experts hybrid instruction teacher student
    epsilon clipping gradient dropout learning weight warmup optimizer scheduler throughput attention hidden
    vocabulary momentum introducing announcing presenting meet hello welcome launching dear using try
    usage overview summary background released reaching final best report plan
    because since while although unlike whereas thus hence therefore however moreover
    details information introduction abstract quickstart news updates changelog disclaimer acknowledgements references
    nlg nlp nlu llm llms ai moe agi rlhf sft around previous compared both only just
    cifar coco wikitext lambada webtext commoncrawl c4 elo arena pass avg average shot top-1 top-5 utc gmt pst est am pm
    dec mit cc by-nc license gb mb tb kb ghz mhz tdp co2 tco2eq usd eur eu us uk ai api faq step1 github""".split()
)
"""First words that a number may follow without making a model's name."""

NOT_AFTER = (
    NOT_STEMS
    | NOISE
    | frozenset(
        """technical report paper card team herd also achieves outperforms uses supports shows can will has have
        does beta research suite project readme launch inference evaluation performance instruct chat base
        thinking""".split()
    )
)
"""Capitalised words that are no part of a name after a version."""

SIZE = re.compile(r"(?:\d+x)?\d+(?:\.\d+)?[bm]\d?(?:x\d+e)?", re.IGNORECASE)
ACTIVE_SIZE = re.compile(r"a\d+(?:\.\d+)?[bm]", re.IGNORECASE)
VERSION = re.compile(r"[a-z]?\d+(?:\.\d+)*[a-z]?|\d+[a-z]", re.IGNORECASE)
HARDWARE = re.compile(
    r"(?:(?:NV|MX)?FP\d+\w*|BF\d+|INT\d+|Q\d_\w+|[ABHLVTP]\d{2,4}|G[BH]\d{3}|MI\d{3}\w?|TPU\w*|v\d[a-z]?|\d+GB?|910\w)",
    re.IGNORECASE,
)
MACHINE = re.compile(
    r"(?i:\b(?:TPUv\d|[TGCN]PUs?|pods?|cluster|nodes?|hours?)\b)|[HD]GX|(?<![A-Za-z0-9])[AHVB][1-8]00(?![A-Za-z0-9])"
)
DATE = re.compile(r"(?:19|20)\d\d(?:\d\d){0,2}|\d{2}0[1-9]|\d{2}1[0-2]|0\d-20\d\d")

LETTER = "A-Za-zÀ-ÖØ-öø-ÿ"
"""The letters of names, with accents and umlauts, for a set of characters in a pattern."""

STAGES = frozenset("stage phase".split())
"""Words that only names of a run's parts have: ``Image-Stage-1``."""

CHUNK = re.compile(
    r"[\u4e00-\u9fff]{2,6}-(?:[A-Z]\w*|\d+(?:\.\d+)?[BM])(?![A-Za-z0-9])(?:-[A-Za-z0-9.]+)*|"
    rf"(?<![{LETTER}0-9_./@\\-])[{LETTER}][{LETTER}0-9]*(?:[._][{LETTER}0-9]+)*\+?"
    rf"(?:[-_/][{LETTER}0-9]+(?:\.[A-Za-z0-9]+)*)*\+*"
)
FOLLOW = re.compile(
    r"[ \n](?!\d+(?:\.\d+)?e-?\d|Training|Tokens|Hardware|Parameters|"
    r"Large[ -](?:Language|Vision|Multi|Video|Speech|Audio|Reasoning|World|Scale))"
    r"(?=((?:[vV]?\d+(?:\.\d+)*(?:[xX×]\d+)?(?:[A-Za-z]{0,2}|B\d)|[A-Z]\d?(?:\.\d+)?\+?|[A-Z][A-Za-z]*|mini|nano|lite|"
    r"\d+[bB]|small|large|base|\d+x\d+[A-Z])(?:-[A-Za-z0-9.]+)*\+?(?![A-Za-z0-9_%])))"
)
SIZED = re.compile(r"[- ]\d+(?:\.\d+)?[BM]\b")
BEFORE_SIZE = re.compile(r"(?<![A-Za-z0-9_./@\\-])([A-Z][A-Za-z]+)[\w.+]{0,12}(?:-[A-Za-z][\w.]{0,15}){0,4}$")


@dataclass(frozen=True, slots=True)
class Parts:
    """A name taken apart, lower case: ``words`` (stem, tiers and variants), ``versions``, ``sizes``."""

    words: frozenset[str]
    versions: frozenset[str]
    sizes: frozenset[str]

    @property
    def stem(self) -> frozenset[str]:
        """The words that are neither tier nor variant."""
        return self.words - TIERS - VARIANTS


@dataclass(frozen=True, slots=True)
class Mention:
    """A name written at ``text[start:end]``."""

    name: str
    start: int
    end: int


@lru_cache(maxsize=4096)
def parts(name: str) -> Parts:
    """Take a name apart.

    >>> parts("Maker Lumen 3.1 405B-Instruct").sizes
    frozenset({'405b'})
    """
    words, versions, sizes = set(), set(), set()
    spaced = re.sub(r"(?<=[A-Za-z]{3})(?=\d)|(?<=\b[vV])-(?=\d)", " ", name).replace("+", " plus ")
    spaced = re.sub(r"\b[vV] (?=\d)(?!\d+(?:\.\d+)?[bBmM]\b)", "v", spaced)
    spaced = re.sub(r"(?<=[A-Za-z]{2})(?=\d+(?:\.\d+)?[bBmM](?![A-Za-z0-9]))", " ", spaced)
    for token in re.split(r"[\s\-_/,()]+", spaced.lower()):
        token = token.strip(".:")
        if not token:
            continue
        if SIZE.fullmatch(token) or ACTIVE_SIZE.fullmatch(token):
            sizes.add(token)
        elif VERSION.fullmatch(token):
            if not DATE.fullmatch(token):
                versions.add(token.lstrip("v").lstrip("0") or "0")
        elif token not in NOISE:
            words.add(token)
    return Parts(frozenset(words), frozenset(versions), frozenset(sizes))


def squeezed(name: str) -> str:
    """A name without case and separators, which line ends and typesetting eat."""
    return re.sub(r"[^a-z0-9+]", "", name.lower())


def same_line(name: str, own: str) -> bool:
    """Whether ``name`` can be ``own``, or a member of the line that ``own`` names (a size or a tier of it).

    ``X 3 8B`` is of the line ``X 3``; ``X 2`` is not; a bare ``X`` is, as a short form.
    """
    if squeezed(name) == squeezed(own):
        return True
    a, b = parts(name), parts(own)
    if not a.words and not a.versions:
        return not a.sizes or a.sizes <= b.sizes or not b.sizes
    if a.versions and b.versions and not (a.versions <= b.versions or b.versions <= a.versions):
        return False
    if a.sizes and b.sizes and not a.sizes & b.sizes:
        return False
    if a.words == b.words:
        return not (a.versions - b.versions and b.sizes - a.sizes and not b.versions)
    if a.words < b.words:  # a short form, unless it adds a number or keeps a kind while dropping another
        dropped = b.words - a.words
        short = a.words <= b.stem or dropped <= FORMS
        lead = b.stem - a.stem  # only a word of its own in front ("Maker X 3") can go, not one that is hyphenated
        if lead and not any(own.lower().startswith(f"{word} ") for word in lead):
            return False
        return short and bool(a.stem & b.stem) and not (a.sizes - b.sizes or a.versions - b.versions)
    if b.words < a.words:  # a longer form: a tier or a variant of the line
        return bool(b.stem) and not (b.sizes - a.sizes)
    return False


def narrower(name: str, own: str) -> bool:
    """Whether ``name`` names one size or tier of what ``own`` names as a whole."""
    a, b = parts(name), parts(own)
    return same_line(name, own) and bool((a.sizes - b.sizes) or ((a.words - b.words) & TIERS))


def size_value(size: str) -> float | None:
    """The number of weights that a size in a name says (``7B``); None for a product (``8x7B``) and for ``05B``."""
    match = re.fullmatch(r"a?((?:0|[1-9]\d*)(?:\.\d+)?)([bmt])", size.lower())
    return float(match[1]) * {"m": 1e6, "b": 1e9, "t": 1e12}[match[2]] if match else None


def with_size(name: str, size: str) -> str:
    """The member of ``name`` with this size; a name that carries the size already stays as it is.

    >>> with_size("Lumen 3", "8B"), with_size("Rook-7B", "7B")
    ('Lumen 3 8B', 'Rook-7B')
    """
    own = parts(name)
    if size.lower() in own.sizes:
        return name
    return f"{without_size(name) if own.sizes else name} {size}".strip()


def without_size(name: str) -> str:
    """A name without the size in it.

    >>> without_size("Rook-7B-Chat")
    'Rook-Chat'
    """
    return re.sub(r"[-\s_]?(?<![A-Za-z0-9])" + SIZE.pattern + r"(?![A-Za-z0-9])", "", name, flags=re.IGNORECASE)


@lru_cache(maxsize=8192)
def looks_like_model(name: str, stems: frozenset[str] = frozenset()) -> bool:
    """Whether a run of words has the shape of a model's name (or starts with a known stem)."""
    first = re.match(rf"[{LETTER}]+", name)
    if first is None:
        return re.match(r"[\u4e00-\u9fff]", name) is not None and bool(parts(name).sizes)
    word = first[0].lower()
    if len(word) == 1 and (dotted := re.match(r"[A-Z]\.[A-Z]\w*", name)):
        word = dotted[0].lower()  # "A.X K1"
    if word in NOT_STEMS or HARDWARE.fullmatch(name.split()[0]) or name.lower().startswith(("http", "www")):
        return False
    if name.count("_") > 1 or MACHINE.search(name) or ACCELERATOR.fullmatch(name):
        return False
    if word in stems:
        return True
    named = parts(name)
    if not named.stem or len(word) < 2 or named.words & STAGES:
        return False
    if named.sizes:
        return any(character.isupper() for character in name) or "-" in name
    if not name[0].isupper():
        return bool(named.versions) and "-" in name and len(named.words) >= 2 and bool(named.words & (TIERS | VARIANTS))
    tokens = [token.rstrip("+") for token in re.split(r"[\s\-]", name.lower())]
    if len(tokens) > 2 and tokens[-1] in VARIANTS:
        tokens.pop()  # "X Ultra MoE" is another model than "X Ultra"
    return (len(tokens) >= 2 and (bool(named.versions) or tokens[-1] in TIERS)) or bool(
        re.fullmatch(r"[A-Z][A-Za-z]{2,}\d(?:\.\d)?[a-z]?", name)
    )


def mentions(text: str, stems: Iterable[str] = (), offset: int = 0) -> Iterator[Mention]:
    """The model names in ``text``; ``offset`` is added to their places. ``stems`` are first words known to be names."""
    known = frozenset(stems)
    at = 0
    while match := CHUNK.search(text, at):
        start, end = match.span()
        name, best = match[0], 0
        if (
            name[0].isupper()
            or not name.isascii()
            or re.split(r"[^A-Za-z]", name)[0].lower() in known
            or any(c.isdigit() for c in name)
        ):
            if looks_like_model(name, known):
                best = end
            reach, steps = end, 0
            while steps < 4 and (follow := FOLLOW.match(text, reach)):
                word = follow[1]
                if best and re.search(r"\d", text[start:best]) and re.split(r"[^A-Za-z]", word)[0].lower() in known:
                    break  # the next model of a list: "X-7B Y-13B"
                if (
                    best == reach
                    and re.fullmatch(r"[A-Z][a-z]{2,}", word)
                    and word.lower() not in NOT_AFTER
                    and re.search(r"\d[a-z]?$", text[start:reach])
                ):
                    best = reach + 1 + len(word)  # a given name after a version: "X 4 Scout"
                reach = reach + 1 + len(word)
                steps += 1
                if looks_like_model(text[start:reach], known) and is_name_token(word, known):
                    best = reach
        if best and not re.match(r"\s?\(?et al|['’]s\s[a-z]+ et al|\s?\[\d+\]:", text[best : best + 8]):
            yield Mention(text[start:best].rstrip(".").replace("\n", " "), start + offset, best + offset)
        at = max(best, end)


def is_name_token(token: str, stems: frozenset[str] | set[str] = frozenset()) -> bool:
    """Whether a word can be the last one of a name: a version, a size, a tier, a variant, a single letter."""
    word = token.lower().rstrip("+")
    lead = word.split("-")[0]
    return bool(
        SIZE.fullmatch(lead)
        or (VERSION.fullmatch(lead) and not re.fullmatch(r"(?:19|20)\d\d", lead) and len(lead) < 7)
        or lead in TIERS
        or lead in VARIANTS
        or (len(token.rstrip("+")) == 1 and token[0].isupper())
        or lead in stems
    )


def stems_of(text: str) -> frozenset[str]:
    """First words of all names with a size on the page: later mentions without a size are then recognised."""
    found: set[str] = set()
    for match in SIZED.finditer(text):
        before = BEFORE_SIZE.search(text[max(0, match.start() - 60) : match.start()])
        if before and (word := before[1].lower()) not in NOT_STEMS and word not in TIERS | VARIANTS:
            found.add(word)
    return frozenset(found)
