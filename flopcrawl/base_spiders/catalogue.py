"""Catalogues of APIs: names, makers and dates of models, to discover them by; no fact about their training."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, ClassVar, NamedTuple

from scrapy import Request
from scrapy.http import Response

from flopcrawl.base_spiders.source import ShortfallError, SourceSpider
from flopcrawl.identity.organizations import OrganizationIndex, organizations
from flopcrawl.vocabulary import Accessibility, Domain, Field, Qualifier


class Listed(NamedTuple):
    """One model of a catalogue. ``released`` is an ISO date, ``listed`` the day on which the catalogue took it in."""

    name: str
    maker: str = ""
    released: str = ""
    listed: str = ""
    open_weights: bool | None = None
    outputs_text: bool = True


class CatalogueSpider(SourceSpider):
    """A catalogue: one JSON answer. Subclasses give :meth:`models`. Makers that nobody knows are hosts: left out."""

    address: ClassVar[tuple[str, ...]] = ()
    minimum_rows: ClassVar[int] = 100

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = OrganizationIndex(organizations())

    def listing(self) -> Iterable[Request]:
        """The one answer."""
        yield self.ask(*self.address, expect="json")

    def models(self, answer: Any) -> Iterable[Listed]:
        """The models of an answer. Raises KeyError, TypeError or AttributeError for another shape."""
        raise NotImplementedError

    def catalogue(self, response: Response) -> Iterator[Any]:
        """One item per model whose maker is known."""
        try:
            listed = list(self.models(json.loads(response.body)))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ShortfallError(f"not the catalogue ({error!r})") from None
        if len(listed) < self.minimum_rows:
            raise ShortfallError(f"{len(listed)} of at least {self.minimum_rows} models")
        for model in listed:
            maker = self.known.find(model.maker) or self.known.of_account(model.maker)
            if maker is None:
                yield self.rejected(response, f"the maker {model.maker!r} is not in organizations.csv", name=model.name)
                continue
            loader = self.loader(response, model.name, maker.name)
            loader.add_value(Field.RELEASE_DATE, model.released or model.listed)
            if not model.released:
                # the day on which a catalogue lists a model is its release or later
                loader.qualify(Field.RELEASE_DATE, Qualifier.ABOUT)
            if model.outputs_text:
                loader.add_value(Field.DOMAIN, Domain.LANGUAGE)
            if model.open_weights is False:
                loader.add_value(Field.ACCESSIBILITY, Accessibility.API)
            yield from self.loaded(response, loader)


def day_of(seconds: Any) -> str:
    """The ISO day of a Unix time; "" where it is none."""
    if not isinstance(seconds, int | float) or not 1e9 < seconds < 5e9:
        return ""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d")
