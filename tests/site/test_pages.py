"""The site's pages over a small database: what they show, what they never show, and what they answer to nonsense."""

import asyncio
import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from flopcrawl import database
from flopcrawl.derive import derive_all
from flopcrawl.site.app import build
from flopcrawl.site.pages.model import csv_row
from flopcrawl.site.pages.upkeep import USUAL, what_is_its_own
from flopcrawl.site.plots import compute_plot, day_number
from flopcrawl.site.wording import contained, count, flop, percent, readable, safe_url, share, spaced
from flopcrawl.vocabulary import Field
from tests.building import claim, store

ROOT = Path(__file__).resolve().parent.parent.parent
SCRIPT = "<script>alert(1)</script>"
EVIL = f"Evil {SCRIPT} \"'; DROP TABLE models; --"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("site")
    path, overrides = folder / "any-name.db", folder / "overrides"
    overrides.mkdir()
    (overrides / "corrections.csv").write_text(
        "model,field,value,within_factor,confirmed,reason,source_url,editor,date\n"
        "Llama 3.1 405B,country,France,,,a test,https://example.org/x,me,2026-01-01\n"
    )
    evil = {"organization": SCRIPT, "source": "evil", "url": "javascript:alert(1)"}
    store(
        path,
        [
            claim("Llama 3.1 405B", Field.PARAMETERS_TOTAL, 405e9),
            claim("Llama 3.1 405B", Field.TOKENS_TRAINED, 15.6e12, quote=f"15.6T {SCRIPT}"),
            claim("Llama 3.1 405B", Field.RELEASE_DATE, "2024-07-23"),
            claim(EVIL, Field.PARAMETERS_TOTAL, 500e9, **evil),
            claim(EVIL, Field.PARAMETERS_ACTIVE, 500e9, **evil),
            claim(EVIL, Field.TOKENS_TRAINED, 20e12, **evil),
            claim(EVIL, Field.RELEASE_DATE, "2025-01-01", **evil),
            claim("=1+1", Field.PARAMETERS_TOTAL, 600e9, url="https://a.org/f"),
            claim("=1+1", Field.PARAMETERS_ACTIVE, 600e9, url="https://a.org/f"),
            claim("=1+1", Field.TOKENS_TRAINED, 20e12, url="https://a.org/f"),
            claim("Small 1B", Field.EPOCHS, 1, url="https://a.org/s"),
        ],
    )
    derive_all(path, overrides, run_id="r")
    with database.writer_lock(path):
        db = database.open_for_writing(path)
        with db.atomic():
            database.set_information(db, "origin", "sample")
            database.set_information(db, "refreshed_at", "2026-01-02T00:00:00Z")
        db.close()
    return build(path, ROOT / "datasette-metadata.json")


def get(site: Any, path: str) -> Any:
    return asyncio.run(site.client.get(path))


PAGES = ["/", "/?threshold=1e23", "/?colour=developer", "/model/llama-3-1-405b", "/review", "/changes", "/sources",
         "/trends",
         "/developers", "/developer/Meta%20AI", "/as-of", "/accuracy",
         "/derivatives", "/method", "/glossary", "/queries",
         "/flopcrawl", "/flopcrawl/models_over_1e25", "/flopcrawl/claims", "/flopcrawl/near_the_line"]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_there_labelled_and_escaped(site: Any, path: str) -> None:
    answer = get(site, path)
    assert answer.status_code == 200
    assert "Sample data" in answer.text
    assert SCRIPT not in answer.text
    assert 'href="javascript:' not in answer.text


def test_the_front_page_shows_the_list_with_interval_and_evidence(site: Any) -> None:
    text = get(site, "/").text
    assert "Llama 3.1-405B" in text
    assert "3.8 × 10²⁵" in text
    assert "Small 1B" not in text
    assert text.count('class="point ') == 2  # =1+1 has no date
    assert "not disclosed" in text


def test_facets_and_search_narrow_what_is_shown(site: Any) -> None:
    assert "Llama" not in get(site, "/?confidence=Speculative").text.split("<tbody>")[1]
    assert "Llama" in get(site, "/?q=llama").text.split("<tbody>")[1]
    assert "No model fits" in get(site, "/?q=nothing-like-this").text


@pytest.mark.parametrize("query", ["?threshold=x", "?sort=drop", "?year=%27", "?q=%25%27%22", "?q=" + "x" * 5000])
def test_nonsense_in_the_address_is_no_error(site: Any, query: str) -> None:
    assert get(site, "/" + query).status_code == 200


def test_csv_and_json_are_what_is_shown(site: Any) -> None:
    shown = list(csv.DictReader(io.StringIO(get(site, "/models.csv?q=llama").text)))
    assert [row["name"] for row in shown] == ["Llama 3.1-405B"]
    assert [row["name"] for row in json.loads(get(site, "/models.json?q=llama").text)] == ["Llama 3.1-405B"]


def test_a_formula_in_a_name_is_no_formula_in_the_csv(site: Any) -> None:
    names = [row["name"] for row in csv.DictReader(io.StringIO(get(site, "/models.csv").text))]
    assert "'=1+1" in names


def test_a_model_page_has_the_formula_the_words_and_the_manual_edit(site: Any) -> None:
    text = get(site, "/model/llama-3-1-405b").text
    assert "6 × 405B parameters × 15.6T tokens" in text
    assert "15.6T &lt;script&gt;" in text
    assert "corrections.csv, 2" in text
    pasted = text.replace("<bdi>", "").replace("</bdi>", "")
    assert ",reject," in pasted
    assert "Llama 3.1-405B,FIELD,VALUE,,,WHY,https://SOURCE,YOUR NAME,YYYY-MM-DD</pre>" in pasted


def test_what_turns_the_direction_of_writing_turns_only_itself() -> None:
    assert (
        csv_row("\u202eabc", "", '"', "=1")
        == "<bdi>\u202eabc</bdi>,<bdi></bdi>,<bdi>&#34;&#34;&#34;&#34;</bdi>,<bdi>&#39;=1</bdi>"
    )


def test_a_link_of_another_kind_than_http_is_no_link(site: Any) -> None:
    key = json.loads(get(site, "/models.json?q=evil").text)[0]["model_key"]
    assert 'href="javascript:' not in get(site, f"/model/{key}").text
    assert safe_url("javascript:alert(1)") == ""
    assert safe_url("https://a.org") == "https://a.org"


def test_an_unknown_model_is_not_found(site: Any) -> None:
    assert get(site, "/model/nosuch").status_code == 404


@pytest.mark.parametrize(
    ("path", "status"),
    [("/model/nosuch", 404), ("/nosuch", 404), ("/flopcrawl/nosuch", 404), ("/flopcrawl?sql=drop+table+models", 400)],
)
def test_the_page_of_an_error_is_labelled_too(site: Any, path: str, status: int) -> None:
    answer = get(site, path)
    assert (answer.status_code, "Sample data" in answer.text) == (status, True)


def test_the_page_of_our_own_failure_is_labelled_too(site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("on purpose")

    monkeypatch.setattr("flopcrawl.site.pages.front.thresholds", fail)
    answer = get(site, "/?q=a-page-that-fails")
    assert (answer.status_code, "Sample data" in answer.text) == (500, True)


def test_a_database_that_cannot_be_read_is_an_error_with_a_page(tmp_path: Path) -> None:
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"no database at all" * 100)
    answer = get(build(broken, ROOT / "datasette-metadata.json"), "/")
    assert answer.status_code == 500
    assert "site-header" in answer.text


def test_the_site_cannot_be_written_to(site: Any) -> None:
    answer = get(site, "/flopcrawl.json?sql=delete+from+models")
    assert answer.status_code == 400


def test_health_says_whether_there_is_data(site: Any) -> None:
    answer = get(site, "/-/health")
    assert answer.status_code == 200
    assert json.loads(answer.text)["ok"] is True


def test_our_pages_run_no_foreign_script(site: Any) -> None:
    policy = get(site, "/").headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize(
    ("value", "shown"),
    [(3.8e25, "3.8 × 10²⁵"), (9.99e24, "1.0 × 10²⁵"), (1e25, "1.0 × 10²⁵"), (None, "not disclosed")],
)
def test_compute_is_readable(value: float | None, shown: str) -> None:
    assert flop(value) == shown


def test_counts_and_probabilities_are_readable() -> None:
    assert (count(405e9), count(15.6e12), count(None)) == ("405B", "15.6T", "not disclosed")
    assert (percent(0.999), percent(0.5), percent(0.001)) == ("> 99 %", "50 %", "< 1 %")


def test_shares_that_were_counted_may_be_all_or_none() -> None:
    assert (share(1.0), share(0.0), share(None)) == ("100 %", "0 %", "not disclosed")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("over 1e25 is >99 %", "over 10²⁵ is >99\u00a0%"),
        ("3.5e+26 FLOP, 8.75e25.", "3.5\u00a0×\u00a010²⁶ FLOP, 8.75\u00a0×\u00a010²⁵."),
        ("model-1e25x, v1.1e25", "model-1e25x, v1.1e25"),
        (None, ""),
    ],
)
def test_powers_of_ten_in_sentences_are_readable(text: str | None, shown: str) -> None:
    assert readable(text) == shown


def test_lists_in_a_cell_have_room_to_break() -> None:
    assert spaced("Language,Multimodal,Vision") == "Language, Multimodal, Vision"
    assert spaced("operations+hardware") == "operations + hardware"
    assert spaced("3.5e+26") == "3.5e+26"


def test_a_text_that_turns_the_direction_ends_it() -> None:
    assert contained("\u202eabc") == "\u202eabc\u202c"
    assert contained("\u202eab\u202c c") == "\u202eab\u202c c"
    assert contained("\u2067a\u202eb") == "\u2067a\u202eb\u202c\u2069"
    assert contained("plain, é") == "plain, é"


def test_the_review_does_not_repeat_what_holds_for_every_model() -> None:
    both = USUAL.replace(" above ", " above 6T tokens at 250B parameters, or above ")
    assert what_is_its_own(both) == "above 6T tokens at 250B parameters"
    assert what_is_its_own(f"two dates; {USUAL}") == (
        "two dates; its tokens and active parameters, or its hardware and time"
    )


def model(key: str, day: str, value: float, **more: Any) -> dict[str, Any]:
    """A row of the list, as a chart needs it."""
    return {
        "model_key": key, "name": key, "organization": "Lab", "release_date": day, "training_flop": value,
        "training_flop_low": value / 100, "training_flop_high": value * 100, "confidence": "Likely",
        "method": "operations", "origin": "scraped", **more,
    }  # fmt: skip


def test_an_interval_that_goes_on_beyond_the_chart_says_so() -> None:
    plot = compute_plot([model("a", "2024-01-01", 3e25), model("b", "2025-01-01", 3e25)], 1e25)
    assert plot is not None
    assert plot.cut
    assert str(plot.marks("")).count('class="cut"') == 4


def test_nothing_crosses_the_label_of_a_line() -> None:
    early = [model(str(n), f"2023-0{n}-01", 2e25) for n in range(1, 10)]
    plot = compute_plot([*early, model("late", "2026-06-01", 2e25)], 1e25)
    assert plot is not None
    place = plot.label_place(plot.rules[0])
    assert not [point for point in plot.points if place <= point.x <= place + 60]


def test_a_page_at_two_slashes_has_our_page_of_the_error(site: Any) -> None:
    answer = get(site, "//nosuch")
    assert (answer.status_code, "There is nothing at this address" in answer.text) == (404, True)


def test_the_chart_of_what_is_shown_can_be_taken_away(site: Any) -> None:
    assert get(site, "/models.svg?q=llama").text.count('class="point ') == 1
    assert get(site, "/models.png").content.startswith(b"\x89PNG")
    assert get(site, "/models.svg?q=nothing-like-this").status_code == 404


def test_a_chart_needs_a_date_and_a_value() -> None:
    assert compute_plot([], 1e25) is None
    assert day_number("2024") < day_number("2024-12-31")  # type: ignore[operator]
    assert day_number("soon") is None
