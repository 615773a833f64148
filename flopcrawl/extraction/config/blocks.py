"""Weights of one block of a layer, by formula: attention in its kinds, state space, feed-forward, experts.

All functions return numbers of weights. ``h`` is the width of the model.
"""

from __future__ import annotations

from dataclasses import dataclass

from flopcrawl.extraction.config.fields import Fields, UnknownConfigError

UNGATED_TYPES = frozenset(
    """gpt2 gpt_neo gpt_neox gptj gpt_bigcode codegen bloom opt falcon mpt phi starcoder2 xglm biogpt bert roberta
    xlm-roberta electra deberta deberta-v2 whisper bart mbart t5 mt5 pegasus persimmon nemotron nemotron_h ernie
    vit clip siglip""".split()
)
"""Architectures with two matrices in the feed-forward part; all others have the gated three."""

BIASED_QKV_TYPES = frozenset("qwen qwen2 qwen2_moe qwen2_vl qwen2_5_vl qwen2_audio chatglm".split())
"""Architectures with a bias on query, key and value although the configuration does not say so."""

BIASED_TYPES = frozenset("gpt2 gpt_neox gptj gpt_bigcode bloom opt bert roberta phi starcoder2 xglm".split())
"""Architectures with a bias on every matrix."""

STATE_SPACE_TYPES = frozenset("mamba mamba2 falcon_mamba".split())
"""Architectures of state-space layers only."""

NORMED_HEADS_TYPES = frozenset(
    """qwen3 qwen3_moe qwen3_next qwen3_vl qwen3_vl_text qwen3_vl_moe qwen3_5 qwen3_5_moe gemma3 gemma3_text
    gemma4 lfm2 lfm2_moe""".split()
)
"""Architectures that normalize each head's queries and keys."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights of a block: all of them, and those that one token uses."""

    total: int = 0
    active: int = 0

    def __add__(self, other: Weights) -> Weights:
        return Weights(self.total + other.total, self.active + other.active)


def used(weights: int) -> Weights:
    """Weights that every token uses."""
    return Weights(weights, weights)


def attention(fields: Fields, h: int, layer: int = 0) -> int:
    """Full attention: latent (low-rank queries, keys and values), or with grouped heads."""
    if fields.get("kv_lora_rank"):
        return latent_attention(fields, h)
    heads = fields.need("heads", layer)
    if fields.get("o_lora_rank"):
        return shared_latent_attention(fields, h, heads)
    kv_heads = key_value_heads(fields, heads, layer)
    size = fields.get("head_dim", layer) or h // heads
    value_size = fields.get("value_head_dim") or size
    if low_rank := fields.get("share_q_dim"):  # multi-matrix factorization: one low-rank query for all heads
        query = h * low_rank + low_rank * heads * size + low_rank
    else:
        query = h * heads * size
    key, value, output = h * kv_heads * size, h * kv_heads * value_size, heads * value_size * h
    count = query + key + value + output
    if gated_output(fields):
        count += h * heads * size
    if biased := fields.flag("attention_bias", "use_bias", "qkv_bias", "add_qkv_bias") or (
        fields.model_type in BIASED_QKV_TYPES | BIASED_TYPES
    ):
        count += heads * size + kv_heads * (size + value_size)
    if biased and (fields.flag("attention_bias", "use_bias") or fields.model_type in BIASED_TYPES):
        count += 0 if fields.model_type.startswith(("qwen", "mimo")) else h
    if fields.model_type in NORMED_HEADS_TYPES:
        count += 2 * size
    if fields.model_type == "gpt_oss":
        count += heads  # one attention sink for each head
    return count


def gated_output(fields: Fields) -> bool:
    """Whether the output of attention is multiplied by a gate as wide as the heads (Qwen3-Next and later)."""
    return fields.flag("attn_output_gate") or fields.model_type == "qwen3_next"


def key_value_heads(fields: Fields, heads: int, layer: int = 0) -> int:
    """Heads of keys and values: as given, one for multi-query attention, else as many as of queries."""
    if "multi_query_attention" in fields and not fields.flag("multi_query_attention"):
        return heads
    if fields.flag("multi_query") and not fields.flag("new_decoder_architecture"):
        return 1
    return fields.get("kv_heads", layer) or heads


def latent_attention(fields: Fields, h: int) -> int:
    """Multi-head latent attention (DeepSeek-V2): low-rank keys and values, and an indexer where there is one."""
    heads, rank = fields.need("heads"), fields.need("kv_lora_rank")
    plain, rotary = fields.need("qk_nope_head_dim"), fields.get("qk_rope_head_dim") or 0
    value = fields.get("value_head_dim") or plain
    if query_rank := fields.get("q_lora_rank"):
        query = h * query_rank + query_rank + query_rank * heads * (plain + rotary)
    else:
        query = h * heads * (plain + rotary)
    count = query + h * (rank + rotary) + rank + rank * heads * (plain + value) + heads * value * h
    if (index_heads := fields.get("index_n_heads")) and (index_size := fields.get("index_head_dim")):
        count += (query_rank or h) * index_heads * index_size + h * index_size + h * index_heads + 2 * index_size
    return count


def shared_latent_attention(fields: Fields, h: int, heads: int) -> int:
    """One latent for keys and values of all heads, low-rank queries and grouped low-rank output (DeepSeek-V4)."""
    size, query_rank = fields.need("head_dim"), fields.need("q_lora_rank")
    groups, rank = fields.get("o_groups") or 1, fields.need("o_lora_rank")
    query = h * query_rank + query_rank + query_rank * heads * size
    return query + h * size + size + heads * size * rank + groups * rank * h


def linear_attention(fields: Fields, h: int) -> int:
    """Linear attention: gated delta rule (Qwen3-Next), Kimi delta attention, or lightning attention (MiniMax)."""
    kernel = fields.get("conv_kernel") or 4
    if key_heads := fields.get("linear_num_key_heads"):
        value_heads = fields.need("linear_num_value_heads")
        value_size = fields.need("linear_value_head_dim")
        keys, values = key_heads * fields.need("linear_key_head_dim"), value_heads * value_size
        convolution = kernel * (2 * keys + values)
        return (
            h * (2 * keys + 2 * values) + h * 2 * value_heads + convolution + 2 * value_heads + value_size + values * h
        )
    if "kda_layers" in fields:
        heads, size = fields.need("num_heads"), fields.need("head_dim")
        wide = heads * size
        return (
            4 * h * wide
            + 3 * wide * (fields.get("short_conv_kernel_size") or kernel)
            + h * heads
            + 2 * (h * size + size * wide)
        )
    heads = fields.need("heads")
    wide = heads * (fields.get("head_dim") or h // heads)
    return 5 * h * wide + wide


def state_space(fields: Fields, h: int) -> int:
    """A Mamba block: the second form where heads are given, else the first."""
    kernel, state = fields.get("conv_kernel") or 4, fields.need("state")
    heads = fields.get("state_heads")
    if heads is None and fields.model_type == "mamba2":
        heads = fields.need("num_heads")
    if heads:
        inner = heads * (
            fields.get("state_head_dim") or fields.get("head_dim") or (fields.get("expand") or 2) * h // heads
        )
        mixed = inner + 2 * (fields.get("state_groups") or 1) * state
        return h * (inner + mixed + heads) + mixed * (kernel + 1) + 3 * heads + inner + inner * h
    inner = fields.get("mamba_d_inner") or fields.get("d_inner") or (fields.get("expand") or 2) * h
    if fields.model_type in STATE_SPACE_TYPES:
        inner = fields.get("feed_forward") or inner
    rank = fields.get("mamba_dt_rank") or fields.get("time_step_rank") or -(-h // 16)
    return (
        3 * h * inner + inner * (kernel + 1) + inner * (rank + 2 * state) + rank * inner + inner + inner * state + inner
    )


def short_convolution(fields: Fields, h: int) -> int:
    """A gated short convolution (LFM2)."""
    return 4 * h * h + h * (fields.get("conv_L_cache") or 3)


def gated(fields: Fields) -> bool:
    """Whether the feed-forward part has three matrices (gate, up, down) and not two."""
    if "is_gated_act" in fields:
        return fields.flag("is_gated_act")
    if "feed_forward_proj" in fields:
        return "gated" in str(fields.raw("feed_forward_proj"))
    activation = str(fields.raw("mlp_hidden_act") or fields.raw("hidden_act") or "").lower()
    return activation not in ("relu2", "relu", "squared_relu") and fields.model_type not in UNGATED_TYPES


def feed_forward(fields: Fields, h: int, inner: int) -> int:
    """A feed-forward part of inner width ``inner``, with biases where the configuration says so."""
    matrices = 3 if gated(fields) else 2
    biases = (
        (matrices - 1) * inner + h if fields.flag("mlp_bias", "use_bias") or fields.model_type in BIASED_TYPES else 0
    )
    return matrices * h * inner + biases


def dense_width(fields: Fields, h: int, layer: int = 0) -> int:
    """The inner width of a dense feed-forward part."""
    if ratio := fields.number("expansion_ratio"):
        return int(ratio * h)
    inner = fields.get("block_ff_dim") or fields.get("intermediate_size_mlp") or fields.get("feed_forward", layer)
    multiple = fields.get("multiple_of") or fields.get("block_multiple_of")
    narrowed = inner is None or "block_ff_dim" in fields
    if "block_auto_adjust_ff_dim" in fields:
        narrowed = fields.flag("block_auto_adjust_ff_dim")
    if narrowed and multiple:  # two thirds, rounded up, as Llama's own files and LFM2 say it
        factor = fields.number("ffn_dim_multiplier") or fields.number("block_ffn_dim_multiplier") or 1.0
        return -(-int(int(2 * (inner or 4 * h) / 3) * factor) // multiple) * multiple
    if inner is None:
        return 4 * h
    return inner // 2 if fields.model_type == "qwen" else inner  # the first Qwen gives both halves of the gate


def experts(fields: Fields, h: int, layer: int = 0) -> Weights:
    """A mixture of experts: router, routed experts, shared experts."""
    number = fields.need("experts", layer)
    chosen = fields.need("experts_per_token", layer)
    if chosen > number:
        raise UnknownConfigError(f"{chosen} experts for a token, of {number}")
    inner = fields.get("expert_feed_forward", layer) or fields.need("feed_forward", layer)
    width = fields.get("moe_latent_size") or h
    one = feed_forward(fields, width, inner)
    fixed = h * number
    if width != h:
        fixed += 2 * h * width  # into the experts' narrower space and out of it
    if fields.model_type == "gpt_oss":
        one += 2 * inner + width
        fixed += number
    if fields.flag("use_routing_bias", "moe_router_enable_expert_bias") or fields.raw("topk_method") == "noaux_tc":
        fixed += number
    idle = fields.get("zero_expert_num") or 0
    fixed += idle * h
    used_experts = chosen * number / (number + idle)  # experts that compute nothing are chosen as often as others
    shared = shared_width(fields, inner)
    if shared:
        fixed += feed_forward(fields, h, shared)
        fixed += (
            h if fields.model_type.startswith(("qwen2_moe", "qwen3_next", "qwen3_5")) else 0
        )  # the shared one's gate
    if fields.flag("parallel_attn_mlp_res"):
        fixed += feed_forward(fields, h, h)  # a dense part beside the experts (Arctic)
    return Weights(number * one + fixed, round(used_experts * one) + fixed)


def shared_width(fields: Fields, inner: int) -> int:
    """The inner width of all shared experts together; 0 where there are none."""
    number = fields.get("shared_experts")
    if width := fields.get("shared_feed_forward"):
        return width if number is None or "moe_shared_expert_intermediate_size" in fields else number * width
    if number:
        return number * inner
    return inner if fields.model_type in ("llama4", "llama4_text") else 0
