"""The facts that are no numbers: release date, organization, base model, licence, architecture and others.

One small function per field; each yields facts with the words they were read from. None knows a model or a laboratory.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from importlib.resources import files
from typing import Any

from flopcrawl.extraction.announcements import is_card
from flopcrawl.extraction.bases import bases
from flopcrawl.extraction.context import Page
from flopcrawl.extraction.dates import WrittenDate, dates
from flopcrawl.extraction.names import mentions, parts, same_line
from flopcrawl.extraction.subjects import Owner, Subjects, own_cells
from flopcrawl.items import BadValueError, Fact
from flopcrawl.vocabulary import Accessibility, Architecture, Domain, Field

RELEASE_LABEL = re.compile(
    r"(?:release(?:d)? (?:date|on)|date of release|model date|publication date|launch date|发布(?:日期|时间)|"
    r"(?<![\w ])[ \t*•-]{0,4}released?(?=\W{0,3}[:：]))"
    r"(?: of the model)?\W{0,6}",
    re.IGNORECASE,
)
RELEASED = re.compile(
    r"releas|launch|open-?sourc|announc|introduc|available|unveil|publish|发布|开源|推出|上线", re.IGNORECASE
)
DATED = re.compile(r"\b(?:date|effective|published|posted|updated)\W{0,4}$", re.IGNORECASE)
RELEASED_ON = re.compile(
    r"\b(?:releas|launch|announc|introduc|unveil)\w*\b[^.\n]{0,40}\b(?:today|on|in)?,?\s$", re.IGNORECASE
)
SAYS_OWN = re.compile(r"\b(?:we|our|it|this model|the model)\b|本模型|我们|该模型", re.IGNORECASE)
CHINESE_RELEASED = re.compile(r"\s?(?:正式)?(?:发布|开源|推出|上线)")
"""What stands before, or after, the day on which a page says that its model came out."""
NEWS_LINE = re.compile(
    r"^[^\w\n]{0,12}(?:\d{1,2}[.)]\s)?[\[(【]?(?=(?:19|20)\d\d[-./年]|[A-Z][a-z]{2,8}\.? \d)", re.MULTILINE
)
ARXIV_STAMP = re.compile(r"arXiv:\S+\s+\[[\w.-]+\]\s+(?=\d{1,2} [A-Z][a-z]{2})")
DEVELOPER_LABEL = re.compile(
    r"(?:^|[\n|])[^\w\n]{0,6}(?:model )?(?:developers?|developed by|organi[sz]ation|authors?|created by|"
    r"model creators?|publisher|provider|developer(?:s)? ?/ ?organi[sz]ation|开发者|研发机构)(?: \(s\))?"
    r"[ \t]*(?:[:：|]\s*|"
    r"[ \t]+(?-i:(?=[A-Z])))(?=[^\s=])([^\n|]{2,80})",
    re.IGNORECASE,
)
MADE_BY = re.compile(
    r"(?:(?:built|developed|trained|created|released|introduced|published|open-?sourced|made|designed)\s+"
    r"(?:from scratch\s+|jointly\s+|in-house\s+|and \w+\s+){0,2}(?:by|at)\s+(?:the\s+)?"
    r"(?:(?:researchers|engineers|scientists|a team|team) (?:at|from)\s+(?:the\s+)?)?|"
    r"\b(?:model|LLM|family|series)\s+by\s+(?:the\s+)?)"
    r"(\[?(?:[A-Z0-9][\w.&-]*)(?:\s(?:[A-Z][\w.&-]*|AI|of|for|&)){0,4})"
)
TRAINED_BY = re.compile(
    r"\b(?:trained|developed|built)\b[^.\n]{0,90}?\bby\s+(?:the\s+)?"
    r"((?:[A-Z][\w.&-]{0,30}\s){1,4}(?:AI|Labs?|Research|Team|Inc|Institute|University|Technologies|Group)\b)"
)
CHINESE_MAKER = re.compile(
    r"(?:是由|是|由)(?:一款|一个)?([\u4e00-\u9fffA-Za-z0-9.·\- ]{2,16}?)"
    r"(?:团队|公司)?(?:继[^，。,\n]{2,60}(?:之后|后))?(?:于[^，。,]{4,14})?(?:自主)?(?:推出|发布|研发|开发|训练|研制|开源)(?:的|并|[，。,]|$)"
)
POSSESSIVE = re.compile(
    r"(?:\bis\s+|[,:]\s+)([A-Z][\w.-]{2,24})['’]s\s+(?:(?:most|first|latest|newest|new|largest|flagship|smartest|"
    r"next|own|best|strongest|last|fastest)\b)"
)
ANNOUNCER = re.compile(
    r"(?:^|[\n.!:>|]\s{0,3}|\b(?:[Tt]oday|[Rr]ecently|[Ll]ast \w{1,12}|[Tt]his \w{1,12}),? )"
    r"([A-Z][\w&-]{0,30}(?:\.\w{1,9})?(?: (?:[A-Z][\w&-]{0,30}|of|for|&)){0,4}),?"
    r"(?: an? [^,.\n]{3,60},| the [^,.\n]{3,60},)? "
    r"(?:(?:today|has|have|is|just|now|also|recently|officially|proudly|excited|proud|pleased|to|"
    r"on \w{1,9}day) ){0,4}"
    r"(?:announc|releas|introduc|launch|unveil|open-?sourc|present|debut)(?:es?|ed|ing)?\b(?=([^.\n]{0,80}))"
)
"""Who announces something: the first name of a sentence that says so."""
WE_AT = re.compile(r"\b(?:(?:here )?[Aa]t(?= .{2,60}, we\b)|we at) ([A-Z][\w.-]+(?: [A-Z][\w.-]+){0,2})")
LICENSE_LABEL = re.compile(r"(?:^|\n)[^\w\n]{0,6}licen[cs]e[ \t]*[:：|][ \t]*([^\n|]{2,80})", re.IGNORECASE)
LICENSE_WORDS = re.compile(
    r"under (?:the |an? )?((?:[A-Z][\w.+-]*|\d[\d.]*|v\d)(?: (?:[A-Z][\w.+-]*|\d[\d.]*|v\d))*)[ -][Ll]icen[cs]e"
)
ARCHITECTURES: tuple[tuple[Architecture, tuple[str, ...], re.Pattern[str]], ...] = (
    (
        Architecture.MIXTURE_OF_EXPERTS,
        ("mixture", "moe", "混合专家", "sparsely"),
        re.compile(r"\bmixture[- ]of[- ]experts?\b|\bMoE\b|混合专家|\bsparsely activated\b", re.IGNORECASE),
    ),
    (
        Architecture.HYBRID,
        ("hybrid", "mamba"),
        re.compile(
            r"\bhybrid[- ](?:mamba|ssm|attention|architecture|transformer|model)|\bmamba-?\d?[- ](?:transformer|"
            r"hybrid)",
            re.IGNORECASE,
        ),
    ),
    (
        Architecture.STATE_SPACE,
        ("state space", "state-space", "ssm", "mamba"),
        re.compile(r"\bstate[- ]space model|\bSSM\b|\bmamba (?:architecture|model)", re.IGNORECASE),
    ),
    (
        Architecture.DIFFUSION,
        ("diffusion", "rectified"),
        re.compile(r"\b(?:latent )?diffusion (?:model|transformer)|\brectified flow", re.IGNORECASE),
    ),
    (
        Architecture.DENSE,
        ("dense", "decoder", "regressive"),
        re.compile(
            r"\bdense (?:model|transformer|decoder|language|architecture)|\bdecoder-only\b|\bdensely activated\b|"
            r"\bauto-?regressive (?:transformer|language model)|\bcausal decoder",
            re.IGNORECASE,
        ),
    ),
)
"""Each with words in small letters, one of which every match has: quick to look for, and missing on most pages."""
DOMAINS: dict[str, Domain] = {
    "text-generation": Domain.LANGUAGE, "text2text-generation": Domain.LANGUAGE, "fill-mask": Domain.LANGUAGE,
    "feature-extraction": Domain.LANGUAGE, "sentence-similarity": Domain.LANGUAGE, "translation": Domain.LANGUAGE,
    "summarization": Domain.LANGUAGE, "question-answering": Domain.LANGUAGE, "text-classification": Domain.LANGUAGE,
    "image-text-to-text": Domain.MULTIMODAL, "any-to-any": Domain.MULTIMODAL,
    "visual-question-answering": Domain.MULTIMODAL,
    "audio-text-to-text": Domain.MULTIMODAL, "video-text-to-text": Domain.MULTIMODAL,
    "image-to-text": Domain.MULTIMODAL,
    "text-to-image": Domain.IMAGE_GENERATION, "image-to-image": Domain.IMAGE_GENERATION, "text-to-video": Domain.VIDEO,
    "image-to-video": Domain.VIDEO, "automatic-speech-recognition": Domain.SPEECH, "text-to-speech": Domain.SPEECH,
    "text-to-audio": Domain.AUDIO, "audio-to-audio": Domain.AUDIO, "image-classification": Domain.VISION,
    "object-detection": Domain.VISION, "image-segmentation": Domain.VISION, "image-feature-extraction": Domain.VISION,
    "zero-shot-image-classification": Domain.VISION, "depth-estimation": Domain.VISION, "robotics": Domain.ROBOTICS,
    "reinforcement-learning": Domain.GAMES,
}  # fmt: skip
"""The hub's pipeline tags, in Epoch's words."""
DOMAIN_WORDS: tuple[tuple[Domain, tuple[str, ...], re.Pattern[str]], ...] = (
    (Domain.VIDEO, ("video",), re.compile(r"\b(?:text-to-)?video generation model|\bvideo model\b", re.IGNORECASE)),
    (Domain.IMAGE_GENERATION, ("image",), re.compile(r"\btext-to-image\b|\bimage generation model", re.IGNORECASE)),
    (
        Domain.SPEECH,
        ("speech", "tts", "语音"),
        re.compile(r"\bspeech recognition\b|\btext-to-speech\b|\bTTS\b|语音", re.IGNORECASE),
    ),
    (
        Domain.BIOLOGY,
        ("protein", "genomic"),
        re.compile(r"\bprotein (?:language )?model|\bgenomic|\bprotein sequences", re.IGNORECASE),
    ),
    (
        Domain.MULTIMODAL,
        ("modal", "vision-language", "image-text", "多模态"),
        re.compile(r"\bmulti-?modal\b|\bvision-language\b|\bimage-text\b|多模态", re.IGNORECASE),
    ),
    (
        Domain.LANGUAGE,
        ("language", "llm", "大语言模型", "大模型"),
        re.compile(r"\blanguage models?\b|\bLLMs?\b|大语言模型|大模型", re.IGNORECASE),
    ),
)
FORMAT = re.compile(
    r"(?=[FfBbMmNnTtIi])\b(FP8|BF16|bfloat16|FP16|float16|FP32|MXFP4|NVFP4|FP4|TF32|INT8)\b", re.IGNORECASE
)
FORMAT_NAMES = {"bfloat16": "BF16", "float16": "FP16"}
FORMAT_CONTEXT = re.compile(r"train|precision", re.IGNORECASE)
NOT_TRAINING = re.compile(
    r"inference|quanti[sz]|deploy|serv(?:e|ing)|weights? (?:are|is) |load|convert|checkpoint|vLLM|cast", re.IGNORECASE
)
OPEN_LICENSES = re.compile(r"^(?:apache|mit|bsd|cc-?by(?:-sa)?-?\d|cc0|unlicense|isc|bigcode)", re.IGNORECASE)
NON_COMMERCIAL = re.compile(r"-nc|non-?commercial|research(?:-only)?", re.IGNORECASE)
API = re.compile(
    r"(?:available|access\w*|accessible)\b[^.\n]{0,60}\b(?:via|through|in|on|from)\s+(?:the |our |"
    r"its )?(?:\w+ ){0,2}API\b",
    re.IGNORECASE,
)


def _fact(
    field: Field, value: str, model: str | None, page: Page, start: int | None = None, end: int | None = None
) -> Fact | None:
    quote = page.text[start:end] if start is not None and end is not None else None
    try:
        return Fact(field, value, model, quote=quote, start=start, end=end)
    except BadValueError:
        return None


def _front(page: Page, key: str) -> Any:
    return page.document.front_matter.get(key)


def _quoted(page: Page, words: str) -> tuple[int | None, int | None]:
    at = page.text.find(words)
    return (at, at + len(words)) if at >= 0 else (None, None)


def release_dates(page: Page, subjects: Subjects) -> Iterator[Fact | None]:
    """Labels, then the page's own date, then a dated news line, then the date on a paper's first page."""
    text, primary = page.text, subjects.primary
    if primary is None:
        return
    for match in RELEASE_LABEL.finditer(text, 0, 8_000 if page.wrapped else 60_000):
        found = next(dates(text, match.end(), match.end() + 30), None)
        if found and found.start - match.end() <= 4:
            yield _fact(Field.RELEASE_DATE, found.iso, primary, page, match.start(), found.end)
            return
    for name, found in table_dates(page, subjects):
        yield _fact(Field.RELEASE_DATE, found.iso, name, page, found.start, found.end)
    if page.document.published:
        start, end = _quoted(page, page.document.published)
        for name in [primary, *[n for n in subjects.announced if n != primary]]:
            yield _fact(Field.RELEASE_DATE, page.document.published, name, page, start, end)
        return
    news = list(news_dates(page, subjects))
    for name, found in news:
        yield _fact(Field.RELEASE_DATE, found.iso, name, page, found.start, found.end)
    if any(same_line(name, primary) and same_line(primary, name) for name, _ in news):
        return
    said = list(said_dates(page, subjects))
    for name, found in said:
        yield _fact(Field.RELEASE_DATE, found.iso, name, page, found.start, found.end)
    if said:
        return
    if page.wrapped or not is_card(page):
        limit = 6000 if page.wrapped else 1500
        if stamp := ARXIV_STAMP.search(text[:8000]):
            found = next(dates(text, stamp.end(), stamp.end() + 16), None)
        else:
            found = next(
                (d for d in dates(text, 0, min(limit, len(text))) if len(d.iso) == 10 and plausible_day(text, d)), None
            )
        if found:
            yield _fact(Field.RELEASE_DATE, found.iso, primary, page, found.start, found.end)


DATE_COLUMN = re.compile(
    r"\W*(?:released?(?: date| on| time)?|date(?: of release)?|发布(?:日期|时间))\W*", re.IGNORECASE
)


def table_dates(page: Page, subjects: Subjects) -> Iterator[tuple[str, WrittenDate]]:
    """The days in a table's column of release dates, in rows of own models."""
    for owner, cell in own_cells(page, subjects, DATE_COLUMN):
        if (found := next(dates(page.text, cell.start, cell.end), None)) is not None:
            yield owner, found


def said_dates(page: Page, subjects: Subjects) -> Iterator[tuple[str, WrittenDate]]:
    """Days on which a sentence says that an own model came out; the first of each."""
    text = page.text
    seen: set[str] = set()
    for found in dates(text, 0, min(20_000, len(text))):
        start, _ = page.sentence(found.start)
        before = text[start : found.start]
        month = len(found.iso) == 7 and before.endswith(" in ")
        if not (len(found.iso) == 10 or month) or not (
            RELEASED_ON.search(before) or CHINESE_RELEASED.match(text, found.end)
        ):
            continue
        named = subjects.mentions(before)
        own = [mention.name for mention in named if subjects.is_own(mention.name)]
        if (named and not own) or not (named or SAYS_OWN.search(before)):
            continue
        name = subjects.canonical(Owner(own[-1], True, "")).name if own else subjects.primary
        if name and name not in seen:
            seen.add(name)
            yield name, found


def plausible_day(text: str, found: WrittenDate) -> bool:
    """Whether a date at the top of a page can be the page's: alone on its line, or after "Date" or "effective"."""
    line_start = text.rfind("\n", 0, found.start) + 1
    line_end = text.find("\n", found.end)
    line = text[line_start : line_end if line_end >= 0 else len(text)]
    return len(line.strip()) < 48 or DATED.search(text[line_start : found.start]) is not None


def news_dates(page: Page, subjects: Subjects) -> Iterator[tuple[str, WrittenDate]]:
    """Dated lines that say a model was released: ``- 2024.6.3 We release X``; the earliest line of each name counts."""
    text = page.text
    best: dict[str, WrittenDate] = {}
    for match in NEWS_LINE.finditer(text):
        found = next(dates(text, match.end(), match.end() + 24), None)
        if found is None or found.start > match.end() + 1:
            continue
        stop = text.find("\n", found.end)
        line = text[found.end : stop if stop >= 0 else len(text)][:400]
        if not RELEASED.search(line):
            continue
        names = [mention.name for mention in mentions(line, subjects.stems)] or [n for n in subjects.names if n in line]
        for name in names[:6]:
            if name not in best or found.iso < best[name].iso:
                best[name] = found
    yield from best.items()


def organizations(page: Page, subjects: Subjects) -> Iterator[Fact | None]:
    """Who made it: a label, "developed by", "X's most capable model", "由 X 研发"."""
    text, primary = page.text, subjects.primary
    if primary is None:
        return
    for pattern in (DEVELOPER_LABEL, MADE_BY, TRAINED_BY, CHINESE_MAKER, POSSESSIVE, WE_AT, ANNOUNCER, OF_NAME):
        if page.wrapped and pattern in (DEVELOPER_LABEL, MADE_BY, TRAINED_BY, ANNOUNCER):
            continue  # a paper's running text speaks of everybody's models
        for match in pattern.finditer(text, 0, 20_000 if pattern is not DEVELOPER_LABEL else len(text)):
            several = len(match[1].split()) > 6 or len(match[1]) > 60
            value = clean_organization(match[1].split(",")[0] if several else match[1])
            if pattern is DEVELOPER_LABEL and AUTHORS.match(match[0]) and not is_group(value):
                continue
            if page.in_code(match.start()) or len(value.split()) > 6 or NUMBERED.match(text, match.end(1)):
                continue
            if pattern in (MADE_BY, TRAINED_BY) and (
                not speaks_of_own(page, subjects, match.start())
                or MADE_WITH.search(text, max(0, match.start() - 100), match.start())
            ):
                continue
            if pattern is OF_NAME and not any(match["model"].startswith(name) for name in subjects.names):
                continue
            if pattern is ANNOUNCER and not any(subjects.is_own(m.name) for m in subjects.mentions(match[2])):
                continue
            if value and not names_a_model(value, subjects):
                yield _fact(Field.ORGANIZATION, value, primary, page, match.start(1), match.end(1))
                return
    if not is_card(page) and (place := affiliation(text)) is not None:
        yield _fact(Field.ORGANIZATION, text[slice(*place)], primary, page, *place)
        return
    abstract = ABSTRACT.search(text, 0, AUTHORS_PAGE)
    head = text[: abstract.start() if abstract else 8_000]  # a paper's abstract and what follows name rivals
    if (known := most_named(head, subjects.names)) is not None:
        yield _fact(Field.ORGANIZATION, known[0], primary, page, known[1], known[2])
        return
    if (place := cited_group(page)) is not None:
        yield _fact(Field.ORGANIZATION, text[slice(*place)], primary, page, *place)
        return
    author = _front(page, "author") or _front(page, "organization") or _front(page, "model_creator")
    if isinstance(author, str) and is_group(author):
        yield _fact(Field.ORGANIZATION, author, primary, page, *_quoted(page, author))


OF_NAME = re.compile(
    r"\b([A-Z][\w.-]{1,24}(?: [A-Z][\w.-]{1,24})?)['’]s\s(?:(?:new|own|latest|open)\s){0,2}"
    r"(?P<model>[A-Z][\w.-]*(?: (?:[A-Z\d][\w.]*)){0,2})"
)
"""An own name that is said to be somebody's: ``Maker's X 3 8B``."""
MADE_WITH = re.compile(
    r"\b(?:library|framework|toolkit|data ?set|corpus|cluster|supercomputer|benchmark)\b[^.]*$|"
    r"\b(?:based|built) on (?:the )?[A-Z][^.]*$"
)
"""Before "built by": things that another than the model's maker made."""
OF_PEOPLE = re.compile(
    r"\b(?:AI|Team|Labs?|Laborator(?:y|ies)|Research|Inc|Institutes?|University|Technologies|Group|Corporation|Company|"
    r"Cent(?:er|re)|College|Academy|School)\b|团队|公司|大学|研究院|实验室|研究所"
)
"""A word that only names of groups of people have."""
AUTHORS = re.compile(r"\W*authors?\b", re.IGNORECASE)
"""A label that names people as often as their employer."""
ABSTRACT = re.compile(r"\babstract\b|摘要", re.IGNORECASE)
AFFILIATION = re.compile(
    r"(?:^|\n|[,;.+∗*†‡§] |@)[^\w\n]*(?:[\d∗*†‡§,]{1,3}[^\w\n]{0,4})?"
    r"(?P<name>[A-Z][\w.&’'-]*(?:[ ](?:[A-Z(][\w.&’')-]*|of|for|the|and|&)){0,7})[\d∗*†‡]{0,2}(?=\s*(?:\n|$|,|;))"
)
AUTHORS_PAGE = 3_000
"""Characters of a paper's beginning in which its authors and where they work stand."""


def is_group(name: str) -> bool:
    """Whether a name is an organization's, known or by one of its words, and no person's."""
    return name.lower() in known_organizations() or OF_PEOPLE.search(name) is not None


def affiliation(text: str) -> tuple[int, int] | None:
    """Where a paper says above its abstract that its authors work; the first place, or None without an abstract."""
    stop = ABSTRACT.search(text, 0, AUTHORS_PAGE)
    if stop is None:
        return None
    groups: list[tuple[int, int]] = []
    for match in AFFILIATION.finditer(text, 0, stop.start()):
        name, start = match["name"].rstrip("."), match.start("name")
        if (inside := known_inside(name)) is not None:
            return start + inside[0], start + inside[1]
        if is_group(name) and len(name.split()) <= 8 and "Report" not in name:
            groups.append((start, start + len(name)))
    return groups[0] if groups else None


def known_inside(name: str) -> tuple[int, int] | None:
    """Where a known organization's name stands in a longer one (``Maker`` in ``Maker AI Research Team``)."""
    words = [(word.start(), word.end()) for word in re.finditer(r"\S+", name)]
    spans = [(first[0], last[1]) for at, first in enumerate(words) for last in words[at:]]
    known = [span for span in spans if name[slice(*span)].strip(",;()").lower() in known_organizations()]
    return max(known, key=lambda span: span[1] - span[0], default=None)


BIBTEX = re.compile(r"\b(?:institution|organization|publisher|author)\s*=\s*[{\"]{1,2}(?P<name>[^{}\"\n,]{2,60})[}\"]")


def cited_group(page: Page) -> tuple[int, int] | None:
    """Where a page asks to be cited as a group's work: ``author = {X Team}``, in the last such entry."""
    found = [match for match in BIBTEX.finditer(page.text) if is_group(match["name"].strip())]
    return found[-1].span("name") if found else None


@lru_cache(maxsize=1)
def known_organizations() -> dict[str, str]:
    """Every name of an organization in ``flopcrawl/data/organizations.csv``, lower case, with its first name."""
    names: dict[str, str] = {}
    with (files("flopcrawl") / "data" / "organizations.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            for alias in [row["name"], *row["aliases"].split("|")]:
                if len(alias.strip()) > 2:
                    names.setdefault(alias.strip().lower(), row["name"])
    return names


OF_A_PLACE = re.compile(
    r"\b(?:on|via|with|like|than|(?:develop|releas|train|creat|ma)\w+ by|investors?)\s(?:the\s)?$|[|🤗在]\s?$|:\w+:\s$"
)
OF_A_PRODUCT = re.compile(
    r"[’'s]{0,2}[ \n](?:(?:LLM|Open)\s)*(?:GPUs?|TPUs?|[A-Z]\d{2,3}|hub|format|transformers|tensor|"
    r"\w*\s?supercomputer|cluster|leaderboard|collection|trademarks?|services?|SageMaker|cloud|GitHub|spaces?)\b|/",
    re.IGNORECASE,
)
"""What stands before, and after, the name of an organization whose service or machine is spoken of."""
OF_OTHERS = re.compile(r"['’]s\s[A-Z][a-z]\w*(?! [A-Z])")
"""What stands after the name of an organization whose thing, which has a name, is spoken of: ``Maker's X``."""
NUMBERED = re.compile(r"[ -](?:[A-Za-z]{0,9}-?)?\d")
"""What stands after a name that is a model's, or an organization's before its model's."""
NAME_WORDS = re.compile(r"(?<![\w@/.-])[a-z]?[A-Z][\w.&-]*(?:[ ][A-Z][\w.&-]*){0,2}|[\u4e00-\u9fff]{2,4}")


def most_named(head: str, own: list[str]) -> tuple[str, int, int] | None:
    """The known organization that a page's beginning names most often, at least twice, as written first; and where.

    Not counted are places where a model is found, machines, and the makers of models other than the page's ``own``.
    """
    names = known_organizations()
    places: dict[str, list[tuple[str, int, int]]] = {}
    for match in NAME_WORDS.finditer(head):
        words = match[0].split(" ")
        for length in range(len(words), 0, -1):
            written = " ".join(words[:length]).rstrip(".")
            if (first := names.get(written.lower())) is not None:
                before, end = head[max(0, match.start() - 16) : match.start()], match.start() + len(written)
                rival = NUMBERED.match(head, end) and not any(name in head[end : end + 24] for name in own)
                other = OF_OTHERS.match(head, end) and not any(name in head[end : end + 24] for name in own)
                if OF_A_PLACE.search(before) or OF_A_PRODUCT.match(head, end) or rival or other:
                    break
                places.setdefault(first, []).append((written, match.start(), match.start() + len(written)))
                break
    best = max(places.values(), key=len, default=[])
    return best[0] if len(best) >= 2 else None


NOBODY = re.compile(
    r"(?:.* )?(?:the|we|our team|us|more information.*|it|this|these|that|me|you|admin|anonymous|since|by|when|while|"
    r"after|before|as|with|in|on|at|for|today|recently|here|now|a|an|and|if|to|from|no|yes|all|they|he|she|everyone|"
    r"researchers|scientists|(?:基于|使用|通过|经过|从).*)",
    re.IGNORECASE,
)
"""What begins a sentence, or stands for a name, and is no organization."""


def clean_organization(words: str) -> str:
    """An organization's name without addresses, brackets and closing punctuation; empty where none is left."""
    value = re.sub(r"https?://\S+|[\[\]()*_`]", " ", words)
    value = re.split(r"\s+(?:and|with|on|in|as|for|using|is|are|to|which|that|under)\s", value)[0]
    value = re.split(r"(?<=[a-z]{2})\.\s", value)[0]  # the next sentence
    value = re.sub(r"\s+", " ", value)
    if value.rstrip().endswith(":") or re.search(r"[<>=]|^\W*\w+: ", value) or not re.search(r"[^\W\d_]", value):
        return ""  # the next label, markup, or a number
    value = value.strip(" .,;:-–·\"'“”")
    return value if 1 < len(value) <= 60 and not NOBODY.fullmatch(value) else ""


HEAD = 1_500


def speaks_of_own(page: Page, subjects: Subjects, at: int) -> bool:
    """Whether the sentence at a place speaks of the page's model: it names it, or says "it"; at the top, any does."""
    start, end = page.sentence(at)
    words = page.text[start:end]
    before = subjects.mentions(page.text[start:at])
    if before and not any(subjects.is_own(mention.name) for mention in before):
        return False
    return (
        at < HEAD
        or SAYS_OWN.search(words) is not None
        or any(subjects.is_own(m.name) for m in subjects.mentions(words))
    )


def names_a_model(words: str, subjects: Subjects) -> bool:
    """Whether what should be an organization is one of the page's models, or the beginning of its name."""
    small = words.lower()
    return any(name.lower() == small or name.lower().startswith(f"{small} ") for name in subjects.names) or (
        bool(parts(words).versions | parts(words).sizes) and subjects.is_own(words)
    )


def base_models(page: Page, subjects: Subjects) -> Iterator[Fact | None]:
    """What a model continues: the hub's ``base_model`` key, a label, a table's column, or words."""
    for base in bases(page, subjects):
        yield _fact(Field.BASE_MODEL, base.name, base.model, page, base.start, base.end)


def licenses(page: Page, subjects: Subjects) -> Iterator[Fact | None]:
    """The licence of the weights: front matter, a label, or "under the X License"."""
    if subjects.primary is None:
        return
    stated = _front(page, "license_name") or _front(page, "license")
    if isinstance(stated, str) and stated.lower() not in ("other", "unknown"):
        yield _fact(Field.LICENSE, stated, subjects.primary, page, *_quoted(page, stated))
        return
    for pattern in (LICENSE_LABEL, LICENSE_WORDS):
        if (match := pattern.search(page.text)) and (value := clean_organization(match[1])):
            yield _fact(Field.LICENSE, value, subjects.primary, page, match.start(1), match.end(1))
            return


def accessibilities(page: Page, subjects: Subjects) -> Iterator[Fact | None]:
    """How the model can be used, where the page says it: a licence for the weights, or an API."""
    if subjects.primary is None:
        return
    stated = _front(page, "license")
    if isinstance(stated, str) and (
        _front(page, "pipeline_tag") or _front(page, "library_name") or _front(page, "base_model")
    ):
        if OPEN_LICENSES.match(stated) and not NON_COMMERCIAL.search(stated):
            value = Accessibility.OPEN_UNRESTRICTED
        else:
            value = (
                Accessibility.OPEN_NON_COMMERCIAL if NON_COMMERCIAL.search(stated) else Accessibility.OPEN_RESTRICTED
            )
        yield _fact(Field.ACCESSIBILITY, value.value, subjects.primary, page, *_quoted(page, stated))
    elif (match := API.search(page.text[:30_000])) and not page.document.front_matter.get("license"):
        yield _fact(Field.ACCESSIBILITY, Accessibility.API.value, subjects.primary, page, match.start(), match.end())


def architectures(page: Page, subjects: Subjects) -> Iterator[Fact | None]:
    """Mixture of experts, dense, state space …: the first that a sentence about an own model says."""
    if subjects.primary is None:
        return
    head = page.text[:10_000]
    best: tuple[int, Architecture, int] | None = None
    small = head.lower()
    for architecture, words, pattern in ARCHITECTURES:
        if not any(word in small for word in words):
            continue
        for match in pattern.finditer(head):
            start, end = page.sentence(match.start())
            names = [mention.name for mention in mentions(page.text[start:end], subjects.stems)]
            own = any(subjects.is_own(name) for name in names) or (
                not names
                and re.search(
                    r"\b(?:we|our|this|the) (?:\w+ )?model|\bwe (?:present|introduce)",
                    page.text[start:end],
                    re.IGNORECASE,
                )
            )
            if own:
                if best is None or match.start() < best[0] - 300:
                    best = (match.start(), architecture, match.end())
                break
    if best:
        yield _fact(Field.ARCHITECTURE, best[1].value, subjects.primary, page, best[0], best[2])


def domains(page: Page, subjects: Subjects) -> Iterator[Fact | None]:
    """What the model works on: the hub's pipeline tag, or the words of the page's beginning."""
    if subjects.primary is None:
        return
    tag = _front(page, "pipeline_tag")
    if isinstance(tag, str) and tag in DOMAINS:
        yield _fact(Field.DOMAIN, DOMAINS[tag].value, subjects.primary, page, *_quoted(page, tag))
        return
    head = page.text[:3_000]
    small = head.lower()
    for domain, words, pattern in DOMAIN_WORDS:
        if any(word in small for word in words) and (match := pattern.search(head)):
            yield _fact(Field.DOMAIN, domain.value, subjects.primary, page, match.start(), match.end())
            return


def number_formats(page: Page, subjects: Subjects) -> Iterator[Fact | None]:
    """The number format of the training run, where a sentence speaks of both."""
    if subjects.primary is None:
        return
    for match in FORMAT.finditer(page.text):
        if page.in_code(match.start()):
            continue
        start, end = page.sentence(match.start())
        sentence = page.text[start:end]
        if FORMAT_CONTEXT.search(sentence) and not NOT_TRAINING.search(sentence):
            if any(not subjects.is_own(m.name) for m in mentions(sentence, subjects.stems)):
                continue
            value = FORMAT_NAMES.get(match[1].lower(), match[1].upper())
            yield _fact(Field.NUMBER_FORMAT, value, subjects.primary, page, match.start(), match.end())
            return


READERS: tuple[Callable[[Page, Subjects], Iterator[Fact | None]], ...] = (
    release_dates, organizations, base_models, licenses, accessibilities, architectures, domains, number_formats,
)  # fmt: skip
"""Every reader of a field that is no number. A new one is a function and a place in this tuple."""


def text_facts(page: Page, subjects: Subjects) -> list[Fact]:
    """The facts of all readers."""
    return [fact for reader in READERS for fact in reader(page, subjects) if fact is not None]
