from __future__ import annotations

import math

import pytest

from flopcrawl.identity import Registry
from flopcrawl.reports import validation_pages as pages
from flopcrawl.reports.validation import validate
from flopcrawl.reports.validation_reference import BadReferenceError, iso_date, read_csv, read_vintage, vintages
from tests.reports.building import Builder

HEADER = "Model,Publication date,Training compute (FLOP),Organization,Confidence\n"


@pytest.fixture
def builder(tmp_path):
    return Builder(tmp_path / "test.db")


def run(builder, vintage="2025-05", earlier=()):
    db = builder.reading()
    older = [read_vintage(db, each) for each in earlier]
    return validate(db, read_vintage(db, vintage), Registry.load(), older)


def key(name):
    return Registry.load().resolve(name, "Lab").model_key


def reasons(result, threshold=1e25):
    table = result.missing[result.missing["threshold"] == threshold]
    return dict(zip(table["model"], table["reason"], strict=True))


def test_coverage_tells_ours_from_what_a_person_entered(builder):
    builder.model(key("Zorble 1"), 3e25)
    builder.model(key("Zorble 2"), 3e25, method="manual", manual=True)
    builder.model(key("Zorble 3"), 3e25, method="manual", manual=True, others={"parameters": 2e25})
    for number in range(1, 5):
        builder.reference(f"Zorble {number}", 2.5e25)
    result = run(builder)
    assert result.find("coverage: present", threshold=1e25).value == 0.75
    assert result.find("coverage: detected with overrides", threshold=1e25).value == 0.75
    assert result.find("coverage: detected automatically", threshold=1e25).value == 0.5
    assert result.find("coverage: listed", threshold=1e25).value == 0.75
    assert result.find("coverage: present", threshold=1e23).n == 4


def test_every_missing_model_has_its_reason_and_what_would_close_it(builder):
    builder.model(key("Nofacts 9"), None)
    builder.model(key("Lowball 9"), 1e24, review="crosses 1e25 above 13.2T tokens at 126B parameters")
    for name in ("Nofacts 9", "Lowball 9", "Quuxly 7"):
        builder.reference(name, 3e25)
    result = run(builder)
    assert reasons(result) == {
        "Nofacts 9": "no facts",
        "Lowball 9": "estimate under (operations, 1e24 FLOP)",
        "Quuxly 7": "no source names it",
    }
    remedies = dict(zip(result.missing["model"], result.missing["what would close it"], strict=True))
    assert "13.2T tokens" in remedies["Lowball 9"]
    assert "models.csv" in remedies["Quuxly 7"]


def test_values_that_the_reference_does_not_give_stay_unknown_but_count_as_over(builder):
    builder.model(key("Zorble 1"), 3e25)
    builder.reference("Zorble 1", "", **{"Training compute notes": "Over 1e25, not estimated."})
    builder.reference("Zorble 2", ">1e25")
    builder.reference("Zorble 3", "")
    result = run(builder)
    assert result.find("coverage: present", threshold=1e25).n == 2
    assert result.pairs["flop"].isna().all()
    assert result.find("within 2×").n == 0
    assert result.find("false negatives", threshold=1e25).n == 1


def test_decisions_leave_the_border_zone_out_and_count_it(builder):
    builder.model(key("Zorble 1"), 3e25)
    builder.model(key("Zorble 2"), 3e25)
    builder.model(key("Zorble 3"), 3e24)
    builder.model(key("Zorble 4"), 2e24)
    for number, flop in enumerate((2e25, 5e24, 2e25, 1.05e25), start=1):
        builder.reference(f"Zorble {number}", flop)
    result = run(builder)
    assert result.find("in the border zone", threshold=1e25).value == 0.25
    false_positives = result.find("false positives", threshold=1e25)
    assert (false_positives.value, false_positives.n) == (1.0, 1)
    false_negatives = result.find("false negatives", threshold=1e25)
    assert (false_negatives.value, false_negatives.n) == (0.5, 2)


def test_undisclosed_is_judged_wherever_it_runs(builder):
    builder.model(key("Zorble 1"), 3e25, others={"undisclosed": 4e25})
    builder.model(key("Zorble 2"), 3e25, others={"undisclosed": 2e24})
    builder.model(key("Zorble 3"), 3e24, others={"undisclosed": 3e25})
    for number, flop in enumerate((2e25, 2e25, 3e24), start=1):
        builder.reference(f"Zorble {number}", flop)
    result = run(builder)
    assert result.find("precision", "undisclosed, wherever it runs", 1e25).value == 0.5
    assert result.find("recall", "undisclosed, wherever it runs", 1e25).value == 0.5


def test_extra_models_come_with_our_evidence(builder):
    builder.model(key("Zorble 1"), 3e25)
    builder.model(key("Quuxly 7"), 3e25, released="2026-01-01")
    builder.model(key("Lowball 9"), 3e25)
    builder.reference("Lowball 9", 2e24)
    builder.reference("Nofacts 9", "")
    result = run(builder)
    extra = result.extra[result.extra["threshold"] == 1e25].set_index("model")
    assert extra.loc[key("Quuxly 7"), "reference"] == "released after the reference"
    assert extra.loc[key("Lowball 9"), "reference"] == "lower there"
    assert extra.loc[key("Zorble 1"), "reference"] == "not there"
    assert extra.loc[key("Zorble 1"), "evidence"] == f"Because of {key('Zorble 1')}."


def test_accuracy_is_of_automatic_values_by_group(builder):
    builder.model(key("Zorble 1"), 2e24)
    builder.model(key("Zorble 2"), 9e24, method="parameters", sigma=0.55)
    builder.model(key("Zorble 3"), 1e24, method="manual", manual=True)
    for number in (1, 2, 3):
        builder.reference(f"Zorble {number}", 1.5e24)
    result = run(builder)
    assert (result.find("within 2×").value, result.find("within 2×").n) == (0.5, 2)
    assert result.find("within 2×", "disclosed facts").value == 1.0
    assert result.find("within 2×", "method: parameters").value == 0.0
    assert result.find("within 2×", "year: 2024").n == 2
    assert result.find("median ratio", "method: operations").value == pytest.approx(4 / 3)
    assert result.find("80 % intervals cover").n == 2


def test_freshness_is_of_models_released_since_we_look(builder):
    builder.model(key("Zorble 1"), 2e24, first_seen="2025-01-01T10:00:00Z")
    builder.model(key("Zorble 2"), 2e24, first_seen="2025-02-08T10:00:00Z")
    builder.reference("Zorble 1", 1e24, **{"Publication date": "2023-01-01"})
    builder.reference("Zorble 2", 1e24, **{"Publication date": "2025-02-01"})
    found = run(builder).find("days from release to first seen")
    assert (found.value, found.n) == (7.0, 1)


def test_a_name_is_matched_by_identity_and_never_by_likeness(builder):
    builder.model(key("Zorble 1"), 3e25)
    builder.reference("Zorble 1 Mini", 3e25)
    result = run(builder)
    assert not result.pairs["present"].any()


def test_blanks_and_line_breaks_in_names_do_not_matter(builder):
    builder.model(key("Zorble 1"), 3e25)
    builder.reference("  Zorble\n 1 ", 3e25)
    assert run(builder).pairs["present"].all()


def test_their_revisions_are_told_from_our_errors(builder):
    builder.model(key("Zorble 1"), 3e25)
    builder.reference("Zorble 1", 3e25, "2025-05")
    builder.reference("Zorble 2", 2e25, "2025-05")
    builder.reference("Zorble-1", 6e25, "2026-05")
    builder.reference("Zorble 2", "", "2026-05", **{"Training compute notes": "over 1e25, not estimated"})
    builder.reference("Zorble 3", 2e25, "2026-05")
    result = run(builder, "2026-05", ["2025-05"])
    found = {(row.change, row.before, row.after) for row in result.revisions.itertuples()}
    assert found == {
        ("renamed", "Zorble 1", "Zorble-1"),
        ("revised", "3e+25", "6e+25"),
        ("revised", "2e+25", "over 1e+25, not estimated"),
        ("added", "", "Zorble 3"),
    }


def test_every_vintage_is_known(builder):
    builder.reference("Zorble 1", 1e25, "2025-05")
    builder.reference("Zorble 1", 1e25, "2026-05")
    assert vintages(builder.reading()) == ["2025-05", "2026-05"]


@pytest.mark.parametrize(
    ("text", "iso"),
    [("7/9/2025", "2025-07-09"), ("2025-07-09", "2025-07-09"), ("12/31/2024", "2024-12-31"), ("2024", "2024"),
     ("2024-05", "2024-05"), ("soon", ""), ("", ""), ("31/12/2024", "")],
)  # fmt: skip
def test_dates_of_both_vintages(text, iso):
    assert iso_date(text) == iso


def test_another_csv_runs_as_it_is(tmp_path, builder):
    builder.model(key("Zorble 1"), 3e25)
    file = tmp_path / "later.csv"
    file.write_text("﻿" + HEADER + "Zorble 1,7/9/2025,2e25,Lab,Likely\nZorble 8,,,,\n", encoding="utf-8")
    result = validate(builder.reading(), read_csv(file), Registry.load())
    assert result.vintage == "later"
    assert result.find("coverage: present", threshold=1e25).value == 1.0


@pytest.mark.parametrize(
    ("content", "message"),
    [("Name,Value\na,1\n", "no column Model"), ("", "no CSV"), (HEADER, "no row"), (b"\xff\xfe\x00", "UTF-8")],
)
def test_a_bad_reference_says_what_is_wrong(tmp_path, content, message):
    file = tmp_path / "bad.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(BadReferenceError, match=message):
        read_csv(file)
    with pytest.raises(BadReferenceError, match="no such file"):
        read_csv(tmp_path / "absent.csv")


def test_pages_are_written_whole_and_hostile_names_stay_text(tmp_path, builder):
    builder.model(key("Zorble 1"), 3e25)
    builder.reference("Zorble 1", 2e25)
    builder.reference("<script>alert(1)</script> | =cmd()", 2e25)
    files = pages.write(run(builder), "2026-01-01T00:00:00Z", tmp_path / "out")
    assert {file.name for file in files} == {"validation.md", "validation.html", "validation.csv", "validation.svg"}
    text = (tmp_path / "out" / "validation.html").read_text()
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    assert "<svg" in text
    assert "Missing at 1e25: 1" in text
    assert "Zorble 1" in (tmp_path / "out" / "validation.csv").read_text()


def test_a_drop_is_an_alert(builder):
    builder.model(key("Zorble 1"), 3e25)
    builder.reference("Zorble 1", 2e25)
    builder.reference("Zorble 2", 2e25)
    result = run(builder)
    before = {("coverage: listed", "all", 1e25): 0.9, ("within 2×", "all", 0.0): 1.0}
    assert pages.alerts(result, before) == ["coverage: listed (all) at 1e25 fell from 90.0 % to 50.0 %"]
    assert pages.alerts(result, {}) == []


def test_an_empty_database_is_no_error(builder):
    builder.reference("Zorble 1", 2e25)
    result = run(builder)
    assert result.find("coverage: present", threshold=1e25).value == 0.0
    assert result.find("median ratio").value is None
    assert "Zorble 1" in pages.markdown(result, "2026-01-01")


def test_a_row_of_several_organizations_and_redirected_keys_still_match(builder):
    builder.model("new-key", 3e25)
    builder.db["key_redirects"].insert({"old": key("Zorble 1"), "new": "new-key"})
    builder.reference("Zorble 1", 2e25, Organization="Somebody,Lab")
    result = run(builder)
    assert result.pairs["present"].all()
    assert not math.isnan(result.pairs["ratio"].iloc[0])
