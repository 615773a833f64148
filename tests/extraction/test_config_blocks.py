"""Blocks and layers that only some architectures have. Expected counts are published totals, or sums done by hand.

The sums beside each configuration are in millions of weights unless written out.
"""

from __future__ import annotations

from typing import Any

import pytest

from flopcrawl.extraction.config import UnknownConfigError, count_parameters
from flopcrawl.vocabulary import Architecture

DENSE, EXPERTS, HYBRID = Architecture.DENSE, Architecture.MIXTURE_OF_EXPERTS, Architecture.HYBRID

EXACT = {
    # The developers' own file names no feed-forward width: 2/3 of 4 x 4096 is 10922, times 1.3 is 14198, up to 14336.
    "width of the feed-forward part as a multiple (Llama 3 8B)": (
        8_030_261_248, 8_030_261_248, DENSE,
        {"dim": 4096, "n_layers": 32, "n_heads": 32, "n_kv_heads": 8, "vocab_size": 128256, "multiple_of": 1024,
         "ffn_dim_multiplier": 1.3, "norm_eps": 1e-05, "rope_theta": 500000.0},
    ),
    # 22016 is the width of gate and up together: each is 11008.
    "both halves of the gate in one width (Qwen 7B)": (
        7_721_324_544, 7_721_324_544, DENSE,
        {"model_type": "qwen", "hidden_size": 4096, "intermediate_size": 22016, "num_hidden_layers": 32,
         "num_attention_heads": 32, "kv_channels": 128, "vocab_size": 151936, "no_bias": True,
         "tie_word_embeddings": False},
    ),
    "width of the feed-forward part as a ratio (MPT 7B)": (
        6_649_286_656, 6_649_286_656, DENSE,
        {"model_type": "mpt", "d_model": 4096, "n_heads": 32, "n_layers": 32, "expansion_ratio": 4,
         "no_bias": True, "vocab_size": 50432, "attn_config": {"attn_type": "multihead_attention"}},
    ),
    # Layer: 44.040192 attention + 154.140672 feed-forward + 4 x 3584 norms = 198,195,200; 42 of them; table 917.504.
    "a normalization before and after each block (Gemma 2 9B)": (
        9_241_705_984, 9_241_705_984, DENSE,
        {"model_type": "gemma2", "hidden_size": 3584, "intermediate_size": 14336, "num_hidden_layers": 42,
         "num_attention_heads": 16, "num_key_value_heads": 8, "head_dim": 256, "vocab_size": 256000},
    ),
    # Block: 76.021760 in + 10240 x 5 convolution + 3 x 128 + 8192 norm + 33.554432 out; 64 of them, each with a norm.
    "heads of a state space (Mamba-Codestral 7B)": (
        7_285_403_648, 7_285_403_648, Architecture.STATE_SPACE,
        {"model_type": "mamba2", "hidden_size": 4096, "num_hidden_layers": 64, "num_heads": 128, "head_dim": 64,
         "state_size": 128, "n_groups": 8, "conv_kernel": 4, "expand": 2, "vocab_size": 32768,
         "tie_word_embeddings": False},
    ),
    # Active: 27 x (13.763072 attention + 4096) + 67.239936 + 26 x (8 x 8.650752 + 0.131072) + 209.715200 + 2048.
    "latent attention with full queries (DeepSeek-V2-Lite)": (
        15_706_484_224, 2_451_435_008, EXPERTS,
        {"model_type": "deepseek_v2", "hidden_size": 2048, "intermediate_size": 10944, "moe_intermediate_size": 1408,
         "num_hidden_layers": 27, "num_attention_heads": 16, "num_key_value_heads": 16, "first_k_dense_replace": 1,
         "moe_layer_freq": 1, "n_routed_experts": 64, "n_shared_experts": 2, "num_experts_per_tok": 6,
         "kv_lora_rank": 512, "q_lora_rank": None, "qk_nope_head_dim": 128, "qk_rope_head_dim": 64, "v_head_dim": 128,
         "vocab_size": 102400, "tie_word_embeddings": False},
    ),
    # 70 lightning layers of 5 x 6144 x 8192 + 8192 = 251,666,432, 10 full ones of 113.246208, 80 x 32 experts of
    # 169.869312. Active: 45.9 B as published, and the output matrix of 1229.193216.
    "lightning attention seven times of eight (MiniMax-Text-01)": (
        456_089_655_296, 47_174_113_280, EXPERTS,
        {"model_type": "minimax_text_01", "hidden_size": 6144, "intermediate_size": 9216, "num_hidden_layers": 80,
         "num_attention_heads": 64, "num_key_value_heads": 8, "head_dim": 128,
         "attn_type_list": [0, 0, 0, 0, 0, 0, 0, 1] * 10, "num_local_experts": 32, "num_experts_per_tok": 2,
         "shared_intermediate_size": 0, "vocab_size": 200064, "tie_word_embeddings": False},
    ),
    # 24 M of 109.635968, 4 * of 41.943040, 24 - of 2 x 4096 x 21504 = 176.160768; 53 norms of 4096; 2 x 536.870912.
    "a pattern with feed-forward letters (Nemotron-H 8B)": (
        8_100_852_736, 8_100_852_736, HYBRID,
        {"model_type": "nemotron_h", "hidden_size": 4096, "intermediate_size": 21504, "num_attention_heads": 32,
         "num_key_value_heads": 8, "attention_head_dim": 128, "mlp_hidden_act": "relu2", "mamba_num_heads": 128,
         "mamba_head_dim": 64, "n_groups": 8, "ssm_state_size": 128, "conv_kernel": 4, "vocab_size": 131072,
         "hybrid_override_pattern": "M-M-M-M*-M-M-M-M-M*-M-M-M-M-M*-M-M-M-M-M*-M-M-M-M-M-",
         "tie_word_embeddings": False},
    ),
    # 40 M of 109.635968, 8 * of 35.651584; 40 E: 512 experts of 2 x 1024 x 2688 = 5.505024, 2 x 4.194304 into their
    # space and out, shared 44.040192, router 2.097152; 89 norms of 4096; 2 x 536.870912. Published: 120.6 B.
    # Active: 40 x (22 x 5.505024 + 54.525952) + 4385.438720 + 285.212672 + 364,544 + 536.870912.
    "experts in a narrower space (Nemotron 3 Super)": (
        120_668_687_360, 12_233_346_048, EXPERTS,
        {"model_type": "nemotron_h", "hidden_size": 4096, "num_attention_heads": 32, "num_key_value_heads": 2,
         "head_dim": 128, "mlp_hidden_act": "relu2", "mamba_num_heads": 128, "mamba_head_dim": 64, "n_groups": 8,
         "ssm_state_size": 128, "conv_kernel": 4, "vocab_size": 131072, "n_routed_experts": 512,
         "num_experts_per_tok": 22, "n_shared_experts": 1, "moe_intermediate_size": 2688, "moe_latent_size": 1024,
         "moe_shared_expert_intermediate_size": 5376, "tie_word_embeddings": False,
         "hybrid_override_pattern":
             "MEMEMEM*EMEMEMEM*EMEMEMEM*EMEMEMEMEM*EMEMEMEMEM*EMEMEMEMEM*EMEMEMEMEM*EMEMEMEM*EMEMEMEME"},
    ),
    # State space: 68.681728 in + 42,240 + 384 + 8192 + 33.554432 out = 102,286,976, 29 times; 3 attentions of
    # 41.943040; 32 feed-forward parts of 176.160768; 65 norms of 4096; 2 x 525.336576. Published: 9.78 B.
    "attention at listed layers (Bamba 9B)": (
        9_780_235_392, 9_780_235_392, HYBRID,
        {"model_type": "bamba", "hidden_size": 4096, "intermediate_size": 14336, "num_hidden_layers": 32,
         "num_attention_heads": 32, "num_key_value_heads": 8, "attn_layer_indices": [9, 18, 27], "mamba_n_heads": 128,
         "mamba_d_head": 64, "mamba_d_state": 128, "mamba_n_groups": 1, "mamba_d_conv": 4, "mamba_expand": 2,
         "vocab_size": 128256, "tie_word_embeddings": False},
    ),
    # Attention: query 14.680064 + 2048 + 33.554432, key and value 3.670016, output 117.440512 = 169,347,072, 61 times;
    # 5 dense layers of 396.361728; 56 with 49 experts of 110.100480 and a router of 344,064. Published: 316 B, 38 B.
    "a query of low rank, layers with experts in a text (Step-3)": (
        316_294_538_240, 37_917_982_720, EXPERTS,
        {"model_type": "step3_vl", "text_config": {
            "model_type": "step3_text", "hidden_size": 7168, "intermediate_size": 18432, "num_hidden_layers": 61,
            "num_attention_heads": 64, "num_attention_groups": 1, "head_dim": 256, "share_q_dim": 2048,
            "moe_num_experts": 48, "moe_top_k": 3, "moe_intermediate_size": 5120, "share_expert_dim": 5120,
            "moe_layers_enum": ", ".join(map(str, range(4, 60))), "vocab_size": 128815}},
    ),
    # 54 x (150.994944 attention + 16,384), 3 dense of 704.643072, 51 with 64 experts of 88.080384 and a router.
    "experts from one layer to another (ERNIE 4.5 300B)": (
        299_484_160_000, 47_079_333_888, EXPERTS,
        {"model_type": "ernie4_5_moe", "hidden_size": 8192, "intermediate_size": 28672, "num_hidden_layers": 54,
         "num_attention_heads": 64, "num_key_value_heads": 8, "moe_num_experts": 64, "moe_k": 8,
         "moe_intermediate_size": 3584, "moe_layer_interval": 1, "moe_layer_start_index": 3, "moe_layer_end_index": 53,
         "vocab_size": 103424, "tie_word_embeddings": False},
    ),
    # Attention: 4.194304 + 1024 + 33.554432 query, 2.097152 + 512 keys and values, 33.554432 + 33.554432 output
    # = 106,956,288; 257 experts of 25.165824 and a router of 1.048576; 2 norms; 43 layers. Published: 284 B, 13 B.
    "one latent for all heads (DeepSeek-V4-Flash)": (
        283_811_148_288, 12_749_009_408, EXPERTS,
        {"model_type": "deepseek_v4", "hidden_size": 4096, "moe_intermediate_size": 2048, "num_hidden_layers": 43,
         "num_attention_heads": 64, "num_key_value_heads": 1, "head_dim": 512, "q_lora_rank": 1024,
         "qk_rope_head_dim": 64, "o_groups": 8, "o_lora_rank": 1024, "n_routed_experts": 256, "n_shared_experts": 1,
         "num_experts_per_tok": 6, "vocab_size": 129280, "tie_word_embeddings": False},
    ),
}  # fmt: skip

NEARLY = {
    "an ungated encoder and decoder (T5 small)": (
        60_506_624, 60_506_624, DENSE,
        {"model_type": "t5", "d_model": 512, "d_ff": 2048, "d_kv": 64, "num_heads": 8, "num_layers": 6,
         "vocab_size": 32128, "feed_forward_proj": "relu", "is_encoder_decoder": True},
    ),
    "a gated encoder and decoder, by name (T5 1.1 XXL)": (
        11_135_332_352, 11_135_332_352, DENSE,
        {"model_type": "t5", "d_model": 4096, "d_ff": 10240, "d_kv": 64, "num_heads": 64, "num_layers": 24,
         "num_decoder_layers": 24, "vocab_size": 32128, "feed_forward_proj": "gated-gelu", "is_encoder_decoder": True,
         "tie_word_embeddings": False},
    ),
    "a gated encoder and decoder, by flag (FLAN-T5 XXL)": (
        11_135_332_352, 11_135_332_352, DENSE,
        {"model_type": "t5", "d_model": 4096, "d_ff": 10240, "d_kv": 64, "num_heads": 64, "num_layers": 24,
         "num_decoder_layers": 24, "vocab_size": 32128, "is_gated_act": True, "dense_act_fn": "gelu_new",
         "is_encoder_decoder": True, "tie_word_embeddings": False},
    ),
    # Active: 32 x (41.943296 attention + 9 x 37.748736 + 0.262144 + 8192) + 524.972032 + 4096.
    "a size for each layer (Hunyuan-A13B)": (
        80_393_183_232, 12_747_448_320, EXPERTS,
        {"model_type": "hunyuan_v1_moe", "hidden_size": 4096, "intermediate_size": 3072, "num_hidden_layers": 32,
         "num_attention_heads": 32, "num_key_value_heads": 8, "attention_head_dim": 128, "use_qk_norm": True,
         "moe_intermediate_size": [3072] * 32, "moe_topk": [8] * 32, "num_experts": 64, "num_shared_expert": [1] * 32,
         "vocab_size": 128167, "tie_word_embeddings": True},
    ),
    # Delta attention: 37.748736 + 49,152 + 2 x 0.819200 + 73,728 + 4256 = 39,514,272, 20 times; latent attention
    # 29,114,880, 7 times; 26 layers with 257 experts of 7.077888 and a router, one dense of 63.700992.
    # Active: 790.285440 + 203.804160 + 26 x (9 x 7.077888 + 0.589824) + 63.700992 + 124,416 + 377.487360 + 2304.
    "delta attention and latent attention (Kimi Linear 48B)": (
        49_122_681_728, 3_106_965_888, EXPERTS,
        {"model_type": "kimi_linear", "hidden_size": 2304, "intermediate_size": 9216, "moe_intermediate_size": 1024,
         "num_hidden_layers": 27, "num_attention_heads": 32, "num_key_value_heads": 32, "head_dim": 72,
         "first_k_dense_replace": 1, "moe_layer_freq": 1, "num_experts": 256, "num_shared_experts": 1,
         "num_experts_per_token": 8, "kv_lora_rank": 512, "q_lora_rank": None, "qk_nope_head_dim": 128,
         "qk_rope_head_dim": 64, "v_head_dim": 128, "vocab_size": 163840, "tie_word_embeddings": False,
         "linear_attn_config": {
             "full_attn_layers": [4, 8, 12, 16, 20, 24, 27], "head_dim": 128, "num_heads": 32,
             "kda_layers": [1, 2, 3, 5, 6, 7, 9, 10, 11, 13, 14, 15, 17, 18, 19, 21, 22, 23, 25, 26],
             "short_conv_kernel_size": 4}},
    ),
    # Layer: attention 117.440512, 128 experts of 104.595456, router 0.917504, the dense part beside them
    # 3 x 7168 x 7168 = 154.140672, 3 norms. Published: 480 B, of which 17 B are used.
    "a dense part beside the experts (Arctic)": (
        478_584_608_768, 17_089_271_808, EXPERTS,
        {"model_type": "arctic", "hidden_size": 7168, "intermediate_size": 4864, "num_hidden_layers": 35,
         "num_attention_heads": 56, "num_key_value_heads": 8, "num_local_experts": 128, "num_experts_per_tok": 2,
         "moe_layer_frequency": 1, "parallel_attn_mlp_res": True, "vocab_size": 32000, "tie_word_embeddings": False},
    ),
}  # fmt: skip
"""Counts with vectors that the counter leaves out: position, decay and routing biases, norms beside the usual ones."""


@pytest.mark.parametrize(("total", "active", "architecture", "config"), EXACT.values(), ids=list(EXACT))
def test_known_blocks(total: int, active: int, architecture: Architecture, config: dict[str, Any]) -> None:
    count = count_parameters(config)
    assert (count.total, count.active, count.architecture) == (total, active, architecture)


@pytest.mark.parametrize(("total", "active", "architecture", "config"), NEARLY.values(), ids=list(NEARLY))
def test_known_blocks_nearly(total: int, active: int, architecture: Architecture, config: dict[str, Any]) -> None:
    count = count_parameters(config)
    assert count.total == pytest.approx(total, rel=3e-5)
    assert count.active == pytest.approx(active, rel=3e-5)
    assert count.architecture is architecture


DEEPSEEK_V3: dict[str, Any] = {
    "model_type": "deepseek_v3", "hidden_size": 7168, "intermediate_size": 18432, "moe_intermediate_size": 2048,
    "num_hidden_layers": 61, "num_attention_heads": 128, "first_k_dense_replace": 3, "n_routed_experts": 256,
    "n_shared_experts": 1, "num_experts_per_tok": 8, "kv_lora_rank": 512, "q_lora_rank": 1536, "qk_nope_head_dim": 128,
    "qk_rope_head_dim": 64, "v_head_dim": 128, "vocab_size": 129280,
}  # fmt: skip
CHATGLM2_6B: dict[str, Any] = {
    "model_type": "chatglm", "hidden_size": 4096, "ffn_hidden_size": 13696, "num_layers": 28, "num_attention_heads": 32,
    "kv_channels": 128, "multi_query_attention": True, "multi_query_group_num": 2, "add_qkv_bias": True,
    "padded_vocab_size": 65024, "tie_word_embeddings": False,
}  # fmt: skip
LFM2_1_2B: dict[str, Any] = {
    "model_type": "lfm2", "hidden_size": 2048, "num_hidden_layers": 16, "num_attention_heads": 32,
    "num_key_value_heads": 8, "block_ff_dim": 12288, "block_multiple_of": 256, "block_ffn_dim_multiplier": 1.0,
    "conv_L_cache": 3, "vocab_size": 65536, "full_attn_idxs": [2, 5, 8, 10, 12, 14],
}  # fmt: skip
SMALL: dict[str, Any] = {
    "model_type": "llama", "hidden_size": 64, "num_hidden_layers": 4, "num_attention_heads": 4, "vocab_size": 100,
    "intermediate_size": [256, 512, 1024, 2048], "num_experts": 4, "num_experts_per_tok": 2,
    "moe_intermediate_size": 32, "tie_word_embeddings": True,
}  # fmt: skip


def test_a_bias_for_each_expert_in_the_router() -> None:
    count = count_parameters({**DEEPSEEK_V3, "topk_method": "noaux_tc"})
    assert count.total == 671_026_419_200  # as published
    assert count.total - count_parameters(DEEPSEEK_V3).total == 14_848  # 58 layers with 256 experts


def test_an_indexer_beside_latent_attention() -> None:
    # query 1536 x 64 x 128 = 12,582,912, key 7168 x 128 = 917,504, its norm 256, weights 7168 x 64 = 458,752: 61 times
    plain, indexed = map(count_parameters, (DEEPSEEK_V3, {**DEEPSEEK_V3, "index_n_heads": 64, "index_head_dim": 128}))
    assert indexed.total - plain.total == indexed.active - plain.active == 851_524_864


def test_multi_query_attention_that_is_switched_off() -> None:
    assert count_parameters(CHATGLM2_6B).total == 6_243_584_000  # as published
    # 28 layers get keys and values for 30 heads more: 2 x 30 x 128 x 4096 weights and 2 x 30 x 128 biases
    off = count_parameters({**CHATGLM2_6B, "multi_query_attention": False})
    assert off.total == 6_243_584_000 + 881_018_880


@pytest.mark.parametrize(
    ("said", "total"),
    [
        ({}, 1_170_340_608),
        ({"block_auto_adjust_ff_dim": True}, 1_170_340_608),
        ({"block_auto_adjust_ff_dim": True, "block_ff_dim": None, "intermediate_size": 12288}, 1_170_340_608),
        ({"block_auto_adjust_ff_dim": False, "block_ff_dim": 8192}, 1_170_340_608),
        ({"block_auto_adjust_ff_dim": False, "block_ff_dim": 10752, "num_hidden_layers": 30,
          "layer_types": [*["conv"] * 11, *["full_attention"] * 4] * 2}, 2_569_272_320),
    ],
    ids=str,
)  # fmt: skip
def test_short_convolutions_and_widths_that_are_narrowed_or_not(said: dict[str, Any], total: int) -> None:
    # As published for LFM2 1.2B and 2.6B. The small one: 10 convolutions of 12.582912 in + 4.194304 out + 2048 x 3;
    # 6 attentions of 10.485760 + 2 x 64; 16 feed-forward parts of 3 x 2048 x 8192, which is 2/3 of 12288; table
    # 134.217728; 33 norms of 2048. The other has 22 and 8 of them, and 30 parts that are 10752 wide.
    count = count_parameters({**LFM2_1_2B, **said})
    assert count.total == count.active == total
    assert count.architecture is HYBRID


@pytest.mark.parametrize(
    ("said", "dense"),
    [
        ({}, ()),
        ({"mlp_layer_types": ["dense", "sparse", "sparse", "dense"]}, (0, 3)),
        ({"moe_layers": [1, 3]}, (0, 2)),
        ({"moe_layers_enum": "1, 2,3"}, (0,)),
        ({"mlp_only_layers": [2]}, (2,)),
        ({"moe_layer_freq": [0, 1, 1, 0]}, (0, 3)),
        ({"moe_layer_freq": []}, ()),
        ({"moe_layer_freq": 2}, (1, 3)),
        ({"moe_layer_freq": 2, "first_k_dense_replace": 1}, (0, 1, 3)),
        ({"moe_layer_interval": 2, "moe_layer_start_index": 1}, (0, 2)),
        ({"moe_layer_start_index": 1, "moe_layer_end_index": 2}, (0, 3)),
        ({"expert_layer_period": 2, "expert_layer_offset": 1}, (0, 2)),
        ({"decoder_sparse_step": 2}, (0, 2)),
        ({"moe_every_n_layers": 3}, (0, 1, 3)),
    ],
    ids=str,
)
def test_which_layers_have_experts(said: dict[str, Any], dense: tuple[int, ...]) -> None:
    # Four layers, each as wide as no other where it is dense: 3 x 64 x 256, and twice that, four and eight times.
    # Experts: 4 x 3 x 64 x 32 and a router of 64 x 4. The rest: 4 x (4 x 64 x 64 + 2 x 64) + 100 x 64 + 64.
    wide = [49_152, 98_304, 196_608, 393_216]
    expected = 72_512 + sum(wide[i] if i in dense else 24_832 for i in range(4))
    assert count_parameters({**SMALL, **said}).total == expected


def test_layers_found_by_search_with_widths_in_full() -> None:
    # attention 2 x 1024 x 1024 + 2 x 1024 x 128 + 1024 = 2,360,320, feed-forward 3 x 1024 x 2816 + 1024 = 8,651,776;
    # then a matrix alone, 1024 x 1024 + 1024 = 1,049,600; embeddings 2 x 3000 x 1024 and a norm = 6,145,024
    config = {
        "model_type": "nemotron-nas", "hidden_size": 1024, "num_attention_heads": 16, "num_hidden_layers": 2,
        "vocab_size": 3000, "tie_word_embeddings": False,
        "block_configs": [
            {"attention": {"n_heads_in_group": 8}, "ffn": {"intermediate_size": 2816}},
            {"attention": {"no_op": True}, "ffn": {"replace_with_linear": True}}],
    }  # fmt: skip
    assert count_parameters(config).total == 18_206_720


def test_an_image_encoder_of_unknown_size_counts_nothing() -> None:
    nested = {"text_config": CHATGLM2_6B, "vision_config": {"model_type": "clip_vision_model", "image_size": 336}}
    assert count_parameters(nested).total == 6_243_584_000


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({**SMALL, "hybrid_override_pattern": "M-X*"}, "unknown kind 'X'"),
        ({**SMALL, "hybrid_override_pattern": "M-" * 6000}, "10001 layers"),
        ({**SMALL, "block_configs": ["attention"]}, "no mapping"),
        ({**SMALL, "num_experts": 0, "expansion_ratio": -4}, "not a positive number"),
        ({**SMALL, "num_experts": 0, "expansion_ratio": "4"}, "not a positive number"),
    ],
)
def test_what_cannot_be_counted_is_refused_with_a_reason(config: dict[str, Any], words: str) -> None:
    with pytest.raises(UnknownConfigError, match=words):
        count_parameters(config)
