import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, it } from 'vitest';
import { numbers } from '../test/cpu-engine.js';
import {
  OPS,
  alibi,
  both,
  causal,
  dense,
  explain,
  padding,
  relativePosition,
  segments,
  selectBackend,
  sumOf,
  type AttentionBackend,
  type Declaration,
  type Normalizer,
  type SelectedBackend,
} from './index.js';

const q = numbers([2, 1, 4, 3]);
const plain = { op: 'dotProductAttention', query: q, key: q, value: q } as const;

/** Kernels that compute nothing: these tests ask for the path alone. */
const passes = { forward: () => ({}) as never, backward: () => ({}) as never };

let selected: SelectedBackend | undefined;
afterEach(() => selected?.dispose());

async function select(takes: Declaration, changes: Partial<AttentionBackend> = {}): Promise<void> {
  const kernels = { dotProductAttention: passes, weightedContext: passes };
  const dispose = (): Promise<void> => Promise.resolve();
  const capabilities = {} as AttentionBackend['capabilities'];
  const backend = {
    specVersion: 1,
    name: 'half',
    engine: 'cpu',
    capabilities,
    kernels,
    takes,
    dispose,
    ...changes,
  } as const;
  selected = await selectBackend({
    name: 'half',
    unavailableReasons: async () => [],
    create: async () => backend,
  });
}

describe('what a backend does not declare runs composed, and core says why', () => {
  it('an op without kernels', async () => {
    await select({});
    expect(explain(plain)).toMatchObject({ path: 'fused', reasons: [] });
    const [query, vector] = [numbers([2, 4, 3]), numbers([3])];
    expect(explain({ op: 'additiveAttention', query, key: query, vector, value: query })).toMatchObject({
      path: 'composed',
      reasons: ['half has no kernels for additiveAttention'],
    });
  });

  it('parts of masks', async () => {
    const mask = both(
      causal(),
      padding([4, 2]),
      segments([
        [0, 0, 1, 1],
        [0, 0, 0, 0],
      ]),
      dense(tf.ones([4, 4], 'bool')),
    );
    await select({ masks: ['band', 'segments'] });
    expect(explain({ ...plain, mask: causal() }).path).toBe('fused');
    expect(explain({ ...plain, mask }).reasons).toEqual([
      "half doesn't take the mask part 'lengths'",
      "half doesn't take the mask part 'dense'",
    ]);
    await select({ masks: ['band', 'lengths', 'segments', 'dense'] });
    expect(explain({ ...plain, mask }).path).toBe('fused');
  });

  it('parts of biases', async () => {
    const bias = sumOf(alibi(), relativePosition(tf.zeros([1, 5])), dense(tf.zeros([4, 4])));
    await select({ biases: ['alibi'] });
    expect(explain({ ...plain, bias }).reasons).toEqual([
      "half doesn't take the bias part 'dense'",
      "half doesn't take the bias part 'relative'",
    ]);
  });

  it('normalisers', async () => {
    await select({ normalizers: ['softmax'] });
    const reasons = (normalizer: Normalizer) =>
      explain({ op: 'weightedContext', scores: q, value: tf.zeros([2, 1, 3, 5]), normalizer }).reasons;
    expect(reasons('softmax')).toEqual([]);
    expect(reasons('entmax15')).toEqual(["half doesn't take the normalizer 'entmax15'"]);
  });

  it('options', async () => {
    const asking = { ...plain, softCap: 2, dropout: { rate: 0.5, seed: 1 }, returnWeights: true };
    await select({ options: ['dropout'] });
    expect(explain(asking).reasons).toEqual([
      "half doesn't take the option 'softCap'",
      "half doesn't take the option 'returnWeights'",
    ]);
  });

  it('sizes above a limit, which is inclusive', async () => {
    await select({ limits: { width: 3, keys: 3 } });
    expect(explain(plain).reasons).toEqual(['half takes keys up to 3, not 4']);
  });

  it('and what only the backend knows, which is asked of declared requests alone', async () => {
    const asked: string[] = [];
    const unsupportedReasons: AttentionBackend['unsupportedReasons'] = ({ op, batch }) => {
      asked.push(op);
      return batch > 1 ? ['no room for two'] : [];
    };
    await select({}, { unsupportedReasons });
    expect(explain({ ...plain, softCap: 2 }).reasons).toHaveLength(1);
    expect(asked).toEqual([]);
    expect(explain(plain)).toMatchObject({ path: 'composed', reasons: ['no room for two'] });
    expect(asked).toEqual(['dotProductAttention']);
  });
});

describe('every op', () => {
  it.each(Object.values(OPS))(
    '$name has kernels of its own name, and a context first',
    ({ name, kernelName, outputs }) => {
      expect(kernelName).toBe(`Heed${name[0].toUpperCase()}${name.slice(1)}`);
      expect(Object.keys(outputs)[0]).toBe('context');
    },
  );
});
