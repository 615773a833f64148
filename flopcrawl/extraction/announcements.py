"""Whether a page announces a model, and which: only then does it yield a ``name`` fact.

A model card, a paper that presents a model, and an article that launches one do. An article about money, policy,
hardware deals, a product or a method does not, although it may name many models.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from flopcrawl.extraction.context import Page
from flopcrawl.extraction.labels import label_measure
from flopcrawl.extraction.names import TIERS, VARIANTS, mentions, parts, same_line, squeezed
from flopcrawl.extraction.subjects import COPY, LEAD, NOT_A_MODEL, PRESENT, TAIL, Subjects, listed_after, written_as
from flopcrawl.items import Fact
from flopcrawl.vocabulary import Field

MODEL_WORDS = re.compile(
    r"\b(?:models?|LLMs?|checkpoints?|weights|parameters|billion|transformer|train\w*|tokens|"
    r"mixture[- ]of[- ]experts|MoE|"
    r"pre-?train\w*)\b|模型|参数|モデル|모델",
    re.IGNORECASE,
)
OTHER_TOPIC = re.compile(
    r"\b(?:fund(?:ing|raise|s)?|series [a-h]\b|raises?|valuation|invest\w*|partner\w*|collaborat\w*|polic(?:y|ies)|"
    r"compute|data ?cent(?:er|re)s?|"
    r"acqui\w*|appoint\w*|joins?|hiring|careers|office|event|conference|pricing|deprecat\w*|sdk|environmental|"
    r"safety framework|terms|privacy|customers?|agents? framework|"
    r"case stud\w*|reduc\w+|accelerat\w+|cost|tutorial|guide|benchmark\w*|leaderboard|agent(?:s|ic)? framework|"
    r"for (?:teachers|education|students|enterprises?|work|teams|business|government|healthcare|developers)|"
    r"corpus|data ?sets?|fact[- ]check\w*|load balanc\w*)\b|融资|合作|招聘",
    re.IGNORECASE,
)
LAUNCH = re.compile(
    r"\b(?:introduc|announc|releas|launch|unveil|present|open-?sourc|available|debut|preview|meet)\w*|\bis here\b|"
    r"\bnow live\b|发布|推出|开源|上线",
    re.IGNORECASE,
)
NEW_MODEL = re.compile(
    r"\b(?:is|are|:|as)\s+(?:our|a|an|the)\s+(?:\w+[- ]){0,6}(?:model|LLM|family|series)s?\b|"
    r"\bnew (?:\w+ ){0,3}model\b|\bis a\b[^.\n]{0,80}\bmodel\b",
    re.IGNORECASE,
)
TRAINED_MODEL = re.compile(
    r"\b(?:this|the|our) model (?:was|is|has)\b[^.]{0,60}(?:trained|tokens|parameters)", re.IGNORECASE
)
LABELLED = re.compile(r"^[^\w\n]{0,6}(?P<label>[A-Za-z][^\n:：]{3,40})[:：] ?[~≈]?\d", re.MULTILINE)
ACCOUNT = re.compile(
    r"^(?:under the hood of|inside|the making of|how we (?:built|trained|made)|behind|building|training|a look at) "
    r"(?:our |the )?",
    re.IGNORECASE,
)
"""How the account of a training run is headed."""
ENTRY = re.compile(r"\(\s?(?:aka )?`?([a-z][a-z0-9.]*(?:-[a-z0-9.]+)+)`?\s?\)")


SURVEY = re.compile(
    r"\b(?:survey|literature review|systematic review) (?:of|on)\b|综述|\bfact[- ]check\b|"
    r"\b(?:corpus|data ?set|benchmark|leaderboard)s?\s*$",
    re.IGNORECASE,
)
"""The title of a page on other people's models, or on data."""


NO_MODEL = re.compile(
    r"(?:\s?\([^()]{1,60}\))?(?:\s(?:is|are)\s|\s?[:,–—]\s)(?:an?|our|the)\s"
    r"(?:(?!models?\b|agents?\b|network\b)[\w-]+\s){0,9}?"
    r"(?:data ?set|corpus|benchmark|framework|library|toolkit|platform|system|optimizer|algorithm|training API|API|law|"
    r"metric|protocol)s?\b(?! (?:models?|LLMs?)\b)",
    re.IGNORECASE,
)
"""After a name: what it is, which is no model."""


def is_no_model(name: str, head: str) -> bool:
    """Whether a page's beginning says that a name without a number or a size is a framework, a data set or the like."""
    named = parts(name)
    if named.versions | named.sizes | (named.words & TIERS):
        return False
    places = [match.end() for match in re.finditer(re.escape(name), head)]
    return any(NO_MODEL.match(head, at) for at in places[:4]) and not any(IS_MODEL.match(head, at) for at in places)


IS_MODEL = re.compile(
    r"(?:\s?\([^()]{1,60}\))?(?:\s(?:is|are)\s|\s?[:,–—]\s)[^.\n]{0,80}\b(?:models?|LLMs?|network|transformer)\b"
    r"(?! (?:pre-?)?(?:training|inference|development|serving|evaluation))",
    re.IGNORECASE,
)


def is_survey(page: Page) -> bool:
    """Whether a page's title says that it is about other people's models."""
    return SURVEY.search(headline(page).replace("_", " ") or page.text[:400]) is not None


def headline(page: Page) -> str:
    """A page's title, or its first heading."""
    return page.document.title or next((s.title for s in page.document.sections[:1] if s.level == 1), "")


def foreign(page: Page, subjects: Subjects) -> str:
    """Why no figure on the page is of its own model's run, or nothing: a quantized copy, no announced model."""
    front = page.document.front_matter
    if front.get("quantized_by") or COPY.search(f"{subjects.slug} {subjects.primary or ''}"):
        return "the page is about a quantized copy"
    if is_survey(page):
        return "the page is a survey of others' models"
    if not subjects.announced and not is_card(page) and not page.paper:
        return "the page announces no model"
    return ""


def is_card(page: Page) -> bool:
    """Whether the front matter is a model card's."""
    keys = set(page.document.front_matter)
    return bool(
        keys & {"pipeline_tag", "library_name", "base_model", "license", "model_name", "model-index", "inference"}
    ) and not keys & {"createdAt", "date"}


def announced(page: Page, subjects: Subjects) -> list[str]:
    """The models that a page announces, the main one first; none where it announces none."""
    text, primary = page.text, subjects.primary
    if primary is None or is_survey(page) or is_no_model(primary, text[:4000]):
        return []
    head = text[:4000]
    title, headed = page.document.title, headline(page)
    names = list(presented_names(page, subjects))
    if is_card(page):
        return _unique([primary, *[name for name in names if same_line(name, primary)]])
    in_title = any(name in title for name in subjects.names)
    off_topic = OTHER_TOPIC.search(f"{headed if primary in headed else title} {subjects.slug.replace('-', ' ')}")
    named = parts(primary)
    if OTHER_TOPIC.search(primary) or (
        off_topic and not (in_title and (named.versions or named.sizes or named.words & TIERS))
    ):
        return []
    if not MODEL_WORDS.search(head) and not (primary in headed and named.sizes):
        return []
    about = in_title or primary in headed or bool(subjects.slug and written_as(subjects.slug, primary))
    trained = re.search(rf"{re.escape(primary)}\W{{1,3}}(?:is|was|has been)\b[^.\n]{{0,40}}\b(?:pre-?)?trained\b", head)
    launched = about and (
        trained or is_title(primary, headed, head) or LAUNCH.search(f"{headed} {head[:1500]}") or NEW_MODEL.search(head)
    )
    stem = re.search(r"[A-Za-z]+", primary)
    readme = (
        page.document.kind == "md"
        and not {"date", "createdAt"} & set(page.document.front_matter)
        and stem is not None
        and len(re.findall(re.escape(stem[0]), text[:20_000])) >= (2 if len(text) < 8000 else 4)
    )
    if not names and not launched and not readme and not (about and lists_settings(page)):
        return []
    only_others = not any(same_line(name, primary) or same_line(primary, name) for name in names)
    if in_title or not names or (primary in headed and only_others):
        names = [primary, *names]
    return _unique(names)


def lists_settings(page: Page) -> bool:
    """Whether the page is a list of a training run's settings: labels of three kinds, each before its value."""
    labels = {label_measure(match["label"]) for match in LABELLED.finditer(page.text, 0, 8_000)}
    return len(labels - {None}) >= 3


def is_title(name: str, title: str, head: str) -> bool:
    """Whether a title is nothing but a model's name, with a version, a size, a tier or a kind (``X-7B``, ``X Coder``).

    A coined word (``mGPX``) will do where the page's beginning says that "the model" was trained.
    """
    named = parts(name)
    head_of_title, _, rest = title.partition(": ")
    if rest and re.search(r"\d[BMT]\b|\b(?:models?|LLMs?)\b|模型", rest):
        title = head_of_title
    bare = TAIL.sub("", ACCOUNT.sub("", LEAD.sub("", title)))
    told = named.versions | named.sizes | (named.words & (TIERS | VARIANTS))
    coined = re.search(r"[a-z][A-Z]|[A-Z]{2}", name) is not None and TRAINED_MODEL.search(head) is not None
    return (bool(told) or coined) and squeezed(bare) == squeezed(name)


def presented_names(page: Page, subjects: Subjects) -> Iterator[str]:
    """Names that "we release …" says are launched here, with those joined to them by "and" or a comma."""
    text = page.text
    for match in PRESENT.finditer(text, 0, 30_000):
        window = text[match.end() : match.end() + 220]
        window = re.split(r"[.;\n](?:\s|$)", window)[0]
        found = list(mentions(window, subjects.stems))
        near = 4 if re.search(r"(?:develop|train|built|build|propos)", match[0], re.IGNORECASE) else 30
        if not found or found[0].start > near or NOT_A_MODEL.match(window, found[0].end):
            yield from listed_after(text, match.end(), subjects.stems)
            continue
        yield found[0].name
        last = found[0].end
        for mention in found[1:]:
            gap = window[last : mention.start]
            if re.fullmatch(r"(?:\s?\([^()]*\)|\))?\s?(?:,|and|, and|&|,? as well as|、|和)\s?(?:the |our )?", gap):
                yield mention.name
                last = mention.end
            elif not re.fullmatch(r"\s?\(?\s?", gap):
                break
            else:
                last = mention.end


LONGEST_NAME = 120
"""Characters; what is longer is no name, whatever its shape."""


def _unique(names: list[str]) -> list[str]:
    seen: list[str] = []
    for name in names:
        if len(name) <= LONGEST_NAME and not any(parts(name) == parts(other) for other in seen):
            seen.append(name)
    return seen


def name_facts(page: Page, subjects: Subjects) -> Iterator[Fact]:
    """A ``name`` fact for each announced model."""
    for name in subjects.announced:
        at = page.text.find(name)
        yield Fact(
            Field.NAME,
            name,
            name,
            quote=name if at >= 0 else None,
            start=at if at >= 0 else None,
            end=at + len(name) if at >= 0 else None,
        )
