import type { TransformerConfig } from '../src/transformer/config.js';
import type { OracleParameters, OracleStep } from './oracle.js';

/**
 * The transformer in plain float64 numbers, written from the equations; it shares no code with the library. No cache, no
 * batch: every step starts anew from the symbols.
 */

type Vector = number[];

export function teacherForced(
  config: TransformerConfig,
  parameters: OracleParameters,
  source: readonly number[],
  target: readonly number[],
): OracleStep[] {
  const { width: E, heads } = config;
  const D = E / heads;
  const vector = (key: string): Vector => Array.from(parameters[key].data);
  const row = (key: string, n: number): Vector => vector(key).slice(n * E, (n + 1) * E);
  const times = (x: Vector, key: string): Vector => {
    const [, columns] = parameters[key].shape as [number, number];
    return Array.from({ length: columns }, (_, c) =>
      x.reduce((sum, xk, k) => sum + xk * parameters[key].data[k * columns + c], 0),
    );
  };

  function norm(key: string, x: Vector): Vector {
    const mean = x.reduce((sum, value) => sum + value, 0) / E;
    const variance = x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / E;
    const [gain, bias] = [vector(`${key}/gain`), vector(`${key}/bias`)];
    return x.map((value, e) => (gain[e] * (value - mean)) / Math.sqrt(variance + 1e-5) + bias[e]);
  }

  /** R_p: pair i of a head's features turns by p·10000^(−2i/D). */
  const turn = (x: Vector, place: number): Vector =>
    x.map((value, d) => {
      const angle = place * 10000 ** (-(d - (d % 2)) / D);
      const other = d % 2 === 0 ? -x[d + 1] : x[d - 1];
      return value * Math.cos(angle) + other * Math.sin(angle);
    });

  /** What a query at `place` sees of a memory, with the mean weights of the heads. */
  function attend(key: string, query: Vector, memory: Vector[], place?: number): { context: Vector; weights: Vector } {
    const q = times(query, `${key}/query_kernel`);
    const k = memory.map((h) => times(h, `${key}/key_kernel`));
    const v = memory.map((h) => times(h, `${key}/value_kernel`));
    const weights = memory.map(() => 0);
    const seen = Array.from({ length: heads }, (_, h) => {
      const part = (x: Vector): Vector => x.slice(h * D, (h + 1) * D);
      const turned = (x: Vector, p: number): Vector =>
        place !== undefined && config.positions === 'rotary' ? turn(part(x), p) : part(x);
      const scores = k.map((key, j) => dot(turned(q, place ?? 0), turned(key, j)) / Math.sqrt(D));
      const alpha = softmax(scores);
      alpha.forEach((weight, j) => (weights[j] += weight / heads));
      return Array.from({ length: D }, (_, d) => alpha.reduce((sum, weight, j) => sum + weight * part(v[j])[d], 0));
    });
    return { context: times(seen.flat(), `${key}/output_kernel`), weights };
  }

  const feedForward = (key: string, x: Vector): Vector => {
    const hidden = add(times(norm(`${key}/norm`, x), `${key}/kernel`), vector(`${key}/bias`)).map((a) =>
      Math.max(0, a),
    );
    return add(x, times(hidden, `${key}/output_kernel`), vector(`${key}/output_bias`));
  };

  const embed = (key: string, symbol: number, place: number): Vector =>
    row(key, symbol).map((value, e) => {
      const angle = place / 10000 ** ((e - (e % 2)) / E);
      const sine = e % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
      return Math.sqrt(E) * value + (config.positions === 'sinusoidal' ? sine : 0);
    });

  let memory = source.map((symbol, j) => embed('encoder/embedding', symbol, j));
  for (let n = 0; n < config.encoderLayers; n++) {
    const normed = memory.map((x) => norm(`encoder/${n}/attention_norm`, x));
    memory = memory.map((x, j) =>
      feedForward(`encoder/${n}/feed_forward`, add(x, attend(`encoder/${n}/attention`, normed[j], normed, j).context)),
    );
  }
  memory = memory.map((x) => norm('encoder/norm', x));

  let states = [0, ...target].map((symbol, t) => embed('decoder/embedding', symbol, t));
  let looks: Vector[] = [];
  for (let n = 0; n < config.decoderLayers; n++) {
    const key = `decoder/${n}`;
    const normed = states.map((x) => norm(`${key}/self_attention_norm`, x));
    const layer = states.map((x, t) => {
      const self = add(x, attend(`${key}/self_attention`, normed[t], normed.slice(0, t + 1), t).context);
      const { context, weights } = attend(`${key}/attention`, norm(`${key}/attention_norm`, self), memory);
      return { x: feedForward(`${key}/feed_forward`, add(self, context)), weights };
    });
    states = layer.map(({ x }) => x);
    looks = layer.map(({ weights }) => weights);
  }
  const symbols = config.targetSymbols.length + 1;
  return states.map((x, t) => {
    const last = norm('decoder/norm', x);
    const scores = config.tiedEmbeddings
      ? Array.from({ length: symbols }, (_, v) => dot(last, row('decoder/embedding', v)))
      : times(last, 'output/kernel');
    return { logProbabilities: softmax(add(scores, vector('output/bias'))).map(Math.log), weights: looks[t] };
  });
}

const add = (...vectors: Vector[]): Vector => vectors[0].map((_, n) => vectors.reduce((sum, v) => sum + v[n], 0));
const dot = (a: Vector, b: Vector): number => a.reduce((sum, x, n) => sum + x * b[n], 0);
function softmax(x: Vector): Vector {
  const greatest = Math.max(...x);
  const sum = x.reduce((total, value) => total + Math.exp(value - greatest), 0);
  return x.map((value) => Math.exp(value - greatest) / sum);
}
