import { decodeSafetensors, encodeSafetensors } from '@heed/formats';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { BACKENDS, useBackend } from '../test/backends.js';
import { configOf, filesIn, folderOf } from '../test/folders.js';
import { ARCHITECTURES } from './families/index.js';
import { loadPretrained, type LoadPretrainedOptions } from './load-pretrained.js';
import type { Inputs } from './networks/network.js';
import { loadPretrainedFolder } from './node.js';

useBackend(BACKENDS[1]!);

const weightsOf = (name: string) => decodeSafetensors(filesIn(name)['model.safetensors']!).tensors;

describe('loadPretrained', () => {
  it('reads files in memory, dropped files and a folder alike', async () => {
    const files = filesIn('bert');
    const blobs = Object.fromEntries(
      Object.entries(files).map(([name, bytes]) => [name, new Blob([new Uint8Array(bytes)])]),
    );
    const ids = [[2, 68, 4, 85, 98, 241, 51, 3]];
    const rows: (readonly number[])[] = [];
    for (const load of [
      () => loadPretrained(files),
      () => loadPretrained(blobs),
      () => loadPretrainedFolder(folderOf('bert')),
    ]) {
      const model = await load();
      const { logits, lastHiddenState } = model.run({ inputIds: ids });
      rows.push(Array.from(logits!.dataSync()));
      tf.dispose([logits!, lastHiddenState!]);
      model.dispose();
    }
    expect(rows[1]).toEqual(rows[0]);
    expect(rows[2]).toEqual(rows[0]);
  });

  it('keeps names and shapes of the file, and says what it has no use for', async () => {
    const model = await loadPretrained(filesIn('bert_names/old_names'));
    expect(Object.keys(model.parameters)).toContain('bert.encoder.layer.0.attention.output.LayerNorm.gamma');
    expect(model.unused).toContain('cls.seq_relationship.weight');
    expect(model.architecture).toBe('BertForMaskedLM');
    model.dispose();
    expect(() => model.parameters).toThrow(expect.objectContaining({ code: 'DISPOSED' }));
  });

  it('reads nothing but headers of a model that is too large', async () => {
    let read = 0;
    const bytes = filesIn('gpt2')['model.safetensors']!;
    const watched = {
      size: bytes.length,
      async read(start: number, end: number) {
        read += end - start;
        return bytes.subarray(start, end);
      },
    };
    await expect(
      loadPretrained({ ...filesIn('gpt2'), 'model.safetensors': watched }, { maxBytes: 1000 }),
    ).rejects.toThrow(expect.objectContaining({ code: 'FILE_TOO_LARGE' }));
    expect(read).toBeLessThan(5000);
  });

  it.each(['bert', 'gpt2', 'llama', 'gpt_oss'])('gradients reach every weight of %s', async (name) => {
    const model = await loadPretrained(filesIn(name), { trainable: true });
    const inputIds = [
      [5, 6, 7, 8, 9, 10],
      [11, 12, 13, 14, 15, 16],
    ];
    const variables = Object.values(model.parameters) as tf.Variable[];
    const loss = () => tf.tidy(() => tf.mean(tf.square(model.run({ inputIds }).logits!)) as tf.Scalar);
    const { value, grads } = tf.variableGrads(loss, variables);
    for (const [key, parameter] of Object.entries(model.parameters)) {
      const gradient = grads[(parameter as tf.Variable).name]!;
      // A softmax is the same whatever its keys are moved by; segments past the first weren't there.
      const isFree = /(key|k_proj)\.bias$/.test(key);
      expect([key, isFree || tf.tidy(() => tf.max(tf.abs(gradient)).dataSync()[0]!) > 0]).toEqual([key, true]);
    }
    const moved = variables[3]!;
    const step = 1e-2;
    const direction = grads[moved.name]!;
    const slope = tf.tidy(() => tf.sum(tf.square(direction)).dataSync()[0]!);
    const at = (factor: number): number =>
      tf.tidy(() => {
        moved.assign(tf.add(moved, tf.mul(direction, factor)));
        return loss().dataSync()[0]!;
      });
    const scaled = step / Math.sqrt(slope);
    const difference = at(scaled) - at(-2 * scaled);
    expect(difference / (2 * step * Math.sqrt(slope))).toBeCloseTo(1, 1);
    tf.dispose([value, grads]);
    model.dispose();
  });

  it('models disposed of leave nothing', async () => {
    const before = tf.memory().numTensors;
    const model = await loadPretrained(filesIn('gpt2'));
    const outputs = model.run({ inputIds: [[1, 2, 3]] }, { attentions: true, hiddenStates: true });
    expect(outputs.attentions).toHaveLength(2);
    tf.dispose({ ...outputs } as tf.TensorContainer);
    model.dispose();
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

type Case = [
  what: string,
  files: () => Record<string, Uint8Array>,
  code: string,
  message: RegExp,
  LoadPretrainedOptions?,
];

const CASES: readonly Case[] = [
  ['no config.json', () => filesIn('bert', { 'config.json': undefined }), 'FILE_ACCESS', /there is no config\.json/],
  ['broken JSON', () => filesIn('bert', { 'config.json': '{"a"' }), 'FILE_INVALID', /config\.json is not JSON/],
  [
    'an unknown architecture',
    () => filesIn('bert', { 'config.json': configOf('bert', { architectures: ['ReformerModel'] }) }),
    'UNKNOWN_NAME',
    new RegExp(ARCHITECTURES.join(', ')),
  ],
  [
    'an unknown activation',
    () => filesIn('bert', { 'config.json': configOf('bert', { hidden_act: 'mish' }) }),
    'UNKNOWN_NAME',
    /no activation "mish".*gelu/s,
  ],
  [
    'a missing field',
    () => filesIn('bert', { 'config.json': configOf('bert', { hidden_size: undefined }) }),
    'CONFIG_INVALID',
    /hidden_size is missing/,
  ],
  [
    'a decoder of a kind that is none',
    () => filesIn('bert', { 'config.json': configOf('bert', { is_decoder: true }) }),
    'CONFIG_INVALID',
    /is_decoder/,
  ],
  [
    'another scaling of positions',
    () => filesIn('llama', { 'config.json': configOf('llama', { rope_parameters: { rope_type: 'longrope' } }) }),
    'UNKNOWN_NAME',
    /"longrope".*yarn/s,
  ],
  [
    'pickled weights',
    () => filesIn('bert', { 'model.safetensors': undefined, 'pytorch_model.bin': 'PK' }),
    'FILE_ACCESS',
    /pytorch_model\.bin.*save_pretrained/s,
  ],
  [
    'fewer layers than the file has',
    () => filesIn('gpt2', { 'config.json': configOf('gpt2', { n_layer: 1 }) }),
    'CHECKPOINT_INVALID',
    /has h\.1\..*no place/,
  ],
  [
    'more layers than the file has',
    () => filesIn('gpt2', { 'config.json': configOf('gpt2', { n_layer: 3 }) }),
    'CHECKPOINT_INVALID',
    /has no h\.2\./,
  ],
  [
    'another width',
    () => filesIn('llama', { 'config.json': configOf('llama', { intermediate_size: 65 }) }),
    'SHAPE_MISMATCH',
    /gate_proj\.weight is \[64,32\] in the file, and \[65,32\]/,
  ],
  [
    'a shard that is not there',
    () => filesIn('bert_variants/sharded', { 'model-00002-of-00004.safetensors': undefined }),
    'FILE_ACCESS',
    /model-00002-of-00004/,
  ],
  [
    'a weight that is no number',
    () => {
      const tensors = weightsOf('gpt2');
      tensors['transformer.ln_f.bias']!.data[2] = Number.NaN;
      return filesIn('gpt2', { 'model.safetensors': encodeSafetensors(tensors) });
    },
    'NOT_FINITE',
    /ln_f\.bias holds NaN at flat index 2/,
  ],
  [
    'an unknown part of a tokenizer',
    () => filesIn('bert', { 'tokenizer.json': JSON.stringify({ post_processor: { type: 'Foo' }, model: {} }) }),
    'FILE_INVALID',
    /post_processor.*TemplateProcessing/s,
  ],
  [
    'an unknown model of a tokenizer',
    () =>
      filesIn('bert', {
        'tokenizer.json': new TextDecoder().decode(filesIn('bert')['tokenizer.json']!).replace('"WordPiece"', '"Foo"'),
      }),
    'FILE_INVALID',
    /tokenizer\.json can't be used/,
  ],
  ['an option that there is not', () => filesIn('bert'), 'UNKNOWN_OPTION', /trainble/, { trainble: true } as object],
];

describe('loadPretrained refuses, and leaves nothing', () => {
  it.each(CASES)('%s', async (_, files, code, message, options = {}) => {
    const before = tf.memory().numTensors;
    await expect(loadPretrained(files(), options)).rejects.toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) as string }),
    );
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('run refuses', () => {
  const CALLS: readonly [string, Inputs, string][] = [
    ['no ids', {}, 'INVALID_ARGUMENT'],
    ['ids past the vocabulary', { inputIds: [[320]] }, 'INVALID_ARGUMENT'],
    ['fractions', { inputIds: [[1.5]] }, 'INVALID_ARGUMENT'],
    ['rows of several lengths', { inputIds: [[1, 2], [1]] }, 'SHAPE_MISMATCH'],
    ['a mask of another length', { inputIds: [[1, 2]], attentionMask: [[1]] }, 'SHAPE_MISMATCH'],
    ['a mask that is none', { inputIds: [[1, 2]], attentionMask: [[1, 2]] }, 'INVALID_ARGUMENT'],
    ['segments past the last', { inputIds: [[1, 2]], tokenTypeIds: [[0, 2]] }, 'INVALID_ARGUMENT'],
    ['more positions than there are', { inputIds: [Array.from({ length: 65 }, () => 1)] }, 'INVALID_ARGUMENT'],
    ['inputs that the model has not', { inputIds: [[1]], pixels: [[1]] } as Inputs, 'UNKNOWN_OPTION'],
  ];

  it('what the model has no place for, and leaves nothing', async () => {
    const model = await loadPretrained(filesIn('bert'));
    const before = tf.memory().numTensors;
    for (const [what, inputs, code] of CALLS) {
      expect(() => model.run(inputs), what).toThrow(expect.objectContaining({ code }));
    }
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
    expect(() => model.run({ inputIds: [[1]] })).toThrow(expect.objectContaining({ code: 'DISPOSED' }));
  });
});
