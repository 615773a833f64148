"""Labels: what ``Total Parameters``, ``Pretraining tokens`` or ``Training Time (GPU hours)`` say of a number."""

from __future__ import annotations

import re
from functools import lru_cache

from flopcrawl.extraction.units import Measure

CHIP = r"(?:gpu|tpu|chip|core|device|accelerator|card)[- ]?"
PER_NODE = r"(?:per|each|a|in(?: a)?) (?:node|instance|server|machine|host)\b"
NODES = r"^(?:(?:total|number|num|#|no\.?) ?(?:of )?)?(?:\w+ )?(?:nodes|instances|servers)$"
CHIP_DAYS = re.compile(CHIP + r"days?", re.IGNORECASE)
LABELS: tuple[tuple[Measure | None, re.Pattern[str]], ...] = tuple(
    (measure, re.compile(pattern, re.IGNORECASE))
    for measure, pattern in (
        (
            None,
            r"non-?embedding|context|window|batch|sequence|vocab|per second|throughput|latency|hidden|head|layer|"
            r"learning rate|memory|dataset size|corpus size|fine-?tun|sft|download|price|cost per|"
            r"max(?:imum)? (?:new )?tokens|output|input|embedding param|inference|intermediate|training step|"
            r"warm-?up|expert size|trainable param|\bsteps?\b|draft|speed|emission|power|carbon|"
            r"hours? .*\b(?:on|per|for) (?:\d|each|every)|" + PER_NODE,
        ),
        (
            Measure.ACTIVE,
            r"activ\w* (?:\w+ )?param|param\w* \(?activ|activ(?:ated|e)(?: size)?$|(?:activ\w+|"
            r"active) ?#? ?(?:params|size|count)|#? ?a(?:ctivated|ctive) param|激活",
        ),
        (
            Measure.PARAMETERS,
            r"param(?:eter)?s?\b|\bn_?params?|#\s?params|model size|^size$|参数|模型大小|模型规模|"
            r"パラメータ|파라미터|매개변수",
        ),
        (Measure.CHIP_HOURS, CHIP + r"(?:hours?|days?|hrs|h\b|time)|gpu小时|卡时"),
        (
            Measure.FLOP,
            r"flops?\b(?!.*(?:/s|per second|per token|utili))|(?:training|cumulative|total) compute|^compute$",
        ),
        (Measure.MFU, r"\bmfu\b|model flops? utili"),
        (
            Measure.TOKENS,
            r"tokens?(?![A-Za-z])|^(?:pre-?)?training (?:data|corpus)$|token count|训练数据量|训练量|词元|"
            r"トークン|토큰",
        ),
        (Measure.EPOCHS, r"epochs?\b"),
        (
            Measure.DAYS,
            r"hours used|^(?:total )?duration$|wall[- ]?(?:clock|time)|training (?:time|duration)|"
            r"训练时长|train time|训练时间",
        ),
        (Measure.NODES, NODES),
        (
            Measure.CHIPS,
            r"(?:number|num|#|count|total)\s?(?:of )?(?:gpu|tpu|chip|accelerator|device)s?|^gpus?$|"
            r"^(?:nvidia )?[abhlv]\d{2,3}(?: \d{2,3} ?gb)? gpus?$|^hardware(?: type|"
            r" used)?$|^(?:accelerator|tpu|device|chip|machine)s?$",
        ),
    )
)
SCALE = re.compile(
    r"\((?:in )?(?:#?\s?)(?P<scale>[BMTK]|billions?|millions?|trillions?|10\^?\d+)(?: (?:of )?(?:tokens|params))?\)",
    re.IGNORECASE,
)
HOURS_USED = re.compile(r"^hours used$", re.IGNORECASE)
"""The hub's model card template asks for the hours that the hardware ran: wall-clock hours, not chip-hours."""
SEPARATOR = re.compile(r"[:：=|]")
PREFIX = re.compile(
    r"(?:^|[\n|]|(?<=[.,;]) )[ \t>*•●\-–#]*(?P<label>(?<=[.,;] )[^\n|:：=,;]{2,24}?|(?<![.,;] )[^\n|"
    r":：=]{2,48}?)\s{0,3}[:：=|]\s*(?:\(?\s?[~≈><≥]?\s?)$"
)


@lru_cache(maxsize=4096)
def label_measure(label: str) -> Measure | None:
    """What a label says is counted, or None where it says nothing (or something else, like a context length)."""
    for measure, pattern in LABELS:
        if pattern.search(label):
            return measure
    return None


@lru_cache(maxsize=4096)
def label_scale(label: str) -> float:
    """The scale that a label gives in brackets for bare numbers: ``Params (B)`` is 1e9; 1 where it gives none."""
    match = SCALE.search(label)
    if match is None:
        return 1.0
    word = match["scale"].lower()
    if word.startswith("10"):
        return 10.0 ** int(word[2:].lstrip("^"))
    return {"k": 1e3, "m": 1e6, "b": 1e9, "t": 1e12}[word[0]]


def label_unit(label: str) -> float:
    """What one of a label's units is of its measure's: ``GPU-days`` are 24 (hours), ``Hours used`` 1/24 (days)."""
    if HOURS_USED.search(label):
        return 1 / 24
    return 24.0 if CHIP_DAYS.search(label) else 1.0


def label_before(text: str, start: int) -> str:
    """The label that ends right before ``start`` on the same line (``- Total Parameters: 456B``), or the line above."""
    if start and text[start - 1] == "\n":
        return label_above(text, start)
    if not SEPARATOR.search(text, max(0, start - 4), start):
        return ""
    match = PREFIX.search(text[max(0, start - 64) : start])
    return match["label"].strip() if match else ""


ABOVE = re.compile(r"(?:(?:\A|\n)[ \t]*(?P<before>[^\n]{0,40})\n{1,2})?(?P<label>[A-Z][A-Za-z #()/-]{2,38})\n{1,2}\Z")
VALUE = re.compile(r"[~≈]?\d[\d.,]*[ \w.+-]{0,18}(?:\Z|\n{1,3}(?![\n~≈\d]))")


def label_above(text: str, start: int) -> str:
    """The label that is the whole line above a value which is a whole line: ``Training tokens`` / ``8 trillion``.

    None below the last of several labels: they head columns.
    """
    before = text[max(0, start - 3) : start].rstrip("\n")
    if not before or before[-1].isdigit() or not VALUE.match(text, start):
        return ""
    match = ABOVE.search(text[max(0, start - 84) : start])
    if match is None or (match["before"] and label_measure(match["before"]) and not re.search(r"\d", match["before"])):
        return ""
    return match["label"].strip()


def counts_per_node(label: str) -> bool:
    """Whether a label counts the chips of one machine: ``GPUs per node``."""
    return re.search(PER_NODE, label, re.IGNORECASE) is not None
