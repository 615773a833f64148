"""ItemLoaders: raw values of a listing into a model item whose facts are checked; what cannot be is kept aside.

A value is cleaned by the processor of its field (blanks, words of a vocabulary, numbers written as texts), then becomes
a :class:`~flopcrawl.items.Fact`, which refuses what its field cannot be. Refused values are in ``refused``.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Any

from itemloaders import ItemLoader
from itemloaders.processors import Identity, MapCompose

from flopcrawl.items import BadValueError, Fact, ModelItem
from flopcrawl.vocabulary import FIELDS, Accessibility, Domain, Field, Kind, Qualifier

WORDS: dict[Field, dict[str, str]] = {
    Field.DOMAIN: {word.lower(): word.value for word in Domain},
    Field.ACCESSIBILITY: {word.lower(): word.value for word in Accessibility},
}
"""Fixed vocabularies, matched without regard to case."""


def clean_text(text: str) -> str:
    """One line of text: Unicode composed (NFC), control and format characters gone, blanks single."""
    composed = unicodedata.normalize("NFC", text)
    kept = (" " if unicodedata.category(char) == "Cc" else char for char in composed)
    return " ".join("".join(char for char in kept if unicodedata.category(char) not in ("Cf", "Cs", "Co")).split())


def present(value: Any) -> Any:
    """A value, or None (which a loader drops) where there is none."""
    return None if value is None or (isinstance(value, str) and not value.strip()) else value


def processor(field: Field) -> Callable[[Any], Any]:
    """How values of a field are cleaned."""
    if FIELDS[field].kind is Kind.NUMBER:
        return MapCompose(present)
    words = WORDS.get(field, {})
    return MapCompose(present, str, clean_text, lambda text: words.get(text.lower(), text))


class ModelLoader(ItemLoader):
    """Collects what a page says of one model.

    ``add_value(field, value)`` as in every ItemLoader; ``qualify(field, qualifier)`` says how exactly a field is meant.
    """

    default_output_processor = Identity()

    def __init__(self, item: ModelItem) -> None:
        super().__init__(item=None)
        self.model = item
        self.qualifiers: dict[Field, Qualifier] = {}
        self.refused: list[str] = []

    def get_input_processor(self, field_name: str) -> Callable[[Any], Any]:
        """The processor of a field of the vocabulary."""
        return processor(Field(field_name))

    def qualify(self, field: Field, qualifier: Qualifier) -> None:
        """State how exactly a field's value is meant."""
        self.qualifiers[field] = qualifier

    def load_item(self) -> ModelItem:
        """The item with a fact of every value that can be one."""
        for name, values in self._values.items():
            field = Field(name)
            for value in values:
                try:
                    fact = Fact(field, value, qualifier=self.qualifiers.get(field, Qualifier.EXACT))
                except BadValueError as error:
                    self.refused.append(str(error))
                    continue
                self.model.facts.append(fact)
        return self.model
