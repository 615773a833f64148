"""Whose page it is, and whose number: the models that a page is about, and the owner of each number on it.

The page's models come from its title, its headings, the words "we introduce …" and the name it was saved under.
A number's owner is looked for in its table labels, in its clause, in its sentence, in the headings above it, and is the
page's own model where nothing else is named.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from flopcrawl.extraction.context import Page, label_column
from flopcrawl.extraction.document import Cell
from flopcrawl.extraction.names import (
    FORMS,
    NOISE,
    NOT_AFTER,
    NOT_STEMS,
    SIZE,
    TIERS,
    VARIANTS,
    Mention,
    looks_like_model,
    mentions,
    parts,
    same_line,
    size_value,
    squeezed,
    stems_of,
    with_size,
    without_size,
)  # fmt: skip

LEAD = re.compile(
    r"^(?:[^\w]*(?:model card (?:for|of|[-:])|introducing|announcing|meet|presenting|launching|unveiling|previewing|"
    r"releasing|open release of|"
    r"open[- ]sourcing|technical report (?:of|on)|welcome|the|our|new|about|hello,?|say hello to|发布|介绍|"
    r"隆重推出)\s+(?:the\s|our\s|new\s|open\s)*)+",
    re.IGNORECASE,
)
TAIL = re.compile(
    r"\s*(?:technical report|model card|readme|\(?beta\)? release|release|(?<=\s)preview|(?:is |are )?now available|"
    r"is (?:now |finally )?(?:here|live|out|open[- ]sourced?|available)|model family|series|family|suite|"
    r"models?|技术报告|模型卡片|[^\w\s)+]+)\s*$",
    re.IGNORECASE,
)
SLUG_NOISE = re.compile(
    r"(?:^|[-_ .])(?:readme|model[-_ ]card|card|blog|post|section|excerpt|github|announcing|introducing|previewing|"
    r"technical[-_ ]report|changelog|"
    r"zh|en|mdx|hf|news|index|\d{4}[-_.]\d{2}[-_.]\d{2}|\d{4}\.\d{4,5}(?:v\d)?)(?=$|[-_ .])",
    re.IGNORECASE,
)
PRESENT = re.compile(
    r"(?:\bwe(?:'re| are|’re| have)?\s+(?:\w+ly\s+|also\s+|now\s+|proudly\s+|excited to\s+|thrilled to\s+|"
    r"pleased to\s+|proud to\s+|happy to\s+|delighted to\s+|glad to\s+|today\s+)*|\btoday,?\s+|\bthis (?:report|"
    r"paper|work|card|technical report|repository)\s+)"
    r"(?:present|introduc|announc|releas|propos|describ|open-?sourc|unveil|launch|preview|develop|train|built|build|"
    r"share|"
    r"deliver)\w*"
    r"(?:\s+the\s+release\s+of)?\s+(?:the\s+|our\s+|a\s+|an\s+|an early version of\s+|new\s+|first\s+|latest\s+|"
    r"open\s+|(?:first|next|last)[- ]generation\s+|(?:research\s+)?preview of\s+|model\s+|models\s+|"
    r"and\s+open-?sourc\w+\s+)*|(?:发布|推出|开源|上线)(?:并开源|并发布|了)?(?:了|全新的?|新一代的?|自研的?|首个|的|其)*\s?",
    re.IGNORECASE,
)
COPY = re.compile(
    r"(?:^|[-_ .])(?:gguf|ggml|awq|gptq|exl2|bnb|mlx|int4|int8|4bit|8bit|quantized|quantised)(?![a-z])", re.IGNORECASE
)
"""Words in a name that say that it is a quantized copy."""
FUNCTION_WORD = re.compile(r"(?<![\w-])(?:for|with|and|of|to|in|the|is|how|what|why|on|our|your|a)(?![\w-])")
OWN_WORDS = re.compile(
    r"\b(?:we|our|ours|us|this model|the model(?! set| size| card| weight)|(?:the )?(?:pre-?)?training (?:used|took|"
    r"takes|lasts?|lasted|ran|was|process|run)|the (?:large|largest|big|full|final|main|whole|entire|"
    r"complete) (?:model|run|training)|it|its|"
    r"this (?:report|work|paper))\b|我们|"
    r"我們|本项目|本模型|该模型|本文",
    re.IGNORECASE,
)
COMPARISON = re.compile(
    r"(?:\b(?:than|unlike|next to|alongside|compared (?:to|with)|versus|vs\.?|outperform\w*|similar to|same as|"
    r"surpass\w*|match\w*|"
    r"beat\w*|against|over|exceed\w*|rival\w*|like|relative to|"
    r"initiali[sz]ed from|based on|built (?:on|upon)|derived from|fine-?tuned from|distilled from|starting from|"
    r"follow\w*|from|with|by|as|including|e\.g\.|use[sd]?|using|of|on top of)|相比|比|超越|超过|优于|基于|继|在|与|较)"
    r"(?:\s+|(?<=[^\x00-\x7f]))(?:the\s|a\s|an\s|our\s|previous\s|base\s|open-source\s|original\s|"
    r"[\w-]+['’]s\s)*[(\[]?$",
    re.IGNORECASE,
)
MEASURE_OF = re.compile(
    r"\b(?:costs?|(?:pre-?)?training|size|budget|compute|FLOPs?|hours|time|parameters) of\s(?:the\s)?$", re.IGNORECASE
)
"""Before a name whose measure is given: ``the cost of X is``."""
APPOSITION = re.compile(r"\s?(?:[–—,:(-]|is|was|,? as)\s?")
FRONTED = re.compile(
    r"\s*(?:With|At|Having|Featuring|(?:Pre-?)?[Tt]rained|Using|Boasting|Sporting|Weighing|Built|Despite|Thanks)\b"
)
ALIAS = re.compile(r"\s?[（(](?:aka |a\.k\.a\. |also |formerly |简称[，,]?)?")
OF_BASE = re.compile(
    r"\b(?:from|based on|on top of|upcycl\w+|prun\w+|initiali[sz]\w+ with|fine-?tun(?:es|ing)|extend(?:s|ing))\s"
    r"(?:the\s)?(?:weights of\s)?$"
)
AND_THEN = re.compile(r"\b(?:and|then)\b|[,;]")
"""``X was made from Y and trained on …``: what comes after "and" is X's again."""
FOR_WHOM = re.compile(r"\b(?:for|to (?:pre-?)?train)\s(?:the\s|our\s)?$")
COMPARED = re.compile(r"\b(?:than|twice|double|triple|times|compared|versus|similar|same|unlike)\b", re.IGNORECASE)
RELATIVE_CLAUSE = re.compile(
    r"^\s*(?:\(|,?\s*(?:which|that|who)\b|,?\s*(?:is|was|has been)?\s*(?:pre-?)?trained|uses?\b|used\b|requires?\b|"
    r"consum|with (?:its |about |over |only |nearly )?\d|"
    r"[:：])",
    re.IGNORECASE,
)
CITED = re.compile(
    r"(?<![\w.] )(?<![A-Za-z-])([A-Z][A-Za-z]*[\w.+-]*(?:[- ][A-Z0-9][\w.+-]*){0,2})\s?\((?:[A-Z][\w'’-]+ (?:et al|"
    r"and [A-Z][\w-]+,? )|[A-Z][\w'’-]+,? (?:19|20)\d\d)"
)
CITATION = re.compile(
    r"\(?(?:[A-Z][\w’'-]+ (?:et al\.?|and [A-Z]\w+)(?:,| \()?\s?\(?(?:19|20)\d\d[a-z]?\)?|\bet al\b)|"
    r"from [A-Z][\w-]+ et al"
)
SIZE_SUBJECT = re.compile(
    r"(?<![\w.])(\d+(?:\.\d+)?[BM])(?:[- ]parameters?)?(?:-sized?| dense| MoE| size| scale| base)*[ -](?:models?|"
    r"LLMs?|variants?|versions?|one|checkpoint|preview|run)(?![A-Za-z])|(?:(?:models?|LLMs?) (?:of|"
    r"with) (?:size )?)(\d+(?:\.\d+)?[BM])\b|\b[Tt]he (\d+(?:\.\d+)?[BM])(?= (?:used|took|was|were|required|needed|"
    r"run|on|for|in|is|has|saw|with|\d))"
)
FOR_SIZE = r"\s(?:tokens\s)?for\s(?:the\s|our\s)?(?P<size>\d+(?:\.\d+)?[BM])(?![A-Za-z0-9]|\s(?:token|word|sample)s?\b)"
"""After a number: ``4 trillion tokens for 4B``."""
SIZES_TOGETHER = re.compile(
    r"(?<![\w.])(?:[A-Za-z][\w.]*-)?(\d+(?:\.\d+)?[BM])((?:(?:,|/| and|, and| &)\s?(?:the |a |an |"
    r"our )?\d+(?:\.\d+)?[BM])+)"
    r"(?![\w.]*[A-Za-z0-9])(?! (?:and|to) \d+(?:\.\d+)?[BM])"
)


@lru_cache(maxsize=256)
def _by_shape(text: str, stems: frozenset[str]) -> tuple[Mention, ...]:
    """The names in a sentence; kept, because it is asked for again for each of the sentence's numbers."""
    return tuple(mentions(text, stems))


@dataclass(slots=True)
class Subjects:
    """The models that a page is about.

    ``primary`` is the model or family in its title; ``names`` all own names (the primary first); ``sizes`` the
    sizes that own names carry; ``stems`` first words that are model names on this page.
    """

    primary: str | None = None
    names: list[str] = field(default_factory=list)
    announced: list[str] = field(default_factory=list)
    sizes: set[str] = field(default_factory=set)
    own_sizes: set[float] = field(default_factory=set)
    stems: frozenset[str] = frozenset()
    slug: str = ""
    foreign: str = ""
    bases: tuple[str, ...] = ()
    capitals: dict[str, bool] = field(default_factory=dict)

    def mentions(self, text: str, offset: int = 0) -> list[Mention]:
        """The model names in a text: by their shape, and the page's own names as they are."""
        found = [Mention(m.name, m.start + offset, m.end + offset) for m in _by_shape(text, self.stems)]
        for own in self.names:
            at = text.find(own)
            while at >= 0:
                start, end = at + offset, at + len(own) + offset
                parts_of_it = [m for m in found if start <= m.start and m.end <= end and m.end - m.start < end - start]
                found = [mention for mention in found if mention not in parts_of_it]
                if not any(mention.start < end and start < mention.end for mention in found):
                    found.append(Mention(own, start, end))
                at = text.find(own, at + len(own))
        for match in CITED.finditer(text):
            start, end = match.start(1) + offset, match.end(1) + offset
            if match[1].split()[0].lower() not in NOT_STEMS and not any(m.start < end and start < m.end for m in found):
                found.append(Mention(match[1], start, end))
        return sorted(found, key=lambda mention: mention.start)

    def canonical(self, owner: Owner) -> Owner:
        """The same owner under the page's main name, where the page only shortens that (``X`` for ``X-v0.1``)."""
        if not owner.own or owner.name is None or self.primary is None or owner.name == self.primary:
            return owner
        short, main = parts(owner.name), parts(self.primary)
        if short.versions or short.sizes or short.words != main.words:
            return owner
        return Owner(self.primary, True, owner.reason, owner.explicit)

    def is_sibling(self, name: str) -> bool:
        """Whether a name is another size of the page's own line: cards of one size often list them all."""
        a, b = parts(name), parts(self.primary or "")
        same = a.words - FORMS == b.words - FORMS or squeezed(without_size(name)) == squeezed(
            without_size(self.primary or "")
        )
        return bool(a.sizes and b.sizes) and same and a.versions == b.versions

    def is_own(self, name: str) -> bool:
        """Whether a name is one of the page's models, or a member of its family."""
        return any(same_line(name, own) for own in self.names) and not self.is_base(name)

    def is_ours(self, name: str) -> bool:
        """Whether a name is one of the page's models, of its family, or a sibling of one."""
        return self.is_own(name) or self.is_sibling(name)

    def is_name(self, word: str, text: str) -> bool:
        """Whether a word has its capital inside sentences too; asked once for each word of a page."""
        if word not in self.capitals:
            self.capitals[word] = re.search(rf"[a-z,] {re.escape(word)}\b", text[:60_000]) is not None
        return self.capitals[word]

    def is_base(self, name: str) -> bool:
        """Whether a name is the model that this one was tuned from: ``X 3`` on the card of ``Tuned-X-3-8B``."""
        short, own = parts(name), parts(self.primary or "")
        return any(
            own.stem - parts(base).stem and short.words <= parts(base).words and same_line(name, base)
            for base in self.bases
        )


def slug_of(name: str, url: str = "") -> str:
    """The part of a file's name or an address that may name a model: ``org__X-7B.md`` gives ``X-7B``."""
    base = name or url.split("?")[0].rstrip("/")
    base = base.replace("\\", "/").rsplit("/", 1)[-1]
    base = re.sub(r"\.(?:md|mdx|html?|txt|pdf|json|atom|xml|rst|markdown)$", "", base, flags=re.IGNORECASE)
    base = re.sub(r"(?:\.(?:zh|en|mdx|md))+$", "", base)
    base = base.split("__", 1)[-1]
    for _ in range(3):
        base = SLUG_NOISE.sub("", base)
    return base.strip("-_ .")


def written_as(slug: str, text: str) -> str | None:
    """How the text writes the name in a slug (``brook-nemo`` → the words with their capitals), or None."""
    tokens = [
        re.escape(token) for token in re.split(r"[-_ ]+|(?<=[A-Za-z]{3})(?=\d)|(?<=\d)(?=[A-Za-z]{3})", slug) if token
    ]
    if not tokens or len(slug) < 3 or len(tokens) > 8:
        return None
    pattern = re.compile(
        r"(?<![A-Za-z0-9_.@-])" + r"[-_ .]{0,2}".join(tokens) + r"(?:\.0)?(?:\+(?!\w))?(?![A-Za-z0-9/_]|\.\d)",
        re.IGNORECASE,
    )
    found = [match[0] for match in pattern.finditer(text, 0, 60_000)]
    found = [name for name in found if not FUNCTION_WORD.search(name)]
    capital = [name for name in found if any(character.isupper() for character in name)]
    return capital[0] if capital else (found[0] if found else None)


INTRODUCING = re.compile(
    r"\b(?:introducing|announcing|presenting|launching|unveiling|releasing|meet)\b(?=\s[A-Z])", re.IGNORECASE
)
"""In a title, what comes after it is what the page is about: ``Small but mighty: introducing X``."""
TRAINED_ON_IT = re.compile(r"\b(?:trained|tuned|evaluated) (?:\w+ )?on (?:the )?$")
"""Before a name in a title that is a data set's."""
BETTER_THAN = re.compile(r"\b(?:than|outperform\w*|surpass\w*|beat\w*|rival\w*|versus|vs\.?|match\w*|over)\s$")
WORD_AFTER = re.compile(r" ([A-Z][a-z]+)")
"""The rest of a title that is a name of two words: ``X Neo``."""
COMPOUND = re.compile(r"[A-Z]\w*-[A-Za-z]\w*(?: v?\d[\w.]*)+(?: [A-Za-z]+ \d+)?")
"""A title that is nothing but a name, which begins with a word that begins no name elsewhere (``LLM-xy v2 4B``)."""


def name_in_title(title: str, stems: frozenset[str] = frozenset()) -> str | None:
    """The model's name in a title, or None: ``Introducing X 3``, ``X-V2 Technical Report``, ``X: a language model``."""
    title = re.sub(r"[^\w\s.+:：,()/\-–—&'’|]", " ", title).strip()
    title, whose = re.subn(r"[A-Z]\w+['’]s\s+(?=[A-Z])", "", re.sub(r"^(?:[A-Za-z0-9._-]+/)(?=[A-Za-z])", "", title))
    for found in mentions(title, stems):
        if not TRAINED_ON_IT.search(title, 0, found.start) and not BETTER_THAN.search(title, 0, found.start):
            longer = WORD_AFTER.fullmatch(title, found.end) if found.start == 0 and "-" not in found.name else None
            return title if longer and longer[1].lower() not in NOT_AFTER else found.name
    if whole := COMPOUND.fullmatch(title):
        return whole[0]
    presented_as = INTRODUCING.search(title)
    head = re.split(r"\s*[:：|,]\s+|[:：]|\s+[–—-]\s+", title[presented_as.start() if presented_as else 0 :])[0]
    bare = LEAD.sub("", head)
    for _ in range(3):
        bare = TAIL.sub("", bare)
    bare = re.sub(r"^[\u4e00-\u9fff]+(?=[A-Z][\w-]{2,}$)", "", bare)  # what it is, and its name
    words = bare.split()
    if not words or len(words) > 4 or not bare[0].isalnum():
        return None
    if (
        words[0].lower() in NOT_STEMS
        or words[-1].lower() in NOT_STEMS
        or not any(character.isupper() for character in bare)
    ):
        return None
    named_lead = whose > 0 or LEAD.match(head) is not None or TAIL.search(head) is not None
    odd = len(words) == 1 and re.search(r"[a-z][A-Z]|[A-Z]{2}|\d", bare) is not None
    if (
        odd
        or named_lead
        or (len(title) > len(head) + 3 and len(words) <= 3)
        or re.split(r"[\s-]", bare)[-1].lower().rstrip("+") in TIERS | VARIANTS
    ):
        return bare if not FUNCTION_WORD.search(bare) else None
    return None


NOT_A_MODEL = re.compile(
    r",?\s(?:[\w-]+,?\s){0,5}?(?:data ?sets?|corpus|corpora|benchmarks?|library|toolkit|tokenizer|framework|"
    r"frameworks|API|SDK|app|platform|algorithm|optimizer|method|system|approach|technique|strategy|law|metric|protocol|"
    r"paradigm)\b",
    re.IGNORECASE,
)


BARE_NAME = re.compile(
    r"([A-Z][\w.+-]*[A-Za-z0-9+](?: [A-Z0-9][\w.+-]*){0,2})(?=,? \(?(?:a|an|the|our|which|is)\b|"
    r", [a-z-]+ (?:\w+ )?(?:language )?model)"
)
"""A name of any shape right after "we introduce", where what it is follows: "…, a language model"."""


FULL_STOP = re.compile(r"(?P<name>[A-Z][\w+-]{0,40}(?: [A-Z][\w+-]{0,40}){0,2})[.,]")


def named_in(titles: list[str], head: str) -> list[str]:
    """The name that a page both says it presents, with nothing after it, and has in its title."""
    for match in PRESENT.finditer(head):
        bare = FULL_STOP.match(head, match.end())
        if bare is None or bare["name"].split()[0].lower() in NOT_STEMS | NOISE:
            continue
        if any(re.search(rf"\b{re.escape(bare['name'])}\b", title) for title in titles):
            return [bare["name"]]
    return []


LIST_FOLLOWS = re.compile(r"[^\n.]{0,120}\bmodels?\b[^\n.]{0,80}[:：]\s*\n+")
LIST_ITEM = re.compile(r"[ \t]*(?:[-*•●][ \t]+)?(?P<words>[^\n]+)\n*")


def listed_after(text: str, at: int, stems: frozenset[str]) -> list[str]:
    """The names that the items of a list begin with, where "we released … models:" at ``at`` leads to one."""
    names: list[str] = []
    leads = LIST_FOLLOWS.match(text, at)
    item = LIST_ITEM.match(text, leads.end()) if leads else None
    while item is not None:
        found = next(mentions(item["words"][:80], stems), None)
        if found is None or found.start > 2:
            break
        names.append(found.name)
        item = LIST_ITEM.match(text, item.end())
    return names


def presented(text: str, stems: frozenset[str], limit: int = 8) -> list[str]:
    """Names right after "we introduce", "we release", "today we announce" and their like."""
    names: list[str] = []
    for match in PRESENT.finditer(text):
        window = text[match.end() : match.end() + 90]
        found = next(mentions(window, stems), None)
        near = 4 if re.search(r"(?:develop|train|built|build|propos)", match[0], re.IGNORECASE) else 24
        if (
            found is not None
            and found.start <= near
            and not NOT_A_MODEL.match(window, found.end)
            and not re.search(r"[.;]", window[: found.start])
        ):
            names.append(found.name)
        elif (bare := BARE_NAME.match(window)) and bare[1].split()[0].lower() not in NOT_STEMS | NOISE:
            names.append(bare[1])
        else:
            names += listed_after(text, match.end(), stems)
        if len(names) >= limit:
            break
    return names


CALLED = re.compile(
    r"\b(?:called|named|dubbed|termed|(?:which )?we (?:call|name|term|refer to as)|(?:architecture|network|model|"
    r"framework|system), the|(?:model|LLM|transformer|network|agent)s?,)\s+"
    r"(?:it |this |the |our )?([A-Z][\w+-]*[A-Za-z0-9+](?: [A-Z0-9][\w.+-]*)?)"
)
"""A paper gives its model a name: "… an architecture, the Attentor", "a model which we call Moss"."""


def most_named(text: str, stems: frozenset[str]) -> str | None:
    """The name that a text writes most often, at least three times; the shortest form of it."""
    counts = Counter(mention.name for mention in mentions(text, stems))
    if not counts:
        return None
    name, count = max(counts.items(), key=lambda item: item[1])
    total = sum(value for other, value in counts.items() if same_line(other, name))
    return name if count >= 2 and total >= 3 else None


def capitalised(slug: str, text: str) -> str | None:
    """The longest part of a lower-case name that the text writes with capitals, at least twice."""
    words = re.split(r"[-_ ]+", slug)
    for length in range(len(words), 0, -1):
        for first in range(len(words) - length + 1):
            found = written_as("-".join(words[first : first + length]), text)
            if found and found[0].isupper() and found.lower() not in NOT_STEMS and text.count(found) >= 2:
                return found
    return None


def called(page: Page, head: str) -> str | None:
    """The name that a paper's beginning gives to its own model, where the text uses it often."""
    found = CALLED.search(head) if page.paper else None
    return found[1] if found and page.text.count(found[1]) >= 3 and found[1].lower() not in NOT_STEMS else None


DEFINED = re.compile(
    r"(?:^|\n|[.!?] )(?P<name>[A-Z][\w-]+(?: [A-Z0-9][\w.]*)?) is (?:our|an?|the) [^.\n]{0,80}\b(?:model|LLM)s?\b"
)


def defined(title: str, head: str) -> str | None:
    """The name in a title that a sentence of the page's beginning explains: ``X is our 30B parameter model``."""
    for match in DEFINED.finditer(head):
        if re.search(rf"\b{re.escape(match['name'])}\b", title) and match["name"].lower() not in NOT_STEMS:
            return match["name"]
    return None


def name_written(slug: str, text: str) -> str | None:
    """How the text writes the name in a slug, if it is one: a common word in front makes none without a number."""
    found = written_as(slug, text) if slug else None
    if found is None or parts(found).versions | parts(found).sizes:
        return found
    return None if re.split(r"[^A-Za-z]", found)[0].lower() in NOT_STEMS else found


def end_of_slug(slug: str, text: str) -> str | None:
    """How the text writes the longest end of a slug that has a name's shape: ``maker_x_2`` is saved for ``X-2``."""
    for cut in re.finditer(r"[-_ ]+", slug):
        found = written_as(slug[cut.end() :], text)
        if found and found[0].isupper() and looks_like_model(found):
            return found
    return None


def slug_size(subjects: Subjects) -> str | None:
    """The page's model with the size that only the name says under which the page was saved (``x-104b``)."""
    if not subjects.primary:
        return None
    own, slug = parts(subjects.primary), parts(subjects.slug)
    if own.sizes or len(slug.sizes) != 1 or own.words != slug.words or own.versions != slug.versions:
        return None
    return f"{subjects.primary}-{next(iter(slug.sizes)).upper()}"


def sized_names(text: str, subjects: Subjects) -> Counter[str]:
    """The names with a size that the page writes for its model (``X-16B-A3B``), how often; none where it has one."""
    primary = subjects.primary
    if not primary or not re.match(r"[A-Za-z]", primary) or parts(primary).sizes:
        return Counter()
    pattern = re.compile(
        re.escape(primary).replace("\\ ", "[-_ ]?").replace("\\-", "[-_ ]?")
        + r"(?:-[A-Za-z]+)?-\d+(?:\.\d+)?B(?:-A\d+(?:\.\d+)?B)?(?![A-Za-z0-9]|[ -](?:activ|total|param|token))",
        re.IGNORECASE,
    )
    return Counter(match[0] for match in pattern.finditer(text, 0, 80_000))


def only_sized(found: Counter[str]) -> str | None:
    """The one name with a size, where all of them say the same size."""
    sizes = {parts(name).sizes for name in found}
    return found.most_common(1)[0][0] if len(sizes) == 1 else None


def without_maker(primary: str, text: str) -> str | None:
    """The name without its maker's in front, as the text writes it (``Maker-X-3-8B`` → ``X 3 8B``), or None.

    The page itself must say that the first word is the maker; else ``Tuned-X-8B`` would be taken for its own base.
    """
    maker, _, rest = re.sub(r"[-_ ]", " ", primary, count=1).partition(" ")
    if not parts(rest).stem or not parts(rest).versions | parts(rest).sizes:
        return None
    word = re.escape(maker)
    makes = rf"(?:by|developers?|creators?)\W{{1,6}}{word}\b|\b{word}(?: \w+)? (?:develop|releas|introduc)"
    return written_as(rest, text) if re.search(makes, text[:12_000], re.IGNORECASE) else None


BASE_LABEL = re.compile(r"\bbase[ _]model\W{1,6}(?:https?://\S+/)?(?P<name>[\w./-]+)", re.IGNORECASE)


def stated_bases(page: Page) -> tuple[str, ...]:
    """The models that a card's front matter or a label says its own was tuned from, without their owners."""
    stated = page.document.front_matter.get("base_model") or []
    found = [str(name) for name in (stated if isinstance(stated, list) else [stated])]
    found += [match["name"] for match in BASE_LABEL.finditer(page.body[:20_000])]
    return tuple(name.rsplit("/", 1)[-1] for name in found)


def shown(name: str, titles: list[str], head: str) -> bool:
    """Whether a title has the name, or the page says that it presents it."""
    return any(f" {name}" in f" {title}" for title in titles) or any(
        head.startswith(name, match.end()) for match in PRESENT.finditer(head)
    )


def find_subjects(page: Page, name: str = "", url: str = "", model: str | None = None) -> Subjects:
    """Find out which models a page is about."""
    text = page.text
    head = text[:12_000]
    stems = stems_of(text)
    slug = slug_of(name, url)
    titles = [page.document.title] + [section.title for section in page.document.sections[:3] if section.level <= 2]
    in_title = next((found for title in titles if title and (found := name_in_title(title, stems))), None)
    in_slug = name_written(slug, text)
    whole = slug
    if slug and in_slug is None and in_title is None:
        in_slug = end_of_slug(slug, text)
    while slug and in_slug is None and in_title is None and (cut := re.search(r"[-_ ][^-_ ]+$", slug)):
        slug = slug[: cut.start()]
        in_slug = (written_as if re.search(r"[-_ ]", slug) else name_written)(slug, text) if len(slug) >= 4 else None
        if (
            in_slug
            and not page.document.front_matter
            and not re.search(rf"(?:^|\n){re.escape(in_slug)} (?:is|was|has|can|uses|\w+s)\b", head)
        ):
            in_slug = None  # a short form counts only where a paragraph is about it
    announced = presented(head, stems) or named_in(titles, head)
    primary = model
    if primary is None and in_slug and COPY.search(slug):
        primary = in_slug  # a copy is known by the name it was saved under
    if primary is None:
        if in_title and in_slug:
            if same_line(in_title, in_slug) or same_line(in_slug, in_title):
                bare = not (parts(in_title).versions | parts(in_title).sizes)
                primary = in_slug if bare and parts(in_slug).versions | parts(in_slug).sizes else in_title
            else:
                primary = max((in_title, in_slug), key=lambda name: (text.count(name), name == in_title))
        else:
            capital = in_slug if in_slug and any(c.isupper() or c.isdigit() for c in in_slug) else None
            if capital is None and in_slug and shown(in_slug, titles, head):
                capital = in_slug  # a name without capitals
            if capital is None and whole and page.document.front_matter:
                capital = capitalised(whole, text) or in_slug
            primary = (
                in_title
                or capital
                or (announced[0] if announced else None)
                or called(page, head)
                or defined(" ".join(titles), head)
                or most_named(head, stems)
                or (whole if parts(whole).sizes and parts(whole).stem else None)
            )
    subjects = Subjects(primary=primary, stems=stems, slug=slug, bases=stated_bases(page))
    if primary:
        word = re.match(r"[A-Za-z]+", primary)
        if word and word[0].lower() not in NOT_STEMS:
            subjects.stems = stems | {word[0].lower()}
        subjects.names.append(primary)
        first, _, rest = primary.partition(" ")
        if rest and looks_like_model(rest, stems) and text.count(rest) > 2 * text.count(primary) and first[0].isupper():
            subjects.names[0] = subjects.primary = rest
            subjects.names.append(primary)
    without = without_maker(primary, text) if primary and not page.document.front_matter.get("base_model") else None
    if without and without not in subjects.names:
        subjects.names.append(without)
    for found in ([in_title, in_slug] if model is None else []) + announced[:4]:
        if (
            found
            and found not in subjects.names
            and (subjects.primary is None or found in announced or same_line(found, subjects.primary))
        ):
            subjects.names.append(found)
    with_sizes = sized_names(text, subjects)
    sized_name = slug_size(subjects) or only_sized(with_sizes)
    if sized_name and model is None and sized_name not in subjects.names:
        subjects.names.append(sized_name)
    for own in [*subjects.names, *(name for name, count in with_sizes.items() if count > 1)]:
        subjects.sizes |= {size for size in parts(own).sizes if not size.startswith("a")}
    return subjects


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose number it is: ``name`` (None: nobody is named), whether it is one of the page's own models, and why."""

    name: str | None
    own: bool
    reason: str
    explicit: bool = False


def owner_in_words(
    subjects: Subjects, text: str, start: int, at: int, end: int, main: str | None = None
) -> Owner | None:
    """The owner that a sentence ``text[start:end]`` names for the number at ``at``, or None.

    ``main`` is whom "we" and "our model" mean: the model of the heading above, or else the page's.
    """
    main = main or subjects.primary
    antecedent: str | None = None
    found = subjects.mentions(text[start:end], start)
    for mention in found:  # "another with 7 billion parameters (X-7B)"
        if mention.start > at and IN_BRACKETS_AFTER.fullmatch(text, at, mention.start) and parts(mention.name).sizes:
            return Owner(mention.name, subjects.is_own(mention.name), f"named after it: {mention.name}", True)
    before = [mention for mention in found if mention.end <= at + 1]
    candidates: list[tuple[int, Owner]] = []
    for mention in before:
        own = subjects.is_ours(mention.name)
        lead, follow = text[start : mention.start], text[mention.end : mention.end + 30]
        if CHINESE_BASE.match(follow) or (not own and OF_DATA.match(follow)):
            continue
        if not own and lead.count("(") > lead.count(")") and re.match(r"[^()]*\)", text[mention.end : at]):
            continue  # "(twice the size of Y)": only compared in brackets
        compared = COMPARISON.search(lead) and not MEASURE_OF.search(lead)
        if not own and compared and not RELATIVE_CLAUSE.match(follow):
            continue
        if not own and any(ALIAS.fullmatch(text, earlier.end, mention.start) for earlier in before):
            continue  # "X (Y)": one model under two names
        if not own and LABELLED.search(lead) and OTHER_LABEL.search(text, mention.end, at):
            continue  # "Text encoder: Y … Hardware: 128 A100": the value of another label
        as_base = candidates and not own and OF_BASE.search(text, start, mention.start)
        if as_base and AND_THEN.search(text, mention.end, at) and not RELATIVE_CLAUSE.match(follow):
            continue
        candidates.append((mention.start, Owner(mention.name, own, f"named in the sentence: {mention.name}", True)))
    for match in OWN_WORDS.finditer(text, start, at):
        word = match[0].lower()
        if word in ("it", "its") and candidates:
            continue
        if word == "our" and any(APPOSITION.fullmatch(text, mention.end, match.start()) for mention in before):
            continue  # "X, our largest model": still X
        if main and (word not in ("the model", "this model") or not candidates):
            if word in ("it", "its", "the model", "this model", "该模型") or TRAINING_WORD.search(word):
                antecedent = antecedent or last_own(subjects, text, start) or main
            candidates.append(
                (match.start(), Owner(main if word in PLURAL else antecedent or main, True, f"says {match[0]!r}", True))
            )
    if not candidates and FRONTED.match(text, start):
        for mention in found:  # "With 9B parameters, X is …"
            if mention.start >= at and re.search(r",\s(?:the\s|our\s)?$", text[at : mention.start]):
                return Owner(mention.name, subjects.is_own(mention.name), f"named after it: {mention.name}", True)
    if candidates:
        chosen = max(candidates, key=lambda item: item[0])[1]
        if chosen.reason.startswith("says"):
            for mention in found:  # "we used 6e24 FLOP for X Pro"
                if (
                    at < mention.start < at + 44
                    and FOR_WHOM.search(text, at, mention.start)
                    and subjects.is_own(mention.name)
                ):
                    return Owner(mention.name, True, f"named after it: {mention.name}", True)
        return chosen
    after = [
        mention
        for mention in found
        if mention.start >= at
        and re.search(
            r"(?:\bfor|\bof|\btrain(?:ing)?)\s+(?:the\s|our\s)?$",
            text[max(at, mention.start - 14) : mention.start],
        )
        and not COMPARED.search(text, at, mention.start)
    ]
    if after:
        mention = after[0]
        return Owner(mention.name, subjects.is_own(mention.name), f"named after it: {mention.name}", True)
    if not candidates and (other := bare_subject(subjects, text, start, at)):
        return Owner(other, False, f"of {other}, of which the page says no more", True)
    previous = last_own(subjects, text, start)
    return Owner(previous, True, f"named in the sentence before: {previous}") if previous else None


TRAINING_WORD = re.compile(r"^the (?:pre-?)?training ")
"""In own words: the run of whom the sentence before names (``the training process``)."""
OF_DATA = re.compile(
    r"\s(?:[a-z-]+\s){0,2}(?:data ?sets?|corpus|corpora|storage|buckets?|benchmarks?)\b", re.IGNORECASE
)
"""After a name that is no model's: ``the Y-10B web dataset``."""
CHINESE_BASE = re.compile(r"\s?的?(?:基础|模型基础)(?:上|之上)")
"""After a model from which another was made: ``在 X 的基础上``."""
IN_BRACKETS_AFTER = re.compile(r"[\d.]+[^().,;\d]{1,40}\(")
LABELLED = re.compile(r"[A-Za-z)] ?[:：]\s?$")
OTHER_LABEL = re.compile(r"[A-Z][A-Za-z ]{2,24}[:：]\s")
BARE_SUBJECT = re.compile(
    r"(?<![\w.-])(?P<name>[A-Z][a-z]*[A-Z]\w*|[A-Z][a-z]{3,})(?=,? (?:which |that )?(?:has|have|had|uses|used|"
    r"reports?|reported|"
    r"activates|contains|required|needs|consumed|was trained|is trained|saw)\b)"
)
"""A name of no model's shape that does what only a model or its makers do: ``Rival has 130B parameters``."""


def bare_subject(subjects: Subjects, text: str, start: int, at: int) -> str | None:
    """The unknown name that a sentence gives a number to; a word that is no name elsewhere on the page is none."""
    for match in reversed(list(BARE_SUBJECT.finditer(text, start, at))):
        name = match["name"]
        coined = re.search(r"[a-z][A-Z]|[A-Z]{2}", name) is not None
        if name.lower() in NOT_STEMS or subjects.is_own(name) or name.lower() in subjects.stems:
            continue
        if coined or subjects.is_name(name, text):
            return name
    return None


PLURAL = (
    "we",
    "our",
    "ours",
    "us",
    "我们",
    "我們",
    "本项目",
    "本模型",
    "本文",
    "this report",
    "this work",
    "this paper",
)


def last_own(subjects: Subjects, text: str, start: int) -> str | None:
    """The own model that the sentences before, in the same paragraph, name last; None where they name another last."""
    low = max(0, start - 320, text.rfind("\n\n", 0, start) + 1)
    if text[low:start].count("\n") > 6:
        low = text.rfind("\n", low, start) + 1
    found = subjects.mentions(text[low:start])
    return found[-1].name if found and subjects.is_own(found[-1].name) else None


def sized(owner: Owner, size: str) -> Owner:
    """The same owner's member with this size."""
    if owner.name is None:
        return owner
    return Owner(with_size(owner.name, size), owner.own, f"{owner.reason}, size {size}", owner.explicit)


OF_OTHERS_WORK = re.compile(r"\bet al\b|\([A-Z][\w'’-]+,? (?:19|20)\d\d")
"""What cites a paper: a row of it is of somebody else's model."""


def member_of(subjects: Subjects, label: str) -> Owner | None:
    """The owner that a table label names: a model's name, or a size of the page's own family."""
    label = re.sub(r"^\W*[\w.-]+/(?=[A-Za-z])", "", label.strip())  # an account on the hub, and the name
    if not label:
        return None
    size = re.fullmatch(
        r"[^\w]*(" + SIZE.pattern + r")(?:[- ](?:base|instruct|chat|model|params?|parameters?|dense|moe))*[^\w]*",
        label,
        re.IGNORECASE,
    )
    if size and subjects.primary and (stated := size_value(size[1])):
        known = [value for name in parts(subjects.primary).sizes if (value := size_value(name))]
        if any(0.7 < stated / value < 1.45 for value in known):
            return Owner(subjects.primary, True, f"row or column {label!r}", True)
    if size and subjects.primary:
        return Owner(with_size(subjects.primary, size[1]), True, f"row or column {label!r}", True)
    if found := next(mentions(label, subjects.stems), None):
        if OF_OTHERS_WORK.search(label, found.end):
            return Owner(found.name, False, f"row or column {label!r}", True)
        return Owner(found.name, subjects.is_ours(found.name), f"row or column {label!r}", True)
    for name in subjects.names:
        if name.lower() in label.lower():
            return Owner(name, True, f"row or column {label!r}", True)
    return None


def own_cells(page: Page, subjects: Subjects, head: re.Pattern[str]) -> Iterator[tuple[str, Cell]]:
    """The cells of a table's column, found by its head, in the rows of own models, each with the model's name."""
    for table in page.document.tables:
        heads = table.rows[table.header_rows - 1] if table.header_rows else ()
        column = next((at for at, cell in enumerate(heads) if at and head.fullmatch(cell.text)), None)
        if column is None:
            continue
        names = label_column(table)
        for row in table.rows[table.header_rows :]:
            owner = member_of(subjects, row[names].text) if max(column, names) < len(row) else None
            if owner is not None and owner.own and owner.name is not None:
                yield owner.name, row[column]
