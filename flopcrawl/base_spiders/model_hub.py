"""Model hubs: listings of repositories, their cards and their configs, in the shape of the Hugging Face hub's API."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any, ClassVar
from urllib.parse import quote, urlencode, urlsplit

from scrapy import Request
from scrapy.http import Response

from flopcrawl.base_spiders.reading import items_of
from flopcrawl.base_spiders.source import ShortfallError, SourceSpider, fact
from flopcrawl.clock import now
from flopcrawl.extraction import UnreadableError, read
from flopcrawl.extraction.config import UnknownConfigError, count_parameters
from flopcrawl.identity import Registry
from flopcrawl.identity.families import developer_of
from flopcrawl.identity.organizations import OrganizationIndex, organizations
from flopcrawl.items import Fact
from flopcrawl.vocabulary import Accessibility, Domain, Field, Qualifier

EXPAND = (
    "config", "createdAt", "downloads", "gated", "lastModified", "library_name", "pipeline_tag", "safetensors", "tags",
)  # fmt: skip
"""What a listing is asked to say of each repository: no more than is read, for listings are most of a quiet day."""

UNDATED = "2022-03-02"
"""Repositories created before the hub kept dates all have this one."""

OVERLAP = timedelta(days=2)
"""How far behind its last look a listing is read again: repositories become public later than they are made."""

FLOATS = frozenset({"F64", "F32", "F16", "BF16"})
MOSTLY = 0.99
"""Share of one float type from which a repository's parameter count is the model's own (packed weights count less)."""

COPIES = re.compile(
    r"(?i)(?:^|[-_.])(?:gguf|ggml|awq|gptq|exl[23]|mlx|onnx|openvino|[2-8](?:\.\d+)?-?bits?|int[48]|w[48]a(?:8|16)|nf4|"
    r"nvfp4|mxfp4|fp8|bnb|imatrix|i1|quantized|quants?|abliterated|merge[ds]?|slerp|lora|adapter)(?=$|[-_.])"
)
"""Names of copies: other number formats, merges and adapters get no row of their own."""

COPY_RELATIONS = ("base_model:quantized:", "base_model:merge:", "base_model:adapter:")

DOMAINS = {
    "text-generation": Domain.LANGUAGE, "text2text-generation": Domain.LANGUAGE,
    "image-text-to-text": "Multimodal,Language,Vision", "any-to-any": "Multimodal,Language,Vision",
    "video-text-to-text": "Multimodal,Language,Video", "audio-text-to-text": "Multimodal,Language,Audio",
    "visual-question-answering": "Multimodal,Language,Vision", "image-to-text": Domain.VISION,
    "text-to-image": Domain.IMAGE_GENERATION, "image-to-image": Domain.IMAGE_GENERATION,
    "text-to-video": Domain.VIDEO, "image-to-video": Domain.VIDEO, "text-to-speech": Domain.SPEECH,
    "automatic-speech-recognition": Domain.SPEECH, "text-to-audio": Domain.AUDIO, "robotics": Domain.ROBOTICS,
    "image-classification": Domain.VISION, "object-detection": Domain.VISION,
}  # fmt: skip
"""The hub's tasks in Epoch's words."""


class ModelHubSpider(SourceSpider):
    """A hub.

    ``minimum_parameters`` and ``minimum_downloads`` say which repositories are worth their card: large ones, and where
    the size is not known those that many people use.
    """

    hub: ClassVar[str] = ""
    page_size: ClassVar[int] = 100
    max_pages: ClassVar[int] = 5
    minimum_parameters: ClassVar[float] = 6e9
    minimum_downloads: ClassVar[int] = 10_000
    minimum_rows: ClassVar[int] = 0
    routes: ClassVar[dict[str, str]] = {
        r"/api/models\?": "repositories",
        r"/resolve/[^/]+/README\.md": "card",
        r"/resolve/[^/]+/config\.json": "config",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = OrganizationIndex(organizations())

    @cached_property
    def registry(self) -> Registry:
        """Which names mean the same model, as the project ships it."""
        return Registry.load()

    # --- addresses -------------------------------------------------------------------------------------------------

    def listing_address(self, **query: Any) -> str:
        """The address of a listing."""
        parts = [*query.items(), ("limit", self.page_size), *(("expand[]", name) for name in EXPAND)]
        return f"{self.hub}/api/models?{urlencode(parts)}"

    def file_address(self, repository: str, file: str) -> str:
        """The address of a file of a repository."""
        return f"{self.hub}/{quote(repository)}/resolve/main/{file}"

    def is_listing(self, url: str) -> bool:
        """Listings lead to cards; in a replay cards are read whether or not a listing leads to them."""
        return "/api/models?" in url

    # --- pages -----------------------------------------------------------------------------------------------------

    def repositories(self, response: Response) -> Iterator[Any]:
        """A page of a listing: what it says of each repository, then the cards worth reading, then the next page."""
        try:
            rows = json.loads(response.body)
        except ValueError as error:
            raise ShortfallError(f"no JSON ({error})") from None
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise ShortfallError("not a list of repositories")
        if not rows:
            self.emptied(response, "repository")
        if len(rows) < self.minimum_rows:
            raise ShortfallError(f"{len(rows)} of at least {self.minimum_rows} repositories")
        for row in rows:
            repository = str(row.get("id") or row.get("modelId") or "")
            if repository.count("/") != 1:
                yield self.rejected(response, "a repository without owner and name", **row)
                continue
            if is_copy(repository, row) or self.is_copy_of_base(repository, row):
                self.crawler.stats.inc_value("flopcrawl/copies")
                continue
            # also where another listing has it: what a page says must not depend on which of two came first
            yield from self.repository(response, repository, row)
        yield from self.next_page(response, rows)

    def next_page(self, response: Response, rows: list[dict[str, Any]]) -> Iterator[Request]:
        """The page that the Link header names, up to :attr:`max_pages` of one listing, until nothing is new."""
        link = (response.headers.get(b"Link") or b"").decode("latin-1")
        following = re.search(r'<([^>]+)>;\s*rel="next"', link)
        depth, first = int(response.meta.get("page", 1)), str(response.meta.get("first", response.url))
        if following and depth < self.max_pages and not self.is_caught_up(first, rows):
            yield self.ask(response.urljoin(following[1]), expect="json", page=depth + 1, first=first)

    def is_caught_up(self, first: str, rows: list[dict[str, Any]]) -> bool:
        """Does a page of a listing by age reach back to what the last run saw?

        The first run of a month looks at everything again, which catches what this cursor missed.
        """
        read_at = self.read_before.get(first, ("", ""))[0]
        if "sort=createdAt" not in first or read_at[:7] != now()[:7]:
            return False
        oldest = min((str(row.get("createdAt") or "") for row in rows), default="")
        return bool(oldest) and oldest[:10] < (datetime.fromisoformat(read_at) - OVERLAP).strftime("%Y-%m-%d")

    def repository(self, response: Response, repository: str, row: Mapping[str, Any]) -> Iterator[Any]:
        """What a listing says of one repository, and requests for its card and config where it is worth them."""
        owner, name = repository.split("/")
        parameters = whole_count(row)
        facts = list(self.listed_facts(row, parameters))
        if self.developer(owner, name) != self.developer(owner):
            # somebody put another's model up again: when that was says nothing of its release
            facts = [fact for fact in facts if fact.field is not Field.RELEASE_DATE]
        yield self.model(response, name, facts, self.developer(owner, name))
        if not self.worth_reading(row, parameters):
            return
        if row.get("gated"):
            self.crawler.stats.inc_value("flopcrawl/gated")
            return
        changed = str(row.get("lastModified") or "")
        fresh_for = seconds_since(changed)
        for file, expect in (("README.md", "text"), ("config.json", "json")):
            meta: dict[str, Any] = {"optional": True}
            if fresh_for is not None:
                # a copy that is younger than the last edit is the present page
                meta["fresh_for"] = fresh_for
            if not self.is_known_to_lack(self.file_address(repository, file), changed):
                yield self.ask(self.file_address(repository, file), expect=expect, **meta)

    def worth_reading(self, row: Mapping[str, Any], parameters: float | None) -> bool:
        """Is a repository's model large, or, where its size is not known, much used?"""
        if parameters is not None:
            return parameters >= self.minimum_parameters
        return int(row.get("downloads") or 0) >= self.minimum_downloads

    def listed_facts(self, row: Mapping[str, Any], parameters: float | None) -> Iterator[Fact]:
        """What a listing says of a model."""
        created = str(row.get("createdAt") or "")[:10]
        if created != UNDATED:
            # the day on which the repository was made, which a re-upload or a rename makes early or late
            yield from fact(Field.RELEASE_DATE, created, qualifier=Qualifier.ABOUT)
        yield from fact(Field.PARAMETERS_TOTAL, parameters)
        yield from fact(Field.DOWNLOADS, row.get("downloads"))
        yield from fact(Field.DOMAIN, DOMAINS.get(str(row.get("pipeline_tag") or ""), ""))
        tags = [str(tag) for tag in row.get("tags") or ()]
        licence = next((tag.removeprefix("license:") for tag in tags if tag.startswith("license:")), "")
        yield from fact(Field.LICENSE, licence)
        yield from fact(Field.ACCESSIBILITY, open_weights(licence))
        for tag in tags:
            if tag.startswith("base_model:finetune:"):
                yield from fact(Field.BASE_MODEL, tag.removeprefix("base_model:finetune:"))

    def card(self, response: Response) -> Iterator[Any]:
        """A model card: what its text and its front matter say, each fact under the model it is about."""
        repository = repository_of(response.url)
        owner, name = repository.split("/")
        try:
            reading = read(response.body, kind="md", name=f"{owner}__{name}.md", url=response.url)
        except UnreadableError as error:
            yield self.rejected(response, f"the card cannot be read: {error}")
            return
        for model, facts in items_of(reading, name):
            yield self.model(response, model, facts, self.developer(owner, model))

    def config(self, response: Response) -> Iterator[Any]:
        """A config: total and active parameters, counted from the shapes of the layers."""
        repository = repository_of(response.url)
        owner, name = repository.split("/")
        try:
            config = json.loads(response.body)
        except ValueError as error:
            raise ShortfallError(f"no JSON ({error})") from None
        try:
            counted = count_parameters(config)
        except UnknownConfigError as error:
            yield self.rejected(response, f"the config cannot be counted: {error}")
            return
        facts = [*fact(Field.PARAMETERS_TOTAL, counted.total), *fact(Field.PARAMETERS_ACTIVE, counted.active)]
        facts += fact(Field.ARCHITECTURE, counted.architecture)
        yield self.model(response, name, facts, self.developer(owner, name))

    def developer(self, owner: str, model: str = "") -> str:
        """The developer of a model in an account.

        That of the family, where the model's name tells it; else the organization that the account belongs to, else
        the account itself.
        """
        known = self.known.of_account(owner)
        credited = developer_of(model, self.registry) if model else None
        if credited:
            return credited.name
        return known.name if known else owner

    def is_copy_of_base(self, repository: str, row: Mapping[str, Any]) -> bool:
        """Does a repository hold the same model as one of another developer that it names as its base?

        A developer's own instruct version of its base is the same model by name as well, and no copy.
        """
        owner, name = repository.split("/")
        for tag in row.get("tags") or ():
            relation, _, base = str(tag).rpartition(":")
            if relation.startswith("base_model") and base.count("/") == 1:
                of, original = base.split("/")
                same = self.registry.resolve(name).model_key == self.registry.resolve(original).model_key
                if same and self.developer(of) != self.developer(owner):
                    return True
        return False


def repository_of(url: str) -> str:
    """``owner/name`` of a file's address."""
    return "/".join(urlsplit(url).path.strip("/").split("/")[:2])


def is_copy(repository: str, row: Mapping[str, Any]) -> bool:
    """Is a repository somebody's copy of a model (another number format, a merge, an adapter)?"""
    tags = [str(tag) for tag in row.get("tags") or ()]
    if any(tag.startswith(COPY_RELATIONS) for tag in tags):
        return True
    return bool(COPIES.search(repository.split("/")[1])) or str(row.get("library_name") or "") in (
        "gguf",
        "mlx",
        "peft",
    )


def whole_count(row: Mapping[str, Any]) -> float | None:
    """The parameters that a repository's weights hold; None where they are packed, and so cannot be counted so."""
    safetensors, config = row.get("safetensors") or {}, row.get("config") or {}
    parameters = safetensors.get("parameters") or {}
    counts = {kind: float(count) for kind, count in parameters.items() if isinstance(count, int | float)}
    total = sum(counts.values())
    if not total or config.get("quantization_config"):
        return None
    return total if any(counts.get(kind, 0.0) >= MOSTLY * total for kind in FLOATS) else None


def open_weights(licence: str) -> str:
    """How weights under a licence can be used, in Epoch's words."""
    word = licence.lower()
    if not word:
        return ""
    if word in (
        "apache-2.0",
        "mit",
        "bsd-3-clause",
        "bsd-2-clause",
        "cc-by-4.0",
        "cc0-1.0",
        "unlicense",
        "openmdw-1.0",
    ):
        return Accessibility.OPEN_UNRESTRICTED
    return Accessibility.OPEN_NON_COMMERCIAL if "-nc" in word else Accessibility.OPEN_RESTRICTED


def seconds_since(moment: str) -> float | None:
    """Seconds since an ISO moment; None where it is none."""
    try:
        then = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return max(0.0, (datetime.now(UTC) - (then if then.tzinfo else then.replace(tzinfo=UTC))).total_seconds())
