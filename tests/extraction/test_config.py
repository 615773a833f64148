"""Parameters from a model's configuration. Five counts are done by hand, term by term."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flopcrawl.extraction.config import UnknownConfigError, count_parameters
from flopcrawl.vocabulary import Architecture

QWEN3_8B: dict[str, Any] = {
    "model_type": "qwen3", "hidden_size": 4096, "intermediate_size": 12288, "num_hidden_layers": 36,
    "num_attention_heads": 32, "num_key_value_heads": 8, "head_dim": 128, "vocab_size": 151936,
    "tie_word_embeddings": False,
}  # fmt: skip
QWEN3_235B: dict[str, Any] = {
    "model_type": "qwen3_moe", "hidden_size": 4096, "intermediate_size": 12288, "moe_intermediate_size": 1536,
    "num_hidden_layers": 94, "num_attention_heads": 64, "num_key_value_heads": 4, "head_dim": 128, "num_experts": 128,
    "num_experts_per_tok": 8, "decoder_sparse_step": 1, "mlp_only_layers": [], "vocab_size": 151936,
    "tie_word_embeddings": False,
}  # fmt: skip
GPT_OSS_120B: dict[str, Any] = {
    "model_type": "gpt_oss", "attention_bias": True, "hidden_size": 2880, "intermediate_size": 2880, "head_dim": 64,
    "num_attention_heads": 64, "num_key_value_heads": 8, "num_hidden_layers": 36, "num_local_experts": 128,
    "num_experts_per_tok": 4, "vocab_size": 201088, "tie_word_embeddings": False,
    "quantization_config": {"quant_method": "mxfp4"},
}  # fmt: skip
DEEPSEEK_V3: dict[str, Any] = {
    "model_type": "deepseek_v3", "hidden_size": 7168, "intermediate_size": 18432, "moe_intermediate_size": 2048,
    "num_hidden_layers": 61, "num_attention_heads": 128, "first_k_dense_replace": 3, "n_routed_experts": 256,
    "n_shared_experts": 1, "num_experts_per_tok": 8, "kv_lora_rank": 512, "q_lora_rank": 1536, "qk_nope_head_dim": 128,
    "qk_rope_head_dim": 64, "v_head_dim": 128, "vocab_size": 129280, "num_nextn_predict_layers": 1,
}  # fmt: skip
MIXTRAL: dict[str, Any] = {
    "model_type": "mixtral", "hidden_size": 4096, "intermediate_size": 14336, "num_hidden_layers": 32,
    "num_attention_heads": 32, "num_key_value_heads": 8, "num_local_experts": 8, "num_experts_per_tok": 2,
    "vocab_size": 32000, "tie_word_embeddings": False,
}  # fmt: skip


class TestByHand:
    def test_dense(self) -> None:
        attention = 4096 * 4096 + 2 * 4096 * 1024 + 4096 * 4096 + 2 * 128
        layer = attention + 3 * 4096 * 12288 + 2 * 4096
        by_hand = 2 * 151936 * 4096 + 36 * layer + 4096
        assert by_hand == 8_190_735_360
        assert count_parameters(QWEN3_8B).total == count_parameters(QWEN3_8B).active == by_hand

    def test_mixture_of_experts(self) -> None:
        attention = 4096 * 8192 + 2 * 4096 * 512 + 8192 * 4096 + 2 * 128
        expert, router = 3 * 4096 * 1536, 4096 * 128
        rest = 2 * 151936 * 4096 + 4096 + 94 * (attention + router + 2 * 4096)
        assert rest + 94 * 128 * expert == 235_093_634_560
        count = count_parameters(QWEN3_235B)
        assert count.total == 235_093_634_560
        assert count.active == rest + 94 * 8 * expert - 151936 * 4096
        assert count.active + count.embedding == 22_190_763_520
        assert count.architecture is Architecture.MIXTURE_OF_EXPERTS

    def test_quantized_with_biases_and_sinks(self) -> None:
        attention = 2880 * 4096 + 4096 + 2 * (2880 * 512 + 512) + 4096 * 2880 + 2880 + 64
        expert = 2880 * 5760 + 5760 + 2880 * 2880 + 2880
        rest = 2 * 201088 * 2880 + 2880 + 36 * (attention + 128 * 2880 + 128 + 2 * 2880)
        assert rest + 36 * 128 * expert == 116_829_156_672
        count = count_parameters(GPT_OSS_120B)
        assert count.total == 116_829_156_672
        assert count.active == rest + 36 * 4 * expert - 201088 * 2880

    def test_latent_attention_leading_dense_layers_and_a_shared_expert(self) -> None:
        query = 7168 * 1536 + 1536 + 1536 * 128 * 192
        attention = query + 7168 * 576 + 512 + 512 * 128 * 256 + 128 * 128 * 7168
        expert = 3 * 7168 * 2048
        dense = 3 * (attention + 2 * 7168 + 3 * 7168 * 18432)
        sparse = 58 * (attention + 2 * 7168 + 257 * expert + 7168 * 256)
        by_hand = 2 * 129280 * 7168 + 7168 + dense + sparse
        assert by_hand == 671_026_404_352
        assert count_parameters(DEEPSEEK_V3).total == by_hand
        assert count_parameters(DEEPSEEK_V3).active == pytest.approx(37e9, rel=0.02)

    def test_eight_times_seven_is_not_fifty_six(self) -> None:
        attention = 2 * 4096 * 4096 + 2 * 4096 * 1024
        expert = 3 * 4096 * 14336
        rest = 2 * 32000 * 4096 + 4096 + 32 * (attention + 8 * 4096 + 2 * 4096)
        assert rest + 32 * 8 * expert == 46_702_792_704
        assert count_parameters(MIXTRAL).total == 46_702_792_704
        assert count_parameters(MIXTRAL).active == rest + 32 * 2 * expert - 32000 * 4096


def test_the_same_model_under_its_developers_own_names() -> None:
    native = {
        "vocab_size": 129280, "dim": 7168, "inter_dim": 18432, "moe_inter_dim": 2048, "n_layers": 61,
        "n_dense_layers": 3, "n_heads": 128, "n_routed_experts": 256, "n_shared_experts": 1,
        "n_activated_experts": 8, "q_lora_rank": 1536, "kv_lora_rank": 512, "qk_nope_head_dim": 128,
        "qk_rope_head_dim": 64, "v_head_dim": 128, "dtype": "fp8",
    }  # fmt: skip
    assert count_parameters(native) == count_parameters(DEEPSEEK_V3)


def test_quantization_changes_nothing() -> None:
    assert count_parameters({**QWEN3_8B, "quantization_config": {"bits": 4}}) == count_parameters(QWEN3_8B)


def test_a_nested_language_model_with_an_image_encoder() -> None:
    vision = {"hidden_size": 1152, "intermediate_size": 4304, "num_hidden_layers": 27, "patch_size": 14}
    nested = count_parameters({"model_type": "any_vl", "text_config": QWEN3_8B, "vision_config": vision})
    assert 0.35e9 < nested.total - count_parameters(QWEN3_8B).total < 0.55e9
    assert count_parameters({"text_config": QWEN3_8B}).total == count_parameters(QWEN3_8B).total


def test_tied_embeddings_count_once() -> None:
    tied = count_parameters({**QWEN3_8B, "tie_word_embeddings": True})
    assert count_parameters(QWEN3_8B).total - tied.total == tied.embedding == 151936 * 4096


KNOWN = {
    "grouped heads, tied": (
        1_235_814_400, 1_235_814_400, Architecture.DENSE,
        {"model_type": "llama", "hidden_size": 2048, "intermediate_size": 8192, "num_hidden_layers": 16,
         "num_attention_heads": 32, "num_key_value_heads": 8, "vocab_size": 128256, "tie_word_embeddings": True},
    ),
    "bias on queries, keys, values": (
        7_615_616_512, 7_615_616_512, Architecture.DENSE,
        {"model_type": "qwen2", "hidden_size": 3584, "intermediate_size": 18944, "num_hidden_layers": 28,
         "num_attention_heads": 28, "num_key_value_heads": 4, "vocab_size": 152064, "tie_word_embeddings": False},
    ),
    "learned positions, ungated": (
        1_557_611_200, 1_557_611_200, Architecture.DENSE,
        {"model_type": "gpt2", "n_embd": 1600, "n_layer": 48, "n_head": 25, "n_positions": 1024, "vocab_size": 50257},
    ),
    "interleaved experts with a shared one": (
        400.7e9, 16.2e9, Architecture.MIXTURE_OF_EXPERTS,
        {"model_type": "llama4", "text_config": {
            "model_type": "llama4_text", "hidden_size": 5120, "intermediate_size": 8192, "intermediate_size_mlp": 16384,
            "num_hidden_layers": 48, "num_attention_heads": 40, "num_key_value_heads": 8, "head_dim": 128,
            "num_local_experts": 128, "num_experts_per_tok": 1, "interleave_moe_layer_step": 2, "vocab_size": 202048}},
    ),
    "attention and state space in turn, with experts": (
        51.57e9, 11.84e9, Architecture.MIXTURE_OF_EXPERTS,
        {"model_type": "jamba", "hidden_size": 4096, "intermediate_size": 14336, "num_hidden_layers": 32,
         "num_attention_heads": 32, "num_key_value_heads": 8, "num_experts": 16, "num_experts_per_tok": 2,
         "expert_layer_period": 2, "expert_layer_offset": 1, "attn_layer_period": 8, "attn_layer_offset": 4,
         "mamba_d_state": 16, "mamba_d_conv": 4, "mamba_expand": 2, "mamba_dt_rank": 256, "vocab_size": 65536,
         "tie_word_embeddings": False},
    ),
    "linear attention three times of four": (
        79.67e9, 3.56e9, Architecture.MIXTURE_OF_EXPERTS,
        {"model_type": "qwen3_next", "hidden_size": 2048, "intermediate_size": 5120, "moe_intermediate_size": 512,
         "shared_expert_intermediate_size": 512, "num_hidden_layers": 48, "num_attention_heads": 16, "head_dim": 256,
         "num_key_value_heads": 2, "num_experts": 512, "num_experts_per_tok": 10, "full_attention_interval": 4,
         "linear_num_key_heads": 16, "linear_num_value_heads": 32, "linear_key_head_dim": 128,
         "linear_value_head_dim": 128, "linear_conv_kernel_dim": 4, "vocab_size": 151936, "tie_word_embeddings": False},
    ),
    "a pattern of single blocks": (
        31.6e9, 3.23e9, Architecture.MIXTURE_OF_EXPERTS,
        {"model_type": "nemotron_h", "hidden_size": 2688, "intermediate_size": 1856, "moe_intermediate_size": 1856,
         "hybrid_override_pattern": "MEMEM*EMEMEM*EMEMEM*EMEMEM*EMEMEM*EMEMEMEM*EMEMEMEME", "mamba_head_dim": 64,
         "mamba_num_heads": 64, "n_groups": 8, "ssm_state_size": 128, "conv_kernel": 4, "num_attention_heads": 32,
         "num_key_value_heads": 2, "head_dim": 128, "n_routed_experts": 128, "n_shared_experts": 1,
         "moe_shared_expert_intermediate_size": 3712, "num_experts_per_tok": 6, "mlp_hidden_act": "relu2",
         "vocab_size": 131072, "tie_word_embeddings": False},
    ),
    "state space only": (
        2.77e9, 2.77e9, Architecture.STATE_SPACE,
        {"model_type": "mamba", "hidden_size": 2560, "num_hidden_layers": 64, "state_size": 16, "conv_kernel": 4,
         "expand": 2, "time_step_rank": 160, "vocab_size": 50280, "tie_word_embeddings": True},
    ),
    "attention beside state space": (
        33.6e9, 33.6e9, Architecture.HYBRID,
        {"model_type": "falcon_h1", "hidden_size": 5120, "intermediate_size": 21504, "num_hidden_layers": 72,
         "num_attention_heads": 20, "num_key_value_heads": 4, "head_dim": 128, "mamba_n_heads": 32, "mamba_d_head": 128,
         "mamba_d_state": 256, "mamba_n_groups": 2, "vocab_size": 261120, "tie_word_embeddings": False},
    ),
    "experts that compute nothing": (
        560e9, 27e9, Architecture.MIXTURE_OF_EXPERTS,
        {"model_type": "longcat_flash", "hidden_size": 6144, "ffn_hidden_size": 12288, "expert_ffn_hidden_size": 2048,
         "num_layers": 28, "num_attention_heads": 64, "kv_lora_rank": 512, "q_lora_rank": 1536, "qk_nope_head_dim": 128,
         "qk_rope_head_dim": 64, "v_head_dim": 128, "n_routed_experts": 512, "zero_expert_num": 256, "moe_topk": 12,
         "vocab_size": 131072},
    ),
    "nested parts of one stack": (
        131.6e9, 35.9e9, Architecture.MIXTURE_OF_EXPERTS,
        {"model_type": "dbrx", "d_model": 6144, "n_heads": 48, "n_layers": 40, "vocab_size": 100352,
         "attn_config": {"kv_n_heads": 8}, "tie_word_embeddings": False,
         "ffn_config": {"ffn_hidden_size": 10752, "moe_num_experts": 16, "moe_top_k": 4}},
    ),
    "encoder and decoder": (
        11.3e9, 11.3e9, Architecture.DENSE,
        {"model_type": "t5", "d_model": 1024, "d_ff": 65536, "num_layers": 24, "num_decoder_layers": 24, "d_kv": 128,
         "num_heads": 128, "vocab_size": 32128, "is_encoder_decoder": True},
    ),
    "multi-query": (
        6.92e9, 6.92e9, Architecture.DENSE,
        {"model_type": "falcon", "hidden_size": 4544, "num_hidden_layers": 32, "num_attention_heads": 71,
         "multi_query": True, "new_decoder_architecture": False, "vocab_size": 65024},
    ),
    "squared ReLU has two matrices": (
        341e9, 341e9, Architecture.DENSE,
        {"model_type": "nemotron", "hidden_size": 18432, "intermediate_size": 73728, "num_hidden_layers": 96,
         "num_attention_heads": 96, "num_key_value_heads": 8, "vocab_size": 256000, "hidden_act": "relu2",
         "tie_word_embeddings": False},
    ),
    "layers found by search": (
        19_256_320, 19_256_320, Architecture.DENSE,
        {"model_type": "nemotron-nas", "hidden_size": 1024, "num_attention_heads": 16, "num_hidden_layers": 3,
         "vocab_size": 3000, "tie_word_embeddings": False,
         "block_configs": [
             {"attention": {"n_heads_in_group": 4}, "ffn": {"ffn_mult": 3.0}},
             {"attention": {"no_op": True}, "ffn": {"ffn_mult": 1.5}},
             {"attention": {"replace_with_linear": True}, "ffn": {"no_op": True}}]},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("total", "active", "architecture", "config"), KNOWN.values(), ids=list(KNOWN))
def test_known_models(total: float, active: float, architecture: Architecture, config: dict[str, Any]) -> None:
    count = count_parameters(config)
    assert count.total == pytest.approx(total, rel=0 if isinstance(total, int) else 0.05)
    assert count.active == pytest.approx(active, rel=0.05)
    assert count.architecture is architecture


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({}, "hidden"),
        ({"hidden_size": 4096}, "layers"),
        ({**QWEN3_8B, "vocab_size": None}, "vocabulary"),
        ({**QWEN3_8B, "num_hidden_layers": 10**9}, "layers"),
        ({**QWEN3_8B, "hidden_size": -1}, "not a size"),
        ({**QWEN3_8B, "hidden_size": 4096.5}, "not a whole number"),
        ({**QWEN3_8B, "hidden_size": float("nan")}, "not a whole number"),
        ({**QWEN3_8B, "hidden_size": "4096"}, "hidden"),
        ({**QWEN3_8B, "layer_types": ["rwkv"]}, "rwkv"),
        ({**QWEN3_235B, "num_experts_per_tok": None}, "experts per token"),
        ({**QWEN3_235B, "num_experts_per_tok": 999}, "999 experts"),
        ({"peft_type": "LORA", **QWEN3_8B}, "adapter"),
        ({"_class_name": "FluxTransformer2DModel"}, "diffusion"),
        ([], "mapping"),
    ],
)  # fmt: skip
def test_what_cannot_be_counted_is_refused_with_a_reason(config: Any, words: str) -> None:
    with pytest.raises(UnknownConfigError, match=words):
        count_parameters(config)


@given(st.sampled_from(sorted(QWEN3_235B)), st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text()))
def test_any_value_is_counted_or_refused(key: str, value: Any) -> None:
    try:
        count = count_parameters({**QWEN3_235B, key: value})
    except UnknownConfigError:
        return
    assert 0 < count.active <= count.total
