"""Cleaning: each kind of page, each trap of typography, each limit."""

# ruff: noqa: E501 — a page on one line is easier to compare with what is read from it

from __future__ import annotations

import contextlib
import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flopcrawl.extraction import Document, UnreadableError
from flopcrawl.extraction.cleaning import KINDS, clean, html, limits, markdown, pdf, plain, typography
from flopcrawl.extraction.cleaning.dates import iso_day
from flopcrawl.extraction.document import Cell, Section, Table
from tests.extraction.checks import check_document
from tests.extraction.mutations import ATOM, HTML, JSON, MARKDOWN, PDF, TEXT, pdf_page


def text_of(page: str | bytes, kind: str) -> str:
    return clean(page, kind=kind).text


def rows(document: Document, index: int = 0) -> list[list[str]]:
    return [[cell.text for cell in row] for row in document.tables[index].rows]


class TestHtml:
    def test_a_page(self) -> None:
        document = clean(HTML, kind="html")
        check_document(document)
        assert document.title == "Kestrel-2 | Nest"
        assert document.published == "2025-03-04"
        assert "Blog" not in document.text
        assert "© Nest" not in document.text
        assert "Compute: 4.0 × 10^24 FLOP." in document.text
        assert "4×10^24" in document.text
        assert [section.title for section in document.sections] == ["Introducing Kestrel-2"]
        assert rows(document) == [["Model", "Size", "Size"], ["Kestrel-2", "7B", "4T"], ["Kestrel-2", "70B", "9.5T"]]
        assert document.tables[0].header_rows == 1

    def test_what_the_page_says_about_itself_stands_at_the_end(self) -> None:
        document = clean(HTML, kind="html")
        start, end = document.about
        assert document.text[start:end] == "article:published_time: 2025-03-04T10:00:00+01:00"
        assert end == len(document.text)

    @pytest.mark.parametrize(
        ("markup", "expected"),
        [
            ("3.8 × 10<sup>25</sup> FLOP", "3.8 × 10^25 FLOP"),
            ("3.8×10 <sup>25</sup>", "3.8×10^25"),
            ("10<sup>−3</sup>", "10^-3"),
            ("2<sup>20</sup> rows", "2^20 rows"),
            ("15 m<sup>2</sup>", "15 m^2"),
            ("15T<sup>2</sup> tokens", "15T tokens"),
            ("tokens<sup>[3]</sup> of", "tokens of"),
            ("the 4<sup>th</sup>", "the 4^th"),
            ("N<sub>params</sub>", "Nparams"),
            ("<b>15</b>T", "15T"),
            ("15&nbsp;T&#8239;tokens", "15 T tokens"),
            ("a<br>b", "a\nb"),
            ("$3.8 \\times 10^{25}$", "3.8 × 10^25"),
            ("costs $5 or $6", "costs $5 or $6"),
            ("\\(10^{25}\\) \\text{FLOP}", "10^25 FLOP"),
            ("50\\% \\foo", "50% \\foo"),
            ("a\\;b\\!c", "a bc"),
            ('<math alttext="3.8\\times 10^{25}"><mn>1</mn></math>', "3.8 × 10^25"),
            ('<math><semantics><mn>1</mn><annotation encoding="application/x-tex">10^{25}</annotation></semantics></math>',
             "10^25"),
            ("<math><mfrac><mn>1</mn><mn>2</mn></mfrac></math>", "1/2"),
            ("<math><msub><mi>N</mi><mi>p</mi></msub><mspace/><mi>x</mi></math>", "N_p x"),
            ("<math><msubsup><mi>N</mi><mi>p</mi><mn>2</mn></msubsup></math>", "N_p^2"),
            ('<span class="katex"><math><mn>7</mn></math><span class="katex-html">7</span></span>', "7"),
            ('<img alt="7B tokens"> x', "7B tokens x"),
            ("a<span hidden>b</span>c", "ac"),
            ("a<script>b</script>c<!-- d -->", "ac"),
        ],
    )  # fmt: skip
    def test_inline(self, markup: str, expected: str) -> None:
        assert html.clean(f"<p>{markup}</p>", whole_page=False).text == expected

    def test_a_row_is_one_line(self) -> None:
        document = html.clean(
            "<table><tr><td>a<br>b<ul><li>c</li></ul><p>d</p></td><td></td><td>e</td></tr><tr><td>f</td></tr></table>",
            whole_page=False,
        )
        check_document(document)
        assert document.text == "a b c d |  | e\nf"

    def test_a_table_that_lays_out_a_page_is_no_data(self) -> None:
        nested = html.clean(
            "<table><tr><td><table><tr><td>a</td><td>b</td></tr></table></td></tr></table>", whole_page=False
        )
        assert [len(table.rows) for table in nested.tables] == [1]
        long = html.clean(f"<table><tr><td>{'word ' * 600}</td><td>b</td></tr></table>", whole_page=False)
        assert long.tables == ()

    def test_head_rows_of_plain_cells(self) -> None:
        document = html.clean(
            "<table><thead><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></thead>"
            "<tr><td>1</td><td>2</td></tr></table>",
            whole_page=False,
        )
        assert document.tables[0].header_rows == 2

    def test_cells_outside_tables_and_rows(self) -> None:
        assert html.clean("<table><td>a</td><td>b</td></table>", whole_page=False).text == "a | b"
        assert "a" in html.clean("<td>a</td></tr></table>", whole_page=False).text

    def test_bold_line_is_a_heading(self) -> None:
        document = html.clean("<p><strong>Training data</strong></p><p><b>not</b> a heading</p>", whole_page=False)
        assert [(section.title, section.level) for section in document.sections] == [("Training data", 6)]

    def test_code_keeps_its_lines(self) -> None:
        document = html.clean("<p>x</p><pre>a\n  b</pre><p>y</p>", whole_page=False)
        assert document.text == "x\n\na\n  b\n\ny"
        assert [document.text[start:end] for start, end in document.code] == ["a\n  b"]

    def test_words_only_in_the_data_of_scripts(self) -> None:
        sentence = "Kestrel-2 70B was trained on 9.5 trillion tokens by Nest."
        for script in (
            f'<script id="__NEXT_DATA__" type="application/json">{{"props": ["{sentence}", "x", 5]}}</script>',
            f'<script>window.__STATE__ = {{"a": {{"b": "<p>{sentence}</p>"}}}};</script>',
            '<script>self.__next_f.push([1,"3:[\\"$\\",\\"p\\",null,{\\"children\\":\\"'
            + sentence
            + '\\"}]"])</script>',
        ):
            assert text_of(f"<html><body><div id=root></div>{script}</body></html>", "html") == sentence
        assert text_of("<body><script>var a = 'b'; function f() {}</script></body>", "html") == ""

    def test_a_page_that_is_one_form_or_menu_keeps_its_words(self) -> None:
        words = "Kestrel-2 was trained on 9.5 trillion tokens. " * 6
        assert "9.5 trillion" in text_of(f"<body><aside>{words}</aside></body>", "html")

    def test_main_content_is_the_largest_article(self) -> None:
        words = "Kestrel-2 was trained on 9.5 trillion tokens. " * 9
        text = text_of(
            f"<body><p>Menu</p><article><p>{words}</p></article><article><p>Other</p></article></body>", "html"
        )
        assert text.startswith("Kestrel-2")
        assert "Menu" not in text

    @pytest.mark.parametrize(
        ("head", "published"),
        [
            ('<meta name="citation_date" content="2024/07/31">', "2024-07-31"),
            (
                '<script type="application/ld+json">{"datePublished": "2024-07-23T08:00:00-08:00"}</script>',
                "2024-07-23",
            ),
            ('<time datetime="2024-07">July</time>', "2024-07"),
            ('<meta name="date" content="soon">', ""),
        ],
    )
    def test_published(self, head: str, published: str) -> None:
        assert clean(f"<html><head>{head}</head><body><p>Words.</p></body></html>", kind="html").published == published

    def test_comment_of_a_saved_listing(self) -> None:
        page = '<!-- item title="Kestrel 2 &amp; friends" pubDate="Tue, 04 Mar 2025 23:00:00 -0500" --><p>Words.</p>'
        document = clean(page, kind="html")
        assert (document.title, document.published) == ("Kestrel 2 & friends", "2025-03-04")

    def test_titles(self) -> None:
        assert clean('<meta property="og:title" content="A"><title>B</title><h1>C</h1>', kind="html").title == "A"
        assert clean("<title>B</title><h1>C</h1>", kind="html").title == "B"
        assert clean("<h1>C</h1><p>d</p>", kind="html").title == "C"
        assert clean("<p>First line.</p>", kind="html").title == "First line."

    def test_nothing(self) -> None:
        assert clean("", kind="html").text == ""
        assert clean("<!-- -->", kind="html").text == ""


class TestMarkdown:
    def test_a_card(self) -> None:
        document = clean(MARKDOWN, kind="md")
        check_document(document)
        assert document.front_matter["base_model"] == "nest/Kestrel-1"
        assert document.published == "2025-03-04"
        assert rows(document)[1] == ["Kestrel-2 7B", "7B", "4T"]
        assert "$" not in document.text.split("license")[0]
        assert "3.9 × 10^24 FLOP, ~2.0M GPU hours" in document.text
        assert "base_model: nest/Kestrel-1" in document.text[slice(*document.about)]
        assert [document.text[start:end].strip() for start, end in document.code] == [
            'model = load("nest/Kestrel-2", layers=80)'
        ]

    def test_one_tilde_means_about(self) -> None:
        assert text_of("~15T tokens and ~20B more", "md") == "~15T tokens and ~20B more"

    def test_html_tables(self) -> None:
        document = clean("# A\n\n<table><tr><th>a</th></tr><tr><td>1</td></tr></table>\n", kind="md")
        assert rows(document) == [["a"], ["1"]]

    def test_front_matter_that_is_no_yaml_is_read_line_by_line(self) -> None:
        document = clean("---\ntitle: Kestrel: the bird\ndate: 2025-03-04\n---\nWords.", kind="md")
        assert document.title == "Kestrel: the bird"
        assert document.published == "2025-03-04"

    @pytest.mark.parametrize(
        "front",
        [
            "a: &a [x, x]\nb: &b [*a, *a]\nc: *b",
            "[" * 5000,
            "a: " + "{b: " * 3000,
            "- just\n- a list",
            "no colon",
        ],
    )
    def test_hostile_or_other_front_matter_is_text(self, front: str) -> None:
        document = clean(f"---\n{front}\n---\nWords.", kind="md")
        assert document.front_matter == {}
        assert "Words." in document.text

    def test_imports_of_mdx(self) -> None:
        text = text_of('import X from "y"\nexport const a = 1\n\nexport controls matter', "md")
        assert text == "export controls matter"

    def test_no_front_matter(self) -> None:
        assert markdown.split_front_matter("# A") == ({}, "", "# A")


class TestPlain:
    def test_a_report(self) -> None:
        document = clean(TEXT, kind="txt")
        assert document.title == "KESTREL-2 TECHNICAL REPORT"
        assert "9.5 trillion tokens" in document.text
        assert "fine." in document.text
        assert "\n3\n" not in document.text

    @pytest.mark.parametrize(
        ("written", "expected"),
        [
            ("trans-\nformer", "transformer"),
            ("GPT-\n4 is", "GPT-4 is"),
            ("on 2.4-\ntrillion", "on 2.4-trillion"),
            ("a\n-\nb", "a\n-\nb"),
            ("ﬁne eﬃcient ﬂop", "fine efficient flop"),
            ("１５．６Ｔ　ｔｏｋｅｎｓ", "15.6T tokens"),
            ("15\u2009T\u00a0tokens\u200b", "15 T tokens"),
            ("tok\u00adens", "tokens"),
            ("3.8×10²⁵ and 10⁻³", "3.8×10^25 and 10^-3"),
            ("footnote¹⁰", "footnote¹⁰"),
            ("𝟏𝟎𝟎B", "100B"),
            ("non\u2011breaking", "non-breaking"),
            ("3.8 Ã— 10", "3.8 × 10"),
            ("donâ€™t\nÃ\xa0 la carte", "don’t\nà la carte"),
            ("M ODEL A RCHITECTURE", "MODEL ARCHITECTURE"),
            ("A MODEL", "A MODEL"),
            ("I SEE A MODEL", "I SEE A MODEL"),
            ("X YZ is lower", "X YZ is lower"),
            ("a\r\nb\rc", "a\nb\nc"),
            ("a \t b", "a b"),
            ("\x1b[31mred\x07", "[31mred"),
            ("\ud800x", "x"),
        ],
    )
    def test_typography(self, written: str, expected: str) -> None:
        assert text_of(written, "txt") == expected

    def test_running_heads_and_page_numbers_go(self) -> None:
        pages = [f"Nest Technical Report {n}\n\nWords of page {n}.\n\n{n}" for n in range(1, 6)]
        text = text_of("\f".join(pages), "txt")
        assert "Technical Report" not in text
        assert [line for line in text.split("\n") if line] == [f"Words of page {n}." for n in range(1, 6)]

    def test_many_form_feeds_are_only_gaps(self) -> None:
        assert text_of("a" + "\f" * (limits.MAX_PAGES + 1) + "b", "txt") == "a\n\nb"

    def test_first_line(self) -> None:
        assert plain.first_line("12\n--\nKestrel\n") == "Kestrel"
        assert plain.first_line("12") == ""


class TestPdf:
    def test_powers_are_told_by_their_height(self) -> None:
        document = clean(PDF)
        assert document.kind == "pdf"
        assert "It took 4.0 x 10^24 FLOP and 9.5 trillion tokens." in document.text

    def test_digits_on_the_line_are_no_power(self) -> None:
        assert "page 1024 of" in text_of(pdf_page(b"BT /F 12 Tf 50 700 Td (page 1024 of 2000) Tj ET"), "pdf")

    def test_broken(self) -> None:
        for data in (b"%PDF-1.4 nothing", PDF[: len(PDF) // 3]):
            with pytest.raises(UnreadableError, match="cannot be opened"):
                clean(data)

    def test_text_is_no_pdf(self) -> None:
        with pytest.raises(UnreadableError, match="bytes"):
            clean("%PDF-1.4", kind="pdf")

    def test_password(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def locked(data: bytes) -> None:
            raise pdf.pypdfium2.PdfiumError("Failed to load document (PDFium: Incorrect password error).")

        monkeypatch.setattr(pdf.pypdfium2, "PdfDocument", locked)
        with pytest.raises(UnreadableError, match="protected by a password"):
            clean(PDF)

    def test_bomb(self, monkeypatch: pytest.MonkeyPatch) -> None:
        import zlib

        monkeypatch.setattr(pdf, "MAX_PDF_UNPACKED", 1_000_000)
        packed = zlib.compress(b" " * 5_000_000)
        with pytest.raises(UnreadableError, match="unpacks to more than 1 MB"):
            clean(pdf_page(packed, page_filter=b"/Filter/FlateDecode"))
        small = zlib.compress(b"BT /F 12 Tf 50 700 Td (Packed words) Tj ET")
        assert "Packed words" in text_of(pdf_page(small, page_filter=b"/Filter/FlateDecode"), "pdf")
        with pytest.raises(UnreadableError, match="packed twice"):
            clean(pdf_page(small, page_filter=b"/Filter[/FlateDecode /FlateDecode]"))

    def test_at_most_so_much_text(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(pdf, "MAX_TEXT", 3)
        assert clean(PDF).text


class TestJson:
    def test_a_listing(self) -> None:
        document = clean(JSON, kind="json")
        check_document(document)
        first, second = (entry.document for entry in document.entries)
        assert (first.title, first.published) == ("Kestrel-2", "2025-03-04")
        assert "9.5 trillion tokens" in first.text
        assert "published_date: 2025-03-04" in first.text
        assert "size.total: 70000000000" in second.text

    def test_listing_under_keys(self) -> None:
        for page in ('{"data": {"list": [{"name": "a"}]}}', '{"title": "t", "items": [{"title": "a"}]}'):
            assert [entry.document.title for entry in clean(page, kind="json").entries] == ["a"]
        assert clean('{"id": "m", "siblings": [{"name": "a"}]}', kind="json").entries == ()

    def test_one_object(self) -> None:
        document = clean(
            '{"id": "nest/K", "tags": ["a", "b"], "url": "https://x", "n": {"m": 1.5, "t": true}, "h": "<b>x</b>"}',
            kind="json",
        )
        assert document.text == "nest/K\n\ntags: a, b\nn.m: 1.5\nh: x"
        long = clean('{"note": "' + "word " * 100 + '"}', kind="json")
        assert long.text.startswith("word word")

    def test_other_values(self) -> None:
        assert text_of('["a", ["b", {"c": "d"}], 1]', "json") == "a\nb\nd"
        assert text_of('"\\ud800 \\u001b x"', "json") == "  x"

    @pytest.mark.parametrize("page", ["{", "[" * 100_000, "1" * 5_000, "", '{"a": nan}'])
    def test_no_json(self, page: str) -> None:
        with pytest.raises(UnreadableError, match="no JSON"):
            clean(page, kind="json")

    def test_deep_values_are_left_out(self) -> None:
        page = '{"a": ' * 300 + '"deep"' + "}" * 300
        assert "deep" not in text_of(page, "json")
        assert "deep" not in text_of("[" * 300 + '"deep"' + "]" * 300, "json")


class TestFeeds:
    def test_entries(self) -> None:
        document = clean(ATOM, kind="atom")
        check_document(document)
        first, second = (entry.document for entry in document.entries)
        assert document.title == "Nest"
        assert (first.title, first.published) == ("Kestrel-2", "2025-03-04")
        assert "9.5 trillion tokens" in first.text
        assert first.text[slice(*first.about)] == "published: 2025-03-04T10:00:00Z"
        assert second.text.startswith("Office\n\nPlants.")

    def test_rss_with_html_entities(self) -> None:
        page = (
            '<rss version="2.0"><channel><title>N</title><item><title>K&nbsp;2</title><description>'
            "&lt;p&gt;9T tokens&lt;/p&gt;</description><pubDate>Tue, 04 Mar 2025 23:00:00 -0500</pubDate></item></channel></rss>"
        )
        entry = clean(page).entries[0].document
        assert (entry.title, entry.published) == ("K 2", "2025-03-04")
        assert "9T tokens" in entry.text

    def test_no_entity_expands(self) -> None:
        bomb = '<!DOCTYPE a [<!ENTITY a "hahaha"><!ENTITY b "&a;&a;">]><feed><title>x&b;y</title></feed>'
        document = clean(bomb, kind="atom")
        assert "ha" not in document.title

    @pytest.mark.parametrize("page", ["", "words", "<html><p>x</p></html>", "<" * 99, "<a>" * 9_999])
    def test_no_feed(self, page: str) -> None:
        with pytest.raises(UnreadableError, match="no feed"):
            clean(page, kind="atom")

    def test_at_most_so_many_entries(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("flopcrawl.extraction.cleaning.feeds.MAX_ENTRIES", 2)
        feed = "<feed>" + "<entry><title>Kestrel</title></entry>" * 5 + "</feed>"
        assert len(clean(feed, kind="atom").entries) == 2


class TestBytes:
    @pytest.mark.parametrize(
        ("data", "expected"),
        [
            ("15T × é".encode(), "15T × é"),
            ("15T × é".encode("utf-8-sig"), "15T × é"),
            ("15T × é".encode("utf-16"), "15T × é"),
            ("15T tokens of text ×".encode("utf-16-le"), "15T tokens of text ×"),
            ("15T tokens of text".encode("utf-16-be"), "15T tokens of text"),
            ("万亿个词元".encode() + b"\xff", "万亿个词元�"),
            ('charset="gb18030" 训练数据'.encode("gb18030"), 'charset="gb18030" 训练数据'),
            ('charset="nonsense" caf\u00e9'.encode("latin-1"), 'charset="nonsense" café'),
        ],
    )
    def test_encodings(self, data: bytes, expected: str) -> None:
        assert text_of(data, "txt") == expected

    @pytest.mark.parametrize(
        "data",
        [
            b"PK\x03\x04rest",
            b"\x1f\x8b\x08rest",
            b"\x89PNG\r\n",
            b"\x28\xb5\x2f\xfd",
            bytes(range(256)) * 40,
            b"\x00" * 5_000,
        ],
    )
    def test_binary(self, data: bytes) -> None:
        with pytest.raises(UnreadableError):
            clean(data)

    def test_too_large(self) -> None:
        with pytest.raises(UnreadableError, match="larger than 40 MB"):
            clean(b" " * (limits.MAX_BYTES + 1))

    def test_unknown_kind(self) -> None:
        with pytest.raises(UnreadableError, match="'docx' is no kind of page"):
            clean("x", kind="docx")

    @pytest.mark.parametrize(
        ("data", "name", "kind"),
        [
            (PDF, "report.txt", "pdf"),
            ("x", "https://a/b.MD?raw=1", "md"),
            ("<!DOCTYPE html><p>x</p>", "saved.txt", "html"),
            ("x", "a.txt", "txt"),
            ('\ufeff {"a": 1}', "", "json"),
            ("<?xml version='1.0'?><rss/>", "", "atom"),
            ("<div>x</div>", "", "html"),
            ("# Title", "", "md"),
            ("Words only", "", "txt"),
            (b"Words only", "", "txt"),
        ],
    )
    def test_guesses(self, data: bytes | str, name: str, kind: str) -> None:
        from flopcrawl.extraction.cleaning import guess_kind

        assert guess_kind(data, name) == kind


class TestLimits:
    def test_elements_and_cells(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(html, "MAX_CELLS", 3)
        document = html.clean("<table>" + "<tr><td>a</td><td>b</td></tr>" * 5 + "</table>", whole_page=False)
        assert sum(len(row) for row in document.tables[0].rows) <= 4
        assert document.text.count("a") == 5
        monkeypatch.setattr(html, "MAX_ELEMENTS", 8)
        cut = html.clean("<table>" + "<tr><td>a</td><td>b</td></tr>" * 5 + "</table>", whole_page=False)
        assert cut.text.count("a") < 5
        assert cut.tables

    def test_text(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(html, "MAX_TEXT", 20)
        assert len(html.clean("<p>words and words</p>" * 9, whole_page=False).text) <= 22

    def test_spans(self) -> None:
        document = html.clean(
            '<table><tr><td colspan="999999">a</td><td rowspan="x">b</td></tr><tr><td>c</td></tr></table>',
            whole_page=False,
        )
        assert len(document.tables[0].rows[0]) == limits.MAX_SPAN + 1

    def test_nesting(self) -> None:
        check_document(clean("<div>" * 5_000 + "x", kind="html"))
        check_document(clean("<table><tr><td>" * 5_000 + "x", kind="html"))
        check_document(clean("> " * 5_000 + "x", kind="md"))

    def test_mended_lines(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(typography, "MAX_MENDED", 1)
        assert typography.mended("3 Ã— 4\n5 Ã— 6") == "3 × 4\n5 Ã— 6"


class TestDates:
    @pytest.mark.parametrize(
        ("value", "day"),
        [
            ("2025-03-04", "2025-03-04"),
            (dt.date(2025, 3, 4), "2025-03-04"),
            (dt.datetime(2025, 3, 4, 23, tzinfo=dt.timezone(dt.timedelta(hours=8))), "2025-03-04"),
            ("Tue, 04 Mar 2025 23:00:00 -0500", "2025-03-04"),
            ("2025-03-04T23:00:00+08:00", "2025-03-04"),
            ("March 4, 2025", "2025-03-04"),
            ("March 2025", "2025-03"),
            ("2025", "2025"),
            (2025, "2025"),
            ("20250304", "2025-03-04"),
            (1741046400, "2025-03-04"),
            (1741046400000, "2025-03-04"),
            ("Mon Mar 03 2025 10:00:00 GMT+0000 (Coordinated Universal Time)", "2025-03-03"),
            ("3 March", ""),
            ("soon", ""),
            ("0001-01-01", ""),
            (dt.date(1, 1, 1), ""),
            ("99999999999999999999999", ""),
            ("12345", ""),
            (None, ""),
            (["2025-03-04"], ""),
            ("2025-03-04 " + "x" * 80, ""),
            ("25:61 1/2/3/4", ""),
        ],
    )
    def test_iso_day(self, value: object, day: str) -> None:
        assert iso_day(value) == day


class TestDocument:
    def test_below_moves_everything(self) -> None:
        inner = Document(
            "a | b\n\ncode", sections=(Section(2, "a", 0, 1),),
            tables=(Table(0, 5, ((Cell(0, 1, "a"), Cell(4, 5, "b")),), 0),), code=((7, 11),),
        ).with_about("x: y")  # fmt: skip
        moved = inner.below("Heading")
        check_document(moved)
        assert moved.text[slice(*moved.about)] == "x: y"
        assert moved.sections[0].title == "Heading"

    def test_about_of_nothing(self) -> None:
        assert Document("").with_about("") == Document("")
        assert Document("").with_about("x: y").text == "x: y"


WORDS = st.text(
    alphabet=st.sampled_from(list("aZ 09.,×^$\\{}<>&|*_#`~-\n\t\r\f\"'[]()万²⁵ﬁ\u00a0\u200b\ufeff\x00\x1b")),
    max_size=200,
)


@settings(max_examples=150)
@given(WORDS, st.sampled_from([kind for kind in KINDS if kind != "pdf"]))
def test_any_text_is_cleaned_or_refused(text: str, kind: str) -> None:
    with contextlib.suppress(UnreadableError):
        check_document(clean(text, kind=kind))


@settings(max_examples=150)
@given(WORDS)
def test_tidy_twice_is_tidy_once(text: str) -> None:
    once = typography.tidy(text)
    assert typography.tidy(once) == once


@settings(max_examples=100)
@given(st.floats(1, 9.9), st.integers(10, 30))
def test_a_power_reads_alike_however_it_is_written(mantissa: float, power: int) -> None:
    number = f"{mantissa:.1f}"
    raised = str(power).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
    ways = {
        html.clean(f"<p>{number} × 10<sup>{power}</sup></p>", whole_page=False).text,
        html.clean(f"<p>${number} \\times 10^{{{power}}}$</p>", whole_page=False).text,
        html.clean(f'<math alttext="{number}\\times 10^{{{power}}}"></math>', whole_page=False).text,
        text_of(f"{number} × 10{raised}", "txt"),
        text_of(f"${number} \\times 10^{{{power}}}$", "md"),
    }
    assert ways == {f"{number} × 10^{power}"}
