"""Every page in a real browser: no console error, no accessibility violation, keyboard, phone, dark, no scripts."""

from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PAGES = ["/", "/?threshold=1e23&colour=developer", "/trends", "/developers", "/developer/Meta%20AI", "/as-of",
         "/accuracy",
         "/review", "/derivatives", "/sources", "/changes", "/method", "/glossary", "/queries"]  # fmt: skip
DATASETTE = ["/flopcrawl", "/flopcrawl/models_over_1e25", "/flopcrawl/near_the_line", "/flopcrawl/models"]
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}


def opened(browser: Any, address: str, path: str, **options: Any) -> tuple[Any, list[str]]:
    page = browser.new_page(**options)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    assert page.goto(address + path).ok
    return page, said


@pytest.mark.parametrize("path", [*PAGES, *DATASETTE])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_renders_without_an_error_and_runs_nothing_foreign(
    browser: Any, address: str, path: str, scheme: str
) -> None:
    page, said = opened(browser, address, path, color_scheme=scheme)
    assert said == []
    assert page.evaluate("window.broken") is None
    assert page.locator("h1").count() >= 1
    page.close()


@pytest.mark.parametrize("path", [*PAGES, *DATASETTE, "/no-such-page"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation(browser: Any, address: str, path: str, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    page = browser.new_page(color_scheme=scheme)
    page.goto(address + path)
    found = axe.Axe().run(page, options=RULES).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"][:200]) for each in found] == []
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation_on_a_model_page(browser: Any, address: str, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    page, said = opened(browser, address, "/", color_scheme=scheme)
    page.locator("table.models tbody th a").first.click()
    found = axe.Axe().run(page, options=RULES).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"][:200]) for each in found] == []
    assert said == []
    page.close()


@pytest.mark.parametrize("path", PAGES)
def test_a_phone_never_scrolls_sideways(browser: Any, address: str, path: str) -> None:
    page, _ = opened(browser, address, path, viewport={"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.close()


def test_filters_narrow_and_sort(browser: Any, address: str) -> None:
    page, _ = opened(browser, address, "/")
    before = page.locator("table.models tbody tr").count()
    page.get_by_label("Access").select_option("API access")
    page.get_by_role("button", name="Show").click()
    assert 0 < page.locator("table.models tbody tr").count() < before
    assert "accessibility=API+access" in page.url
    page.get_by_role("link", name="Released").click()
    dates = page.locator("table.models tbody td.date").all_inner_texts()
    assert dates == sorted(dates, reverse=True)
    page.close()


def test_a_point_says_what_it_is_under_the_pointer_and_the_focus(browser: Any, address: str) -> None:
    page, _ = opened(browser, address, "/?q=testmodel")
    point = page.locator(".chart .point").first
    point.hover()
    assert "FLOP" in page.locator(".tip").inner_text()
    page.keyboard.press("Escape")
    assert page.locator(".tip").is_hidden()
    point.focus()
    assert page.locator(".tip").is_visible()
    page.keyboard.press("Enter")
    page.wait_for_url("**/model/**")
    page.close()


def test_the_keyboard_reaches_the_content_first(browser: Any, address: str) -> None:
    page, _ = opened(browser, address, "/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.url.endswith("#content")
    page.close()


def test_the_chart_zooms(browser: Any, address: str) -> None:
    page, _ = opened(browser, address, "/")
    svg = page.locator(".chart svg").first
    whole = svg.get_attribute("viewBox")
    page.get_by_role("button", name="Zoom in").click()
    assert svg.get_attribute("viewBox") != whole
    page.get_by_role("button", name="Whole").click()
    assert svg.get_attribute("viewBox") == whole
    page.close()


@pytest.mark.parametrize("scripts", [True, False])
def test_the_break_even_answers_with_and_without_scripts(browser: Any, address: str, scripts: bool) -> None:
    page, _ = opened(browser, address, "/?q=testmodel", java_script_enabled=scripts)
    page.locator("table.models tbody th a").first.click()
    slider = page.get_by_label("Tokens seen in training")
    slider.focus()
    slider.press("Home")
    if not scripts:
        page.get_by_role("button", name="Compute").click()
    assert "1B tokens" in page.locator("output").inner_text()
    assert "under" in page.locator("output").inner_text()
    page.close()


@pytest.mark.parametrize(("path", "link"), [("/", "CSV"), ("/trends", "SVG"), ("/trends", "PNG"), ("/trends", "CSV")])
def test_downloads_arrive(browser: Any, address: str, path: str, link: str) -> None:
    page, _ = opened(browser, address, path)
    with page.expect_download() as arriving:
        page.get_by_role("link", name=link, exact=True).first.click()
    assert arriving.value.path().stat().st_size > 100
    page.close()


def test_the_front_page_is_small_and_quick(browser: Any, address: str) -> None:
    page, _ = opened(browser, address, "/")
    assert page.evaluate("performance.getEntriesByType('resource').reduce((n, e) => n + e.transferSize, 0)") < 300_000
    assert page.evaluate("performance.getEntriesByType('navigation')[0].transferSize") < 300_000
    page.close()


WALK = """() => {
    const element = document.activeElement, style = getComputedStyle(element);
    const ringed = style.outlineStyle !== "none" || element.matches(".point, .bar, .skip");
    return [element.textContent.trim().slice(0, 40) || element.name || element.className.baseVal || "", ringed];
}"""


@pytest.mark.parametrize("path", PAGES)
def test_the_keyboard_walks_through_a_page_and_shows_where_it_is(browser: Any, address: str, path: str) -> None:
    page, _ = opened(browser, address, path)
    walked = []
    for _ in range(600):
        page.keyboard.press("Tab")
        name, ringed = page.evaluate(WALK)
        walked.append(name)
        assert ringed, name
        if name == "Atom feed" and len(walked) > 10:
            break
    assert walked[0] == "Skip to the content"
    assert "Trends" in walked
    assert walked[-1] == "Atom feed"
    page.close()


@pytest.mark.parametrize("path", [*PAGES, *DATASETTE])
def test_every_page_says_the_same_without_scripts(browser: Any, address: str, path: str) -> None:
    told = []
    for scripts in (True, False):
        page, _ = opened(browser, address, path, java_script_enabled=scripts)
        told.append(
            (page.locator("h1").first.inner_text(), page.locator(".chart svg").count(), page.locator("tr").count())
        )
        page.close()
    assert told[0] == told[1]


def test_narrowing_needs_no_script(browser: Any, address: str) -> None:
    page, _ = opened(browser, address, "/", java_script_enabled=False)
    page.get_by_label("Search").fill("testmodel 3")
    with page.expect_navigation():  # a click does not wait for the page that its form asks for
        page.get_by_role("button", name="Show").click()
    names = page.locator("table.models tbody th a").all_inner_texts()
    assert names
    assert all("3" in name for name in names)
    page.close()
