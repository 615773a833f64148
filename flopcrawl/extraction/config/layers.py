"""Which blocks each layer of a model has, from the many ways in which configurations say so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from flopcrawl.extraction.config.blocks import STATE_SPACE_TYPES
from flopcrawl.extraction.config.fields import MOST_LAYERS, Fields, UnknownConfigError


class Mixer(StrEnum):
    """What mixes tokens in a layer."""

    ATTENTION = "attention"
    LINEAR = "linear attention"
    STATE_SPACE = "state space"
    CONVOLUTION = "convolution"
    BOTH = "attention and state space"
    NONE = "none"


class Forward(StrEnum):
    """What follows in a layer."""

    DENSE = "dense"
    EXPERTS = "experts"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer: its mixer and its feed-forward part."""

    mixer: Mixer
    forward: Forward


PATTERN = {"M": "mamba", "*": "attention", "-": "mlp", "E": "moe"}
WORDS = {
    "attention": Mixer.ATTENTION, "full_attention": Mixer.ATTENTION, "sliding_attention": Mixer.ATTENTION,
    "chunked_attention": Mixer.ATTENTION, "global": Mixer.ATTENTION, "local": Mixer.ATTENTION, "swa": Mixer.ATTENTION,
    "hybrid": Mixer.BOTH, "mamba": Mixer.STATE_SPACE, "mamba2": Mixer.STATE_SPACE,
    "linear_attention": Mixer.LINEAR, "linear": Mixer.LINEAR, "conv": Mixer.CONVOLUTION,
}  # fmt: skip


def layers(fields: Fields) -> list[Layer]:
    """The layers of the stack, in order.

    Raises:
        UnknownConfigError: the number of layers is not given or absurd, or a layer's kind is not known.
    """
    blocks = fields.raw("layers_block_type") or fields.raw("block_types_list")
    if pattern := fields.raw("hybrid_override_pattern"):
        blocks = [PATTERN.get(letter, letter) for letter in str(pattern)[: MOST_LAYERS + 1]]
    if isinstance(blocks, list) and {"moe", "mlp"} & set(map(str, blocks)):
        return [_single(str(block)) for block in _checked(blocks)]
    number = fields.get("layers") or (len(blocks) if isinstance(blocks, list) else 0)
    if not 0 < number <= MOST_LAYERS:
        raise UnknownConfigError(f"the configuration does not give the number of layers (or gives {number})")
    mixers = _mixers(fields, number, blocks)
    state_only = fields.model_type in STATE_SPACE_TYPES
    return [Layer(mixer, Forward.NONE if state_only else _forward(fields, i, number)) for i, mixer in enumerate(mixers)]


def _checked(blocks: Sequence[object]) -> Sequence[object]:
    if len(blocks) > MOST_LAYERS:
        raise UnknownConfigError(f"{len(blocks)} layers")
    return blocks


def _single(block: str) -> Layer:
    """A layer that is one block only, either mixer or feed-forward part (Nemotron-H)."""
    if block == "moe":
        return Layer(Mixer.NONE, Forward.EXPERTS)
    if block == "mlp":
        return Layer(Mixer.NONE, Forward.DENSE)
    if block not in WORDS:
        raise UnknownConfigError(f"a layer of the unknown kind {block!r}")
    return Layer(WORDS[block], Forward.NONE)


def _mixers(fields: Fields, number: int, blocks: object) -> list[Mixer]:
    kinds = fields.raw("layer_types") or blocks
    if isinstance(kinds, list) and kinds:
        unknown = {str(kind) for kind in kinds} - WORDS.keys()
        if unknown:
            raise UnknownConfigError(f"layers of the unknown kind {', '.join(sorted(unknown))!r}")
        return [WORDS[str(kinds[i % len(kinds)])] for i in range(number)]
    if isinstance(codes := fields.raw("attn_type_list"), list) and codes:  # 0 linear, 1 full (MiniMax)
        return [Mixer.ATTENTION if codes[i % len(codes)] else Mixer.LINEAR for i in range(number)]
    if interval := fields.get("full_attention_interval"):
        return [Mixer.ATTENTION if (i + 1) % interval == 0 else Mixer.LINEAR for i in range(number)]
    if isinstance(full := fields.raw("full_attn_layers"), list):  # counted from 1 (Kimi Linear)
        return [Mixer.ATTENTION if i + 1 in full else Mixer.LINEAR for i in range(number)]
    if isinstance(full := fields.raw("full_attn_idxs"), list):  # LFM2
        return [Mixer.ATTENTION if i in full else Mixer.CONVOLUTION for i in range(number)]
    if period := fields.get("attn_layer_period"):
        offset = fields.get("attn_layer_offset") or 0
        return [Mixer.ATTENTION if i % period == offset else Mixer.STATE_SPACE for i in range(number)]
    if isinstance(some := fields.raw("attn_layer_indices"), list):
        return [Mixer.ATTENTION if i in some else Mixer.STATE_SPACE for i in range(number)]
    if fields.model_type in STATE_SPACE_TYPES:
        return [Mixer.STATE_SPACE] * number
    if fields.get("heads") is None:
        raise UnknownConfigError("the configuration does not give the number of attention heads")
    if fields.get("state") and fields.get("state_heads"):
        return [Mixer.BOTH] * number  # side by side in each layer (Falcon-H1)
    return [Mixer.ATTENTION] * number


def _forward(fields: Fields, i: int, number: int) -> Forward:
    if (fields.get("experts", i) or 0) <= 1:
        return Forward.DENSE
    return Forward.EXPERTS if _has_experts(fields, i, number) else Forward.DENSE


def _has_experts(fields: Fields, i: int, number: int) -> bool:
    """Whether layer ``i`` (counted from 0) has experts."""
    if isinstance(kinds := fields.raw("mlp_layer_types"), list) and kinds:
        return str(kinds[min(i, len(kinds) - 1)]) != "dense"
    if isinstance(chosen := fields.raw("moe_layers"), list):
        return i in chosen
    if chosen := fields.raw("moe_layers_enum"):
        return str(i) in str(chosen).replace(" ", "").split(",")
    if i < (fields.get("leading_dense_layers") or 0) or i > (fields.get("moe_layer_end_index") or number):
        return False
    if isinstance(only := fields.raw("mlp_only_layers"), list) and i in only:
        return False
    if period := fields.get("expert_layer_period"):
        return i % period == (fields.get("expert_layer_offset") or 0)
    if isinstance(each := fields.raw("moe_layer_freq"), list):
        return bool(each[min(i, len(each) - 1)]) if each else True
    first = fields.get("leading_dense_layers") or 0
    if frequency := fields.get("moe_layer_freq") or fields.get("moe_layer_interval"):
        return (i - first) % frequency == 0 if "moe_layer_interval" in fields else i % frequency == 0
    for key in ("decoder_sparse_step", "interleave_moe_layer_step", "moe_layer_frequency", "moe_every_n_layers"):
        if step := fields.get(key):
            return (i + 1) % step == 0
    return True
