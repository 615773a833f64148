"""A model's name taken apart: what it is (core), and what only says which build, effort, tuning or packing of it.

Nothing here knows a model, only the habits of those who name them; which names are known is the registry's business.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import IntEnum

from flopcrawl.identity.dates import Build, read_build
from flopcrawl.identity.folding import fold, words


class Kind(IntEnum):
    """What a word at the end of a name says. Lower ones are given up first when a known name is looked for."""

    CONTEXT = 1
    EFFORT = 2
    REVISION = 4
    STAGE = 8
    TUNING = 16
    EXPERTS = 32


PACKING = frozenset(
    """fp4 fp6 fp8 fp16 fp32 bf16 int2 int3 int4 int8 nvfp4 mxfp4 mxfp8 nf4 exl2 exl3 w4a16 w8a8 w8a16 2bit 3bit 4bit
    5bit 6bit 8bit 16bit 1bit iq1 iq2 iq3 iq4 q2 q3 q4 q5 q6 q8 i1 gguf ggml awq gptq bnb mlx onnx openvino hqq eetq
    aqlm imatrix imat quantized quant quark dynamic dwq safetensors autoround ud""".split()
)
"""How weights are packed: never another model, and never the name of one."""

HOST_WORDS = frozenset(
    "free maas tput lora cloud hf self moderated older openrouter unsloth exacto nitro floor".split()
)
"""What hosts add to a name."""

REASONING = frozenset("thinking think reasoning reasoner nothink nothinking nonthinking nonreasoning".split())
EFFORT = frozenset("xhigh high low minimal instant none adaptive".split()) | REASONING
EFFORT_IN_SOME = frozenset("max medium fast".split())
"""Tiers of a line in most families (Mistral Medium, Qwen-Max, Grok 4 Fast), efforts in others."""

FAMILIES_WITH_EFFORT = frozenset("claude gpt gemini kimi glm deepseek grok muse mimo o1 o3 o4 o5".split())
FAMILIES_WITH_SPEED = frozenset("claude gpt".split())
TIERS_WITH_MAX = frozenset("codex".split())

STAGE = frozenset("preview exp experimental beta latest dev api customtools early ga rc".split())
TIERS_OF = {"flux": frozenset(["dev"])}
"""Families in which a word of :data:`STAGE` is a tier."""

TUNING = frozenset("instruct chat base it pt sft instruction hf".split())
SYNONYMS = {"it": "instruct", "chatgpt": "gpt", "openweight": "oss"}
CONTEXT = re.compile(r"(?:2|4|8|16|32|64|100|128|131|200|256)k")
REVISION = re.compile(r"v?(?:1|0\.1)|00\d")
EXPERTS = re.compile(r"\d{1,3}e")
SIZE = re.compile(r"(?:\d+x)?\d+(?:\.\d+)?[bmt]")
VERSION = re.compile(r"v?\d+(?:\.\d+)*")

DEVELOPERS = frozenset(
    """meta nvidia nv amazon google openai anthropic ibm snowflake databricks microsoft cohere alibaba xai bytedance
    tencent baidu huawei moonshotai zai mistralai meituan xiaomi facebook ai21 tiiuae tii apple servicenow allenai azure
    aws bedrock vertex upstage arcee rednote cognitivecomputations deepmind c4ai""".split()
)
"""First words that only say whose model it is; developers whose name is the model's (DeepSeek) are not here."""

NUMBERED_BY_MONTH = frozenset(["mistral", "magistral", "codestral", "devstral"])
"""Families whose generations are numbered by the month (2407 is Large 2, 2411 Large 2.1)."""

MONTHLY_TIERS = frozenset(["large", "medium", "small"])

SAYS_NOTHING_ALONE = frozenset(
    """embed embedding embeddings lm llm language large text code vision speech rerank reranker translate transcribe tts
    base chat model image video audio""".split()
)
"""Words that name a model only together with its developer's name: Cohere Embed, NV-Embed."""

CODE = re.compile(r"[a-z]\d+(?![\w.])")
"""A name that says nothing without its developer's: ``R1``."""

HOST_TAG = re.compile(r":(?:\d+|free|beta|nitro|floor|online|extended|thinking|exacto|latest|cloud|\w*preview)$")
API_REVISION = re.compile(r"[-@]v?[1-9]\d*:\d+$")
BEDROCK_VERSION = re.compile(r"(?<=claude-)v(\d):(\d)$|(?<=-)v0:(\d)$")
"""What looks like an API revision and is the model's own version: Claude 2.1, Mistral 7B v0.2."""

REGION_OR_VENDOR = re.compile(
    r"^(?:(?:us|eu|apac|jp|au|ca|global|us-gov)\.)?"
    r"(?:anthropic|amazon|meta|mistral|cohere|ai21|deepseek|openai|qwen|stability|writer|google|nvidia|moonshot|moonshotai"
    r"|minimax|zai|xai|twelvelabs|luma)\.(?=[a-z])"
)
FOREIGN_GLOSS = re.compile(r"[(\[][^()\[\]]*[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af][^()\[\]]*[)\]]")
PACKING_LEVEL = re.compile(r"[-_. ]i?q\d(?:_[a-z0-9]{1,2}){0,3}(?![a-z0-9])")
LATIN = re.compile(r"[a-z]")


@dataclass(frozen=True, slots=True)
class Parts:
    """A name taken apart.

    ``core`` in the order of writing; ``extras`` the words that may be given up, with their kinds; ``build`` its date.
    """

    core: tuple[str, ...]
    extras: tuple[tuple[Kind, str], ...] = ()
    build: Build | None = None

    @property
    def monthly(self) -> bool:
        """Whether the month is all that tells one generation from the next (``mistral-large-2411``)."""
        return (
            self.build is not None
            and self.core[0] in NUMBERED_BY_MONTH
            and all(word in MONTHLY_TIERS for word in self.core[1:])
        )

    def keeping(self, kinds: int) -> tuple[str, ...]:
        """The core and the extras of these kinds (a sum of :class:`Kind`)."""
        return self.core + tuple(word for kind, word in self.extras if kind & kinds)

    def forms(self, always: int = 0) -> Iterator[tuple[str, ...]]:
        """From the whole name to its core, giving up one more kind at a time; what is given up lightly first.

        ``always`` are kinds (a sum of :class:`Kind`) that are never given up.
        """
        present = 0
        for kind, _ in self.extras:
            present |= kind & ~always
        kept = present
        while True:
            yield self.keeping(kept | always)
            if not kept:
                return
            kept = (kept - 1) & present


def signature(form: tuple[str, ...]) -> str:
    """The same for the same words in any order, with or without a ``v`` before a version.

    >>> signature(("claude", "opus", "4")) == signature(("claude", "4", "opus"))
    True
    """
    return " ".join(sorted(word[1:] if word[0] == "v" and VERSION.fullmatch(word) else word for word in form))


def joined(form: tuple[str, ...]) -> str:
    """The same whether words are written together or apart: ``code llama 70b`` is ``codellama 70b``."""
    parts: list[str] = []
    for word in form:
        if parts and word.isalpha() and parts[-1].isalpha():
            parts[-1] += word
        else:
            parts.append(word)
    return "=".join(parts)


def without_host(folded: str, is_organization: Callable[[str], bool]) -> str:
    """The name without host, organization, region and price tag.

    >>> without_host("openrouter/openai/gpt-oss-120b:free", lambda text: False)
    'gpt-oss-120b'
    """
    if "/" in folded:
        head, _, last = folded.rpartition("/")
        if last.strip() and (" " not in folded or is_organization(head)):
            folded = last.strip()
    if ":" in folded:
        head, _, rest = folded.partition(":")
        if rest.strip() and is_organization(head.strip()):
            folded = f"{head} {rest.strip()}" if CODE.match(rest.strip()) else rest.strip()
        if BEDROCK_VERSION.search(folded):
            folded = folded.replace(":", ".")
        folded = HOST_TAG.sub("", API_REVISION.sub("", folded))
    folded = folded.lstrip("~@")
    return REGION_OR_VENDOR.sub("", folded)


def take_apart(name: str, is_organization: Callable[[str], bool]) -> Parts:
    """Take a name apart.

    Args:
        name: as written.
        is_organization: whether a (folded) text is the name of an organization.
    """
    folded = fold(name)
    if not folded.isascii() and LATIN.search(bare := FOREIGN_GLOSS.sub(" ", folded)):
        folded = bare
    folded = without_host(folded, is_organization)
    tokens = words(PACKING_LEVEL.sub(" ", folded) if "q" in folded else folded)
    while len(tokens) > 1 and (tokens[0] in DEVELOPERS or tokens[0] == "early") and _can_start(tokens[1]):
        del tokens[0]
    tokens, build, after = _without_build(tokens)
    tokens = _with_versions(tokens)
    core, extras = _without_extras(tokens, after)
    if core and core[0] == "claude":
        core = _tier_first(core)
    return Parts(tuple(core), tuple(extras), build)


def _can_start(word: str) -> bool:
    """Whether a name can begin with this word, so that the developer's before it says nothing more."""
    return word[0].isalpha() and (len(word) > 2 or word[1:].isdigit()) and word not in SAYS_NOTHING_ALONE


def _without_build(tokens: list[str]) -> tuple[list[str], Build | None, int]:
    """The words without the date, the date, and how many words stood after it."""
    for at in range(1, len(tokens)):
        if found := read_build(tokens, at):
            build, length = found
            return tokens[:at] + tokens[at + length :], build, len(tokens) - at - length
    return tokens, None, 0


def _with_versions(tokens: list[str]) -> list[str]:
    """``4 1`` is ``4.1``, ``v1 5`` is ``v1.5``; translate synonyms."""
    result: list[str] = []
    joinable = False
    for token in tokens:
        token = SYNONYMS.get(token, token)
        small = len(token) <= 2 and token.isascii() and token.isdigit()
        if small and joinable:
            result[-1] = f"{result[-1]}.{token}" if int(token) else result[-1]
            joinable = False
            continue
        joinable = small or (len(token) == 2 and token[0] == "v" and token[1].isdigit())
        result.append(token)
    return result


def _without_extras(tokens: list[str], after_date: int) -> tuple[list[str], list[tuple[Kind, str]]]:
    """Walk back from the end while the words only qualify the model; one word must remain."""
    core = list(tokens)
    extras: list[tuple[Kind, str]] = []
    family = core[0] if core else ""
    while len(core) > 1:
        word = core[-1]
        kind: Kind | None
        if word in PACKING or word in HOST_WORDS:
            core.pop()
            continue
        if word in EFFORT or (word in EFFORT_IN_SOME and _is_effort(word, core, family)):
            kind = Kind.EFFORT
        elif word in STAGE and word not in TIERS_OF.get(family, ()):
            kind = Kind.STAGE
        elif word in TUNING:
            kind = Kind.TUNING
        elif CONTEXT.fullmatch(word):
            kind = Kind.CONTEXT
        elif EXPERTS.fullmatch(word) and len(core) > 3:
            extras.append((Kind.EXPERTS, word))
            core.pop()
            if re.fullmatch(r"\d+b", core[-1]):
                extras.append((Kind.EXPERTS, core.pop()))
            continue
        elif len(core) > 2 and REVISION.fullmatch(word) and (word[0] != "1" or _sized(core[-2])):
            kind = Kind.REVISION
        elif word == "turbo" and _turbo_is_hosts(core, len(tokens) - len(core) < after_date):
            core.pop()  # a host's speed tier of an open model
            continue
        elif word in ("no", "non", "not", "extended", "with", "without") and extras and extras[-1][1] in REASONING:
            core.pop()
            continue
        else:
            break
        if word == "latest" and not any(character.isdigit() for part in core[:-1] for character in part):
            break  # a pointer that moves from model to model is none of them
        core.pop()
        extras.append((kind, word))
    extras.reverse()
    return core, extras


def _sized(word: str) -> bool:
    return word in TUNING or bool(SIZE.fullmatch(word))


def _is_effort(word: str, core: list[str], family: str) -> bool:
    if word == "fast":
        return family in FAMILIES_WITH_SPEED and len(core) > 2
    return (
        family in FAMILIES_WITH_EFFORT and core[-2] not in TIERS_WITH_MAX and len(core) > (1 if family[0] == "o" else 2)
    )


def _turbo_is_hosts(core: list[str], after_date: bool) -> bool:
    """After a build's date, a tuning or a size, ``turbo`` is how fast a host runs an open model."""
    before = core[-2]
    return after_date or before in TUNING or before in REASONING or (len(core) > 3 and bool(SIZE.fullmatch(before)))


def _tier_first(core: list[str]) -> list[str]:
    """Claude's versions moved behind the tier with the fourth: one order for both ways of writing."""
    if len(core) == 3 and VERSION.fullmatch(core[1]) and core[2].isalpha():
        return [core[0], core[2], core[1]]
    return core
