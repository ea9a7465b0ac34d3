import type { TensorInfo } from '@tensorflow/tfjs-core';
import { addUp } from '../passes/add-up.js';
import type { Scope } from '../scope.js';
import { FLOATS } from '../wgsl/floats.js';
import { EXP, SIGMOID, TANH } from '../wgsl/functions.js';
import { forEach } from './elementwise.js';

interface Rows {
  /** Per row, 0 for one that isn't active. */
  readonly active?: Uint8Array;
}

/** Terms of one pass, which with the state, active rows and what is written are the 8 buffers that WebGPU promises. */
const TERMS = 4;

/** Gates of an LSTM in one pass: an invocation has a unit of a row. */
export function lstmGates(
  scope: Scope,
  { terms, state }: { readonly terms: readonly TensorInfo[]; readonly state: TensorInfo },
  { active }: Rows,
): { readonly next: TensorInfo; readonly gates: TensorInfo } {
  const [batch, columns] = state.shape as [number, number];
  const units = columns / 2;
  const [next, gates] = [scope.output(state.shape), scope.output([batch, 5 * units])];
  const sums = terms.length > TERMS ? [scope.own(addUp(scope, terms))] : terms;
  const names = sums.map((_, n) => `X${n}`);
  forEach(
    scope,
    batch * units,
    {
      label: 'LSTM gates',
      inputs: { ...Object.fromEntries(sums.map((sum, n) => [names[n], sum])), S: state, ...activeInput(scope, active) },
      outputs: { Y: next, G: gates },
      integers: { units },
      code: `
  let b = n / u.units;
  let h = n % u.units;
  let at = 4 * b * u.units + h;
  let i = logistic(sumAt(at));
  let f = logistic(sumAt(at + u.units));
  let g = tangent(sumAt(at + 2 * u.units));
  let o = logistic(sumAt(at + 3 * u.units));
  let own = 2 * b * u.units + h;
  let cell = f * S[own + u.units] + i * g;
  let squashed = tangent(cell);
  let isActive = ${isActive(active)};
  Y[own] = select(S[own], o * squashed, isActive);
  Y[own + u.units] = select(S[own + u.units], cell, isActive);
  let gate = 5 * b * u.units + h;
  G[gate] = i;
  G[gate + u.units] = f;
  G[gate + 2 * u.units] = g;
  G[gate + 3 * u.units] = o;
  G[gate + 4 * u.units] = squashed;`,
    },
    `${FLOATS}${EXP}${TANH}${SIGMOID}
fn sumAt(at: i32) -> f32 { return ${names.map((name) => `${name}[at]`).join(' + ')}; }`,
  );
  return { next, gates };
}

/** Gradients in the sum of the terms, and in the state. */
export function lstmGatesBackward(
  scope: Scope,
  { state, gates, dNext }: { readonly state: TensorInfo; readonly gates: TensorInfo; readonly dNext: TensorInfo },
  { active }: Rows,
): { readonly dTerms: TensorInfo; readonly dState: TensorInfo } {
  const [batch, columns] = state.shape as [number, number];
  const units = columns / 2;
  const [dTerms, dState] = [scope.output([batch, 4 * units]), scope.output(state.shape)];
  forEach(scope, batch * units, {
    label: 'LSTM gate gradients',
    inputs: { S: state, G: gates, D: dNext, ...activeInput(scope, active) },
    outputs: { Y: dTerms, Z: dState },
    integers: { units },
    code: `
  let b = n / u.units;
  let own = 2 * b * u.units + n % u.units;
  let gate = 5 * b * u.units + n % u.units;
  let i = G[gate];
  let f = G[gate + u.units];
  let g = G[gate + 2 * u.units];
  let o = G[gate + 3 * u.units];
  let squashed = G[gate + 4 * u.units];
  let dh = D[own];
  let dCell = D[own + u.units] + dh * o * (1.0 - squashed * squashed);
  let isActive = ${isActive(active)};
  let at = 4 * b * u.units + n % u.units;
  Y[at] = select(0.0, dCell * g * (i * (1.0 - i)), isActive);
  Y[at + u.units] = select(0.0, dCell * S[own + u.units] * (f * (1.0 - f)), isActive);
  Y[at + 2 * u.units] = select(0.0, dCell * i * (1.0 - g * g), isActive);
  Y[at + 3 * u.units] = select(0.0, dh * squashed * (o * (1.0 - o)), isActive);
  Z[own] = select(dh, 0.0, isActive);
  Z[own + u.units] = select(D[own + u.units], dCell * f, isActive);`,
  });
  return { dTerms, dState };
}

const activeInput = (scope: Scope, active: Uint8Array | undefined): Readonly<Record<string, TensorInfo>> =>
  active === undefined ? {} : { Active: scope.numbers([...active]) };

const isActive = (active: Uint8Array | undefined): string => (active === undefined ? 'true' : 'Active[b] != 0');
