"""No reference value reaches an estimate: deriving with and without the reference gives the same, to the last bit."""

from __future__ import annotations

import pytest

from flopcrawl import database
from flopcrawl.derive import derive_all
from flopcrawl.items import Claim, ReferenceItem
from flopcrawl.overrides import OverrideRow, Overrides
from flopcrawl.reports.leak import cites_reference, claims, hand_made
from flopcrawl.vocabulary import Field

AT = "2026-01-01T00:00:00Z"
RUN = "2026-01-02T00:00:00Z"


def claim(subject, field, value, organization="Zorble Labs", **more):
    return Claim(
        subject, field, str(value), "zorble", f"https://zorble.example/{subject}", AT, organization=organization, **more
    )


CLAIMS = [
    claim("Zorble-70B", Field.NAME, "Zorble-70B"),
    claim("Zorble-70B", Field.PARAMETERS_TOTAL, 7e10),
    claim("Zorble-70B", Field.TOKENS_TRAINED, 1.5e13),
    claim("Zorble-70B", Field.RELEASE_DATE, "2025-06-01"),
    claim("Quuxly 9", Field.GPU_TYPE, "H100"),
    claim("Quuxly 9", Field.GPU_HOURS, 3e7),
    claim("Quuxly 9", Field.ORGANIZATION, "Quux"),
    claim("Nofacts 3B", Field.RELEASE_DATE, "2025-05-01"),
]


def derived(path, overrides, reference):
    """Every derived row of a new database with the claims, and perhaps reference rows that contradict them."""
    db = database.open_for_writing(path)
    with db.atomic():
        database.store_claims(db, CLAIMS, RUN)
        if reference:
            row = {"Organization": "Zorble Labs", "Training compute (FLOP)": "9e26", "Confidence": "Confident"}
            database.store_reference(
                db, [ReferenceItem(name, "2025-05", {"Model": name, **row}, "u") for name in ("Zorble-70B", "Quuxly 9")]
            )
    db.close()
    derive_all(path, overrides, run_id=RUN)
    reading = database.open_for_reading(path)
    return {
        table: [tuple(row) for row in reading.execute(f"SELECT * FROM {table} ORDER BY 1, 2")]
        for table in ("estimates", "classifications", "claims", "overrides")
    } | {
        "models": [
            tuple(value for column, value in dict(row).items() if column != "last_changed")
            for row in reading.execute("SELECT * FROM models ORDER BY model_key")
        ]
    }


def test_deriving_with_and_without_the_reference_is_equal_to_the_last_bit(tmp_path):
    (tmp_path / "overrides").mkdir()
    without = derived(tmp_path / "without.db", tmp_path / "overrides", reference=False)
    with_reference = derived(tmp_path / "with.db", tmp_path / "overrides", reference=True)
    assert len(without["models"]) == 3
    assert without == with_reference


@pytest.mark.parametrize(
    "text",
    ["Epoch AI estimates 2e25", "https://epoch.ai/data/large_scale_ai_models.csv", "as epochai.org says", "from Epoch"],
)
def test_citing_the_reference_is_seen(text):
    assert cites_reference(text)


@pytest.mark.parametrize(
    "text",
    [
        "trained for 4 epochs",
        "15T tokens in one epoch",
        "an epoch of 300B tokens",
        "Epoch 3 of the run",
        "https://example.org/models",
        "",
    ],
)
def test_an_epoch_of_training_is_something_else(text):
    assert not cites_reference(text)


def test_hand_made_rows_that_cite_it_are_named():
    rows = [
        OverrideRow(file="models.csv", line=2, reason="its card", model="Zorble", field=Field.NAME, value="Zorble"),
        OverrideRow(
            file="models.csv", line=3, reason="Epoch says so", model="Quux", field=Field.FLOP_REPORTED, value="1e25"
        ),
    ]
    assert hand_made(Overrides(models=rows)) == ["models.csv:3: Epoch says so"]


def test_claims_of_the_reference_are_named(tmp_path):
    db = database.open_for_writing(tmp_path / "a.db")
    bad = Claim("Z", Field.FLOP_REPORTED, "1e25", "other", "https://epoch.ai/data/x.csv", AT)
    with db.atomic():
        database.store_claims(db, [*CLAIMS, bad], RUN)
    db.close()
    assert claims(database.open_for_reading(tmp_path / "a.db")) == [
        f"claim {bad.claim_id} of other: https://epoch.ai/data/x.csv"
    ]
