import { rotary, unitVectors } from '@heed/attention';
import { explain, linearAttention, type LinearAttentionOptions, type TensorLike } from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { cannot, checkOptions, flagIn, numberIn, type Mapping } from '../mapping.js';
import { tensorsOf, type VectorCase } from '../vector-case.js';
import { axesOf, tensorLike } from './shapes.js';

/** Options that all these cases may have. */
const OPTIONS = ['batch', 'heads', 'kvHeads', 'queries', 'width', 'valueWidth', 'lengths', 'scale'];

/** What a rule adds to linear attention. */
interface Rule {
  readonly options: readonly string[];
  /** Inputs that are options of the op, by the op's names; their axis of steps is 2, as that of queries. */
  readonly inputs: Readonly<Partial<Record<'logDecay' | 'beta', string>>>;
  /** Queries and keys as the rule has them, from the position of the first step on. */
  turn?(x: Tensor, test: VectorCase, first: number): Tensor;
  /** Log decay of each head, when it is no input. */
  decay?(heads: number): number[];
}

const unit: Rule['turn'] = (x, test) => (flagIn(test, 'unitKeys') ? unitVectors(x) : x);

/** Rules of recurrent states, context = scale·Sᵀq, by the names of their mechanisms. */
const RULES = {
  'gated-linear': { options: [], inputs: { logDecay: 'logGate' } },
  'delta-rule': { options: ['unitKeys'], inputs: { beta: 'beta' }, turn: unit },
  'gated-delta-rule': { options: ['unitKeys'], inputs: { logDecay: 'logDecay', beta: 'beta' }, turn: unit },
  retention: {
    options: ['rotary', 'base', 'firstPosition'],
    inputs: {},
    turn: (x, test, first) =>
      flagIn(test, 'rotary')
        ? rotary(x as Tensor4D, { base: numberIn(test, 'base'), layout: 'interleaved', offset: first })
        : x,
    decay: (heads) => Array.from({ length: heads }, (_, h) => Math.log1p(-(2 ** (-5 - h)))),
  },
} as const satisfies Readonly<Record<string, Rule>>;

const mapping =
  (rule: Rule): Mapping =>
  (test) => {
    checkOptions(test, [...OPTIONS, ...rule.options]);
    const [, heads, steps] = axesOf(test, 'k');
    const scale = test.options['scale'] === undefined ? undefined : numberIn(test, 'scale');
    const first = test.options['firstPosition'] === undefined ? 0 : numberIn(test, 'firstPosition');
    const options = <T extends TensorLike>(
      tensors: Readonly<Record<string, T>>,
      decay: (values: number[]) => T,
    ): LinearAttentionOptions<true, false, T> => ({
      ...(scale !== undefined && { scale }),
      returnState: true,
      ...(tensors['state0'] && { initialState: tensors['state0'] }),
      ...Object.fromEntries(Object.entries(rule.inputs).map(([name, input]) => [name, given(test, tensors, input)])),
      ...(rule.decay && { logDecay: decay(rule.decay(heads)) }),
    });
    const { path, reasons } = explain({
      op: 'linearAttention',
      query: tensorLike(test, 'q'),
      key: tensorLike(test, 'k'),
      value: tensorLike(test, 'v'),
      ...options<TensorLike>(
        Object.fromEntries(Object.keys(tensorsOf(test, 'in')).map((name) => [name, tensorLike(test, name)])),
        (values) => ({ shape: [values.length], dtype: 'float32' }),
      ),
    });
    return {
      run: (inputs, _, from) => {
        const { q, k, v, lengths } = inputs;
        const turn = (x: Tensor): Tensor => rule.turn?.(x, test, first + from) ?? x;
        const { context, state } = linearAttention(turn(q!), turn(k!), v!, {
          ...options<Tensor>(inputs, (values) => tf.tensor1d(values)),
          ...(lengths && { lengths: Array.from(lengths.dataSync()) }),
        });
        return { context, state };
      },
      carried: {
        steps,
        inputs: { q: 2, k: 2, v: 2, ...Object.fromEntries(Object.values(rule.inputs).map((name) => [name, 2])) },
        outputs: { context: 2 },
        states: ['state'],
        lengths: 'lengths',
      },
      path,
      reasons,
    };
  };

const given = <T>(test: VectorCase, tensors: Readonly<Record<string, T>>, name: string): T =>
  tensors[name] ?? cannot(test, `in/${name} is missing`);

export const RECURRENT_MAPPINGS: Readonly<Record<string, Mapping>> = Object.fromEntries(
  Object.entries(RULES).map(([name, rule]) => [name, mapping(rule)]),
);
