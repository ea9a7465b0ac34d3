import type { Seq2SeqConfig } from '../src/recurrent/config.js';

/**
 * The two papers' models in plain float64 numbers, one word at a time, written from the equations; it shares no code with
 * the library. Only what the tests use: a bidirectional encoder of one layer.
 */

type Vector = number[];
/** By key, as the model names them: row-major values and shape. */
export type OracleParameters = Readonly<
  Record<string, { readonly shape: readonly number[]; readonly data: ArrayLike<number> }>
>;

export interface OracleStep {
  readonly logProbabilities: Vector;
  readonly weights: Vector;
}

/** For a model that copies: the number that each symbol of the source has as an output, and how many numbers there are. */
interface Copies {
  readonly ids: readonly number[];
  readonly size: number;
}

/** log p of every symbol (0 is the boundary) at each step of spelling out the target, and what each step attends to. */
export function teacherForced(
  config: Seq2SeqConfig,
  parameters: OracleParameters,
  source: readonly number[],
  target: readonly number[],
  copies: Copies = { ids: [], size: 0 },
): OracleStep[] {
  const p = (key: string) => parameters[key];
  const row = (key: string, n: number): Vector => {
    const [, width] = p(key).shape as [number, number];
    return Array.from({ length: width }, (_, w) => p(key).data[n * width + w]);
  };
  const bias = (key: string): Vector => Array.from(p(key).data);
  /** x W */
  const times = (x: Vector, key: string): Vector => {
    const [, columns] = p(key).shape as [number, number];
    return Array.from({ length: columns }, (_, c) =>
      x.reduce((sum, xk, k) => sum + xk * p(key).data[k * columns + c], 0),
    );
  };
  const cell = config.cell === 'gru' ? gru : lstm;

  function gru(key: string, inputs: (readonly [Vector, string])[], h: Vector): Vector {
    const H = h.length;
    const gateInputs = inputs.map(([x, kernel]) => times(x, `${kernel}_gates`));
    const gates = add(...gateInputs, times(h, `${key}/recurrent_kernel_gates`), bias(`${key}/bias_gates`)).map(sigmoid);
    const [r, z] = [gates.slice(0, H), gates.slice(H)];
    const candidate = add(
      ...inputs.map(([x, kernel]) => times(x, `${kernel}_candidate`)),
      times(hadamard(r, h), `${key}/recurrent_kernel_candidate`),
      bias(`${key}/bias_candidate`),
    ).map(Math.tanh);
    return h.map((hu, u) => (1 - z[u]) * hu + z[u] * candidate[u]);
  }

  function lstm(key: string, inputs: (readonly [Vector, string])[], state: Vector): Vector {
    const H = state.length / 2;
    const [h, c] = [state.slice(0, H), state.slice(H)];
    const a = add(
      ...inputs.map(([x, kernel]) => times(x, kernel)),
      times(h, `${key}/recurrent_kernel`),
      bias(`${key}/bias`),
    );
    const gate = (n: number): Vector => a.slice(n * H, (n + 1) * H);
    const next = add(hadamard(gate(1).map(sigmoid), c), hadamard(gate(0).map(sigmoid), gate(2).map(Math.tanh)));
    return [...hadamard(gate(3).map(sigmoid), next.map(Math.tanh)), ...next];
  }

  const hidden = (state: Vector): Vector => (config.cell === 'gru' ? state : state.slice(0, state.length / 2));
  const stateWidth = (units: number): number => (config.cell === 'gru' ? units : 2 * units);

  function read(direction: 'forward' | 'backward'): Vector[] {
    const key = `encoder/0/${direction}`;
    let state = zeros(stateWidth(config.encoderUnits));
    const order = direction === 'forward' ? source : source.toReversed();
    const states = order.map((symbol) => {
      state = cell(key, [[row('encoder/embedding', symbol), `${key}/kernel`]], state);
      return hidden(state);
    });
    return direction === 'forward' ? states : states.toReversed();
  }

  const forward = read('forward');
  const backward = read('backward');
  const memory = forward.map((h, j) => [...h, ...backward[j]]);

  let coverage = zeros(source.length);

  function attend(query: Vector): { context: Vector; weights: Vector } {
    const energies = memory.map((h, j) => {
      const { kind } = config.attention;
      if (kind === 'additive' || kind === 'coverage') {
        const sum = add(
          times(query, 'attention/query_kernel'),
          times(h, 'attention/memory_kernel'),
          bias('attention/bias'),
          ...(kind === 'coverage' ? [times([coverage[j]], 'attention/coverage_kernel')] : []),
        );
        return dot(bias('attention/vector'), sum.map(Math.tanh));
      }
      return dot(query, times(h, 'attention/memory_kernel')); // general
    });
    const weights = softmax(energies);
    coverage = add(coverage, weights);
    return { weights, context: add(...memory.map((h, j) => h.map((x) => x * weights[j]))) };
  }

  const before = [0, ...target];
  const unknown = config.targetSymbols.length + 1;
  const embed = (symbol: number): Vector => row('decoder/embedding', Math.min(symbol, unknown));
  const logSoftmax = (logits: Vector): Vector => logits.map((x) => x - logSumExp(logits));
  const output = (units: Vector): Vector => logSoftmax(add(times(units, 'output/kernel'), bias('output/bias')));

  function mix(logProbabilities: Vector, y: number, state: Vector, { context, weights }: Looked): Vector {
    if (!config.copying) return logProbabilities;
    const gate = add(
      times(embed(y), 'copying/symbol_kernel'),
      times(hidden(state), 'copying/state_kernel'),
      times(context, 'copying/context_kernel'),
      bias('copying/bias'),
    );
    const generation = sigmoid(gate[0]);
    return Array.from({ length: copies.size }, (_, v) => {
      const copied = weights.reduce((sum, weight, j) => sum + (copies.ids[j] === v ? weight : 0), 0);
      return Math.log(generation * Math.exp(logProbabilities[v] ?? -Infinity) + (1 - generation) * copied);
    });
  }

  if (config.architecture === 'bahdanau') {
    let s = add(times(backward[0], 'bridge/backward_kernel'), bias('bridge/bias')).map(Math.tanh);
    return before.map((y) => {
      const looked = attend(hidden(s));
      const { context, weights } = looked;
      s = cell(
        'decoder',
        [
          [embed(y), 'decoder/kernel'],
          [context, 'decoder/context_kernel'],
        ],
        s,
      );
      const t = add(
        times(embed(y), 'output/symbol_kernel'),
        times(hidden(s), 'output/state_kernel'),
        times(context, 'output/context_kernel'),
        bias('output/hidden_bias'),
      );
      const units =
        config.output === 'tanh'
          ? t.map(Math.tanh)
          : Array.from({ length: t.length / 2 }, (_, j) => Math.max(t[j], t[t.length / 2 + j]));
      return { logProbabilities: mix(output(units), y, s, looked), weights };
    });
  }

  let s = add(
    times(forward.at(-1)!, 'bridge/forward_kernel'),
    times(backward[0], 'bridge/backward_kernel'),
    bias('bridge/bias'),
  ).map(Math.tanh);
  let fed = zeros(config.outputUnits);
  return before.map((y) => {
    const feeding = config.inputFeeding ? [[fed, 'decoder/feeding_kernel'] as const] : [];
    s = cell('decoder', [[embed(y), 'decoder/kernel'], ...feeding], s);
    const looked = attend(hidden(s));
    const { context, weights } = looked;
    fed = add(
      times(hidden(s), 'output/state_kernel'),
      times(context, 'output/context_kernel'),
      bias('output/hidden_bias'),
    ).map(Math.tanh);
    return { logProbabilities: mix(output(fed), y, s, looked), weights };
  });
}

interface Looked {
  readonly context: Vector;
  readonly weights: Vector;
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const zeros = (length: number): Vector => Array.from({ length }, () => 0);
const add = (...vectors: Vector[]): Vector => vectors[0].map((_, n) => vectors.reduce((sum, v) => sum + v[n], 0));
const hadamard = (a: Vector, b: Vector): Vector => a.map((x, n) => x * b[n]);
const dot = (a: Vector, b: Vector): number => a.reduce((sum, x, n) => sum + x * b[n], 0);
const logSumExp = (x: Vector): number => {
  const greatest = Math.max(...x);
  return greatest + Math.log(x.reduce((sum, value) => sum + Math.exp(value - greatest), 0));
};
const softmax = (x: Vector): Vector => x.map((value) => Math.exp(value - logSumExp(x)));
