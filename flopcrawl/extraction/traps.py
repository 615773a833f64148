"""The traps: numbers that look like a model's own total and are not.

Each trap is a name, the measures it applies to, a pattern, and where the pattern is looked for: ``sentence``,
``clause`` (the part of the sentence around the number), ``left`` (right before it), ``right`` (right after it),
``heading`` or another part of :class:`Around`.
Add one by adding a line and a fixture; see docs/extraction.md. No trap names a model, a laboratory or a page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from flopcrawl.extraction.units import Measure
from flopcrawl.vocabulary import Scope

P, A, T, H, F, D, C, U, E = (
    Measure.PARAMETERS, Measure.ACTIVE, Measure.TOKENS, Measure.CHIP_HOURS, Measure.FLOP, Measure.DAYS, Measure.CHIPS,
    Measure.MFU, Measure.EPOCHS,
)  # fmt: skip
RUN = (T, H, F, D, C, U, E)
"""Measures of a training run."""


@dataclass(frozen=True, slots=True)
class Trap:
    """A reason why a number is not the model's own total, and the scope that it gets instead."""

    name: str
    measures: tuple[Measure, ...]
    where: str
    pattern: re.Pattern[str]
    scope: Scope = Scope.OTHER
    unless: re.Pattern[str] | None = None


def _trap(
    name: str, measures: tuple[Measure, ...], where: str, pattern: str, scope: Scope = Scope.OTHER, unless: str = ""
) -> Trap:
    spared = re.compile(unless, re.IGNORECASE) if unless else None
    return Trap(name, measures, where, re.compile(pattern, re.IGNORECASE), scope, spared)


INFERENCE = (
    r"\binferenc|\bserv(?:e[sd]?|ing)\b(?! as)|\bdeploy|\bdecod(?:e|ing)\b|\bprefill|\blatency\b|"
    r"\bthroughput of\b|(?<!training )\brun(?:s|ning)? on\b|\bfits?\b|\bload(?:ed|ing)?\b|"
    r"\brequires? (?:only |at least |a )?(?:\w+ )?GPU|\bhost(?:ed|ing)\b|"
    r"\bself-host|\btest(?:ed)? (?:on|hardware|system)\b|\brecommend|"
    r"\bminimum\b|\bVRAM\b|\bGPU memory\b|显存|至少需要|最低|\bvllm\b|\bsglang\b|\bevaluat(?:e|ion)|\bquantiz|部署|推理"
)
"""Words of running a model, not of making it."""

TRAPS: tuple[Trap, ...] = (
    # rates and family totals
    _trap(
        "rate per amount of tokens",
        (H, D, F),
        "sentence",
        r"(?:per|each|every|for each|for every) (?:(?:one |a |1 ?)?(?:trillion|billion|T|B)\b(?: tokens?)?|"
        r"\d+[TB] tokens|tokens?\b|step|iteration|sample|image|forward)|"
        r"每(?:一|1)?\s?(?:万亿|十亿|亿|[TB])?\s?(?:个)?\s?token",
        Scope.RATE,
    ),
    _trap(
        "rate per second",
        (T, F, C),
        "right",
        r"^[^.;\n]{0,12}(?:/|per )\s?(?:s\b|sec|gpu|chip|device|step|batch|user|day|request|minute|month)",
        Scope.RATE,
    ),
    _trap(
        "cumulative over a family",
        (H, F, D),
        "sentence",
        r"\bcumulative\b|\bcombined\b(?! with)|in total for all|all (?:the )?models (?:combined|together)|both models|"
        r"(?:three|two|all) (?:sizes|models) (?:together|combined)|\ball (?:of )?(?:the |our |\d+ |[a-z]+teen |"
        r"(?:two|three|four|five|six|seven|eight|nine|ten|twelve) ){1,2}(?:[\w.-]+ ){0,4}models\b",
        Scope.FAMILY,
    ),
    # relative statements
    _trap(
        "relative",
        RUN,
        "left",
        r"(?:increas\w*|decreas\w*|reduc\w*|improv\w*|sav\w*|gains?|faster|speed-?up|lower|higher|grew|"
        r"rose) (?:(?:the |in |its )?\w+ ){0,2}(?:of|by|up to|from)?\s?(?:up to |about |around |nearly |over )?$|"
        r"\b(?:longer|larger|bigger|smaller|higher|lower) than $",
    ),
    _trap(
        "relative",
        RUN,
        "right",
        r"^\s?(?:percentage points|x (?:less|more|fewer|faster)|times (?:less|more|fewer)|(?:less|more|fewer|faster|"
        r"better|cheaper|lower|higher)\b)",
    ),
    _trap("saved by a method", (H, F, D), "sentence", r"\b(?:compute|cost|time|hours|FLOPs?) sav(?:ed|ings?)\b"),
    _trap(
        "earlier or other models",
        RUN,
        "before",
        r"\b(?:previous|prior|other|existing|earlier|competing|comparable|predecessor)\s(?:[\w-]+\s){0,3}(?:models?|"
        r"LLMs|systems?|works?|approaches|runs?)\b|\b(?:unlike|than|like) (?:our )?(?:rivals?|competitors?|others|"
        r"peers)\b",
    ),
    _trap(
        "of a cited work",
        (C, H, D, U, T),
        "right",
        r"^[^.;()]{0,40}\((?:[A-Z][\w'’-]+ et al|[A-Z][\w'’-]+,? (?:19|20)\d\d)",
    ),
    _trap(
        "one of several phases",
        (D, C),
        "sentence",
        r"\d (?:hours|days) and \d[\d,]* (?:\w+ ){0,3}(?:chips|GPUs|TPUs) for \d",
    ),
    _trap(
        "one of several phases",
        (D, C),
        "right",
        r"^\s?(?:hours?|days?)?\s?and \d[\d,]* (?:\w+ ){0,3}(?:chips|GPUs|TPUs) for",
    ),
    _trap("what it was before", (P, A, T, C, H), "from_to", r"\bfrom (?:about |around |roughly |only |over )?$"),
    _trap(
        "denied",
        RUN,
        "left",
        r"\b(?:not|never|n['’]t|nor)\s(?:\w+\s){0,2}(?:pre-?)?(?:train|us|see|saw|consum)\w*\s[^.;,]{0,24}$",
    ),
    _trap(
        "only some of them",
        (T, C),
        "right",
        r"^[^.;\d]{0,30},? (?:out )?of which (?:we|it|only|the model|[\w.-]+ "
        r"(?:saw|used))\b",
    ),
    _trap(
        "an interruption", (D,), "left", r"\b(?:paus|interrupt|halt|stopp?|delay|wait|idl|down|lost)\w*\b[^.;,]{0,20}$"
    ),
    _trap("one of many runs", (E,), "left", r"\brang\w+ from [^.;]{0,30}\bto $"),
    _trap("one of many runs", (E,), "sentence", r"(?:\bepochs\b[^.]{1,120}){2}\bepochs\b"),
    # machines, not runs
    _trap(
        "inference hardware",
        (C,),
        "sentence",
        INFERENCE,
    ),
    _trap("inference hardware", (C,), "above", INFERENCE + r"|\brequire|\bsupport|\bfine-?tun"),
    _trap(
        "fleet",
        (C,),
        "sentence",
        r"\bsupercomputer\b|\bfleet\b|\bdata ?cent(?:er|re)s?\b|\bpartition\b",
        unless=r"\b(?:was|were|been|is|are|we) (?:pre-?)?(?:trained|done)\b|"
        r"\btraining (?:was|were) (?:\w+ )?(?:done|conducted|performed|carried out|run)\b|"
        r"\b(?:pre-?)?training,? we used? [\d.,]+",
    ),
    _trap(
        "machines of another time",
        (C,),
        "sentence",
        r"\binvest|\bfuture\b|\bcapacity\b|\bgigawatt|"
        r"\bup to \d+ nodes|\bstably\b|\bcapable\b|\bextended to\b|\bprepar(?:e|ing) to\b|\beven larger\b|"
        r"\bcluster provides\b|\bvCores\b",
    ),
    _trap("of an evaluation", (C, D, H), "before", r"\b(?:evaluat|benchmark|test)ed\b"),
    _trap("of inference", (U,), "clause", r"\binference|\bserving\b|\bdecod(?:e|ing)\b|\bprefill"),
    _trap("fleet", (C,), "left", r"\d[Kk]? of (?:these|those|the) $"),
    _trap("in reserve", (C,), "right", r"^\s?(?:\([^)]*\))?\s?(?:in reserve|spare|standby)"),
    _trap(
        "fine-tuning hardware",
        (C, H, D, T, E),
        "heading",
        r"fine-?tun|inference|requirement|required|evaluat|deploy|quantiz|quick ?start|how to|limitations|ablation|"
        r"baseline|serving|"
        r"related work|benchmark|preliminary|scaling law|\b(?:stage|phase)[- ]?(?:[2-9]|II|two|three)|mid-?train|"
        r"long[- ]context|context (?:length )?exten|post-?train|annealing|微调|推理|评测",
        unless=r"(?<![\w-])(?:pre-?)?training (?:and|&) (?:inference|evaluat|deploy|fine-?tun)|训练[和与及]推理",
    ),
    # lengths and prices
    _trap(
        "context length",
        (T,),
        "short",
        r"context|window|sequence[- ](?:length|of)|\blength\b|long[- ](?:text|document|input)|"
        r"\bup to \d+[KM]?\b[^.]{0,12}tokens in|\bmax\w* tokens|\boutput tokens|\bgenerat(?:e|es|ing) \b|"
        r"thinking (?:budget|tokens)|\bprompt|上下文|序列长度|窗口",
    ),
    _trap("batch size", (T,), "short", r"\bbatch|per batch|批"),
    _trap("price", (T,), "short", r"[$€£]|\bprice|\bpricing|\bcosts? (?:only )?[$\d]|per million|/M tok|per 1M"),
    _trap("vocabulary", (T,), "short", r"vocab|tokenizer with|词表"),
    # data that is not what was seen
    _trap(
        "one modality of several",
        (T,),
        "right",
        r"^\s?(?:audio|text|image|speech|code|math|video|vision|synthetic|Chinese|English) tokens (?:and|plus|,)",
    ),
    _trap(
        "one modality of several",
        (T,),
        "sentence",
        r"tokens (?:and|plus|,) \d[\d.]*\s?(?:[BTM]|billion|trillion) (?:audio|text|image|speech|code|math|video|"
        r"vision|synthetic|Chinese|English) tokens",
    ),
    _trap("other data", (T,), "right", r"^[^.;\n]{0,30}(?:retriev|database|datastore|hours of)"),
    _trap(
        "other data",
        (T,),
        "left",
        r"\bretriev\w*\s(?:(?:from|over)\s)?$|\bdata ?set (?:\w+ )?from [\d.,]+\s?\w* to\s$",
    ),
    _trap("before filtering", (T,), "right", r"^\s?(?:of )?(?:raw|unfiltered|uncleaned|noisy)\b"),
    _trap(
        "traffic of users",
        (T,),
        "sentence",
        r"\b(?:a|per|each|every) (?:day|month|week)\b|\b(?:users|developers|"
        r"customers) ",
    ),
    _trap(
        "hours of data",
        (H, D),
        "sentence",
        r"\b(?:hours|hrs|h|days) of (?:[\w-]+ ){0,4}"
        r"(?:audio|speech|video|data|footage|recording|experience|game-?play|play)",
    ),
    _trap(
        "fraction of the data",
        (T, E),
        "left",
        r"(?:first|last|initial|remaining|final|another|additional|an extra|further|extra|every|each|next|"
        r"for the first|after|phase \d|stage \d|stage-\d)\s?(?:\(|:|of|about |approximately )?\s?~?$",
    ),
    _trap("fraction of the data", (T,), "right", r"^\s?[-–—]\s?\d"),
    # stages after pre-training
    _trap(
        "not a duration of training",
        (D,),
        "left",
        r"\b(?:after|every|last|past|next|per|each|older than|first)\s(?:the\s)?$",
    ),
    _trap(
        "later stage",
        (T, H, C, D, E, F),
        "clause",
        r"\bfine-?tun|\bSFT\b|\bpost-?train|\bRLHF\b|\bRL\b|\bDPO\b|\bGRPO\b|\bPPO\b|\bpreference|\breward model|"
        r"\binstruction[- ](?:tun|data|follow)|\balign(?:ed|ment) (?:stage|train|phase)|\bannealing\b|\bmid-?train|"
        r"\blong[- ]context (?:exten|(?:pre-?)?train|stage|phase)|\bcontext exten|\breinforcement|\bLoRA\b|"
        r"\bquantiz|\bQAT\b|"
        r"\bprun|\bdistill|"
        r"微调|对齐|强化|退火|蒸馏",
        unless=r"\bwe (?:pre-?)?train(?:ed)? all (?:of )?(?:our |the )?models\b",
    ),
    _trap(
        "part of a schedule",
        (T, H, D, E, F),
        "clause",
        r"\bcool-?down|\bdecay(?:ed|s|ing)?\b|\blearning rate\b|\bschedule\b|% of (?:the|its) (?:maximum|peak)\b",
        unless=r"\btotal (?:\w+ )?(?:time|cost|duration)\b|\bwhich (?:takes|took) (?:about |around |roughly )?[\d.]+ |"
        r"\b(?:pre-?)?trained (?:\w+ ){0,2}(?:for|on|over) (?:\w+ ){0,2}[\d.,]+[^,;]*\b(?:with an?|using) "
        r"(?:[\w-]+ ){0,3}(?:learning rate|schedule|decay)",
    ),
    _trap(
        "intermediate checkpoint",
        (T,),
        "sentence",
        r"intermediate|\btokens? (?:preview|checkpoint)|\bcheckpoints? (?:at|after|every)|\bstep-?\d",
        unless=r"\b(?:model|it) saw [\d.,]+[^.;]{0,24} (?:during|in|over) training",
    ),
    _trap(
        "increment on a base",
        (T,),
        "clause",
        r"\badditional\b|\bfurther (?:pre-?)?train|\bcontinu(?:e[sd]?|al|ally|ing|ous|"
        r"ously)(?: to)? (?:pre-?)?(?:train|learn)|\bmore tokens\b|\bextra\b|增量|继续(?:预)?训练|追加",
    ),
    _trap(
        "stage of a run",
        (T, H, D, E),
        "clause",
        r"\b(?:stage|phase)[- ]?(?:\d|I{1,3}\b|one|two|three)|\b(?:first|second|third|final|initial|last|"
        r"general) (?:pre-?training )?(?:stage|phase)|\bS[123]\b|\b(?:in|at|during) this (?:stage|phase)|\b(?:stage|"
        r"phase) over\b|第[一二三]阶段|"
        r"(?<!linear )(?<!with )(?<!using )\bwarm-?up",
    ),
    _trap(
        "stage of a run",
        (T, H, D),
        "right",
        r"^\s?(?:tokens? )?(?:in|during|for) (?:the|a) (?:first|second|third|last|final|main|initial) "
        r"(?:pass|stage|phase|part|epoch)|^[^.;]{0,60} (?:in|during) (?:stage|phase)[- ]?(?:\d|I{1,3}\b|one|two|three)",
    ),
    _trap("size of the data", (T,), "left", r"\bdata ?set from [\d.,]+ ?[BT]?(?: tokens)? to $"),
    _trap("planned", (T,), "left", r"\b(?:target|goal)\W{0,8}$"),
    _trap("title of a cited work", (*RUN, P, A), "left", r"\btitle\s?=\s?[{\"][^}\"\n]*$"),
    # other runs
    _trap(
        "experiment",
        (*RUN, P),
        "sentence",
        r"\bablat|\bpilot\b|\bpreliminary\b|\bproxy (?:model|run|task)|\bscaling[- ]law|\bverification\b|\btoy\b|"
        r"\bsmall[- ]scale\b|\bexperiments? (?:with|on|are|were|is|was|show|conducted|for)|\bin (?:our|the|these|"
        r"this|all) experiments?|\bbaseline|\bre-?implement|\bclassifier\b|\bpatience\b|"
        r"\bsearch (?:for|cost|itself)\b|\bhyper-?parameter (?:search|sweep)|消融|实验(?!室)",
        unless=r"\bour (?:\w+ )?(?:training|compute) budget of \d",
    ),
    _trap("experiment", (P, A), "heading", r"\bscaling laws?\b|\bablation"),
    _trap(
        "hypothetical",
        RUN,
        "sentence",
        r"\bwould\b|\brumou?r|\bwhether\b|\benough to\b|"
        r"\b(?:you|one|anyone) can\b|\bcould (?:be|have)\b|\bhypothetic|\bplan(?:ned|s|ning)? (?:to|for|"
        r"training)|\binitial(?:ly)? plan|\bplanned\b|\bwill (?:be|use|train|require)|\bif we\b|\bto train (?:a|"
        r"an) \d|\bsuggests? (?:that )?an?\b|\bsuppose|\bassum(?:e|ing)\b|\bprojected\b|\bcan be (?:\w+ )?trained\b|"
        r"\bequivalent to\b|\bgoing to (?:be )?train|\bshould (?:be|have)\b|\bfor example, (?:train|process)|将会|计划",
    ),
    _trap(
        "data preparation",
        (C, H, D),
        "sentence",
        r"\bdata (?:processing|pipeline|filtering|curation|cleaning|preparation)|\bfilter(?:ed|ing)?\b|"
        r"\bprocess(?:ing|ed)? (?:the )?data\b|\bannotat|\bindex\b|\blabell?ing|\btokeniz(?:e|ing)\b|"
        r"\bsynthetic data gen|\blogit|\bfor generating\b|\bto generate (?:the )?(?:data|text|samples)",
    ),
    _trap("of the whole project", (D,), "sentence", r"\bdevelop(?:ed|ing|ment of)? (?:these|this|the|our)\b"),
    _trap("hypothetical", (H, D, F), "right", r"^ (?:estimated|expected|projected)\b"),
    _trap("example for users", (C, D), "sentence", r"\bexample (?:below|hostfile|config\w*|script|command)\b"),
    _trap("machine class", (F,), "right", r"^[- ]?(?:scale|class|cluster|machine|supercomputer)"),
    _trap(
        "operations per token or image",
        (F,),
        "sentence",
        r"per (?:token|image|sample|example|forward|inference|step)|forward pass|multiply-?adds|per-token|"
        r"FLOPs of the (?:model|network)|complexity|inference",
    ),
    _trap("non-embedding", (P, A), "right", r"^[^.;,)\n]{0,8}non-?embedding"),
    _trap("non-embedding", (P, A), "left", r"non-?embedding(?: parameters?)?\s?:?\s?$|non-?embedding\s?\(\s?$"),
    _trap("part of a model", (P, A), "words", r"embedding|encoder|adapter|per expert"),
    _trap(
        "part of a model",
        (P, A),
        "heading",
        r"\b\w*VAE\b|\btext encoder|\bvocoder|\bcodec|\bvision encoder|\bdraft model",
    ),
    _trap(
        "cost per hour",
        (Measure.USD,),
        "right",
        r"^\s?(?:per|/|an|a)\s?(?:\w+ )?(?:hour|hr|h\b|token|million|1M|day|month|year|user|seat)",
    ),
    _trap(
        "part of a model",
        (P,),
        "right",
        r"^(?:[- ](?:parameters?|(?!mixture|across|and|with|of|in|for|that|which|"
        r"model)[a-z-]+)){0,3}[- ](?:encoder(?!-decoder)|"
        r"(?<!encoder-)(?<!dense )decoder(?! model| LLM|-only)|adapter|head|connector|projector|draft|reward model|"
        r"expert|"
        r"router|embedding|"
        r"module|layers?|classifier|tokenizer|teacher)s?\b|^\s?(?:parameter )?(?:pre-?trained )?frozen\b",
    ),
    _trap(
        "part of a model",
        (P,),
        "left",
        r"\b(?:head|encoder|decoder|adapter|module|projector|router|embeddings?|draft model|tokenizer|teacher|student|"
        r"component|modality|tower|"
        r"reward model|vocoder|each expert|expert)s? "
        r"(?:is an? [^.;(]{0,40}\(~?$|has|have|with|contains?|of|is|uses|is an?|uses an?)\s(?:about |only |just |"
        r"around )?$",
    ),
    _trap("smaller than a bound", (P,), "words", r"^[\d.]+\s?[BMT]\+"),
    _trap("hypothetical", (P,), "left", r"\b(?:scales|scalable|(?:can|to) scale|extensible) (?:\w+ ){0,2}(?:up )?to $"),
    _trap(
        "smaller than a bound",
        (P,),
        "left",
        r"(?:\bup to|\bover|\bmore than|\bat least|\bfewer than|\bless than|\bunder|\bbelow|\bbeyond|\bsmaller than|"
        r"\blarger than|\bexceed\w*|\babove|[<>≤≥])\s?(?:a\s)?$",
        unless=r"(?:^|[.;] |\bmodel |\bLLM )with (?:well )?(?:over|more than|at least)\s$|"
        r"\b(?:has|contain\w*|boast\w*|featur\w+|total\w*) (?:well )?(?:over|more than|at least)\s$",
    ),
)


@dataclass(frozen=True, slots=True)
class Around:
    """The words around a number, cut once and used by every trap."""

    sentence: str
    clause: str
    left: str
    right: str
    heading: str
    short: str = ""
    before: str = ""
    words: str = ""
    from_to: str = ""
    above: str = ""


def trapped(measure: Measure, around: Around) -> Trap | None:
    """The first trap that a number of this measure falls into, or None."""
    for trap in TRAPS:
        if measure not in trap.measures or not trap.pattern.search(words := getattr(around, trap.where)):
            continue
        if trap.unless is None or not trap.unless.search(words):
            return trap
    return None
