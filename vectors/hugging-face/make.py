"""Writes the folders of FAMILIES beside it, or those that are named: tiny random models, and what transformers computes with them."""

import json
import shutil
import sys
import warnings
from pathlib import Path

import torch
import transformers
from safetensors.torch import save_file

warnings.filterwarnings("ignore")
transformers.logging.set_verbosity_error()
transformers.utils.logging.disable_progress_bar()

HERE = Path(__file__).parent
VOCABULARY = 50
FIRST = 5  # ids before it are special
LENGTHS = [9, 8, 4]

TEXT = dict(vocab_size=VOCABULARY, hidden_size=16, num_hidden_layers=2, num_attention_heads=4, intermediate_size=24, max_position_embeddings=40)
ROTARY = dict(TEXT, num_key_value_heads=2, pad_token_id=0, bos_token_id=1, eos_token_id=2)
T5 = dict(vocab_size=VOCABULARY, d_model=16, d_kv=4, d_ff=24, num_layers=2, num_decoder_layers=1, num_heads=4, decoder_start_token_id=0)
BART = dict(vocab_size=VOCABULARY, d_model=16, encoder_layers=2, decoder_layers=1, encoder_attention_heads=4, decoder_attention_heads=2, encoder_ffn_dim=24, decoder_ffn_dim=20, max_position_embeddings=40)
VIT = dict(hidden_size=16, num_hidden_layers=2, num_attention_heads=4, intermediate_size=24, image_size=8, patch_size=4)
SEVEN = dict(ROTARY, num_hidden_layers=7)  # the seventh layer of Gemma 3 is the first that sees all


def picture_to_text():
    decoder = transformers.GPT2Config(vocab_size=VOCABULARY, n_embd=12, n_layer=2, n_head=2, n_positions=40, add_cross_attention=True, is_decoder=True)
    config = transformers.VisionEncoderDecoderConfig.from_encoder_decoder_configs(transformers.ViTConfig(**VIT), decoder)
    config.decoder_start_token_id, config.pad_token_id, config.eos_token_id = 1, 0, 2
    return config


def rope(kind, **fields):
    return dict(ROTARY, rope_parameters=dict(rope_type=kind, rope_theta=10000.0, **fields))


# name: class, configuration, kind, fields of generation_config.json
FAMILIES = {
    "roberta": ("RobertaForMaskedLM", transformers.RobertaConfig(**TEXT, type_vocab_size=1), "encoder", {}),
    "distilbert": ("DistilBertForSequenceClassification", transformers.DistilBertConfig(vocab_size=VOCABULARY, dim=16, n_layers=2, n_heads=4, hidden_dim=24, max_position_embeddings=40, num_labels=3), "encoder", {}),
    "mistral": ("MistralForCausalLM", transformers.MistralConfig(**ROTARY, sliding_window=4, head_dim=6), "decoder", {}),
    "qwen2": ("Qwen2ForCausalLM", transformers.Qwen2Config(**ROTARY, use_sliding_window=True, sliding_window=4, max_window_layers=1), "decoder", {}),
    "qwen3": ("Qwen3ForCausalLM", transformers.Qwen3Config(**ROTARY, head_dim=6, tie_word_embeddings=True), "decoder", {}),
    "gemma": ("GemmaForCausalLM", transformers.GemmaConfig(**ROTARY, head_dim=8), "decoder", {}),
    "gemma3": ("Gemma3ForCausalLM", transformers.Gemma3TextConfig(**SEVEN, head_dim=4, sliding_window=4, query_pre_attn_scalar=24), "decoder", {}),
    "llama_yarn": ("LlamaForCausalLM", transformers.LlamaConfig(**rope("yarn", factor=4.0, original_max_position_embeddings=8)), "decoder", {}),
    "llama_llama3": ("LlamaForSequenceClassification", transformers.LlamaConfig(**rope("llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=16), num_labels=3), "decoder", {}),
    "mt5": ("MT5ForConditionalGeneration", transformers.MT5Config(**T5), "encoder-decoder", {}),
    "marian": ("MarianMTModel", transformers.MarianConfig(**BART, pad_token_id=49, eos_token_id=0, decoder_start_token_id=49, forced_eos_token_id=0, scale_embedding=True, activation_function="swish"), "encoder-decoder", dict(bad_words_ids=[[49]])),
    "bert_untied": ("BertForMaskedLM", transformers.BertConfig(**TEXT, tie_word_embeddings=False), "encoder", {}),
    "camembert_body": ("CamembertModel", transformers.CamembertConfig(**TEXT, type_vocab_size=1), "encoder", {}),
    "bart_untied": ("BartForConditionalGeneration", transformers.BartConfig(**BART, tie_word_embeddings=False), "encoder-decoder", {}),
    "marian_two": ("MarianMTModel", transformers.MarianConfig(**BART, pad_token_id=49, eos_token_id=0, decoder_start_token_id=49, share_encoder_decoder_embeddings=False, decoder_vocab_size=VOCABULARY + 3), "encoder-decoder", {}),
    "vit_pooled": ("ViTModel", transformers.ViTConfig(**VIT, pooler_output_size=10, pooler_act="relu"), "picture", {}),
    "vit_gpt2": ("VisionEncoderDecoderModel", picture_to_text(), "picture to text", dict(decoder_start_token_id=1, pad_token_id=0, eos_token_id=2)),
}

SEARCHES = {
    "greedy": dict(max_new_tokens=8, num_beams=1),
    "beam4": dict(max_new_tokens=8, num_beams=4, num_return_sequences=4),
    "beam4_early": dict(max_new_tokens=8, num_beams=4, num_return_sequences=2, eos_token_id=7, early_stopping=True, length_penalty=0.5),
}


def drawn(name, config, generation):
    torch.manual_seed(len(name))
    model = getattr(transformers, FAMILIES[name][0])(config).eval()
    with torch.no_grad():
        for key, parameter in model.named_parameters():
            # Marian's sinusoids are in no file.
            if "embed_positions" not in key or "marian" not in name:
                parameter.add_(torch.randn_like(parameter) * 0.2)
    model.tie_weights()
    model.set_attn_implementation("eager")
    for key, value in generation.items():
        setattr(model.generation_config, key, value)
    return model


def inputs_of(kind, config):
    """Inputs by run, and those of generate()."""
    if kind == "picture":
        return {"batch": dict(pixel_values=torch.randn(2, 3, 8, 8))}, None
    if kind == "picture to text":
        pixels = torch.randn(3, 3, 8, 8)
        ids = torch.randint(FIRST, VOCABULARY, (3, 6))
        return {"batch": dict(pixel_values=pixels, decoder_input_ids=ids)}, dict(pixel_values=pixels)
    pad = config.pad_token_id if config.pad_token_id is not None else 0
    ids = torch.randint(FIRST, VOCABULARY - 1, (len(LENGTHS), max(LENGTHS)))
    right = torch.stack([(torch.arange(max(LENGTHS)) < length).long() for length in LENGTHS])
    padded = lambda ids, mask: torch.where(mask == 1, ids, torch.full_like(ids, pad))
    batch = dict(input_ids=padded(ids, right), attention_mask=right)
    if kind == "encoder":
        return {"batch": batch}, None
    if kind == "encoder-decoder":
        target = torch.randint(FIRST, VOCABULARY - 1, (3, 7))
        mask = right[:, :7]
        return {"batch": dict(batch, decoder_input_ids=padded(target, mask), decoder_attention_mask=mask)}, batch
    left = right.flip(1)
    at_left = dict(input_ids=padded(ids, left), attention_mask=left)
    positions = (left.cumsum(1) - 1).clamp(min=0) * left
    return {"right": batch, "left": dict(at_left, position_ids=positions)}, at_left


def main():
    for name in sys.argv[1:] or FAMILIES:
        kind_of_model, config, kind, generation = FAMILIES[name]
        folder = HERE / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        model = drawn(name, config, generation)
        model.save_pretrained(folder)
        tensors, runs, generate = {}, {}, {}

        def plain(inputs):
            """Lists of integers; pictures by name."""
            if "pixel_values" in inputs:
                tensors["pixel_values"] = inputs["pixel_values"]
            return {key: key if key == "pixel_values" else value.tolist() for key, value in inputs.items()}

        given, prompts = inputs_of(kind, config)
        with torch.no_grad():
            for run, inputs in given.items():
                runs[run] = dict(inputs=plain(inputs))
                for key, value in model(**inputs, output_attentions=True, output_hidden_states=True).items():
                    for n, tensor in enumerate(value if isinstance(value, tuple) else ()):
                        tensors[f"{run}.{key}.{n}"] = tensor.contiguous().clone()
                    if torch.is_tensor(value):
                        tensors[f"{run}.{key}"] = value.contiguous().clone()
            if prompts is not None and model.can_generate():
                for search, arguments in SEARCHES.items():
                    found = model.generate(**prompts, **arguments, do_sample=False, return_dict_in_generate=True, output_scores=True)
                    generate[search] = dict(args=dict(plain(prompts), **arguments), sequences=found.sequences.tolist())
                    if arguments["num_beams"] > 1:
                        generate[search]["sequences_scores"] = found.sequences_scores.tolist()
        save_file(tensors, folder / "expected.safetensors")
        expected = dict(family=name, **{"class": kind_of_model}, runs=runs, generate=generate)
        (folder / "expected.json").write_text(json.dumps(expected) + "\n")
        (folder / "README.md").unlink(missing_ok=True)


main()
