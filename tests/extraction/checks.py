"""What must hold of every cleaned page and every reading, however broken the page was."""

from __future__ import annotations

from flopcrawl.extraction import Document, Reading


def check_document(document: Document) -> None:
    """Every offset points at what it says; nothing invisible is left."""
    text = document.text
    text.encode("utf-8")
    assert not any(ord(char) < 32 and char not in "\n\t" for char in text)
    for section in document.sections:
        assert text[section.start : section.end] == section.title
    for table in document.tables:
        assert 0 <= table.start <= table.end <= len(text)
        assert 0 <= table.header_rows < max(2, len(table.rows))
        for row in table.rows:
            for cell in row:
                assert text[cell.start : cell.end] == cell.text
                assert "\n" not in cell.text
    for start, end in (*document.code, document.about):
        assert 0 <= start <= end <= len(text)
    for entry in document.entries:
        length = len(entry.document.text)
        assert text[entry.start : entry.start + length] == entry.document.text
        check_document(entry.document)


def check_reading(reading: Reading) -> None:
    """Every quote is the words at its place."""
    text = reading.document.text
    for fact in reading.facts:
        if fact.quote is not None:
            assert text[fact.start : fact.end] == fact.quote, fact
    for decision in reading.decisions:
        assert 0 <= decision.start < decision.end <= len(text), decision
