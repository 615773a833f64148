"""What a number counts: parameters, tokens, chip-hours, FLOP, days, chips, a utilization, money.

Each rule looks only at the words right after the number (``RIGHT``), right before it (``LEFT``) or at a label, and says
a :class:`Measure` and a factor into the field's unit. Whether the quantity is the model's own is decided elsewhere
(:mod:`flopcrawl.extraction.traps`, :mod:`flopcrawl.extraction.subjects`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from flopcrawl.extraction.accelerators import CHIP, FORM, MEMORY
from flopcrawl.extraction.numbers import Number


class Measure(StrEnum):
    """What a number counts."""

    PARAMETERS = "parameters"
    ACTIVE = "active parameters"
    TOKENS = "tokens"
    CHIP_HOURS = "chip-hours"
    FLOP = "FLOP"
    FLOP_RATE = "FLOP/s"
    DAYS = "days"
    CHIPS = "chips"
    NODES = "nodes"
    MFU = "MFU"
    HFU = "HFU"
    EPOCHS = "epochs"
    USD = "USD"
    BYTES = "bytes"
    PERCENT = "percent"
    PER_SECOND = "per second"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its measure: ``value`` in the measure's unit, ``text[start:end]`` the words that say it."""

    measure: Measure
    value: float
    start: int
    end: int
    number: Number
    high: float | None = None
    labelled: bool = False
    series: bool = False
    loose: bool = False


HOURS_PER = {"hour": 1.0, "hr": 1.0, "day": 24.0, "week": 168.0, "month": 730.5, "year": 8766.0,
             "小时": 1.0, "时": 1.0, "天": 24.0, "周": 168.0, "月": 730.5}  # fmt: skip
NODES_BEFORE = re.compile(
    r"(?<![\w.,])(?P<nodes>\d[\d,]*) (?:[A-Za-z][\w.-]* ){0,4}(?:nodes|servers|machines|hosts|instances),? "
    r"(?:each (?:of which )?)?(?:of|x|×|with|has|having|containing|comprising|equipped with|consisting of) $|"
    r"\bnodes: (?P<listed>\d[\d,]*) \($"
)
"""``16 nodes of`` before the chips of one node."""
SEVERAL_TIMES = re.compile(r"(?<![\w.,])(\d{1,3})\s?[x×*]\s?$")
"""``2 x`` before a number of chips."""
MOST_IN_A_NODE = 8
"""Chips of one server, as servers for training are built."""
FLOP_PREFIX = {"": 1.0, "k": 1e3, "m": 1e6, "g": 1e9, "t": 1e12, "p": 1e15, "e": 1e18, "z": 1e21, "y": 1e24,
               "mega": 1e6, "giga": 1e9, "tera": 1e12, "peta": 1e15, "exa": 1e18, "zetta": 1e21,
               "yotta": 1e24}  # fmt: skip
ADJECTIVES = (
    r"(?:(?:of|the|in|total|overall|trainable|learnable|model|dense|sparse|language|LLM|non-embedding|"
    r"unique)[\s-]+){0,3}"
)
BRACKET = r"(?:\s?\([^()\n]{1,24}\))?"

PARAMETERS = re.compile(
    rf"\+?{BRACKET}[\s-]{{0,2}}{ADJECTIVES}(?:(?!to |\d)\w[\w-]*[ ]){{0,2}}?(?:[Pp]aram(?:eter)?s?|PARAM\w*|"
    rf"[Ww]eights)(?![A-Za-z])"
)
ACTIVE = re.compile(
    rf"\+?{BRACKET}[\s-]{{0,2}}(?:(?:of|the|model|total|parameters?|params?|are|is|being|per|token|weights|them|"
    rf"which|these|only|ones|"
    rf"were|to|be|will)[\s-]+){{0,4}}"
    r"\(?(?:activat\w+|active|activation|live|used (?:for|per|by) (?:any|each|every|a) (?:\w+ )?token)(?![A-Za-z])",
    re.IGNORECASE,
)
TOTAL = re.compile(rf"{BRACKET}[\s-]{{0,4}}\(?total(?![A-Za-z])(?! of \d| (?:\w+ )?tokens)", re.IGNORECASE)
PER_TOKEN = re.compile(r"(?: parameters?| params)?,? (?:per|for each|for every) (?:input |forward )?token\b")
CHINESE_PARAMETERS = re.compile(
    r"\s?(?:个|個|的|の|개의?)?\s?(?:总|可训练|模型)?(?:参数|參數|パラメータ|パラメタ|파라미터|매개변수)"
)
CHINESE_PARAMETERS_BEFORE = re.compile(
    r"(?:参数(?:总)?(?:量|规模|数量|数)?|模型(?:大小|规模))(?:约|为|达到|达|高达|共|超过|近|有|是|仅)*\s?[:：]?\s?$"
)
CHINESE_ACTIVE = re.compile(r"\s?(?:个|的)?(?:激活|活跃)(?:的)?(?:参数)?")
TOKENS = re.compile(
    r"\+?(?:\s?\([^()\n]{1,24}\))?[\s-]*(?:of\s+)?(?:(?!(?:tokens?|the|shows?|with|is|are|was|were|in|on|to|for|by|"
    r"from|at|than|as|that|which|models?|param\w*|using|trained|our|we|it|its|per|has|have|"
    r"while)\b)[A-Za-z][\w/-]*,?\s+){0,6}?[Tt]oken(?:s)?(?![A-Za-z/])|\+?\s?(?:个|的)?\s?(?:高质量|训练|预训练|"
    r"中英文)?\s?(?:[Tt]okens?|词元|标识符|標記)|\s?(?:個の|の|개의?)?\s?(?:トークン|토큰)"
)
SIZES = re.compile(
    r"[ -](?:sizes?|variants|versions)(?![A-Za-z])|"
    r"\s?[一两二三四五六七八\d]?(?:个|种|款)(?:不同)?(?:尺寸|版本|规格|规模|参数)"
)
SIZES_BEFORE = re.compile(
    r"\b(?:[Ss]izes|variants|versions|scales|configurations)(?:\s?[:(—–]|,?\s(?:of|including|namely|with|from)|,)\s?(?:the\s|a\s)?$|"
    r"规模\s?[:：]?$"
)
IN_BRACKETS = re.compile(r"(?:(?:,| and|, and) \d+(?:\.\d+)?[BM])*\)|,? [A-Za-z ]{0,20}\)")
NAME_BEFORE = re.compile(r"(?:[A-Z][\w.]*|\b(?:sizes|variants|versions|compact|small|tiny|lightweight))\s\($")
COUNT_BEFORE = re.compile(r"(?<![\w.,])(\d[\d,]*)\s$")
MACHINE_BEFORE = re.compile(r"\b(?:single|one|an?|our|1)\s$", re.IGNORECASE)
CHIP_BEFORE = re.compile(rf"(?<![A-Za-z0-9]){CHIP}(?:{MEMORY}|{FORM}){{0,2}}(?:[- ]GPUs?)?\s?[x×*]\s?$")
CHIP_NAMED = re.compile(rf"(?<![A-Za-z0-9]){CHIP}(?:{MEMORY}|{FORM}){{0,2}}(?:[- ]GPUs?)?\s?(?:を|을|를)?\s?$")
TPU_SLICE = re.compile(r"TPU[- ]?v(?:5e|6e)[- ]$", re.IGNORECASE)
"""Before the number of chips of a slice, where the maker's name for it counts chips and not cores."""
TOPOLOGY = re.compile(r"x(?P<second>\d{1,3})(?:x(?P<third>\d{1,3}))?\s(?:[\w-]+\s){0,2}?(?=TPU)")
COUNTER = re.compile(r"\s?(?:대|장|枚|基|台|块|张|卡)(?![A-Za-z])")
"""Counters of machines in Korean, Japanese and Chinese, which may follow the number: ``A100 80GB 4대``."""
CORPUS_AFTER = re.compile(r"\s(?:[a-z-]+\s){0,3}(?:corpus|corpora|data)\b")
CHINESE_CORPUS = re.compile(r"\s?(?:高质量|通用|多语言|中英文|为主|混合|的){0,4}(?:语料|数据)(?:上|进行|中)")
GIGATOKENS = re.compile(r"\s?(?P<prefix>[Mm]ega|[Gg]iga|[Tt]era)[- ]?[Tt]okens?")
TRAINED_BEFORE = re.compile(r"train\w*\s(?:\w+\s){0,2}on\s(?:\w+\s){0,3}$", re.IGNORECASE)
MODEL = re.compile(
    r"[\s-]{1,2}(?:(?!(?:tokens?|hours?|examples?|images?|and|or|of|with|for|in|on|at|to|is|was|are|among|all|the|"
    r"than|from|by|performs?|shows?|outperforms?)\b)[A-Za-z][\w/-]*\s+){0,5}?(?:[Mm]odel|LLM|transformer|Transformer|"
    r"MoE|VLM|SSM|U-?Net|(?:MM)?DiT)(?![A-Za-z])|\s?(?:大)?模型"
)
MODELS = re.compile(r"[\s-](?:[a-z][\w/-]*\s){0,3}?(?:models|LLMs|transformers)(?![A-Za-z])")
AFTER_ANOTHER = re.compile(
    r"\b(?:family|series|suite|collection|set) of (?:[\w-]+ ){0,2}\d[\d.]*[BM](?: and|,| &)\s$", re.IGNORECASE
)
CHIP_HOURS = re.compile(
    rf"\+?\s?-?(?:total\s+|cumulative\s+|(?:NVIDIA|Nvidia|AMD|Google|"
    rf"Huawei)[- ])?(?:(?P<chip>{CHIP}{MEMORY}?{FORM}?{MEMORY}?|TPU ?v\d\w?)[\s-]*)?"
    r"(?P<unit>GPU|TPU|NPU|XPU|core|node|chip|accelerator|device|compute|card|卡)?(?:[\s-]*(?:core|chip))?[\s-]*"
    r"(?:training )?"
    r"(?P<time>hours?|hrs?|days?|weeks?|months?|years?|小时|时|天|周)(?![A-Za-z])"
)
FLOP = re.compile(
    r"(?:\s?±\s?\d+)?\s?(?:of\s+)?(?:(?:total|training|pre-?training|compute|floating[- ]point)\s+){0,3}"
    r"(?P<prefix>peta|exa|zetta|yotta|tera|giga|mega|[KMGTPEZY])?[- ]?"
    r"(?P<word>FLOPS|FLOPs?|flops?|Flops?|[Ff]loating[- ]point operations|OPs)(?P<rest>(?:\s?/\s?s(?:ec(?:ond)?)?|"
    r"\s?per (?:GPU )?(?:per )?second|ps|/GPU)?(?:[-·∙ ]days?|[- ]years?)?)"
    r"|\s?(?P<pf>[PEZ])F(?:/s)?[- ](?P<pftime>day|year)s?"
)
TIME = re.compile(
    r"\+?[\s-]?(?:full |consecutive |whole |calendar |wall-?clock |个|多)?\s?(?P<time>hours?|hrs?|days?|weeks?|months?|"
    r"小时|天|周|星期|个月)(?![A-Za-z])"
)
AND_REST = re.compile(r"(?:,| and|, and)?\s(?P<count>\d{1,2}) ?(?P<unit>hours?|hrs?|days?|weeks?)(?![A-Za-z])")
HOURS_OF_CHIPS = re.compile(
    rf"\s?(?:hours?|hrs)\s(?:of\s(?:\w+\s)?(?:time|compute|computation|training)\s)?(?:on|of|using)\s(?:\w+\s){{0,2}}?"
    rf"(?:{CHIP}|GPU|TPU|NPU)s?(?![A-Za-z0-9])"
)
MORE_THAN_A_RUN = 10_000
"""Hours that are more than a year: of chips, not of a run."""
CHIPS = re.compile(
    rf"\+?(?:,?\s\d{{2,3}}\s?GB)?\s?(?:x|×|\*|of|块|张|个|颗|台)?\s?(?:(?i:nvidia)|AMD|Google|AWS|Huawei|Intel)?(?:[’']s?)?\s?"
    rf"(?:(?:(?i:tesla)|DGX|HGX|Cloud)[- ])?(?:\d{{2,3}}\s?GB\s)?"
    rf"(?:(?P<chip>{CHIP})(?:(?P<memory>{MEMORY})|{FORM}){{0,3}}s?(?:[- ](?:GPU|TPU|NPU|AI [Pp]rocessor|chip|"
    rf"accelerator|superchip)s?)?(?![A-Za-z0-9]|-\d{{2}})"
    r"(?!\s+(?:(?:SXM\d?|PCIe|NVL\w*|\d+\s?GB)\s+)*(?:GPU )?(?:nodes?|hours?|days?|machines?|servers?))"
    r"|(?P<glued>[AH][18]00)(?:80|40)G\b"
    r"|(?:(?!(?:on|in|with|for|per|and|of|the|to|by|from|using|or|than|are|is|across|virtual|logical|\d[\d,.]*k?)\s)[\w-]+\s){0,2}?(?:GPU|TPU|NPU|XPU|"
    r"[Tt]ensor [Pp]rocessing [Uu]nit|accelerator|chip|加速卡|GPU卡)"
    r"(?P<memory3>\s?chip)?s?(?![A-Za-z0-9-])(?!\s+(?:nodes?|hours?|days?|cores?|machines?|servers?|cluster|memory|type))"
    r"|[- ]?GPU cluster|chips(?![A-Za-z]))"
)
MACHINE = re.compile(
    rf"\s?[xX×-]\s?(?:NVIDIA |AMD )?{CHIP}{MEMORY}?(?=\s(?:\w+ )?(?:machine|node|server|instance|host))"
)
CARD_BEFORE = re.compile(r"\b(?:RTX|GTX|GeForce|Quadro|Titan|Radeon|Ascend|Xeon)[ -]?\Z")
CHIPS_PER_NODE = re.compile(
    rf"\s?(?:NVIDIA )?(?:[DH]GX[- ])?{CHIP}\s?(?:GPUs?\s?)?\((?P<each>\d)\s?[x×*]\s?\d+\s?GB?\)\s?"
    r"(?:nodes|servers|machines)"
)
SERVERS_OF_EIGHT = re.compile(
    r"\s?(?:x |× )?(?:NVIDIA )?[DH]GX[- ](?:A100|[HB]\d00)s?(?: (?:80|40) ?GB)?(?: (?:nodes|servers|systems|machines))?"
    r"(?![\w(])(?!\s?\(\d)"
)
"""Servers that the maker builds with eight chips."""
NODES = re.compile(
    rf"\s?(?:x|×)?\s?(?:\w[\w-]*\s){{0,3}}?(?:{CHIP}\s)?(?:nodes?|machines?|servers?|hosts?|instances?|"
    rf"pods?)(?![A-Za-z])"
)
EPOCHS = re.compile(r"\+?[\s-]?(?:full |complete |training )?epochs?(?![A-Za-z])|\s?(?:个)?(?:epoch|轮)(?:s)?")
PERCENT = re.compile(r"\s?(?:%|percent(?!age))")
BYTES = re.compile(r"\s?(?:[KMGTP]i?B(?![A-Za-z0-9])|(?:[kKmMgGtTpP]iga)?bytes)")
PER_SECOND = re.compile(r"\s?(?:\w+\s?){0,2}(?:/\s?s(?:ec)?\b|per second|/GPU|per GPU|tps\b|TPS\b)")
UTILIZATION = re.compile(
    r"model[- ]flop(?:s|/s)?[- ]utili[sz]ation|model floating[- ]?point(?: operations?)? utili[sz]ation|\bMFU\b|"
    r"model flops utili|(?<!hardware )\bFLOPS? utili[sz]ation|(?<!硬件)算力利用率",
    re.IGNORECASE,
)
HARDWARE_UTILIZATION = re.compile(
    r"hardware[- ]flop(?:s|/s)?[- ]utili[sz]ation|\bHFU\b|rematerialization", re.IGNORECASE
)
AND_BEFORE = re.compile(r"(?:\band|\bor|[,/&])\s?(?:an? )?$")
MONEY = re.compile(r"(?:US)?[$€£¥]\s?$|\bUSD\s?$|\bRMB\s?$")
MONEY_AFTER = re.compile(r"\s?(?:\w+\s)?(?:US )?(?:dollars|USD|euros?|EUR|€|美元|元(?!素))(?![A-Za-z])", re.IGNORECASE)
ACTIVE_BEFORE = re.compile(
    r"(?:activat(?:es?|ing)|activ(?:e|ated) param(?:eter)?s?(?: count| size)?(?: per token)?(?: is| of|"
    r" at)?)(?:\s?(?:only|just|about|around|approximately|roughly|nearly|to|a total of|~|:))*\s?$|"
    r"激活(?:参数)?(?:量)?(?:为|约|仅|只有)*\s?$",
    re.IGNORECASE,
)
AVERAGE_ACTIVE = re.compile(r"activ[^;\n]{0,90}\baverag\w*\s?(?:of|at|about)?\s?[~∼≈]?\s?$", re.IGNORECASE)
OUT_OF = re.compile(r"activ\w*(?: param\w*)?,? (?:out )?of (?:a |its |the )?(?:total (?:of )?)?$", re.IGNORECASE)
EXPERT_PRODUCT_BEFORE = re.compile(r"\d\s?[x×]\s?$")
EXPERT_PRODUCT_AFTER = re.compile(r"[x×]\s?\d")


def chip_hours(number: Number, match: re.Match[str]) -> float:
    """Hours over all chips; a unit of time without a chip is no chip-hour (the caller has checked)."""
    return number.value * HOURS_PER[match["time"].rstrip("s")]


def flop_value(number: Number, match: re.Match[str]) -> float | None:
    """FLOP from a count with a prefix, or from FLOP/s-days and PF-days; None for a rate (FLOP/s)."""
    if match["pf"]:
        seconds = 86400.0 if match["pftime"] == "day" else 365.25 * 86400.0
        return number.value * FLOP_PREFIX[match["pf"].lower()] * seconds
    rest, word = match["rest"].strip().lower(), match["word"]
    scale = FLOP_PREFIX[(match["prefix"] or "").lower()]
    if rest.endswith(("day", "days")):
        return number.value * scale * 86400.0
    if rest.endswith(("year", "years")):
        return number.value * scale * 365.25 * 86400.0
    if rest or (word == "FLOPS" and match["prefix"] and number.value * scale < 1e20):
        return None
    return number.value * scale


Rule = Callable[[str, Number], "Quantity | None"]


def _quantity(measure: Measure, number: Number, end: int, factor: float = 1.0, start: int | None = None) -> Quantity:
    high = number.high * factor if number.high is not None else None
    return Quantity(measure, number.value * factor, number.start if start is None else start, end, number, high)


def money(text: str, number: Number) -> Quantity | None:
    """``$5.576M``, ``1.7B€``, ``100 million dollars``."""
    before = text[max(0, number.start - 5) : number.start]
    if MONEY.search(before):
        return _quantity(Measure.USD, number, number.end)
    after = MONEY_AFTER.match(text, number.end)
    return _quantity(Measure.USD, number, after.end()) if after else None


def utilization(text: str, number: Number) -> Quantity | None:
    """A share in per cent near the words of a utilization: ``MFU of 38%``, ``56% model flops utilization``."""
    after = PERCENT.match(text, number.end)
    if not after:
        return None
    left = re.split(r"[.;]\s", text[max(0, number.start - 90) : number.start])[-1]
    right = re.split(r"[.;]\s", text[after.end() : after.end() + 60])[0]
    sides = [(m.end() - len(left), p) for p in (UTILIZATION, HARDWARE_UTILIZATION) for m in p.finditer(left)]
    close = [(m.start(), p) for p in (UTILIZATION, HARDWARE_UTILIZATION) if (m := p.search(right))]
    pattern = None
    adjacent = bool(sides) and -max(side for side, _ in sides) <= 8
    if adjacent and close and close[0][0] <= 2 and AND_BEFORE.search(left):
        adjacent = False  # "57.8% HFU and 46.2% MFU": each share has its word after it
    if close and not adjacent and (not sides or close[0][0] < 12 or -max(side for side, _ in sides) > 60):
        pattern = min(close, key=lambda pair: pair[0])[1]
    elif sides:
        pattern = max(sides, key=lambda pair: pair[0])[1]
    if pattern is None:
        return _quantity(Measure.PERCENT, number, after.end())
    measure = Measure.MFU if pattern is UTILIZATION else Measure.HFU
    return _quantity(measure, number, after.end(), 0.01)


def hours_of_chips(text: str, number: Number) -> Quantity | None:
    """``2.788M H800 GPU hours``, ``2.5k TPUv3-core-days``; never plain hours."""
    match = CHIP_HOURS.match(text, number.end)
    if not match or not (match["chip"] or match["unit"]):
        on_chips = HOURS_OF_CHIPS.match(text, number.end) if number.value >= MORE_THAN_A_RUN else None
        return _quantity(Measure.CHIP_HOURS, number, on_chips.end()) if on_chips else None
    return _quantity(Measure.CHIP_HOURS, number, match.end(), HOURS_PER[match["time"].rstrip("s")])


def operations(text: str, number: Number) -> Quantity | None:
    """``3.8 × 10^25 FLOPs``, ``1.2 yottaFLOPs``, ``3640 PF-days``; FLOP/s is told apart."""
    match = FLOP.match(text, number.end)
    if not match:
        return None
    value = flop_value(number, match)
    if value is None:
        return _quantity(Measure.FLOP_RATE, number, match.end())
    return _quantity(Measure.FLOP, number, match.end(), value / number.value if number.value else 1.0)


def inside_name(text: str, number: Number) -> bool:
    """Whether the number is the end of a name (``X-11B model``) and no quantity."""
    return re.search(r"[A-Za-z0-9]-$", text[max(0, number.start - 2) : number.start]) is not None


def parameters(text: str, number: Number) -> Quantity | None:
    """``671B total parameters``, ``37B activated``, ``2350 多亿总参数``, ``a 12B model``."""
    if (not number.magnitude and number.value < 1e6) or inside_name(text, number):
        return None
    if EXPERT_PRODUCT_BEFORE.search(text[max(0, number.start - 4) : number.start]) or EXPERT_PRODUCT_AFTER.match(
        text, number.end
    ):
        return None
    for measure, patterns in (
        (Measure.ACTIVE, (ACTIVE, CHINESE_ACTIVE, PER_TOKEN)),
        (Measure.PARAMETERS, (PARAMETERS, CHINESE_PARAMETERS, TOTAL)),
    ):
        for pattern in patterns:
            if match := pattern.match(text, number.end):
                if measure is Measure.PARAMETERS and ACTIVE_BEFORE.search(
                    text[max(0, number.start - 60) : number.start]
                ):
                    measure = Measure.ACTIVE
                return _quantity(measure, number, match.end())
    if number.magnitude and number.value >= 1e6 and OUT_OF.search(text[max(0, number.start - 60) : number.start]):
        return _quantity(Measure.PARAMETERS, number, number.end)
    if (
        number.magnitude
        and number.value >= 1e6
        and ACTIVE_BEFORE.search(text[max(0, number.start - 40) : number.start])
    ):
        return _quantity(Measure.ACTIVE, number, number.end)
    if (
        number.magnitude
        and number.value >= 1e6
        and CHINESE_PARAMETERS_BEFORE.search(text[max(0, number.start - 16) : number.start])
    ):
        return _quantity(Measure.PARAMETERS, number, number.end)
    if (
        number.magnitude
        and number.value >= 1e6
        and AVERAGE_ACTIVE.search(text[max(0, number.start - 110) : number.start])
    ):
        return _quantity(Measure.ACTIVE, number, number.end)
    return None


def tokens(text: str, number: Number) -> Quantity | None:
    """``14.8 trillion diverse and high-quality tokens``, ``5,500 GT``, ``36 万亿个 token``, ``on 3T web data``."""
    if (
        number.value >= 1e11
        and (corpus := CORPUS_AFTER.match(text, number.end))
        and TRAINED_BEFORE.search(text[max(0, number.start - 40) : number.start])
    ):
        return _quantity(Measure.TOKENS, number, corpus.end())
    if corpus := CHINESE_CORPUS.match(text, number.end):
        return _quantity(Measure.TOKENS, number, corpus.end()) if number.value >= 1e9 else None
    if whole := GIGATOKENS.match(text, number.end):
        return _quantity(Measure.TOKENS, number, whole.end(), FLOP_PREFIX[whole["prefix"].lower()])
    if number.letters in ("G", "T") and text[number.end : number.end + 1] == "T" and text[number.end - 1] == "G":
        return _quantity(Measure.TOKENS, number, number.end + 1)
    match = TOKENS.match(text, number.end)
    if match and (number.magnitude or number.value >= 1e6) and not re.search(r"parameter|model\b", match[0]):
        return _quantity(Measure.TOKENS, number, match.end())
    return None


def time(text: str, number: Number) -> Quantity | None:
    """``65 days``, ``two months``, ``11 天``, ``9 weeks and 4 days``, in days."""
    match = TIME.match(text, number.end)
    if not match:
        return None
    unit = match["time"].rstrip("s").removeprefix("个").replace("星期", "周")
    days = HOURS_PER[unit] / 24.0
    rest = AND_REST.match(text, match.end())
    if rest is None or days < 1 or not number.value:
        return _quantity(Measure.DAYS, number, match.end(), days)
    more = float(rest["count"]) * HOURS_PER[rest["unit"].rstrip("s")] / 24.0
    return _quantity(Measure.DAYS, number, rest.end(), days + more / number.value)


def chips(text: str, number: Number) -> Quantity | None:
    """``1024 A100 40GB GPUs``, ``64 H100``, ``3000 of NVIDIA's H200 GPUs``, ``6144 TPU v4 chips``."""
    if TPU_SLICE.search(text, max(0, number.start - 16), number.start):
        return _quantity(Measure.CHIPS, number, number.end)  # TPUv5e-256
    if number.value != int(number.value) or number.value < 1 or inside_name(text, number):
        return None
    if CARD_BEFORE.search(text, max(0, number.start - 10), number.start):
        return None  # the card's name: "RTX 4090 GPUs"
    if topology := TOPOLOGY.match(text, number.end):  # 16x16 TPU v3
        product = float(topology["second"]) * float(topology["third"] or 1)
        return _quantity(Measure.CHIPS, number, topology.end(), product)
    if number.magnitude and number.letters.lower() not in ("k", "thousand", "hundred", "万", "千", "百"):
        return None  # the memory of a chip (80G), not their number
    if of_nodes := CHIPS_PER_NODE.match(text, number.end):
        return _quantity(Measure.CHIPS, number, of_nodes.end(), float(of_nodes["each"]))
    if of_eight := SERVERS_OF_EIGHT.match(text, number.end):
        return _quantity(Measure.CHIPS, number, of_eight.end(), MOST_IN_A_NODE)
    match = CHIPS.match(text, number.end)
    before = text[max(0, number.start - 40) : number.start]
    if match is None and (
        CHIP_BEFORE.search(before) or (COUNTER.match(text, number.end) and CHIP_NAMED.search(before))
    ):
        return _quantity(Measure.CHIPS, number, number.end)  # "A100 80G * 8", "A100 80GB 4대"
    if match is None and (of_each := MACHINE.match(text, number.end)):
        several = COUNT_BEFORE.search(text[max(0, number.start - 12) : number.start])
        if several:  # "96 8xH100 nodes"
            return _quantity(Measure.CHIPS, number, of_each.end(), float(several[1].replace(",", "")))
        match = of_each if MACHINE_BEFORE.search(text[max(0, number.start - 8) : number.start]) else None
    if match is None:
        return None
    nodes = NODES_BEFORE.search(text[max(0, number.start - 60) : number.start])
    if nodes is None or number.value > MOST_IN_A_NODE:  # "with 1280 GPUs" counts those of all nodes
        several = SEVERAL_TIMES.search(text[max(0, number.start - 8) : number.start])
        return _quantity(Measure.CHIPS, number, match.end(), float(several[1]) if several else 1.0)
    counted = nodes["nodes"] or nodes["listed"]
    count = float(counted.replace(",", ""))
    start = number.start - (len(nodes[0]) - nodes[0].index(counted))
    return _quantity(Measure.CHIPS, number, match.end(), count, start)


def model_size(text: str, number: Number) -> Quantity | None:
    """``a 12B model``, ``a 124B open-weights multimodal model``: a size without the word parameters."""
    sizes = SIZES.match(text, number.end)
    if sizes and number.letters in ("B", "M"):
        return replace(_quantity(Measure.PARAMETERS, number, sizes.end()), loose=True)
    bracket = IN_BRACKETS.match(text, number.end) and NAME_BEFORE.search(text[max(0, number.start - 24) : number.start])
    if number.letters in ("B", "M") and number.value >= 1e8 and bracket:
        return replace(_quantity(Measure.PARAMETERS, number, number.end), loose=True)
    if number.letters.lower() in (*"bmt", "billion", "million", "trillion") and SIZES_BEFORE.search(
        text[max(0, number.start - 30) : number.start]
    ):
        return replace(_quantity(Measure.PARAMETERS, number, number.end), loose=True)
    if number.letters not in ("B", "M", "T", "亿", "b") and number.letters.lower() not in (
        "billion",
        "million",
        "trillion",
    ):
        return None
    match = MODEL.match(text, number.end)
    if match is None and AFTER_ANOTHER.search(text, max(0, number.start - 50), number.start):
        match = MODELS.match(text, number.end)  # "a family of 7B and 70B decoder-only LLMs"
    if (
        not match
        or number.value < 1e7
        or inside_name(text, number)
        or EXPERT_PRODUCT_BEFORE.search(text[max(0, number.start - 4) : number.start])
    ):
        return None
    return replace(_quantity(Measure.PARAMETERS, number, match.end()), loose=True)


def _by_pattern(measure: Measure, pattern: re.Pattern[str]) -> Rule:
    def rule(text: str, number: Number) -> Quantity | None:
        match = pattern.match(text, number.end)
        return _quantity(measure, number, match.end()) if match else None

    rule.__name__ = measure.name.lower()
    return rule


NEXT = re.compile(
    r",? \d{2,3}\s?GB |\s?\(\d|GT|T\b|\+?[ \n-]{0,2}\(?[A-Za-z%×*€$\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]"
)
UNIT_WORDS = (
    "pu", "chip", "accelerator", "device", "processor", "card", "day", "week", "month", "hour", "epoch", "flop",
    "param", "token", "%", "percent", "node", "machine", "server", "pod", "00", "ascend", "trainium", "gaudi", "rtx",
    "天", "周", "月", "小时", "卡", "轮", "参数", "昇腾", "元", "usd", "dollar", "euro", "pf", "l4", "mi", "v3", "v4",
    "v5", "대", "장", "枚", "基", "台", "块", "张",
)  # fmt: skip
"""Something of what any rule of :data:`RULES` looks for after plain digits: without any, no rule need be tried."""
UNIT_WORD = re.compile("|".join(UNIT_WORDS))
WORD_BEFORE = re.compile(
    r"activ|激活|参数|规模|模型大小|\w \($|(?:[Ss]izes|variants|versions|scales|configurations)\W[^.]{0,12}$|[x×*]\s?$"
)
"""Words before a number that say what it counts, where none follow."""
TIMES_BEFORE = re.compile(r"[x×*]\s?$")
MONEY_SIGN = re.compile(r"[$€£¥]|USD|RMB")

RULES: tuple[Rule, ...] = (
    money,
    utilization,
    _by_pattern(Measure.BYTES, BYTES),
    hours_of_chips,
    operations,
    parameters,
    tokens,
    _by_pattern(Measure.EPOCHS, EPOCHS),
    time,
    chips,
    _by_pattern(Measure.NODES, NODES),
    model_size,
)
"""Tried in this order; the first that speaks decides."""


def measure(text: str, number: Number) -> Quantity | None:
    """What ``number`` counts by the words around it, or None where they do not say."""
    start, end = number.start, number.end
    if text[max(0, start - 2) : start].strip()[-1:] == "±":
        return None  # the spread of the number before
    small = not number.magnitude and number.value < 1e6
    if NEXT.match(text, end):
        said = (
            not small or UNIT_WORD.search(text[end : end + 56].lower()) or TIMES_BEFORE.search(text, start - 2, start)
        )
    else:  # most numbers of a page: no word follows
        before = TIMES_BEFORE if small else WORD_BEFORE
        said = before.search(text, max(0, start - (2 if small else 110)), start)
    if not said and not MONEY_SIGN.search(text, max(0, start - 4), start):
        return None
    for rule in RULES:
        quantity = rule(text, number)
        if quantity is not None:
            return quantity
    return None
