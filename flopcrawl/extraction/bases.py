"""What a model continues: the model whose weights its training began with.

From the hub's ``base_model`` key where there is one; else from a label, from a table's column of bases, and from words
("fine-tuned from X", "X as the backbone", "在 X 的基础上"). A teacher that a model was distilled from is no base, and
neither is a model of which only the architecture, the tokenizer or the recipe was taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from flopcrawl.extraction.announcements import headline, is_card
from flopcrawl.extraction.context import Page
from flopcrawl.extraction.named_sizes import each_size
from flopcrawl.extraction.names import FORMS, TIERS, VARIANTS, Mention, mentions, parts, squeezed
from flopcrawl.extraction.subjects import Owner, Subjects, member_of, own_cells


@dataclass(frozen=True, slots=True)
class Base:
    """A base's name, the model that continues it, and the words that say so (None: nowhere in the text)."""

    name: str
    model: str
    start: int | None
    end: int | None


FILLERS = (
    r"(?:(?:(?:the|our|a|an|its|their|previous|pre-existing|existing|dense|pre-?trained|base|open-source[d]?|open|"
    r"publicly|available|foundation|backbone|language|checkpoints?|weights?|parameters|versions?|of|instruct|"
    r"instruction-tuned|model|models|llm|latest|original|released|intermediate|same|large|final|public|official|moe|two|three|several|"
    r"\d{1,3}(?:\.\d)?B(?=\W(?:\w+ ){0,3}model))\b(?!-)|"
    r"预训练的?|发布的|上述的?|我们的|模型|的|\w+发布的模型)[\s:]*)*[\[`(\"']?"
)
LABEL = re.compile(
    r"(?:^|[\n|])[^\w\n|]{0,6}(?:(?:base|parent|backbone|source|original|foundation|starting|upstream) ?"
    r"(?:llm|language model|model|checkpoint)(?: \(s\))?|backbone|(?:fine-?tuned|initiali[sz]ed|derived|continued|"
    r"continu\w+[- ]pre-?trained|trained|adapted|adopted|pruned) from(?: (?:base )?model)?(?: \[optional\])?|"
    r"initiali[sz]ation|基座模型|基础模型|基座|底座模型|底座|初始化模型)[ \t*]*(?:[:：|]|是|为)[ \t*]*" + FILLERS,
    re.IGNORECASE,
)
COLUMN = re.compile(
    r"^\W*(?:(?:base|backbone|parent|foundation|source) ?(?:llm|language model|model|checkpoint)?s?|llm(?: backbone)?|"
    r"language (?:model|part|backbone)|initiali[sz]ed from|fine-?tuned from|基座模型?|底座模型?|基础模型|基模型)\W*$",
    re.IGNORECASE,
)
CONTINUED = re.compile(
    r"(?<![A-Za-z])(?<!pre-)(?=[fidupacbtsvogwlekr继基在从])(?:(?:fine-?tun(?:ed|e|ing)(?:\s+version)?|initiali[sz]ed|derived|derivative|"
    r"upcycled|pruned|adapted|continued|continually (?:pre-?)?trained|further (?:pre-?)?trained|"
    r"continual pre-?training|post-?trained|built|trained|developed|based|start(?:s|ed|ing)?|version|variant|"
    r"obtained|fork|bootstrapped|warm-?started|grown|expanded|scaled up)\s+"
    r"(?:on top of|atop|based on|starting from|from|on|upon|of|off)\s+|"
    r"\b(?:tokens|RL|SFT|tuning|training) (?:on top of|atop)\s+|"
    r"\b(?:CPT|SFT|DPO|continu\w+ pre-?training|instruction tuning) (?:on|of|from) (?:the |our )?(?=\W?[A-Z])|"
    r"\b[Oo]ur (?:base|backbone) (?:model|LLM) (?=\W?[A-Z])|"
    r"\bcontinu(?:es?|ing|ed|ous|al) (?:the )?(?:pre-?)?train(?:ing|s|ed)?(?: (?:of|from|on))?\s+|"
    r"\b(?:further|continually|additionally) (?:pre-?)?train(?:ing|s|ed)? (?:of )?(?=\W?[A-Z])|"
    r"\b(?:fine-?tun(?:e|es|ed|ing)|post-?train(?:s|ed|ing)?|prun(?:e|es|ed|ing)(?: and \w+ing)?|upcycl(?:e|es|ed|ing)|"
    r"upscal(?:e|es|ed|ing)|adapt(?:s|ed|ing)?|adopt(?:s|ed|ing)?|took|take|taking|extend(?:s|ed|ing)?) "
    r"(?:of )?(?=(?:the |our )?\W?[A-Z])|"
    r"\bBased on\s+|\bbuilds? (?:up)?on\s+|基于|"
    r"从(?=.{2,40}(?:检查点|权重|模型)\w{0,4}(?:开始|初始化|出发))|继续预训练|在(?=.{2,40}(?:基础上|之上))|"
    r"\bstarting (?:from|with|point is|checkpoint is)\s+|\binitiali[sz]\w+ (?:[\w.-]+ ){0,4}(?:with|from|using)\s+|"
    r"\b(?:llm|language(?: model)?) (?:backbone|decoder)\s?\((?:i\.e\.,? )?|"
    r"\bweights (?:from|of)\s+|\b(?:backbone|base model|base|starting point|initiali[sz]ation|foundation|llm part|"
    r"language model)(?: of [\w.-]+(?: [\w.-]+)?)? is\s+)" + FILLERS,
    re.IGNORECASE,
)
COINED = re.compile(
    r"\W{0,2}(?P<name>(?!GPU|TPU|CPU|LLM|VLM|API|NLP|SFT)(?:[A-Z][a-z]*[A-Z][A-Za-z]*|[a-z]+[A-Z]{2,}[A-Za-z]*)\d?)"
    r"(?=\s(?:base |foundation |language )?(?:models?|weights|checkpoints?)\b|[\])`]*[.,;])"
)
OF_WEIGHTS = re.compile(
    r"(?:fine-?tun\w+|initiali[sz]\w+|warm-?started|bootstrapped)\s(?:[\w.-]+\s){0,3}?(?:from|with)\s|weights\s|"
    r"fine-?tun(?:e|ed|ing)\s",
    re.IGNORECASE,
)
BACKBONE = re.compile(r"(?:llm|language(?: model)?) (?:backbone|decoder)\s?\(", re.IGNORECASE)
"""``The LLM backbone (Y)`` where no other model is spoken of: the page's own."""
AS_BASE = re.compile(
    r"\s(?=[aistpmwfb])(?:(?:(?:series|family) )?(?:base )?(?:models?|weights|checkpoints?) (?:for|as|to) (?:\w+ )?"
    r"initiali[sz]\w+|"
    r"as|serves? as|is used as|was used as|acts? as|to serve as)\s+"
    r"(?:the|our|its|a|an|their)?\s*(?:(?!teacher|judge|reward|draft|baseline)[\w-]+\s+){0,3}?"
    r"(?:backbones?|base|initiali[sz]ation|foundation(?:al component)?|starting point|starting checkpoint|"
    r"base model|language model|llm)\b|(?:作为|为)(?:\w{0,4})(?:基座|底座|基底|基础)",
    re.IGNORECASE,
)
"""What says of the name before it that it serves as a base: ``X as the backbone``."""
LINK_END = re.compile(
    r"[\])`\"']{0,2}(?:\([^()\s]{0,200}\))?(?: ?\([^()]{3,60}\d{4}[a-z]?\)| ?\[\d{1,3}\])?,?(?:模型)?\s{0,2}$"
)
"""What may stand between a name and that: the end of a link, of code, of quotes, and a citation."""
FIRM = re.compile(
    r"fine-?tun|initiali[sz]|derived|upcycl|prun|continu|further|post-?train|based on|start|weights|基|obtained|warm|"
    r"took|take|taking|adopt|backbone",
    re.IGNORECASE,
)
"""Words that in a paper say that a model is continued; "built on", "version of" and bare verbs say less there."""
BARE_VERB = re.compile(r"(?:fine-?tun|post-?train|prun|upcycl|upscal|adapt|adopt|took|tak|extend)\w*\s", re.IGNORECASE)
PREPOSITION, ARTICLE = re.compile(r"\b(?:of|from|on|upon|off)\b"), re.compile(r"\b(?:the|an?)\s$", re.IGNORECASE)
MAKERS = re.compile(
    r"\bwe\b|\b(?:model|it|that|which)\s$|\b(?:by|of|from|via|through|after)\s(?:\w+ly\s|further\s|structurally\s)*$",
    re.IGNORECASE,
)
"""Before a verb without a preposition: somebody made a model. "To fine-tune X, run …" made none."""
TRAINED_ON_DATA = re.compile(r"(?:tun|train)\w*\s+(?:version\s+)?on\s", re.IGNORECASE)
VERSION_OF = re.compile(r"(?:version|variant)\s", re.IGNORECASE)
TUNED_BEFORE = re.compile(
    r"\b(?:\w*tuned|\w*trained|instruct\w*|aligned|chat|pruned|adapted|extended|merged|distilled|upcycled|uncensored)[\w\s,-]{0,24}\Z",
    re.IGNORECASE,
)
TUNED_ON = re.compile(r"tun\w*\s+(?:version\s+)?on\s", re.IGNORECASE)
OF_A_PART = re.compile(
    r"\b(?:vision|visual|image|audio|speech|text) (?:encoders?|towers?|backbone)\b[^.;]{0,60}\Z", re.IGNORECASE
)
"""Before a phrase that is about a part of a model."""
OTHER_SUBJECT = re.compile(r"\b(?:reported|known|said|believed) that\b[^.;]{0,40}\Z")
"""Before a phrase that is hearsay, which is of others' models."""
NOT_OF_WEIGHTS = re.compile(
    r"\b(?:code|study|experiments?|ablations?|results?|checkpoints)\s(?:is\s|are\s|was\s)?$", re.IGNORECASE
)
DATA_BEFORE = re.compile(r"\bdata ?sets?\b[^.;]{0,60}\Z", re.IGNORECASE)
AS_BASELINE = re.compile(r"\bas (?:the |our |strong )?(?:\w+ )?baselines?\b|\bfor comparison\b", re.IGNORECASE)
"""What is taken to be compared with: ``we take X and Y as the baselines``."""
ONLY_PARTS = re.compile(
    r"(?:\s?\[[^\]]{1,40}\])?\W{0,3}(?:['’]s\s+)?(?:(?!on\b|with\b|using\b|and\b|by\b|for\b|in\b|to\b)\w+\s+)?"
    r"(?:architecture|structure|tokenizer|dataset|corpus|paper|card|style|framework|data|recipe|code(?:base)?|vocabulary)\b",
    re.IGNORECASE,
)
"""What follows a name of which no weights were taken."""
WHAT = re.compile(r"architecture|tokenizer|dataset|corpus|style|framework|data from|recipe|codebase", re.IGNORECASE)
SPEAKS_OF_OWN = re.compile(
    r"\b(?:we|our|it|this (?:model|version|release|repository|checkpoint)|the model|is|are|was|were)\b|基于|本项目|"
    r"该模型|本模型|我们",
    re.IGNORECASE,
)
SAME_SUBJECT = re.compile(r"\band (?:was |is |are |were |then )*$", re.IGNORECASE)
"""Before a verb: it speaks of who the sentence began with."""
BARE = re.compile(r"\W*(?:(?:built|made|created|obtained|trained|produced) (?:by|via|through|from)\W*)?", re.IGNORECASE)
"""All that stands before a phrase that leaves its model out."""
AND = re.compile(r"\W*(?:and|&|和|与|及|、|,)?\W*")
BESIDE = re.compile(r"\W*(?:and|&|和|与|及|、|,|with|by)?\W*")
"""Between two bases: "with Y and X as backbones", "we replaced Y by X"."""
FRONTED = re.compile(r"[^.;,]{0,40},\s(?:we|it|our model|the model)\b", re.IGNORECASE)
"""After a fronted phrase: ``Starting from X, we``."""
WE = re.compile(r"\bwe\b|我们")
SAYS_WE = re.compile(
    r"\b(?:we|our|it|this (?:model|version)|the (?:base )?model)\b|基于|我们|该模型|本模型", re.IGNORECASE
)
READ, READ_OF_PAPER, MOST = 60_000, 25_000, 8
"""Characters of a page, and of a paper, that are looked through, and the most models of a page that get a base."""


def bases(page: Page, subjects: Subjects) -> Iterator[Base]:
    """The bases of a page's models, from the firmest kind of place to the loosest, one for each model."""
    if subjects.primary is None:
        return
    if stated := page.document.front_matter.get("base_model"):
        for value in stated if isinstance(stated, list) else [stated]:
            at = page.text.find(str(value))
            yield Base(str(value), subjects.primary, *((at, at + len(str(value))) if at >= 0 else (None, None)))
        return
    found: dict[str, Base] = {}
    for find in (_in_labels, _in_tables, _in_words, _after_names, _tuned, _of_forms):
        for base in find(page, subjects):
            if base.model in found:
                if _more_exact(base.name, found[base.model].name):
                    found[base.model] = base
            elif len(found) < MOST:
                found[base.model] = base
    yield from found.values()


def _more_exact(name: str, than: str) -> bool:
    """Whether a name is the other with a size: ``Rook-2-7B`` of ``Rook 2``."""
    a, b = parts(name), parts(than)
    return bool(a.sizes) and not b.sizes and b.stem <= a.stem and a.versions == b.versions


def _named(window: str, subjects: Subjects) -> Mention | None:
    """The model that a window begins with, unless it was made from the page's model in turn."""
    found = next(mentions(window, subjects.stems), None) or _bare_link(window)
    if found is None or subjects.primary is None or not BEFORE_NAME.fullmatch(window, 0, found.start):
        return None
    kin = parts(found.name)
    if not (kin.sizes or kin.versions or "-" in found.name) or MEASURES.search(found.name):
        return None
    if any(
        squeezed(own) in squeezed(found.name) and not kin.words - parts(own).words <= FORMS for own in subjects.names
    ):
        return None  # what was made from the page's model in turn
    return found


BEFORE_NAME = re.compile(r".{0,2}|(?:[A-Z][\w.]{1,14} {1,2}){1,2}")
"""What may stand before a name: a bracket, or the name's maker."""


MEASURES = re.compile(r"eval|bench", re.IGNORECASE)
"""In a name that is a benchmark's."""


def _of_each(subjects: Subjects, base: str, models: list[str], start: int, end: int) -> Iterator[Base]:
    """A base for each of the models whose it can be: another's model, or another kind of the page's own."""
    for model in models:
        if not subjects.is_own(base) or _other_kind(base, model):
            yield Base(base, model, start, end)


def _in_labels(page: Page, subjects: Subjects) -> Iterator[Base]:
    """``Base model: X``, ``Finetuned from model: X``."""
    for match in LABEL.finditer(page.body, 0, READ_OF_PAPER if page.paper else READ):
        window = page.text[match.end() : match.end() + 70]
        found = _named(window, subjects) or (_written(window) if TEMPLATE.search(match[0]) else None)
        if found and subjects.primary and not page.in_code(match.start()):
            model = _under(page, subjects, match.start()) or subjects.primary
            yield from _of_each(subjects, found.name, [model], match.end() + found.start, match.end() + found.end)


TEMPLATE = re.compile(r"fine-?tuned from (?:base )?model", re.IGNORECASE)
"""The hub's own label, after which whatever stands is a model."""
WRITTEN = re.compile(r"(?!Transformer|None|More Information|Scratch|From )[A-Z][^\n|(]{1,58}(?=\s*(?:\n|\||\())")


def _written(window: str) -> Mention | None:
    """What stands after a label that only a model's name can follow, whatever the name's shape."""
    match = WRITTEN.match(window)
    return Mention(match[0].strip(), 0, len(match[0].strip())) if match else None


def _in_tables(page: Page, subjects: Subjects) -> Iterator[Base]:
    """A column of bases beside a column of the page's own models."""
    for owner, cell in own_cells(page, subjects, COLUMN):
        found = next(mentions(cell.text, subjects.stems), None)
        if found and found.name != owner:
            yield Base(found.name, owner, cell.start, cell.end)


def _in_words(page: Page, subjects: Subjects) -> Iterator[Base]:
    """``fine-tuned from X``, ``the backbone is X``, ``we took X and``."""
    for match in CONTINUED.finditer(page.text, 0, READ_OF_PAPER if page.paper else READ):
        window = page.text[match.end() : match.end() + 70]
        found = _named(window, subjects) or _coined(page, match, window)
        if found is None or page.in_code(match.start()) or (page.paper and not FIRM.search(match[0])):
            continue
        if WHAT.search(match[0]) or ONLY_PARTS.match(window, found.end) or not _firm(page, match, found.name):
            continue
        own = _continuing(page, subjects, match.start(), match.end(), found.end)
        if not own and BACKBONE.match(match[0]) and subjects.primary:
            own = [subjects.primary]
        yield from _of_each(subjects, found.name, own, match.start(), match.end() + found.end)


def _coined(page: Page, match: re.Match[str], window: str) -> Mention | None:
    """A coined word without number or version (``LLaMA``) where the words before it can only mean weights."""
    found = COINED.match(window) if OF_WEIGHTS.match(match[0]) else None
    return Mention(found["name"], found.start("name"), found.end("name")) if found else None


def _firm(page: Page, match: re.Match[str], name: str) -> bool:
    """Whether a phrase tells of a model that was made: not of data, of code, of a study, or of what a reader may do."""
    start, _ = page.sentence(match.start())
    before = page.text[start : match.start()]
    if TRAINED_ON_DATA.search(match[0]) and (not parts(name).sizes or not TUNED_ON.search(match[0])):
        return False
    if VERSION_OF.match(match[0]) and not TUNED_BEFORE.search(before):
        return False  # "the 1.5B version of X"
    if OF_A_PART.search(before) or OTHER_SUBJECT.search(before):
        return False
    if match[0].lower().startswith("derived") and DATA_BEFORE.search(before):
        return False
    if NOT_OF_WEIGHTS.search(before) or AS_BASELINE.search(page.text, match.end(), page.sentence(match.start())[1]):
        return False
    if BARE_VERB.match(match[0]) is None or PREPOSITION.search(match[0]):
        return True
    return MAKERS.search(before) is not None and ARTICLE.search(before) is None


def _after_names(page: Page, subjects: Subjects) -> Iterator[Base]:
    """``X as the backbone``, ``以 X 作为基座``."""
    for match in AS_BASE.finditer(page.text, 0, READ_OF_PAPER if page.paper else READ):
        start, _ = page.sentence(match.start())
        before = page.text[start : match.start()]
        link_end = LINK_END.search(before[-212:])
        name_end = match.start() - len(link_end[0] if link_end else "")
        last = [found for found in mentions(before, subjects.stems) if start + found.end == name_end]
        if not last or page.in_code(match.start()):
            continue
        name, at = last[-1].name, start + last[-1].start
        if _named(name, subjects):
            own = _continuing(page, subjects, at, at, len(name))
            yield from _of_each(subjects, name, own, at, match.end())


IS_NAME = re.compile(r"\b(?:is|are) (?:an?|the)?[ \[`(]{0,3}(?=[A-Za-z][^.;\n]{1,90}(?:tuned|trained))")
IS_TUNED = re.compile(
    r"[\])`\"']{0,2}(?:\([^()\s]{0,200}\))?(?: (?:model|LLM))?(?: (?:further|that was|which was))? "
    r"(?:fine-?tuned|post-trained|instruction-tuned)\b",
    re.IGNORECASE,
)
PATH = re.compile(r"[A-Za-z][\w-]*/[A-Za-z][\w.-]*")


def _tuned(page: Page, subjects: Subjects) -> Iterator[Base]:
    """``This model is X fine-tuned on …``, where X can be a path on the hub."""
    for match in IS_NAME.finditer(page.text, 0, READ_OF_PAPER if page.paper else READ):
        window = page.text[match.end() : match.end() + 70]
        path = PATH.match(window)
        found = Mention(path[0], 0, path.end()) if path else _named(window, subjects)
        if found and IS_TUNED.match(page.text, match.end() + found.end) and not page.in_code(match.start()):
            own = _continuing(page, subjects, match.end(), match.end(), found.end)
            yield from _of_each(subjects, found.name, own, match.end() + found.start, match.end() + found.end)


TELLS_OF_TUNING = re.compile(
    r"fine-?tun|\bSFT\b|\bDPO\b|\bRLHF\b|\balign|post-?train|instruct\w*[- ](?:tun|follow)|\b(?:chat|instruct\w*) "
    r"(?:version|variant|model)|对齐|微调",
    re.IGNORECASE,
)
TUNED_VERSION = re.compile(r"tuned (?:\w+ )?(?:versions?|variants?)\b", re.IGNORECASE)
FORM_END = re.compile(r"[-_ ](?:chat|instruct|it|sft|dpo)$", re.IGNORECASE)
MOST_SENTENCES = 200
"""Sentences of a page that are looked through for tuned models."""


def _of_forms(page: Page, subjects: Subjects) -> Iterator[Base]:
    """``X-7B-Chat`` beside ``X-7B`` in a sentence that tells of tuning: the one is the other, tuned.

    So it is where a sentence names a tuned version alone, and the page names the other.
    """
    stop = -1
    for told in islice(TELLS_OF_TUNING.finditer(page.text, 0, READ), MOST_SENTENCES):
        if told.start() < stop or page.in_code(told.start()) or page.table(told.start()):
            continue
        start, stop = page.sentence(told.start())
        own = [mention for mention in subjects.mentions(page.text[start:stop]) if subjects.is_ours(mention.name)]
        for tuned in own:
            for base in own:
                if _is_form(base.name, tuned.name) and told.start() - start < max(base.start, tuned.start):
                    for one, other in zip(each_size(base.name), each_size(tuned.name), strict=False):
                        yield Base(one, other, start + base.start, start + base.end)
            plain = FORM_END.sub("", tuned.name)
            if plain != tuned.name and TUNED_VERSION.search(page.text, start, stop) and _stands_alone(page, plain):
                yield Base(plain, tuned.name, start + tuned.start, start + tuned.end)


def _stands_alone(page: Page, name: str) -> bool:
    """Whether the page names a model by this name too, not only by longer ones."""
    return re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", page.text[:READ]) is not None


def _is_form(name: str, tuned: str) -> bool:
    """Whether one name is the other's without the word that says that it was tuned (``X-7B`` of ``X-7B-Chat``)."""
    a, b = parts(name), parts(tuned)
    same = a.words - PLAIN == b.words - FORMS and a.sizes == b.sizes and a.versions == b.versions
    return same and bool(b.words & FORMS - PLAIN) and not a.words & FORMS - PLAIN


def _continuing(page: Page, subjects: Subjects, at: int, end_of_words: int, length: int) -> list[str]:
    """Which own models a phrase at ``at`` speaks of: those named before it, "we"; or, fronted, the next."""
    start, end = page.sentence(at)
    before = subjects.mentions(page.text[start:at])
    while before and not subjects.is_own(before[-1].name):
        between = page.text[start + before[-1].end : at]
        if not (WE.search(between) or BESIDE.fullmatch(between)):
            break
        before.pop()  # "Inspired by Y, we take X"
    if before:
        shared = not subjects.is_own(before[-1].name) and SAME_SUBJECT.search(page.text[start:at])
        joined = [before[0] if shared else before[-1]]
        for earlier in reversed(before[:-1] if not shared else []):
            between = page.text[start + earlier.end : start + joined[-1].start]
            if not AND.fullmatch(between):
                break
            joined.append(earlier)
        return [
            subjects.canonical(Owner(mention.name, True, "")).name or ""
            for mention in joined
            if subjects.is_own(mention.name)
        ]
    under = _under(page, subjects, at)
    speaker = under or subjects.primary
    speaks = SAYS_WE if page.paper else SPEAKS_OF_OWN  # a paper's "was" is of anything
    if speaker and speaks.search(page.text[start:end_of_words]):
        return [speaker]
    if speaker and (is_card(page) or under) and BARE.fullmatch(page.text, start, at):
        return [speaker]  # "Fine-tuned from X on …": a card, or a section, leaves its model out
    if speaker and FRONTED.match(page.text, end_of_words + length, end):
        return [speaker]
    after = subjects.mentions(page.text[end_of_words + length : end])
    if after and subjects.is_own(after[0].name):
        return [subjects.canonical(Owner(after[0].name, True, "")).name or after[0].name]
    return []


def _under(page: Page, subjects: Subjects, at: int) -> str | None:
    """The own model that the heading above a place names, where that is not the page's title."""
    heading = page.heading(at).rsplit(" > ", 1)[-1]
    if heading == headline(page):
        return None  # it can be shorter than the name
    above = member_of(subjects, heading)
    return above.name if above and above.own else None


PLAIN = frozenset({"base", "pretrained", "pt", "pretrain"})
"""Words of names that say that a model was not tuned."""


def _bare_link(window: str) -> Mention | None:
    match = re.match(r"[a-z]+(?!(?:-\d+){2,})(?:-[a-z0-9.]+)+", window)
    return Mention(match[0], 0, match.end()) if match and any(c.isdigit() for c in match[0]) else None


def _other_kind(name: str, primary: str) -> bool:
    """Whether a name of the page's own line is another model of it: an earlier version, a base."""
    a, b = parts(name), parts(primary)
    if a.words - PLAIN == b.words - FORMS and a.sizes == b.sizes and a.versions == b.versions:
        return _is_form(name, primary)
    return (
        (a.words < b.words and b.words - a.words <= FORMS and a.sizes == b.sizes and a.versions == b.versions)
        or bool(a.versions - b.versions)
        or bool((b.words - a.words) - VARIANTS - TIERS)
        or (bool(a.sizes - b.sizes) and bool(b.words - a.words))
        or (a.words < b.words and not b.words - a.words <= FORMS and a.versions == b.versions)
    )
