"""Parameters of a model, total and active, from its ``config.json``: by formula, without weights.

The counts are those of the main model: modules for predicting further tokens (``num_nextn_predict_layers``) stay out,
as they do in their developers' figures. Active are the weights that one token is multiplied by: in a mixture of
experts the experts not chosen stay out, and so does the table of input embeddings where it is looked up only (not tied
to the output).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flopcrawl.extraction.config import blocks
from flopcrawl.extraction.config.blocks import Weights, used
from flopcrawl.extraction.config.fields import Fields, UnknownConfigError
from flopcrawl.extraction.config.layers import Forward, Layer, Mixer, layers
from flopcrawl.vocabulary import Architecture

TIED_TYPES = (
    "gemma",
    "gpt2",
    "bloom",
    "opt",
    "falcon",
    "mpt",
    "cohere",
    "t5",
    "bert",
    "roberta",
    "gpt_bigcode",
    "lfm2",
)
"""Beginnings of the architectures that share input and output embeddings unless their configuration says no."""

TEXT_PARTS = ("text_config", "llm_config", "language_config", "language_model", "thinker_config", "decoder")
TOWERS = ("vision_config", "audio_config", "visual", "vision_tower_config")
NO_LANGUAGE_MODEL = ("peft_type", "_diffusers_version", "_class_name")
LEARNED_POSITIONS = {"gpt2": 0, "opt": 2, "gpt_bigcode": 0, "bert": 2, "roberta": 1}
"""Architectures with an embedding for each position, and how many rows they have beyond the positions."""


@dataclass(frozen=True, slots=True)
class ParameterCount:
    """Weights of a model: ``total``; ``active``, those that one token uses; ``embedding``, the input embedding's."""

    total: int
    active: int
    architecture: Architecture
    embedding: int = 0


def count_parameters(config: Mapping[str, Any]) -> ParameterCount:
    """Count the parameters of the model that ``config`` (the content of a ``config.json``) describes.

    Raises:
        UnknownConfigError: it describes no language model, lacks a size, or has parts that are not understood; the
            message says which.
    """
    if not isinstance(config, Mapping):
        raise UnknownConfigError("a configuration is a mapping")
    for key in NO_LANGUAGE_MODEL:
        if key in config:
            raise UnknownConfigError(f"{key!r}: an adapter or a diffusion model, not a language model")
    text = _text_part(config)
    fields = Fields({**_inherited(config), **text} if text is not config else config)
    _refuse_unknown_experts(fields)
    h = fields.need("hidden")
    kinds: list[Layer] = []
    if isinstance(grouped := fields.raw("block_configs"), list) and grouped:
        stack = _searched(fields, h, grouped)
    elif fields.flag("is_encoder_decoder") or fields.model_type in ("t5", "mt5"):
        stack = _encoder_decoder(fields, h)
    else:
        kinds = layers(fields)
        stack = _stack(fields, h, kinds)
    embedding = fields.need("vocabulary") * h
    towers = sum(_tower(config[part], h) for part in TOWERS if isinstance(config.get(part), Mapping))
    tied = _tied(fields, config)
    sparse = stack.active < stack.total
    everything = stack + used(_norm(fields, h) + towers + _positions(fields, h) + _per_layer_embeddings(fields))
    everything += used(embedding)
    if not tied:
        everything += Weights(embedding, 0 if sparse else embedding)
    return ParameterCount(everything.total, everything.active, _architecture(kinds, stack), embedding)


def _text_part(config: Mapping[str, Any]) -> Mapping[str, Any]:
    """The part that describes the language model, where a configuration nests it."""
    for part in TEXT_PARTS:
        inner = config.get(part)
        if isinstance(inner, Mapping) and inner:
            return _text_part(inner)
    return config


def _inherited(config: Mapping[str, Any]) -> dict[str, Any]:
    """What a nested part takes from the whole when it does not say it itself."""
    return {key: config[key] for key in ("vocab_size", "tie_word_embeddings", "model_type") if key in config}


def _refuse_unknown_experts(fields: Fields) -> None:
    if (fields.get("experts") or 0) > 1:
        fields.need("experts_per_token")


def _stack(fields: Fields, h: int, kinds: list[Layer]) -> Weights:
    total = Weights()
    twice = 2 if fields.get("zero_expert_num") and "expert_ffn_hidden_size" in fields else 1
    for i, layer in enumerate(kinds):
        total += used(twice * (_mixer(fields, h, layer.mixer, i) + _norms(fields, h, layer)))
        if layer.forward is Forward.EXPERTS:
            total += blocks.experts(fields, h, i)
        if layer.forward is Forward.DENSE or (layer.forward is Forward.EXPERTS and twice == 2):
            total += used(twice * blocks.feed_forward(fields, h, blocks.dense_width(fields, h, i)))
    return total


def _mixer(fields: Fields, h: int, mixer: Mixer, layer: int) -> int:
    match mixer:
        case Mixer.ATTENTION:
            return blocks.attention(fields, h, layer)
        case Mixer.LINEAR:
            return blocks.linear_attention(fields, h)
        case Mixer.STATE_SPACE:
            return blocks.state_space(fields, h)
        case Mixer.CONVOLUTION:
            return blocks.short_convolution(fields, h)
        case Mixer.BOTH:
            return blocks.attention(fields, h, layer) + blocks.state_space(fields, h)
        case Mixer.NONE:
            return 0


def _norms(fields: Fields, h: int, layer: Layer) -> int:
    """The layer's normalizations."""
    number = (layer.mixer is not Mixer.NONE) + (layer.forward is not Forward.NONE)
    if fields.model_type.startswith(("gemma2", "gemma3", "gemma4", "glm4")) and fields.model_type != "glm4_moe":
        number *= 2
    return number * _norm(fields, h)


def _norm(fields: Fields, h: int) -> int:
    """One normalization over the model's width, with a bias in the older architectures."""
    return 2 * h if fields.model_type in blocks.BIASED_TYPES else h


def _searched(fields: Fields, h: int, parts: list[Any]) -> Weights:
    """Layers found by architecture search, each with its own sizes or left out (Llama-Nemotron)."""
    heads = fields.need("heads")
    size = fields.get("head_dim") or h // heads
    total = 0
    for part in parts:
        if not isinstance(part, Mapping):
            raise UnknownConfigError("block_configs: a layer that is no mapping")
        mixer, forward = _part(part, "attention"), _part(part, "ffn")
        if mixer.flag("replace_with_linear"):
            total += h * h + h
        elif not mixer.flag("no_op") and (group := mixer.get("n_heads_in_group")):
            total += 2 * h * heads * size + 2 * h * (heads // group) * size + h
        if forward.flag("replace_with_linear"):
            total += h * h + h
        elif not forward.flag("no_op") and (multiple := forward.number("ffn_mult")):
            total += 3 * h * _rounded(2 * multiple * h / 3) + h
        elif not forward.flag("no_op") and (inner := forward.get("intermediate_size")):
            total += 3 * h * inner + h
    return used(total)


def _part(config: Mapping[str, Any], key: str) -> Fields:
    part = config.get(key)
    return Fields(part if isinstance(part, Mapping) else {})


def _rounded(width: float) -> int:
    """To the next multiple of 256, as architecture search does with feed-forward widths."""
    return -(-int(width) // 256) * 256


def _encoder_decoder(fields: Fields, h: int) -> Weights:
    """Encoder layers, and decoder layers with a second attention over the encoder's output."""
    decoder = fields.get("num_decoder_layers") or fields.get("decoder_layers") or fields.need("layers")
    encoder = fields.get("encoder_layers") or fields.get("num_layers") or decoder
    one = blocks.attention(fields, h)
    inner = fields.get("d_ff") or fields.get("encoder_ffn_dim") or blocks.dense_width(fields, h)
    forward = blocks.feed_forward(fields, h, inner)
    return used(encoder * (one + forward + 2 * h) + decoder * (2 * one + forward + 3 * h))


def _tower(part: Mapping[str, Any], h: int) -> int:
    """An encoder of images or sounds, and its projection into the language model's width."""
    fields = Fields({key.removeprefix("vt_"): value for key, value in part.items()})
    width = fields.get("hidden")
    depth = fields.get("layers") or fields.get("depth") or fields.get("encoder_layers")
    if not width or not depth:
        return 0
    inner = (
        fields.get("feed_forward") or fields.get("encoder_ffn_dim") or int((fields.number("mlp_ratio") or 4) * width)
    )
    matrices = 3 if fields.raw("hidden_act") == "silu" else 2
    patch = fields.get("patch_size") or 1
    return depth * (4 * width * width + matrices * width * inner) + 3 * patch * patch * width + width * h


def _positions(fields: Fields, h: int) -> int:
    if fields.model_type not in LEARNED_POSITIONS:
        return 0
    rows = fields.get("max_position_embeddings") or fields.get("n_positions") or 0
    return (rows + LEARNED_POSITIONS[fields.model_type]) * h


def _per_layer_embeddings(fields: Fields) -> int:
    """Embeddings that each layer has of its own (Gemma 3n)."""
    width, rows = fields.get("hidden_size_per_layer_input"), fields.get("vocab_size_per_layer_input")
    return fields.need("layers") * rows * width if width and rows else 0


def _tied(fields: Fields, config: Mapping[str, Any]) -> bool:
    said = fields.raw("tie_word_embeddings")
    if said is None:
        said = config.get("tie_word_embeddings")
    return bool(said) if said is not None else fields.model_type.startswith(TIED_TYPES)


def _architecture(kinds: list[Layer], stack: Weights) -> Architecture:
    mixers = {layer.mixer for layer in kinds} - {Mixer.NONE}
    if mixers == {Mixer.STATE_SPACE}:
        return Architecture.STATE_SPACE
    if stack.active < stack.total:
        return Architecture.MIXTURE_OF_EXPERTS
    return Architecture.HYBRID if mixers - {Mixer.ATTENTION} else Architecture.DENSE


__all__ = ["ParameterCount", "UnknownConfigError", "count_parameters"]
