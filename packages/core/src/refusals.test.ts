import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { expectError, numbers, useComposedCpu, values } from '../test/cpu-engine.js';
import {
  HeedError,
  additiveAttention,
  alibi,
  both,
  causal,
  composed,
  dense,
  dotProductAttention,
  explain,
  materialize,
  padding,
  relativePosition,
  segments,
  selectBackend,
  slidingWindow,
  weightedContext,
  type BackendFactory,
  type Mask,
} from './index.js';

useComposedCpu();

const q = numbers([1, 2, 3, 4]);
/** A call as somebody without types would make it. */
const attend = (options: unknown) => dotProductAttention(q, q, q, options as object);

describe('an option that does not exist is refused, with the one that was meant', () => {
  it.each([
    [{ casual: true }, 'causal'],
    [{ isCausal: true }, 'causal'],
    [{ is_causal: true }, 'causal'],
    [{ attn_mask: causal() }, 'mask'],
    [{ softcap: 2 }, 'softCap'],
    [{ dropoutRate: 0.1 }, 'dropout'],
    [{ returnWeight: true }, 'returnWeights'],
  ])('dotProductAttention(q, k, v, %j): %s', (options, nearest) => {
    const error = expectError('UNKNOWN_OPTION', () => attend(options));
    expect(error.message).toContain(`there is no option '${Object.keys(options)[0]}'`);
    expect(error.hint).toContain(`did you mean '${nearest}'?`);
  });

  it('slidingWindow({ before: 1 }) hears of left and right', () => {
    const error = expectError('UNKNOWN_OPTION', () => slidingWindow({ before: 1 } as object));
    expect(error.hint).toBe('the options are left, right, align, offset');
  });

  it.each<[string, () => unknown]>([
    [
      'additiveAttention',
      () =>
        additiveAttention(numbers([1, 2, 3]), numbers([1, 2, 3]), numbers([3]), numbers([1, 2, 3]), {
          scale: 1,
        } as object),
    ],
    ['weightedContext', () => weightedContext(numbers([2, 2]), numbers([2, 2]), { normaliser: 'hard' } as object)],
    ['causal option', () => attend({ causal: { alignment: 'top-left' } })],
    ['dropout', () => attend({ dropout: { p: 0.1, seed: 1 } })],
    ['causal()', () => causal({ align_: 'top-left' } as object)],
    ['alibi()', () => alibi({ slope: [1] } as object)],
    ['relativePosition()', () => relativePosition(numbers([1, 3]), { ofset: 1 } as object)],
    ['dense()', () => dense(q, { axis: 'bqk' } as object)],
    ['composed()', () => composed({ engine: 'cpu', loader: undefined } as never)],
    ['a mask by hand', () => attend({ mask: { kind: 'padding', length: [1] } })],
    ['a mask by hand, in both()', () => attend({ mask: both({ kind: 'causal', ofset: 1 } as never) })],
    ['a bias by hand', () => attend({ bias: { kind: 'alibi', slope: [1] } })],
    ['explain()', () => explain({ op: 'dotProductAttention', query: q, key: q, value: q, casual: true } as never)],
  ])('%s', (_, call) => {
    expect(expectError('UNKNOWN_OPTION', call).hint).toBeTruthy();
  });

  it('what Object itself has is no option, and undefined counts as left out', () => {
    expectError('UNKNOWN_OPTION', () => attend({ toString: true }));
    expectError('UNKNOWN_OPTION', () => attend({ constructor: 1 }));
    expect(values(attend({ causal: undefined, mask: undefined }).context)).toEqual(values(attend({}).context));
  });

  it('a mask in place of the options is told', () => {
    const error = expectError('INVALID_ARGUMENT', () => attend(tf.ones([3, 3], 'bool')));
    expect(error.message).toContain('the options are a tensor [3,3]');
    expectError('UNKNOWN_OPTION', () => attend(causal()));
    for (const options of [null, 3, 'causal', [], true]) expectError('INVALID_ARGUMENT', () => attend(options));
  });
});

describe('a value of another kind is refused', () => {
  it.each([0, 1, NaN, '', 'true', null, []])('causal: %j', (option) => {
    expect(expectError('INVALID_ARGUMENT', () => attend({ causal: option })).message).toContain('causal');
  });

  it.each(['mask', 'bias', 'scale', 'softCap', 'dropout', 'returnWeights', 'returnLogSumExp'])('%s: null', (name) => {
    const error = expectError('INVALID_ARGUMENT', () => attend({ [name]: null }));
    expect(error.message).toBe(
      `dotProductAttention: ${name} is null. Hint: leave ${name} out, or give it undefined, for its default`,
    );
  });

  it('null within masks, alignments and dropout', () => {
    expectError('INVALID_ARGUMENT', () => causal({ offset: null } as never));
    expectError('INVALID_ARGUMENT', () => slidingWindow({ left: null } as never));
    expectError('INVALID_ARGUMENT', () => attend({ dropout: { rate: 0.1, seed: null } }));
    expectError('INVALID_ARGUMENT', () => attend({ mask: both(null as never) }));
  });

  it('dropout: 0.1 hears what is wanted', () => {
    const error = expectError('INVALID_ARGUMENT', () => attend({ dropout: 0.1 }));
    expect(error.hint).toContain('{ rate: 0.1, seed: 1 }');
    expect(expectError('INVALID_ARGUMENT', () => attend({ dropout: { rate: 0.1 } })).message).toContain(
      'seed is undefined',
    );
  });

  it.each<[string, unknown]>([
    ['returnWeights: 1', { returnWeights: 1 }],
    ['returnLogSumExp: "yes"', { returnLogSumExp: 'yes' }],
    ['scale: "1"', { scale: '1' }],
    ['softCap: true', { softCap: true }],
    ['mask: 0', { mask: 0 }],
    ['mask: ""', { mask: '' }],
    ['bias: false', { bias: false }],
    ['a function for a mask', { mask: causal }],
  ])('%s', (_, options) => {
    expectError('INVALID_ARGUMENT', () => attend(options));
  });

  it.each<[string, () => unknown]>([
    ['padding(3)', () => padding(3 as never)],
    ['padding(undefined)', () => padding(undefined as never)],
    ['padding("12")', () => padding('12' as never)],
    ['segments(3)', () => segments(3 as never)],
    ['segments of flat ids', () => segments([0, 0, 1] as never)],
    [
      'causal({ offset: "1" })',
      () => materialize(causal({ offset: '1' } as never), { batch: 1, heads: 1, queries: 3, keys: 3 }),
    ],
    ['alibi({ slopes: 1 })', () => alibi({ slopes: 1 } as never)],
    ['dense([[1]])', () => dense([[1]] as never)],
    ['relativePosition([[1]])', () => relativePosition([[1]] as never)],
    ['lengths that padding() did not make', () => attend({ mask: { kind: 'padding', lengths: [3] } })],
    ['ids that segments() did not make', () => attend({ mask: { kind: 'segments', query: [[0]], key: [[0]] } })],
    ['a window by hand', () => attend({ mask: { kind: 'slidingWindow', left: 1 } })],
    ['both without a list', () => attend({ mask: { kind: 'both', masks: causal() } })],
    ['a sum without a list', () => attend({ bias: { kind: 'sum', biases: alibi() } })],
  ])('%s', (_, call) => {
    expectError('INVALID_ARGUMENT', call);
  });
});

describe('a tensor that is gone is refused by its name', () => {
  const gone = (shape: number[], dtype: 'float32' | 'bool' | 'int32' = 'float32'): tf.Tensor => {
    const tensor = tf.zeros(shape, dtype);
    tensor.dispose();
    return tensor;
  };
  const u = numbers([1, 2, 3]);
  const maskOfGone = (): Mask => {
    const tensor = tf.ones([3, 3], 'bool');
    const mask = dense(tensor);
    tensor.dispose();
    return mask;
  };

  it.each<[string, () => unknown]>([
    ['query', () => dotProductAttention(gone([1, 2, 3, 4]), q, q)],
    ['key', () => dotProductAttention(q, gone([1, 2, 3, 4]), q)],
    ['value', () => dotProductAttention(q, q, gone([1, 2, 3, 4]))],
    ['mask', () => attend({ mask: gone([3, 3], 'bool') })],
    ['mask', () => attend({ mask: maskOfGone() })],
    ['mask', () => materialize(maskOfGone(), { batch: 1, heads: 1, queries: 3, keys: 3 })],
    ['bias', () => attend({ bias: gone([3, 3]) })],
    ['table', () => relativePosition(gone([2, 3]))],
    ['dense', () => dense(gone([3, 3], 'bool'))],
    ['lengths', () => padding(gone([1], 'int32'))],
    ['query ids', () => segments(gone([1, 3], 'int32'))],
    ['vector', () => additiveAttention(u, u, gone([3]), u)],
    ['scores', () => weightedContext(gone([2, 2]), numbers([2, 2]))],
    ['value', () => weightedContext(numbers([2, 2]), gone([2, 2]))],
  ])('%s', (name, call) => {
    const error = expectError('DISPOSED', call);
    expect(error.message).toContain(name);
    expect(error.hint).toContain('tf.tidy');
  });
});

describe('selectBackend says what it was given', () => {
  const given = async (candidates: unknown): Promise<HeedError> => {
    const error = await selectBackend(candidates as BackendFactory).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    if (!HeedError.isInstance(error, 'INVALID_ARGUMENT')) throw error;
    return error;
  };
  function cpu(): BackendFactory {
    return composed({ engine: 'cpu' });
  }

  it('selectBackend(cpu), without the parentheses', async () => {
    const error = await given(cpu);
    expect(error.message).toContain('the candidate is the function cpu');
    expect(error.hint).toContain('cpu()');
  });

  it('selectBackend([cpu, cpu()]) selects none of them', async () => {
    let asked = false;
    const spy = { ...cpu(), unavailableReasons: async () => ((asked = true), []) };
    expect((await given([spy, cpu])).message).toContain('candidate 1 of 2 is the function cpu');
    expect(asked).toBe(false);
  });

  it.each([
    [undefined, 'undefined'],
    [null, 'null'],
    ['cpu', "'cpu'"],
    [{}, 'an object'],
    [[undefined], 'undefined'],
    [Promise.resolve(cpu()), 'an object'],
  ])('selectBackend(%j)', async (candidates, said) => {
    const error = await given(candidates);
    expect(error.message).toContain(said);
    expect(error.hint).toBeTruthy();
  });

  it('selectBackend of a backend that is selected already', async () => {
    const backend = await selectBackend(cpu());
    expect((await given(backend)).message).toContain("the backend 'composed' itself");
  });
});
