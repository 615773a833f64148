"""A model's row is a pure function of its claims, the hand-edited files and the calibration."""

import json
import random
from pathlib import Path

import pytest

from flopcrawl import database
from flopcrawl.derive import ROW, derive_all, derive_touched
from flopcrawl.items import Claim, RatingItem, ReferenceItem
from flopcrawl.vocabulary import Cause, Field, Origin, Qualifier, Scope
from tests.building import claim, one, rows, store

LLAMA, KEY = "Llama 3.1 405B", "llama-3-1-405b"
DISCLOSED = [
    claim(LLAMA, Field.PARAMETERS_TOTAL, 405e9),
    claim(LLAMA, Field.TOKENS_TRAINED, 15.6e12),
    claim(LLAMA, Field.RELEASE_DATE, "2024-07-23"),
]
CLOSING = "reason,source_url,editor,date"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "flopcrawl.db"


@pytest.fixture
def overrides(tmp_path: Path) -> Path:
    folder = tmp_path / "overrides"
    folder.mkdir()
    return folder


def correct(folder: Path, *lines: str) -> None:
    head = f"model,field,value,within_factor,confirmed,{CLOSING}\n"
    (folder / "corrections.csv").write_text(head + "".join(f"{line}\n" for line in lines))


def table(path: Path, name: str) -> list[tuple[object, ...]]:
    return sorted((tuple(row.values()) for row in rows(path, f"SELECT * FROM {name}")), key=repr)


# last_changed is the moment of the derive that wrote it
ROW_COLUMNS = "SELECT * FROM models ORDER BY model_key"


def models(path: Path) -> list[dict[str, object]]:
    return [{k: v for k, v in row.items() if k != "last_changed"} for row in rows(path, ROW_COLUMNS)]


def test_tokens_and_size_give_the_estimate_with_its_reason(path: Path, overrides: Path) -> None:
    store(path, DISCLOSED)
    derive_all(path, overrides, run_id="r")
    row = one(path, KEY)
    assert row["training_flop"] == pytest.approx(6 * 405e9 * 15.6e12)
    assert row["training_flop_low"] < row["training_flop"] < row["training_flop_high"]
    assert (row["estimation_method"], row["classification"], row["listed"]) == ("operations", "over", 1)
    assert "405B" in row["reason"]
    assert "15.6T" in row["reason"]
    used = rows(path, "SELECT field FROM claims WHERE used = 1")
    assert {"tokens_trained", "parameters_total", "release_date"} <= {claim["field"] for claim in used}


def test_a_second_derive_changes_nothing(path: Path, overrides: Path) -> None:
    store(path, DISCLOSED)
    derive_all(path, overrides, run_id="r1")
    before = {name: table(path, name) for name in ("models", "estimates", "classifications", "changes", "claims")}
    assert derive_all(path, overrides, run_id="r2").n_changes == 0
    assert {name: table(path, name) for name in before} == before


def test_another_developers_page_gives_neither_the_maker_nor_the_day_of_a_known_model(
    path: Path, overrides: Path
) -> None:
    rival = {"organization": "Alibaba", "source": "qwen", "url": "https://example.org/blog/beside"}
    store(
        path,
        [
            *DISCLOSED,
            claim("Llama 3.1 405B", Field.RELEASE_DATE, "2023-01-01", **rival),
            claim("Llama 3.1 405B", Field.TOKENS_TRAINED, "9e12", **rival),
        ],
    )
    derive_all(path, overrides, run_id="r")
    row = one(path, KEY)
    assert row["organization"] == "Meta AI"
    assert row["release_date"] != "2023-01-01"
    assert row["training_flop"] == pytest.approx(6 * 405e9 * 15.6e12)


def many_claims() -> list[Claim]:
    made = []
    for number in range(12):
        name = f"Model {number} {number + 1}B"
        for source in ("lab", "github", "arena"):
            url = f"https://{source}.org/{number}"
            made.append(claim(name, Field.PARAMETERS_TOTAL, (number + 1) * 1e9, source=source, url=url))
            made.append(claim(name, Field.TOKENS_TRAINED, 1e12 * (1 + len(source)), source=source, url=url))
        if number:
            made.append(claim(name, Field.BASE_MODEL, f"Model {number - 1} {number}B", url=f"https://x.org/{number}"))
    return made


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_the_claims_does_not_matter(tmp_path: Path, overrides: Path, seed: int) -> None:
    first, second = tmp_path / "1.db", tmp_path / "2.db"
    claims = many_claims()
    store(first, claims)
    derive_all(first, overrides, run_id="r")
    shuffled = random.Random(seed).sample(claims, len(claims))
    for start in range(0, len(shuffled), 10):
        batch = shuffled[start : start + 10]
        store(second, batch)
        derive_touched(second, overrides, {(c.subject, c.organization) for c in batch}, run_id="r", cause=Cause.SCRAPED)
    assert models(first) == models(second)
    assert table(first, "estimates") == table(second, "estimates")


def test_a_new_model_is_one_change_from_which_its_row_can_be_made_again(path: Path, overrides: Path) -> None:
    store(path, DISCLOSED)
    derive_all(path, overrides, run_id="r", cause=Cause.SCRAPED)
    (change,) = rows(path, "SELECT * FROM changes")
    assert (change["field"], change["old"], change["cause"]) == (ROW, None, "scraped")
    stored = one(path, KEY)
    assert {name: stored[name] for name in json.loads(change["new"])} == json.loads(change["new"])


def test_a_correction_outranks_the_page_and_is_undone_by_removing_it(path: Path, overrides: Path) -> None:
    store(path, DISCLOSED)
    derive_all(path, overrides, run_id="r1")
    before = models(path)
    correct(overrides, f"{LLAMA},tokens_trained,15T,,,a typing error,https://example.org/x,me,2026-01-01")
    derive_touched(path, overrides, set(), run_id="r2", cause=Cause.SCRAPED)
    assert one(path, KEY)["training_flop"] == pytest.approx(6 * 405e9 * 15e12)
    (edit,) = rows(path, "SELECT status, scraped_value, value FROM overrides")
    assert edit == {"status": "applied", "scraped_value": "15600000000000", "value": "15000000000000"}
    assert one(path, KEY)["origin"] == "mixed"
    (overrides / "corrections.csv").unlink()
    derive_touched(path, overrides, set(), run_id="r3", cause=Cause.SCRAPED)
    assert models(path) == before
    causes = rows(path, "SELECT run_id, cause FROM changes WHERE field = 'training_flop' ORDER BY run_id")
    assert [row["cause"] for row in causes] == ["manual", "override_removed"]


def test_a_corrected_compute_has_the_interval_that_was_asked_for(path: Path, overrides: Path) -> None:
    store(path, DISCLOSED)
    correct(overrides, f"{LLAMA},flop_reported,5e25,3,,why,https://example.org/x,me,2026-01-01")
    derive_all(path, overrides, run_id="r")
    row = one(path, KEY)
    assert row["estimation_method"] == "manual"
    assert row["training_flop_low"] == pytest.approx(5e25 / 3)
    assert row["training_flop_high"] == pytest.approx(5e25 * 3)


def test_models_csv_ranks_below_the_developers_own_page(path: Path, overrides: Path) -> None:
    store(path, DISCLOSED)
    (overrides / "models.csv").write_text(
        f"name,tokens_trained,{CLOSING}\n{LLAMA},20T,why,https://example.org/x,me,2026-01-01\n"
    )
    derive_all(path, overrides, run_id="r")
    assert one(path, KEY)["tokens_trained"] == 15.6e12
    assert [row["status"] for row in rows(path, "SELECT status FROM overrides")] == ["conflict"]


def test_two_names_of_one_developer_are_no_conflict(path: Path, overrides: Path) -> None:
    store(path, [claim("Mistral Large", Field.NAME, "Mistral Large", organization="Mistral")])
    (overrides / "models.csv").write_text(
        f"name,organization,{CLOSING}\nMistral Large,Mistral AI,why,https://example.org/x,me,2026-01-01\n"
    )
    derive_all(path, overrides, run_id="r")
    found = rows(path, "SELECT scraped_value, status FROM overrides WHERE field = 'organization'")
    assert found == [{"scraped_value": "Mistral", "status": "redundant"}]


def test_a_model_of_models_csv_alone_is_manual(path: Path, overrides: Path) -> None:
    store(path, [])
    (overrides / "models.csv").write_text(
        f"name,organization,parameters_total,parameters_active,tokens_trained,{CLOSING}\n"
        "Zeta 900B,Zeta Lab,900B,900B,20T,why,https://example.org/x,me,2026-01-01\n"
    )
    derive_all(path, overrides, run_id="r")
    (row,) = rows(path, "SELECT * FROM models")
    assert (row["origin"], row["listed"], row["organization"]) == ("manual", 1, "Zeta Lab")


def test_a_correction_of_an_unknown_model_is_rejected_with_a_remedy(path: Path, overrides: Path) -> None:
    store(path, DISCLOSED)
    correct(overrides, "Nosuch 7B,tokens_trained,1T,,,why,https://example.org/x,me,2026-01-01")
    derive_all(path, overrides, run_id="r")
    (edit,) = rows(path, "SELECT status, message FROM overrides")
    assert edit["status"] == "rejected"
    assert "Nosuch 7B" in edit["message"]


def test_an_excluded_model_is_kept_and_not_listed(path: Path, overrides: Path) -> None:
    store(path, DISCLOSED)
    (overrides / "exclude.csv").write_text(f"model,{CLOSING}\n{LLAMA},a test,https://example.org/x,me,2026-01-01\n")
    derive_all(path, overrides, run_id="r")
    row = one(path, KEY)
    assert (row["classification"], row["listed"]) == ("excluded", 0)


def test_a_rejected_claim_never_decides_again(path: Path, overrides: Path) -> None:
    wrong = claim(LLAMA, Field.TOKENS_TRAINED, 90e12, url="https://ai.meta.com/other")
    store(path, [*DISCLOSED, wrong])
    derive_all(path, overrides, run_id="r1")
    assert one(path, KEY)["tokens_trained"] == 90e12
    (overrides / "decisions.csv").write_text(
        f"claim_id,decision,{CLOSING}\n{wrong.claim_id},reject,another model,,me,\n"
    )
    derive_touched(path, overrides, set(), run_id="r2", cause=Cause.SCRAPED)
    assert one(path, KEY)["tokens_trained"] == 15.6e12
    store(path, [wrong], "run-3")
    derive_touched(path, overrides, {(LLAMA, "Meta AI")}, run_id="r3", cause=Cause.SCRAPED)
    assert one(path, KEY)["tokens_trained"] == 15.6e12
    (overrides / "decisions.csv").unlink()
    derive_touched(path, overrides, set(), run_id="r4", cause=Cause.SCRAPED)
    assert one(path, KEY)["tokens_trained"] == 90e12


def test_a_later_alias_merges_two_rows_and_keeps_the_old_key_alive(path: Path, overrides: Path) -> None:
    store(path, [*DISCLOSED, claim("Flaxen 405B", Field.EPOCHS, 1, url="https://ai.meta.com/flaxen")])
    derive_all(path, overrides, run_id="r1")
    assert len(rows(path, "SELECT 1 FROM models")) == 2
    (overrides / "aliases.csv").write_text(
        f"alias,model,{CLOSING}\nFlaxen 405B,{LLAMA},its code name,https://example.org/x,me,2026-01-01\n"
    )
    derive_touched(path, overrides, set(), run_id="r2", cause=Cause.SCRAPED)
    assert [row["model_key"] for row in rows(path, "SELECT model_key FROM models")] == [KEY]
    assert rows(path, "SELECT old, new FROM key_redirects") == [{"old": "flaxen-405b", "new": KEY}]
    gone = rows(path, "SELECT field, cause FROM changes WHERE model_key = 'flaxen-405b' AND new IS NULL")
    assert gone == [{"field": ROW, "cause": "alias"}]
    (overrides / "aliases.csv").unlink()
    derive_touched(path, overrides, set(), run_id="r3", cause=Cause.SCRAPED)
    assert len(rows(path, "SELECT 1 FROM models")) == 2
    assert rows(path, "SELECT * FROM key_redirects") == []


def test_a_fine_tune_counts_its_base_once_and_is_a_derivative(path: Path, overrides: Path) -> None:
    tune = {"organization": "Tuners", "source": "tuners", "url": "https://tuners.org/x"}
    store(
        path,
        [
            *DISCLOSED,
            claim("Tuna 405B", Field.BASE_MODEL, LLAMA, **tune),
            claim("Tuna 405B", Field.PARAMETERS_TOTAL, 405e9, **tune),
            claim("Tuna 405B", Field.TOKENS_TRAINED, 1e12, **tune),
        ],
    )
    derive_all(path, overrides, run_id="r")
    base, row = one(path, KEY), one(path, "tuna-405b")
    assert row["base_model_key"] == KEY
    assert row["own_flop"] == pytest.approx(6 * 405e9 * 1e12)
    assert row["training_flop"] == pytest.approx(base["training_flop"] + row["own_flop"])
    assert (row["classification"], row["listed"]) == ("over", 0)
    assert [r["model_key"] for r in rows(path, "SELECT model_key FROM derivatives")] == ["tuna-405b"]


def test_a_base_that_changes_changes_its_descendants(path: Path, overrides: Path) -> None:
    store(path, [*DISCLOSED, claim("Child 405B", Field.BASE_MODEL, LLAMA, url="https://ai.meta.com/child")])
    derive_all(path, overrides, run_id="r1")
    before = one(path, "child-405b")["training_flop"]
    correct(overrides, f"{LLAMA},tokens_trained,30T,,,why,https://example.org/x,me,2026-01-01")
    derive_touched(path, overrides, set(), run_id="r2", cause=Cause.SCRAPED)
    assert one(path, "child-405b")["training_flop"] > 1.5 * before


def test_a_circle_of_bases_is_refused_and_goes_to_review(path: Path, overrides: Path) -> None:
    store(
        path,
        [
            claim("Ouro 7B", Field.BASE_MODEL, "Boros 7B"),
            claim("Boros 7B", Field.BASE_MODEL, "Ouro 7B", url="https://ai.meta.com/b"),
        ],
    )
    derive_all(path, overrides, run_id="r")
    assert "comes back" in one(path, "ouro-7b")["review"] + one(path, "boros-7b")["review"]


def test_facts_that_cannot_all_be_true_are_marked_and_not_used(path: Path, overrides: Path) -> None:
    store(path, [*DISCLOSED, claim(LLAMA, Field.FLOP_REPORTED, 3.8e21)])
    derive_all(path, overrides, run_id="r")
    row = one(path, KEY)
    assert row["training_flop"] == pytest.approx(6 * 405e9 * 15.6e12)
    assert "implausible" in row["review"]
    (doubted,) = rows(path, "SELECT status, used FROM claims WHERE field = 'flop_reported'")
    assert doubted == {"status": "implausible", "used": 0}
    assert derive_all(path, overrides, run_id="again").n_changes == 0


def test_a_wrong_figure_that_two_pages_give_is_used_from_neither(path: Path, overrides: Path) -> None:
    wrong = claim(LLAMA, Field.PARAMETERS_ACTIVE, 4050e9)
    again = claim(LLAMA, Field.PARAMETERS_ACTIVE, 4060e9, url="https://other.org", source="other")
    store(path, [*DISCLOSED, wrong, again])
    derive_all(path, overrides, run_id="r")
    assert {row["status"] for row in rows(path, "SELECT status FROM claims WHERE field = 'parameters_active'")} == {
        "implausible"
    }
    assert one(path, KEY)["training_flop"] == pytest.approx(6 * 405e9 * 15.6e12)
    assert derive_all(path, overrides, run_id="again").n_changes == 0


def test_a_stated_bound_decides_a_probability_without_a_value(path: Path, overrides: Path) -> None:
    store(path, [claim("Opaque 1", Field.FLOP_REPORTED, 1e25, qualifier=Qualifier.MORE)])
    derive_all(path, overrides, run_id="r")
    row = one(path, "opaque-1")
    assert row["training_flop"] is None
    assert row["probability_over_1e25"] >= 0.9


def test_another_scope_is_never_the_models_own(path: Path, overrides: Path) -> None:
    store(path, [*DISCLOSED, claim(LLAMA, Field.TOKENS_TRAINED, 99e12, scope=Scope.FAMILY)])
    derive_all(path, overrides, run_id="r")
    assert one(path, KEY)["tokens_trained"] == 15.6e12


def test_a_name_that_two_developers_claim_goes_to_review(path: Path, overrides: Path) -> None:
    other = claim("Common 9B", Field.EPOCHS, 1, organization="Other Lab", url="https://other.org", source="other")
    store(path, [claim("Common 9B", Field.EPOCHS, 1), other])
    derive_all(path, overrides, run_id="r")
    assert "claimed by" in one(path, "common-9b")["review"]


def test_the_reference_changes_no_row(tmp_path: Path, overrides: Path) -> None:
    with_reference, without = tmp_path / "with.db", tmp_path / "without.db"
    for path in (with_reference, without):
        store(path, many_claims() + DISCLOSED)
    item = ReferenceItem(LLAMA, "2026-01-01", {"Training compute (FLOP)": "1e20", "Organization": "Meta AI"}, "u")
    with database.writer_lock(with_reference):
        db = database.open_for_writing(with_reference)
        with db.atomic():
            database.store_reference(db, [item])
        db.close()
    for path in (with_reference, without):
        derive_all(path, overrides, run_id="r")
    assert rows(with_reference, "SELECT model_key FROM reference_epoch") == [{"model_key": KEY}]
    assert models(with_reference) == models(without)


def test_a_model_that_its_only_page_dropped_stays(path: Path, overrides: Path) -> None:
    store(path, [claim("Delisted 3", Field.ARENA_RATING, 1300, page_sha256="old")])
    with database.writer_lock(path):
        db = database.open_for_writing(path)
        with db.atomic():
            database.supersede(db, [("meta", "https://ai.meta.com/blog/x")], "run-2")
        db.close()
    derive_all(path, overrides, run_id="r")
    assert one(path, "delisted-3")["stale"] == 1


def test_ratings_find_their_model(path: Path, overrides: Path) -> None:
    store(path, DISCLOSED)
    rating = RatingItem("llama-3.1-405b-instruct-fp8", "Meta", "text", "2025-01-01", 1267.0, url="u", source="arena")
    with database.writer_lock(path):
        db = database.open_for_writing(path)
        with db.atomic():
            database.store_ratings(db, [rating])
        db.close()
    derive_all(path, overrides, run_id="r")
    assert rows(path, "SELECT model_key FROM arena_ratings") == [{"model_key": KEY}]


def test_a_dry_run_says_what_would_change_and_stores_nothing(path: Path, overrides: Path) -> None:
    store(path, DISCLOSED)
    derive_all(path, overrides, run_id="r1")
    before = models(path)
    correct(overrides, f"{LLAMA},tokens_trained,1T,,,why,https://example.org/x,me,2026-01-01")
    summary = derive_all(path, overrides, run_id="r2", dry_run=True)
    changed = {change.field: (change.old, change.new) for change in summary.changes}
    assert changed["tokens_trained"] == ("15600000000000.0", "1000000000000.0")
    assert changed["classification"][0] == "over"
    assert models(path) == before


def test_sample_claims_make_sample_rows(path: Path, overrides: Path) -> None:
    store(path, [])
    with database.writer_lock(path):
        db = database.open_for_writing(path)
        with db.atomic():
            database.store_claims(db, [claim("S 1", Field.EPOCHS, 1, origin=Origin.SAMPLE)], "r")
        db.close()
    derive_all(path, overrides, run_id="r")
    assert one(path, "s-1")["origin"] == "sample"


def test_a_pasted_page_that_is_taken_away_is_undone(path: Path, overrides: Path) -> None:
    store(path, [])
    pasted = claim("Pasted 7B", Field.EPOCHS, 2, source="pasted", origin=Origin.PASTED)
    with database.writer_lock(path):
        db = database.open_for_writing(path)
        with db.atomic():
            database.store_claims(db, [pasted], "run-1")
        db.close()
    derive_all(path, overrides, run_id="r1")
    assert one(path, "pasted-7b")["origin"] == "pasted"
    with database.writer_lock(path):
        db = database.open_for_writing(path)
        with db.atomic():
            database.supersede(db, [("pasted", pasted.url)], "run-2")
        db.close()
    derive_all(path, overrides, run_id="r2")
    assert rows(path, "SELECT * FROM models") == []
    assert rows(path, "SELECT status FROM claims") == [{"status": "superseded"}]
