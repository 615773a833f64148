"""One sentence for each trap: the number is seen, and is not given to the model as its own total."""

from __future__ import annotations

import pytest

from flopcrawl.extraction import read
from flopcrawl.extraction.traps import TRAPS
from flopcrawl.vocabulary import Scope

CARD = "---\nlicense: mit\n---\n# Vega-7B\n\nVega-7B is a language model.\n\n{}\n"

SENTENCES = {
    "one of many runs": ("Vega-7B saw 7 epochs, its twin 14 epochs and the hybrid 9 epochs of the training data.", 7),
    "denied": ("Vega-7B was not trained on 50 trillion tokens.", 50e12),
    "only some of them": ("Our cluster has 100,000 H100 GPUs, of which we used 4,096 to train Vega-7B.", 100_000),
    "an interruption": ("The training of Vega-7B was paused for 12 days.", 12),
    "of inference": ("Vega-7B reaches an MFU of 71% when decoding long answers.", 0.71),
    "rate per amount of tokens": ("Training Vega-7B takes 150K GPU hours for each trillion tokens.", 150e3),
    "rate per second": ("Vega-7B was trained at 4.5 trillion tokens per day.", 4.5e12),
    "cumulative over a family": ("Training all Vega models took a cumulative 9M GPU hours.", 9e6),
    "relative": ("Vega-7B was trained with an MFU increased by 4% points.", 0.04),
    "saved by a method": ("The compute saved by Vega-7B in its training is 2e22 FLOPs.", 2e22),
    "earlier or other models": ("Unlike previous models trained on 2 trillion tokens, it is new.", 2e12),
    "of a cited work": ("The run was trained on 2240 A100 GPUs (Smith et al., 2022).", 2240),
    "one of several phases": (
        "We trained Vega-7B on 640 H100 chips for 1200 hours and 320 H100 chips for 336 hours.",
        50,
    ),
    "what it was before": ("Vega-7B grew in training data from 3T tokens to 9T tokens.", 3e12),
    "inference hardware": ("After training, Vega-7B is served on 16 A100 GPUs.", 16),
    "fleet": ("We train Vega-7B in a data center of 90,000 H100 GPUs.", 90000),
    "in reserve": ("Vega-7B was trained with 32 A100 GPUs in reserve.", 32),
    "context length": ("Vega-7B was trained with a context window of 2 billion tokens.", 2e9),
    "batch size": ("Vega-7B was trained with a batch of 2 billion tokens.", 2e9),
    "price": ("Vega-7B was trained; it costs $3 per 2 billion tokens.", 2e9),
    "vocabulary": ("Vega-7B was trained with a vocabulary of 2 billion tokens.", 2e9),
    "one modality of several": ("Vega-7B was trained on 585B audio tokens and 500B text tokens.", 585e9),
    "other data": ("Vega-7B was trained with 600B tokens retrieved from a store.", 600e9),
    "hours of data": ("Vega-7B learned from 900,000 GPU hours of labelled audio.", 900e3),
    "fraction of the data": ("Vega-7B was trained with care for the first 300B tokens.", 300e9),
    "not a duration of training": ("We train on data deleted after 30 days.", 30),
    "later stage": ("Vega-7B was fine-tuned on 90 billion tokens.", 90e9),
    "intermediate checkpoint": ("The intermediate checkpoint of Vega-7B was trained on 503B tokens.", 503e9),
    "increment on a base": ("Vega-7B was trained on an additional 500B tokens.", 500e9),
    "stage of a run": ("In stage 2, Vega-7B is trained on 700B tokens.", 700e9),
    "experiment": ("In an ablation, Vega-7B is trained on 100B tokens.", 100e9),
    "planned": ("Training of Vega-7B is under way. Target: 518B tokens.", 518e9),
    "size of the data": (
        "Vega-7B was trained on a set that filtering took the data set from 1210B to 627B tokens.",
        627e9,
    ),
    "title of a cited work": ("Vega-7B was trained. title={Training with 175 trillion tokens}", 175e12),
    "example for users": ("In the example below, we train Vega-7B on 3 GPUs.", 3),
    "hypothetical": ("Vega-7B would be trained on 40T tokens.", 40e12),
    "data preparation": ("To annotate the training data of Vega-7B we used 240 L20 GPUs.", 240),
    "machine class": ("Vega-7B was trained on a 1 exaflop-scale machine.", 1e18),
    "operations per token or image": ("Vega-7B takes 4e15 FLOPs per image.", 4e15),
    "non-embedding": ("Vega-7B has 6.5B non-embedding parameters.", 6.5e9),
    "part of a model": ("Vega-7B has a 1B parameter vision encoder.", 1e9),
    "cost per hour": ("We trained Vega-7B at $2 per GPU hour.", 2),
    "of the whole project": ("We trained Vega-7B, and spent 150 days developing these models.", 150),
    "of an evaluation": ("Vega-7B, a trained model, was evaluated for 12 days on 64 A100 GPUs.", 12),
    "part of a schedule": ("Vega-7B was trained while the learning rate fell over 40B tokens.", 4e10),
    "machines of another time": ("We will invest to train Vega-7B's heirs on 40,000 H100 GPUs.", 40000),
    "before filtering": ("Vega-7B was trained after we cleaned 45T tokens of raw text.", 45e12),
    "traffic of users": ("Vega-7B, trained last year, now reads 2T tokens a day.", 2e12),
    "smaller than a bound": ("Vega-7B is a model for machines with over 7B parameters.", 7e9),
}


@pytest.mark.parametrize("name", SENTENCES)
def test_trap(name):
    sentence, value = SENTENCES[name]
    facts = [f for f in read(CARD.format(sentence), kind="md").facts if f.value == pytest.approx(value)]
    assert not [f for f in facts if f.scope is Scope.MODEL and f.quote != "Vega-7B"]


def test_headings_warn_too():
    text = CARD.format("## Fine-tuning\n\nVega-7B was trained with 8 A100 GPUs for 5 days.")
    assert not [
        f for f in read(text, kind="md").facts if f.field in ("gpu_count", "training_days") and f.scope == "model"
    ]


def test_each_trap_is_named_and_has_a_sentence():
    named = {trap.name for trap in TRAPS} - {"fine-tuning hardware"}
    assert named <= set(SENTENCES)


def test_a_plain_sentence_is_no_trap():
    facts = read(CARD.format("Vega-7B was trained on 2T tokens with 512 H100 GPUs in 20 days."), kind="md").facts
    own = {(f.field.value, f.value) for f in facts if f.scope is Scope.MODEL}
    assert {("tokens_trained", 2e12), ("gpu_count", 512.0), ("training_days", 20.0), ("gpu_type", "H100")} <= own
