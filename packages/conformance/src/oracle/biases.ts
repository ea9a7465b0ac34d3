import type { BiasValue, ScoreSizes, TensorValue } from '../example.js';
import type { At, Round } from './arithmetic.js';
import { denseIndex, offsetOf } from './masks.js';

/** The bias of a position, by the definition of each kind. */
export function biasAt(bias: BiasValue | undefined, sizes: ScoreSizes, round: Round): At<number> {
  if (bias === undefined) return () => 0;
  switch (bias.kind) {
    case 'dense':
      return (b, h, i, j) => bias.values[denseIndex(bias, sizes, b, h, i, j)];
    case 'alibi': {
      const slopes = bias.slopes ?? paperSlopes(sizes.heads);
      return (b, h, i, j) => round(-round(slopes[h]) * Math.abs(j - (i + offsetOf(bias, sizes, b))));
    }
    case 'relativePosition':
      return (b, h, i, j) => bias.values[tableIndex(bias, sizes, b, h, i, j)];
    case 'sum': {
      const terms = bias.biases.map((term) => biasAt(term, sizes, round));
      return (b, h, i, j) => terms.reduce((sum, term) => round(sum + term(b, h, i, j)), 0);
    }
  }
}

/** The gradients of the tensors in a bias, given that of the scores it was added to, [B, H, Tq, Tk]. */
export function biasGradients(
  bias: BiasValue | undefined,
  dScores: Float64Array,
  sizes: ScoreSizes,
  round: Round,
): Record<string, Float64Array> {
  if (bias === undefined || bias.kind === 'alibi') return {};
  if (bias.kind === 'sum') {
    return Object.assign({}, ...bias.biases.map((term) => biasGradients(term, dScores, sizes, round)));
  }
  const gradient = new Float64Array(bias.values.length);
  let n = 0;
  for (let b = 0; b < sizes.batch; b++) {
    for (let h = 0; h < sizes.heads; h++) {
      for (let i = 0; i < sizes.queries; i++) {
        for (let j = 0; j < sizes.keys; j++) {
          const at = bias.kind === 'dense' ? denseIndex(bias, sizes, b, h, i, j) : tableIndex(bias, sizes, b, h, i, j);
          gradient[at] = round(gradient[at] + dScores[n++]);
        }
      }
    }
  }
  return { [tensorName(bias.kind)]: gradient };
}

/** The tensors in a bias, by the names of their gradients. */
export function biasTensors(bias: BiasValue | undefined): Record<string, TensorValue> {
  if (bias === undefined || bias.kind === 'alibi') return {};
  if (bias.kind === 'sum') return Object.assign({}, ...bias.biases.map(biasTensors));
  const shape = bias.kind === 'dense' ? bias.shape : [bias.rows, 2 * bias.reach + 1];
  return { [tensorName(bias.kind)]: { shape, values: bias.values } };
}

function tensorName(kind: 'dense' | 'relativePosition'): string {
  return kind === 'dense' ? 'bias' : 'table';
}

type Relative = Extract<BiasValue, { kind: 'relativePosition' }>;

function tableIndex(bias: Relative, sizes: ScoreSizes, b: number, h: number, i: number, j: number): number {
  const { rows, reach } = bias;
  const distance = j - (i + offsetOf(bias, sizes, b));
  const clipped = Math.min(Math.max(distance, -reach), reach);
  return (rows === 1 ? 0 : h) * (2 * reach + 1) + clipped + reach;
}

/**
 * "For 8 heads … the geometric sequence 1/2¹, 1/2², …, 1/2⁸; for n heads it starts at 2^(−8/n) and uses that same value
 * as its ratio." For an n that isn't a power of two: the slopes of the power below, then every second of that above.
 *
 * @see Press, Smith & Lewis 2021, arXiv:2108.12409, §3 and the authors' footnote on other head counts
 */
function paperSlopes(heads: number): number[] {
  let power = 1;
  while (power * 2 <= heads) power *= 2;
  const slopes: number[] = [];
  for (let h = 0; h < power; h++) slopes.push((2 ** (-8 / power)) ** (h + 1));
  for (let h = 0; slopes.length < heads; h += 2) slopes.push((2 ** (-4 / power)) ** (h + 1));
  return slopes;
}
