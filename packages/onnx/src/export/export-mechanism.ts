import {
  restoreState,
  type AttendOptions,
  type AttentionMechanism,
  type AttentionState,
  type PrepareOptions,
  type PreparedMemory,
} from '@heed/attention';
import { HeedError, checkFlag, checkOptions, type OptionNames } from '@heed/core';
import { scan } from '@heed/core/model-ops';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { exportGraph } from './export-graph.js';
import type { ExportOptions, Graph, GraphTensor } from './graph.js';

export interface MechanismExportOptions extends ExportOptions, Pick<AttendOptions, 'alignment' | 'causal'> {
  /** Size of an axis, or the name of a free one: 'batch', 'queries' and 'keys' by default. One name for queries and keys is a text that attends to itself. */
  readonly batch?: number | string;
  readonly queries?: number | string;
  readonly keys?: number | string;
  /** Whether which positions take part is an input, `mask`: bool [batch, keys]. */
  readonly mask?: boolean;
  /** Whether the model is of one query, `query` [batch, Q]; one that keeps a state then takes it as `state/…` and gives `next/…`. */
  readonly step?: boolean;
  /** Name of the model's graph; the mechanism's by default. */
  readonly name?: string;
}

const OPTIONS: OptionNames<MechanismExportOptions> = {
  longest: true,
  shortest: true,
  alignment: true,
  causal: true,
  batch: true,
  queries: true,
  keys: true,
  mask: true,
  step: true,
  name: true,
};

/**
 * The bytes of an ONNX model that attends as a mechanism does, of any kind, also one of your own. Its inputs are `query` [batch, queries, Q],
 * `memory` [batch, keys, M], `key_source` [batch, keys, …] where keys are made of something else than the memory, and `mask` when asked for; its
 * outputs `context` [batch, queries, C] and `weights`, shaped as `attend` gives them. A mechanism that keeps a state is a loop over the queries from
 * its first state on.
 *
 * @throws HeedError as `exportGraph` and as the mechanism's `prepare` and `attend`
 */
export async function exportMechanism(
  mechanism: AttentionMechanism,
  options: MechanismExportOptions = {},
): Promise<Uint8Array> {
  checkOptions('exportMechanism', options, OPTIONS);
  return exportGraph(mechanismGraph(mechanism, options), { longest: options.longest, shortest: options.shortest });
}

/** A mechanism as a function of tensors. */
function mechanismGraph(mechanism: AttentionMechanism, options: MechanismExportOptions): Graph {
  const { batch = 'batch', queries = 'queries', keys = 'keys' } = options;
  const isStep = checkFlag('exportMechanism: step', options.step);
  const { queryWidth, memoryWidth, keysWidth } = mechanism;
  const float = (...shape: (number | string)[]): GraphTensor => ({ shape, dtype: 'float32' });
  const states = isStep && mechanism.keepsState ? stateInputs(mechanism, batch, keys) : {};
  return {
    name: options.name ?? mechanism.config().name,
    inputs: {
      query: isStep ? float(batch, queryWidth) : float(batch, queries, queryWidth),
      memory: float(batch, keys, memoryWidth),
      ...(keysWidth !== memoryWidth && { key_source: float(batch, keys, keysWidth) }),
      ...(checkFlag('exportMechanism: mask', options.mask) && { mask: { shape: [batch, keys], dtype: 'bool' } }),
      ...states,
    },
    run: (given) =>
      tf.tidy(() => {
        const memory = mechanism.prepare(given['memory'] as Tensor3D, prepareOptions(given));
        if (mechanism.keepsState && !isStep) return inLoop(mechanism, given['query'], memory, options);
        const first = mechanism.initialState(memory);
        const before = first && restoreState(first, within('state/', given));
        const { context, weights, state = {} } = attend(mechanism, given['query'], memory, options, before);
        const next = Object.entries(state).map(([name, x]) => [`next/${name}`, x] as const);
        return { context, weights, ...Object.fromEntries(next) };
      }),
  };
}

const attend = (
  mechanism: AttentionMechanism,
  query: Tensor,
  memory: PreparedMemory,
  { alignment, causal }: MechanismExportOptions,
  state?: AttentionState,
) =>
  mechanism.attend(query, memory, {
    returnWeights: true,
    ...(alignment !== undefined && { alignment }),
    ...(causal !== undefined && { causal }),
    ...(state && { state }),
  });

/** Query after query, each told what the ones before saw. */
function inLoop(
  mechanism: AttentionMechanism,
  query: Tensor,
  memory: PreparedMemory,
  options: MechanismExportOptions,
): Readonly<Record<string, Tensor>> {
  if (options.alignment !== undefined || options.causal !== undefined) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `exportMechanism: ${mechanism.config().kind} keeps a state, so its queries are steps without positions`,
      hint: 'leave causal and alignment out',
    });
  }
  const first = mechanism.initialState(memory)!;
  const names = Object.keys(first);
  const { outputs } = scan(
    (state, [one]) => {
      const before = Object.fromEntries(names.map((name, n) => [name, state[n]]));
      const seen = attend(mechanism, one, memory, options, restoreState(first, before));
      return { state: names.map((name) => seen.state![name]), outputs: [seen.context, seen.weights] };
    },
    { state: names.map((name) => first[name]), steps: [tf.transpose(query, [1, 0, 2])] },
  );
  const [context, weights] = outputs; // [T, N, C] and [T, N, Tk] or [T, N, H, Tk]
  return {
    context: tf.transpose(context, [1, 0, 2]),
    weights: tf.transpose(weights, weights.rank === 3 ? [1, 0, 2] : [1, 2, 0, 3]),
  };
}

const prepareOptions = ({ mask, key_source: keys }: Readonly<Record<string, Tensor>>): PrepareOptions => ({
  ...(mask && { mask: mask as Tensor2D }),
  ...(keys && { keys: keys as Tensor3D }),
});

const within = (prefix: string, tensors: Readonly<Record<string, Tensor>>): Record<string, Tensor> =>
  Object.fromEntries(
    Object.entries(tensors).flatMap(([name, x]) => (name.startsWith(prefix) ? [[name.slice(prefix.length), x]] : [])),
  );

/** The state's tensors, whose axes are known by how they grow with the memory. */
function stateInputs(
  mechanism: AttentionMechanism,
  batch: number | string,
  keys: number | string,
): Record<string, GraphTensor> {
  const [short, long] = [3, 5];
  const [few, many] = [short, long].map((time) => stateShapes(mechanism, time));
  const inputs = Object.entries(few).map(([name, shape]): [string, GraphTensor] => {
    const axes = shape.slice(1).map((size, n) => {
      const other = many[name][n + 1];
      if (size === other) return size;
      if (size === short && other === long) return keys;
      throw new HeedError('INVALID_ARGUMENT', {
        message: `exportMechanism: '${name}' of the state has ${size} for ${short} positions and ${other} for ${long}`,
        hint: 'give keys as a number',
      });
    });
    return [`state/${name}`, { shape: [batch, ...axes], dtype: 'float32' }];
  });
  return Object.fromEntries(inputs);
}

function stateShapes(mechanism: AttentionMechanism, time: number): Readonly<Record<string, readonly number[]>> {
  const shapes: Record<string, readonly number[]> = {};
  tf.tidy(() => {
    const keys = tf.zeros<tf.Rank.R3>([1, time, mechanism.keysWidth]);
    const memory = mechanism.prepare(tf.zeros([1, time, mechanism.memoryWidth]), { keys });
    for (const [name, { shape }] of Object.entries(mechanism.initialState(memory)!)) shapes[name] = shape;
  });
  return shapes;
}
