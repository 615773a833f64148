"""What a model's ``config.json`` calls the sizes of its layers: one meaning, many names."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any


class UnknownConfigError(ValueError):
    """A configuration whose parameters cannot be counted. The message says what is missing or not understood."""


SYNONYMS: dict[str, tuple[str, ...]] = {
    "hidden": ("hidden_size", "d_model", "n_embd", "dim", "model_dim", "embed_dim"),
    "layers": ("num_hidden_layers", "n_layers", "n_layer", "num_layers", "decoder_layers", "num_decoder_layers"),
    "vocabulary": ("vocab_size", "padded_vocab_size", "n_vocab", "text_vocab_size"),
    "heads": ("num_attention_heads", "n_heads", "n_head", "num_heads", "decoder_attention_heads"),
    "kv_heads": (
        "num_key_value_heads", "n_kv_heads", "num_kv_heads", "kv_n_heads", "n_head_kv", "multi_query_group_num",
        "num_attention_groups", "num_query_groups",
    ),
    "head_dim": ("head_dim", "kv_channels", "d_kv", "attention_head_dim", "head_size"),
    "value_head_dim": ("v_head_dim",),
    "feed_forward": (
        "intermediate_size", "ffn_hidden_size", "inter_dim", "n_inner", "d_ff", "ffn_dim", "decoder_ffn_dim",
        "ffn_size", "hidden_dim",
    ),
    "experts": (
        "n_routed_experts", "num_local_experts", "num_experts", "moe_num_experts", "num_moe_experts",
        "num_routed_experts", "n_experts",
    ),
    "experts_per_token": (
        "num_experts_per_tok", "n_activated_experts", "num_experts_per_token", "experts_per_token", "moe_topk",
        "moe_top_k", "moe_k", "num_selected_experts", "num_experts_per_topk", "top_k_experts", "moe_router_topk",
        "n_experts_per_token", "expert_top_k",
    ),
    "expert_feed_forward": (
        "moe_intermediate_size", "moe_inter_dim", "expert_ffn_hidden_size", "moe_ffn_hidden_size",
        "expert_intermediate_size", "moe_expert_intermediate_size", "expert_hidden_size",
    ),
    "shared_experts": (
        "n_shared_experts", "num_shared_experts", "num_shared_expert", "moe_num_shared_experts", "n_shared_expert",
    ),
    "shared_feed_forward": (
        "shared_expert_intermediate_size", "moe_shared_expert_intermediate_size", "shared_intermediate_size",
        "share_expert_dim", "shared_expert_ffn_hidden_size", "moe_shared_intermediate_size",
    ),
    "leading_dense_layers": (
        "first_k_dense_replace", "n_dense_layers", "num_dense_layers", "moe_layer_start_index", "num_dense_ffn_layers",
        "dense_layers",
    ),
    "conv_kernel": ("conv_kernel", "mamba_d_conv", "conv_kernel_size", "d_conv", "linear_conv_kernel_dim"),
    "state": ("ssm_state_size", "mamba_d_state", "state_size", "d_state"),
    "state_groups": ("n_groups", "mamba_n_groups", "mamba_ngroups"),
    "state_heads": ("mamba_num_heads", "mamba_n_heads", "n_mamba_heads"),
    "state_head_dim": ("mamba_head_dim", "mamba_d_head", "mamba_headdim"),
    "expand": ("expand", "mamba_expand"),
}  # fmt: skip
"""Our words for the sizes, and the keys that mean them, the most telling first."""

LARGEST = 10**9
MOST_LAYERS = 10_000
"""Sizes above these are no sizes: a configuration is text from strangers."""

NESTED = ("attn_config", "moe", "ffn_config", "ssm_cfg", "moe_config", "linear_attn_config")
"""Parts of a configuration that belong to the same stack of layers."""


class Fields:
    """A configuration (or a nested part of one) read by meaning. Raises :class:`UnknownConfigError` on a bad value."""

    def __init__(self, config: Mapping[str, Any]) -> None:
        flat = dict(config)
        for part in NESTED:
            if isinstance(config.get(part), Mapping):
                flat.update({key: value for key, value in config[part].items() if key != "model_type"})
        self._config = flat
        self.model_type = str(config.get("model_type") or "").lower()

    def __contains__(self, key: str) -> bool:
        return self._config.get(key) is not None

    def raw(self, key: str) -> Any:
        """A key's value as it is, None where there is none."""
        return self._config.get(key)

    def flag(self, *keys: str) -> bool:
        """Whether any of these keys is set and true."""
        return any(bool(self._config.get(key)) for key in keys)

    def number(self, key: str) -> float | None:
        """A key's value as a positive number (a ratio, a multiple), None where it is not given."""
        value = self._config.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value <= LARGEST:
            raise UnknownConfigError(f"{key}: {value!r} is not a positive number")
        return float(value)

    def get(self, meaning: str, layer: int = 0) -> int | None:
        """The size with this meaning (a key of :data:`SYNONYMS`, or a key itself), None where it is not given.

        Where the configuration gives a list, one value for each layer, that of ``layer``.
        """
        for key in SYNONYMS.get(meaning, (meaning,)):
            value = self._config.get(key)
            if isinstance(value, (list, tuple)) and value:
                value = value[min(layer, len(value) - 1)]
            if value is None or isinstance(value, (bool, str, Mapping, list)):
                continue
            if not isinstance(value, (int, float)) or not math.isfinite(value) or value != int(value):
                raise UnknownConfigError(f"{key}: {value!r} is not a whole number")
            if not 0 <= value <= LARGEST:
                raise UnknownConfigError(f"{key}: {value!r} is not a size")
            return int(value)
        return None

    def need(self, meaning: str, layer: int = 0) -> int:
        """The size with this meaning, which must be given and not zero."""
        value = self.get(meaning, layer)
        if not value:
            names = ", ".join(SYNONYMS.get(meaning, (meaning,))[:3])
            raise UnknownConfigError(
                f"the configuration does not give {meaning.replace('_', ' ')} (looked for {names}, …)"
            )
        return value
