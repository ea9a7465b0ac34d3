import { createMechanism, type AttentionMechanism, type AttentionState } from '@heed/attention';
import * as tf from '@tensorflow/tfjs-core';
import { cannot, numberIn, type Mapped, type NamedTensors } from '../mapping.js';
import { tensorsOf, type VectorCase } from '../vector-case.js';

/** How the cases of a mechanism of decoders are computed by one of Heed's own. */
export interface Decoding {
  /** Kind and options; the widths are added. */
  readonly config: object;
  /** Options of the case that are read for that, beside sizes. */
  readonly options?: readonly string[];
  /** Names of the state that the case expects as they are after the last step. */
  readonly states?: readonly string[];
  /** Names of the state that the case expects as they are after each step. */
  readonly eachStep?: readonly string[];
  /** What `parts` has between scores and weights, by the names of the case's outputs. */
  readonly between?: Readonly<Record<string, string>>;
  /** A state that the case has no tensor for, made of an option. */
  readonly start?: AttentionState;
  /** An input that is joined to the query's features. */
  readonly besideQuery?: string;
  /** Outputs of each step, [B, T, …], that are made of the others and of what each step was told. */
  readonly more?: Readonly<Record<string, (seen: Seen) => tf.Tensor>>;
  /** Outputs that are the same for all steps, [B, …]. */
  readonly once?: Readonly<Record<string, (seen: Seen) => tf.Tensor>>;
}

export interface Seen {
  /** [B, T, S] */
  readonly weights: tf.Tensor3D;
  /** States before each step, [B, T, …]. */
  readonly told: NamedTensors;
  /** What stands between scores and weights. */
  readonly between: NamedTensors;
  /** The memory as it is compared, [B, S, …]. */
  readonly keys: tf.Tensor3D;
  readonly lengths: tf.Tensor1D | undefined;
}

const SIZES: ReadonlySet<string> = new Set([
  'batch',
  'steps',
  'keys',
  'queryWidth',
  'memoryWidth',
  'units',
  'lengths',
  'drawn',
]);
/** Begins the names of states that are handed over from one piece to the next, where the case has them of each step. */
const HANDED = 'handed.';

/**
 * A mechanism with the case's parameters, all steps at once. What the case says and isn't read is a failure.
 */
export function mapDecoding(test: VectorCase, decoding: Decoding): Mapped {
  const { options = [], states = [], eachStep = [], between = {}, more = {}, besideQuery } = decoding;
  const unknown = Object.keys(test.options).find((name) => !SIZES.has(name) && !options.includes(name));
  if (unknown !== undefined) cannot(test, `option ${unknown} is unknown`);
  const { mechanism, variables } = build(test, decoding);
  const outputs = Object.keys(tensorsOf(test, 'out'));
  const handed = [...states, ...eachStep.map((name) => `${HANDED}${name}`)];
  const perStep = ['weights', 'context', ...eachStep, ...Object.keys(between), ...Object.keys(more)];
  const extra = Object.keys(decoding.start ?? {}).map((name) => `${HANDED}${name}`);
  const { path, reasons } = explained(mechanism, test, besideQuery);
  return {
    run: (inputs) => decode(mechanism, decoding, inputs),
    variables,
    carried: {
      steps: numberIn(test, 'steps'),
      inputs: { query: 1, ...(besideQuery !== undefined && { [besideQuery]: 1 }) },
      outputs: Object.fromEntries(perStep.filter((name) => outputs.includes(name)).map((name) => [name, 1])),
      states: [...handed, ...extra],
    },
    path,
    reasons,
    dispose() {
      mechanism.dispose();
      tf.dispose({ ...decoding.start });
    },
  };
}

function build(
  test: VectorCase,
  { config }: Decoding,
): { readonly mechanism: AttentionMechanism; readonly variables: NamedTensors } {
  const full = {
    queryWidth: numberIn(test, 'queryWidth'),
    memoryWidth: numberIn(test, 'memoryWidth'),
    seed: 0,
    ...config,
  };
  const names = Object.entries(tensorsOf(test, 'param'));
  const values = Object.fromEntries(
    names.map(([name, { data, shape }]) => [keyOf(name), tf.tensor(Float32Array.from(data), shaped(name, shape))]),
  );
  try {
    const mechanism = createMechanism(full, values);
    return {
      mechanism,
      variables: Object.fromEntries(names.map(([name]) => [name, mechanism.parameters[keyOf(name)]!])),
    };
  } finally {
    tf.dispose(values);
  }
}

/** Whether the case's energies have a bias. */
export const hasBias = ({ tensors }: VectorCase): boolean => 'param/bias' in tensors;

/** queryKernel → query_kernel, chunkV → chunk_vector. */
const keyOf = (name: string): string =>
  name
    .replace(/^v$/, 'vector')
    .replace(/V$/, 'Vector')
    .replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** A coverage of one number has a kernel [U] in the cases, and [1, U] in Heed. */
const shaped = (name: string, shape: readonly number[]): number[] =>
  name === 'coverageKernel' && shape.length === 1 ? [1, ...shape] : [...shape];

function decode(mechanism: AttentionMechanism, decoding: Decoding, inputs: NamedTensors): NamedTensors {
  const { states = [], eachStep = [], between = {}, more = {}, once = {}, start = {}, besideQuery } = decoding;
  const memory = inputs['memory'] as tf.Tensor3D;
  const lengths = inputs['lengths'] as tf.Tensor1D | undefined;
  const beside = besideQuery === undefined ? undefined : inputs[besideQuery];
  const query = beside === undefined ? inputs['query']! : tf.concat([inputs['query']!, beside], 2);
  const prepared = mechanism.prepare(memory, lengths && { lengths });
  const given = Object.fromEntries(
    [...states, ...eachStep, ...Object.keys(start)].flatMap((name) => {
      const before = inputs[`${HANDED}${name}0`] ?? inputs[`${name}0`] ?? start[name];
      return before === undefined ? [] : [[name, tf.cast(before, 'float32')] as const];
    }),
  );
  const state = mechanism.keepsState ? mechanism.initialState(prepared, given) : undefined;
  const seen = mechanism.attend(query as tf.Tensor3D, prepared, { state, returnWeights: true });
  const parts = mechanism.parts(query, prepared, { state });
  const last = seen.state ?? {};
  const all: Seen = {
    weights: seen.weights as tf.Tensor3D,
    told: parts.states,
    between: parts.between,
    keys: parts.keys as tf.Tensor3D,
    lengths,
  };
  return {
    context: seen.context,
    weights: seen.weights,
    ...Object.fromEntries(states.map((name) => [name, last[name]!])),
    ...Object.fromEntries(eachStep.map((name) => [name, afterEach(parts.states[name]!, last[name]!)])),
    ...Object.fromEntries([...eachStep, ...Object.keys(start)].map((name) => [`${HANDED}${name}`, last[name]!])),
    ...Object.fromEntries(Object.entries(between).map(([name, part]) => [name, parts.between[part]!])),
    ...Object.fromEntries(Object.entries({ ...more, ...once }).map(([name, of]) => [name, of(all)])),
  };
}

/** States before each step and after the last one → after each step, [B, T, …]. */
function afterEach(told: tf.Tensor, last: tf.Tensor): tf.Tensor {
  const begin = told.shape.map((_, axis) => (axis === 1 ? 1 : 0));
  const size = told.shape.map((length, axis) => (axis === 1 ? length - 1 : length));
  return tf.concat([tf.slice(told, begin, size), tf.expandDims(last, 1)], 1);
}

function explained(
  mechanism: AttentionMechanism,
  test: VectorCase,
  besideQuery: string | undefined,
): Pick<Mapped, 'path' | 'reasons'> {
  let found: Pick<Mapped, 'path' | 'reasons'> | undefined;
  tf.tidy(() => {
    const tensor = (name: string): tf.Tensor3D => {
      const { data, shape } = test.tensors[name] ?? cannot(test, `${name} is missing`);
      return tf.tensor(Float32Array.from(data), shape as [number, number, number]);
    };
    const query = tensor('in/query');
    const whole = besideQuery === undefined ? query : tf.concat([query, tensor(`in/${besideQuery}`)], 2);
    found = mechanism.explain(whole, mechanism.prepare(tensor('in/memory')));
  });
  return found!;
}
