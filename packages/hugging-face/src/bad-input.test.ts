import { decodeSafetensors, encodeSafetensors, type NumericArray } from '@heed/formats';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { BACKENDS, useBackend } from '../test/backends.js';
import { configOf, filesIn } from '../test/folders.js';
import { loadPretrained, type LoadPretrainedOptions } from './load-pretrained.js';

useBackend(BACKENDS[1]!);

type Files = Record<string, Uint8Array>;

const json = (name: string, file: string): Record<string, unknown> =>
  JSON.parse(new TextDecoder().decode(filesIn(name)[file]!)) as Record<string, unknown>;

/** A folder whose configuration says something else. */
const configured = (name: string, fields: object) => (): Files =>
  filesIn(name, { 'config.json': configOf(name, { ...fields }) });

/** A folder with another tensor in place of one. */
function withTensor(name: string, tensor: string, change: (before: NumericArray) => NumericArray): Files {
  const { tensors } = decodeSafetensors(filesIn(name)['model.safetensors']!);
  return filesIn(name, { 'model.safetensors': encodeSafetensors({ ...tensors, [tensor]: change(tensors[tensor]!) }) });
}

const holding = (value: number) => (): Files =>
  withTensor('gpt2', 'transformer.ln_f.bias', ({ shape }) => ({
    dtype: 'float32',
    shape,
    data: Float32Array.from({ length: shape[0]! }, (_, n) => (n === 3 ? value : 0)),
  }));

/** A file of one tensor whose header is this. */
function headed(header: object, dataBytes = 8): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  return bytes;
}

const entry = (shape: readonly number[], start: number, end: number) => ({
  dtype: 'F32',
  shape,
  data_offsets: [start, end],
});

const weighted = (weights: Uint8Array) => (): Files => filesIn('gpt2', { 'model.safetensors': weights });

const tokenized = (change: (tokenizer: Record<string, unknown>) => object) => (): Files =>
  filesIn('bert', { 'tokenizer.json': JSON.stringify(change(json('bert', 'tokenizer.json'))) });

const whole = filesIn('gpt2')['model.safetensors']!;

const CASES: readonly [what: string, files: () => Files, code: string, message: RegExp, LoadPretrainedOptions?][] = [
  [
    'a model of more than it may take',
    () => filesIn('gpt2'),
    'FILE_TOO_LARGE',
    /0\.000\d+ GiB .*maxBytes/s,
    { maxBytes: 1e5 },
  ],
  [
    'heads that don’t divide',
    configured('bert', { num_attention_heads: 3 }),
    'CONFIG_INVALID',
    /3 heads of width 10\.66/,
  ],
  ['more heads than width', configured('gpt2', { n_head: 1e9 }), 'CONFIG_INVALID', /1000000000 heads/],
  ['key heads that don’t divide', configured('llama', { num_key_value_heads: 3 }), 'CONFIG_INVALID', /3 of keys/],
  ['a negative width', configured('gpt2', { n_embd: -32 }), 'CONFIG_INVALID', /n_embd is -32/],
  ['half a layer', configured('gpt2', { n_layer: 1.5 }), 'CONFIG_INVALID', /n_layer is 1\.5/],
  ['a billion layers', configured('bert', { num_hidden_layers: 1e9 }), 'CHECKPOINT_INVALID', /thousands more/],
  ['a gigantic width', configured('llama', { hidden_size: 2 ** 31 }), 'SHAPE_MISMATCH', /2147483648/],
  ['a number past all', configured('gpt2', { n_embd: 1e300 }), 'CONFIG_INVALID', /n_embd is 1e\+300/],
  ['a text for a number', configured('llama', { hidden_size: '32' }), 'CONFIG_INVALID', /hidden_size is '32'/],
  ['a negative epsilon', configured('bert', { layer_norm_eps: -1 }), 'CONFIG_INVALID', /layer_norm_eps is -1/],
  ['distances past all', configured('t5', { relative_attention_max_distance: 1e9 }), 'CONFIG_INVALID', /buckets/],
  [
    'more experts chosen than there are',
    configured('gpt_oss', { num_experts_per_tok: 9 }),
    'CONFIG_INVALID',
    /num_experts/,
  ],
  ['NaN', holding(Number.NaN), 'NOT_FINITE', /holds NaN at flat index 3/],
  ['an infinite weight', holding(Number.POSITIVE_INFINITY), 'NOT_FINITE', /holds Infinity at flat index 3/],
  [
    'weights of whole numbers',
    () =>
      withTensor('gpt2', 'transformer.ln_f.bias', ({ shape }) => ({
        dtype: 'int64',
        shape,
        data: new Float64Array(shape[0]!),
      })),
    'DTYPE_UNSUPPORTED',
    /ln_f\.bias is int64/,
  ],
  [
    'a dtype that is none',
    weighted(headed({ a: { ...entry([2], 0, 8), dtype: 'Q4_K' } })),
    'DTYPE_UNSUPPORTED',
    /Q4_K/,
  ],
  ['weights that are cut off', weighted(whole.subarray(0, -100)), 'FILE_INVALID', /lies at bytes/],
  ['a header that is cut off', weighted(whole.subarray(0, 100)), 'FILE_INVALID', /the header claims/],
  ['an empty file of weights', weighted(new Uint8Array(0)), 'FILE_INVALID', /too few/],
  ['a tensor past the end', weighted(headed({ a: entry([2], 8, 16) })), 'FILE_INVALID', /bytes 8 to 16 of 8/],
  [
    'tensors that overlap',
    weighted(headed({ a: entry([2], 0, 8), b: entry([1], 4, 8) })),
    'FILE_INVALID',
    /overlaps the tensor before it/,
  ],
  ['a gigantic count', weighted(headed({ a: entry([2 ** 40, 2 ** 40], 0, 8) })), 'FILE_INVALID', /shape/],
  ['a count that isn’t its bytes’', weighted(headed({ a: entry([1e9], 0, 8) })), 'FILE_INVALID', /has 8 bytes/],
  [
    'pickled weights',
    () => filesIn('bert', { 'model.safetensors': undefined, 'pytorch_model.bin': 'PK' }),
    'FILE_ACCESS',
    /pytorch_model\.bin.*save_pretrained/s,
  ],
  [
    'an index of files elsewhere',
    () =>
      filesIn('gpt2', {
        'model.safetensors': undefined,
        'model.safetensors.index.json': '{"weight_map":{"a":"../b"}}',
      }),
    'FILE_ACCESS',
    /there is no \.\.\/b/,
  ],
  [
    'an index that says what isn’t so',
    () =>
      filesIn('bert_variants/sharded', {
        'model.safetensors.index.json': '{"weight_map":{"a":"model-00001-of-00004.safetensors"}}',
      }),
    'FILE_INVALID',
    /model-00001-of-00004\.safetensors has a, which it has not/,
  ],
  ...['normalizer', 'pre_tokenizer', 'model', 'decoder', 'post_processor'].map((part): (typeof CASES)[number] => [
    `a ${part} that isn’t known`,
    tokenized((tokenizer) => ({ ...tokenizer, [part]: { ...(tokenizer[part] as object), type: 'Foo' } })),
    'FILE_INVALID',
    /tokenizer\.json.*Foo/,
  ]),
  [
    'a tokenizer without words',
    tokenized((t) => ({ ...t, model: { ...(t.model as object), vocab: {} } })),
    'FILE_INVALID',
    /no vocabulary/,
  ],
  [
    'an end that is no number',
    tokenized((tokenizer) => ({
      ...tokenizer,
      post_processor: { type: 'BertProcessing', cls: ['[CLS]', 'x'], sep: ['[SEP]', 3] },
    })),
    'FILE_INVALID',
    /post_processor/,
  ],
];

it.each(CASES)(
  '%s is refused before work is done, and leaves nothing',
  async (_, files, code, message, options = {}) => {
    const before = tf.memory().numTensors;
    await expect(loadPretrained(files(), options)).rejects.toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) as string }),
    );
    expect(tf.memory().numTensors).toBe(before);
  },
);
