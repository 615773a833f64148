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
from flopcrawl.extraction.context import Page
from flopcrawl.extraction.dates import WrittenDate, dates
from flopcrawl.extraction.names import FORMS, TIERS, VARIANTS, Mention, mentions, parts, same_line
from flopcrawl.extraction.subjects import Owner, Subjects
from flopcrawl.items import BadValueError, Fact
from flopcrawl.vocabulary import Accessibility, Architecture, Domain, Field

RELEASE_LABEL = re.compile(
    r"(?:release(?:d)? (?:date|on)|date of release|publication date|launch date|发布(?:日期|时间))"
    r"(?: of the model)?\W{0,6}",
    re.IGNORECASE,
)
RELEASED = re.compile(
    r"releas|launch|open-?sourc|announc|introduc|available|unveil|publish|发布|开源|推出|上线", re.IGNORECASE
)
NEWS_LINE = re.compile(
    r"^[^\w\n]{0,12}(?:\d{1,2}[.)]\s)?[\[(【]?(?=(?:19|20)\d\d[-./年]|[A-Z][a-z]{2,8}\.? \d)", re.MULTILINE
)
ARXIV_STAMP = re.compile(r"arXiv:\S+\s+\[[\w.-]+\]\s+(?=\d{1,2} [A-Z][a-z]{2})")
DEVELOPER_LABEL = re.compile(
    r"(?:^|[\n|])[^\w\n]{0,6}(?:model )?(?:developers?|developed by|organi[sz]ation|authors?|created by|"
    r"model creators?|publisher|provider|developer(?:s)? ?/ ?organi[sz]ation|开发者|研发机构)(?: \(s\))?"
    r"[ \t]*(?:[:：|]\s*|"
    r"[ \t]+(?=[A-Z]))(?=[^\s=])([^\n|]{2,80})",
    re.IGNORECASE,
)
MADE_BY = re.compile(
    r"(?:(?:built|developed|trained|created|released|introduced|published|open-?sourced|made)\s+(?:from scratch\s+|"
    r"jointly\s+|and \w+\s+){0,2}by\s+(?:the\s+|researchers (?:at|"
    r"from)\s+)?)(\[?(?:[A-Z0-9][\w.&-]*)(?:\s(?:[A-Z][\w.&-]*|AI|of|for|&)){0,4})"
)
CHINESE_MAKER = re.compile(
    r"(?:是由|是|由)(?:一款|一个)?([\u4e00-\u9fffA-Za-z0-9.·\- ]{2,16}?)"
    r"(?:团队|公司)?(?:自主)?(?:推出|发布|研发|开发|训练|研制|开源)(?:的|并)"
)
POSSESSIVE = re.compile(
    r"(?:\bis\s+|[,:]\s+)([A-Z][\w.-]{2,24})['’]s\s+(?:(?:most|first|latest|newest|new|largest|flagship|smartest|"
    r"next|own|best|strongest|last|fastest)\b)"
)
WE_AT = re.compile(r"\b(?:here )?at ([A-Z][\w.-]+(?: [A-Z][\w.-]+){0,2}), we\b")
BASED = re.compile(
    r"(?=[fidupacbtsv基])(?:\b(?:fine-?tun(?:ed|e|ing)(?:\s+version)?|initiali[sz]ed|derived|derivative|distilled|"
    r"upcycled|pruned|"
    r"adapted|continued|continually (?:pre-?)?trained|further (?:pre-?)?trained|continual pre-?training|"
    r"post-?trained|built|trained|developed|based|start(?:s|ed|ing)?|version)\s+"
    r"(?:on top of|based on|starting from|from|on|upon|of)\s+|\bcontinu(?:es|ing|"
    r"ed) (?:the )?(?:pre-?)?training (?:of|from)\s+|\bBased on\s+|\bbuilds? (?:up)?on\s+|基于|"
    r"\bstarting from\s+|\binitiali[sz]\w+ (?:[\w.-]+ ){0,4}with\s+)"
    r"(?:(?:the|our|a|an|its|previous|pre-existing|existing|dense|pre-?trained|base|open-source[d]?|foundation|"
    r"language|checkpoints?|weights?|versions?|of|instruct|model|latest|original|released|intermediate|same|large|"
    r"发布的|模型|的|\w+发布的模型)[\s:]*)*"
    r"[\[`(\"']?",
    re.IGNORECASE,
)
FIRM_BASE = re.compile(
    r"fine-?tun|initiali[sz]|derived|upcycl|prun|distill|continu|further|post-?train|based on|starting from|基于",
    re.IGNORECASE,
)
"""Verbs that in a paper say that a model is continued; "built on" and "version of" say less there."""
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


def plausible_day(text: str, found: WrittenDate) -> bool:
    """Whether a date at the top of a page can be the page's: alone on its line, or after "Date" or "effective"."""
    line_start = text.rfind("\n", 0, found.start) + 1
    line_end = text.find("\n", found.end)
    line = text[line_start : line_end if line_end >= 0 else len(text)]
    return (
        len(line.strip()) < 48
        or re.search(
            r"\b(?:date|effective|published|posted|updated)\W{0,4}$", text[line_start : found.start], re.IGNORECASE
        )
        is not None
    )


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
    for pattern in (DEVELOPER_LABEL, MADE_BY, CHINESE_MAKER, POSSESSIVE, WE_AT):
        if page.wrapped and pattern in (DEVELOPER_LABEL, MADE_BY):
            continue  # a paper's running text speaks of everybody's models
        for match in pattern.finditer(text, 0, 20_000 if pattern is not DEVELOPER_LABEL else len(text)):
            value = clean_organization(match[1])
            if page.in_code(match.start()) or len(value.split()) > 6:
                continue
            if value and not any(value.lower() == name.lower() for name in subjects.names):
                yield _fact(Field.ORGANIZATION, value, primary, page, match.start(1), match.end(1))
                return
    if (known := most_named(text[:8_000])) is not None:
        yield _fact(Field.ORGANIZATION, known[0], primary, page, known[1], known[2])
        return
    author = _front(page, "author") or _front(page, "organization") or _front(page, "model_creator")
    if isinstance(author, str):
        yield _fact(Field.ORGANIZATION, author, primary, page, *_quoted(page, author))


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


NAME_WORDS = re.compile(r"(?<![\w@/.-])[A-Z][\w.&-]*(?:[ ][A-Z][\w.&-]*){0,2}|[\u4e00-\u9fff]{2,4}")


def most_named(head: str) -> tuple[str, int, int] | None:
    """The known organization that a page's beginning names most often, at least twice, as written first; and where."""
    names = known_organizations()
    places: dict[str, list[tuple[str, int, int]]] = {}
    for match in NAME_WORDS.finditer(head):
        words = match[0].split(" ")
        for length in range(len(words), 0, -1):
            written = " ".join(words[:length]).rstrip(".")
            if (first := names.get(written.lower())) is not None:
                places.setdefault(first, []).append((written, match.start(), match.start() + len(written)))
                break
    best = max(places.values(), key=len, default=[])
    return best[0] if len(best) >= 2 else None


def clean_organization(words: str) -> str:
    """An organization's name without addresses, brackets and closing punctuation; empty where none is left."""
    value = re.sub(r"https?://\S+|[\[\]()*_`]", " ", words)
    value = re.split(r"\s+(?:and|with|on|in|as|for|using|is|are|to|which|that|under)\s", value)[0]
    value = re.sub(r"\s+", " ", value).strip(" .,;:-–·")
    return (
        value
        if 1 < len(value) <= 60 and not re.fullmatch(r"(?i)the|we|our team|us|more information.*|it|this", value)
        else ""
    )


def base_models(page: Page, subjects: Subjects) -> Iterator[Fact | None]:
    """What a model continues: the hub's ``base_model`` key, or "fine-tuned from X", "initialized from X", "基于 X"."""
    text, primary = page.text, subjects.primary
    if primary is None:
        return
    stated = _front(page, "base_model")
    if stated:
        for value in stated if isinstance(stated, list) else [stated]:
            yield _fact(Field.BASE_MODEL, str(value), primary, page, *_quoted(page, str(value)))
        return
    seen: set[str] = set()
    for match in BASED.finditer(text, 0, 25_000 if page.wrapped else 60_000):
        window = text[match.end() : match.end() + 70]
        found = next(mentions(window, subjects.stems), None) or _bare_link(window)
        if found is None or found.start > 2 or page.in_code(match.start()):
            continue
        name = found.name
        if subjects.is_own(name) and not _other_kind(name, primary):
            continue
        kin = parts(name)
        if not (kin.sizes or kin.versions or "-" in name) or (page.wrapped and not FIRM_BASE.search(match[0])):
            continue
        if re.search(
            r"architecture|tokenizer|dataset|corpus|paper|style|framework|data from|recipe|code(?:base)?\b",
            text[match.start() : match.end() + 4] + window[found.end : found.end + 24],
            re.IGNORECASE,
        ):
            continue
        model = _continued(page, subjects, match, found.end)
        if model is None or model in seen:
            continue
        seen.add(model)
        yield _fact(Field.BASE_MODEL, name, model, page, match.start(), match.end() + found.end)
        if len(seen) >= 8:
            return


def _continued(page: Page, subjects: Subjects, match: re.Match[str], length: int) -> str | None:
    """Which own model a "based on X" speaks of: the last one named before it, "we"; or, fronted, the next."""
    start, end = page.sentence(match.start())
    before = subjects.mentions(page.text[start : match.start()])
    if before:
        last = before[-1].name
        return subjects.canonical(Owner(last, True, "")).name if subjects.is_own(last) else None
    if re.search(
        r"\b(?:we|our|it|this (?:model|version)|the model|is|are)\b|基于|本项目|该模型",
        page.text[start : match.end()],
        re.IGNORECASE,
    ):
        return subjects.primary
    after = subjects.mentions(page.text[match.end() + length : end])
    return subjects.canonical(Owner(after[0].name, True, "")).name if after and subjects.is_own(after[0].name) else None


def _bare_link(window: str) -> Mention | None:
    match = re.match(r"[a-z]+(?:-[a-z0-9.]+)+", window)
    return Mention(match[0], 0, match.end()) if match and any(c.isdigit() for c in match[0]) else None


def _other_kind(name: str, primary: str) -> bool:
    a, b = parts(name), parts(primary)
    return (
        (a.words < b.words and b.words - a.words <= FORMS and a.sizes == b.sizes and a.versions == b.versions)
        or bool(a.versions - b.versions)
        or bool((b.words - a.words) - VARIANTS - TIERS)
        or (bool(a.sizes - b.sizes) and bool(b.words - a.words))
    )


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
