"""One case a phrasing: what a sentence, a table or a card says is read, and what it does not say is not.

The cases are ``tests/fixtures/extraction/phrasings.yaml``. A new phrasing starts there, as a case that fails.
"""

import textwrap
from pathlib import Path
from typing import Any

import pytest
import yaml

from flopcrawl.extraction import read

CASES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent.parent / "fixtures" / "extraction" / "phrasings.yaml").read_text(encoding="utf-8")
)
FILLER = (
    "Language models are used for many tasks. How good they are depends on data and compute. This section tells how "
    "the model was made and how it was measured. Results on public tests are in the tables below. "
)
RIVALS = (
    "Many models came before. GPT-3 (Brown et al., 2020) has 175B parameters and saw 300B tokens. PaLM (Chowdhery "
    "et al., 2022) ran on 6144 TPU v4 chips. LLaMA (Touvron et al., 2023) took 2048 A100 GPUs 21 days and 1.4T tokens."
)
KESTREL = {
    "title": "Kestrel: An Open Language Model",
    "abstract": "We introduce Kestrel, a 40 billion parameter language model trained on 1.5 trillion tokens of text.",
}


def paper(title: str, abstract: str, training: str) -> str:
    """A paper with these words in its section on training, and rivals' figures in another."""
    fold = textwrap.fill
    table = training.count("\n") > 3
    return "\n\n".join(
        [
            title, "A. Author, B. Author\nSome Institute\n", f"Abstract\n{fold(abstract, 88)}",
            f"1 Introduction\n\n{fold(FILLER * 3, 88)}", f"2 Related Work\n\n{fold(RIVALS, 88)}",
            f"3 Model\n\n{fold(FILLER, 88)}", f"4 Training\n\n{fold(FILLER, 88)}",
            training if table else fold(training, 88), f"5 Experiments\n\n{fold(FILLER * 4, 88)}",
        ]
    )  # fmt: skip


def facts_of(case: dict[str, Any]) -> list[tuple[str | None, str, Any]]:
    """The facts that the reader gives a model of the case as its own."""
    if "text" in case:
        reading = read(case["text"], kind=case.get("kind", "md"), name=case.get("name", ""))
    else:
        framed = case.get("paper") or KESTREL | {"training": case["training"]}
        reading = read(paper(**framed), kind="txt", name="paper.txt")
    return [(fact.model, fact.field.value, fact.value) for fact in reading.facts if fact.scope.value == "model"]


def words_of(case: dict[str, Any]) -> str:
    """A name for a case: its first words."""
    words = case.get("text") or case.get("training") or case["paper"]["training"]
    return str(words)[:60].replace("\n", " ")


def same(read_value: object, value: object) -> bool:
    """Numbers to six digits, words as they are. YAML takes ``9e12`` for words, so numbers are made of what looks so."""
    if isinstance(read_value, float) and isinstance(value, str):
        value = float(value)
    both = isinstance(read_value, (int, float)) and isinstance(value, (int, float))
    return read_value == pytest.approx(value, rel=1e-6) if both else read_value == value


@pytest.mark.parametrize("case", CASES, ids=[f"{at}-{words_of(case)}" for at, case in enumerate(CASES)])
def test_phrasing(case: dict[str, Any]) -> None:
    """Every fact of the case is read as it says, and nothing that it forbids."""
    found = facts_of(case)
    for model, which, value in case.get("facts", []):
        assert any(m == model and f == which and same(v, value) for m, f, v in found), (model, which, value, found)
    for which, value in case.get("never", []):
        wrong = [fact for fact in found if fact[1] == which and (value is None or same(fact[2], value))]
        assert not wrong, wrong
