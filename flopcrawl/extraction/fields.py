"""The facts that are no numbers: release date, organization, base model, licence, architecture and others.

One small function per field; each yields facts with the words they were read from. None knows a model or a laboratory.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from flopcrawl.extraction.announcements import is_card
from flopcrawl.extraction.bases import bases
from flopcrawl.extraction.context import Page
from flopcrawl.extraction.dates import SLASHED, WrittenDate, dates, day_comes_first, slashed
from flopcrawl.extraction.makers import SAYS_OWN, clean_organization, maker
from flopcrawl.extraction.names import mentions, same_line
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
CHINESE_RELEASED = re.compile(r"\s?(?:正式)?(?:发布|开源|推出|上线)")
"""What stands before, or after, the day on which a page says that its model came out."""
NEWS_LINE = re.compile(
    r"^[^\w\n]{0,12}(?:\d{1,2}[.)]\s)?[\[(【]?(?=(?:19|20)\d\d[-./年]|[A-Z][a-z]{2,8}\.? \d|"
    r"\d{1,2}/\d{1,2}/\d\d)",
    re.MULTILINE,
)
ARXIV_STAMP = re.compile(r"arXiv:\S+\s+\[[\w.-]+\]\s+(?=\d{1,2} [A-Z][a-z]{2})")
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
    for match in RELEASE_LABEL.finditer(text, 0, 8_000 if page.paper else 60_000):
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
    if page.paper or not is_card(page):
        limit = 6000 if page.paper else 1500
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
        if (named and not own) or not (named or (SAYS_OWN.search(before) and not month)):
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
    lines = list(NEWS_LINE.finditer(text))
    day_first = day_comes_first(text) if any(SLASHED.match(text, line.end()) for line in lines) else None
    for match in lines:
        found = next(dates(text, match.end(), match.end() + 24), None)
        if found is None and day_first is not None:
            found = slashed(text, match.end(), day_first=day_first)
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
    """Who made it, and with it every other model that the page announces."""
    if subjects.primary is None or (found := maker(page, subjects)) is None:
        return
    for model in [subjects.primary, *[name for name in subjects.announced if name != subjects.primary]]:
        yield _fact(Field.ORGANIZATION, found[0], model, page, found[1], found[2])


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
