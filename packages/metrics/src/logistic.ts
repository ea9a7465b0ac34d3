import { HeedError } from '@heed/base';

/** Logistic regression: p = 1 / (1 + exp(−(intercept + Σ weightᵢ · featureᵢ))). */
export interface Logistic {
  readonly intercept: number;
  readonly weights: readonly number[];
}

/** Probability that a logistic regression gives to features, in the order of its weights. */
export const logisticProbability = ({ intercept, weights }: Logistic, features: readonly number[]): number =>
  sigmoid(weights.reduce((sum, weight, i) => sum + weight * features[i], intercept));

/**
 * Logistic regression of whether something is so, fitted by Newton's method with a weak Gaussian prior on the weights of
 * standardised features. With the log-odds of a class as the one feature, it is Platt scaling. Targets are Platt's, a little off 0
 * and 1, so that examples which are all alike give no certainty.
 *
 * @param rows   features of each example, all of one length
 * @param labels whether it is so, of each example
 * @throws HeedError INVALID_ARGUMENT without examples, for rows of different lengths, or for a feature that isn't finite
 * @see Platt 1999, "Probabilistic outputs for support vector machines", §2; Lin, Lin & Weng 2007 for the targets
 */
export function fitLogistic(rows: readonly (readonly number[])[], labels: readonly boolean[]): Logistic {
  check(rows, labels);
  const width = rows[0].length;
  const scales = Array.from({ length: width }, (_, i) => scaleOf(rows.map((row) => row[i])));
  // The first column is the intercept's.
  const inputs = rows.map((row) => [1, ...row.map((value, i) => (value - scales[i].mean) / scales[i].deviation)]);
  const so = labels.filter(Boolean).length;
  const targets = labels.map((label) => (label ? (so + 1) / (so + 2) : 1 / (labels.length - so + 2)));
  let fitted: Vector = new Float64Array(width + 1);
  for (let step = 0; step < MOST_STEPS; step++) {
    const { gradient, curvature } = derivatives(inputs, targets, fitted);
    const move = solve(curvature, gradient);
    const before = objective(inputs, targets, fitted);
    let rate = 1;
    let next = moved(fitted, move, rate);
    // Newton's step may be too long far from the optimum.
    while (objective(inputs, targets, next) > before && rate > LEAST_RATE) next = moved(fitted, move, (rate /= 2));
    if (rate <= LEAST_RATE) break;
    fitted = next;
    if (move.every((value) => Math.abs(value) < CLOSE)) break;
  }
  const weights = scales.map(({ deviation }, i) => fitted[i + 1] / deviation);
  return { intercept: weights.reduce((rest, weight, i) => rest - weight * scales[i].mean, fitted[0]), weights };
}

/** Precision of the prior: the weight of one standardised feature is of the order of 3 or less. */
const PRIOR = 0.1;
const MOST_STEPS = 50;
const LEAST_RATE = 2 ** -20;
const CLOSE = 1e-9;

type Vector = Float64Array;

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const moved = (from: Vector, by: Vector, rate: number): Vector => from.map((value, i) => value - rate * by[i]);
const dot = (a: ArrayLike<number>, b: readonly number[]): number => b.reduce((sum, value, i) => sum + a[i] * value, 0);
/** log(1 + eˣ), without overflow. */
const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

/** Mean and standard deviation; 1 for what never varies, whose weight the prior then makes 0. */
function scaleOf(values: readonly number[]): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, deviation: Math.sqrt(variance) > CLOSE ? Math.sqrt(variance) : 1 };
}

/** Negative log-posterior. */
function objective(inputs: readonly number[][], targets: readonly number[], at: Vector): number {
  const prior = (PRIOR / 2) * at.slice(1).reduce((sum, value) => sum + value * value, 0);
  return inputs.reduce((sum, input, n) => {
    const score = dot(at, input);
    return sum + softplus(score) - targets[n] * score;
  }, prior);
}

/** Gradient and Hessian of the negative log-posterior. */
function derivatives(inputs: readonly number[][], targets: readonly number[], at: Vector) {
  const gradient = at.map((value, i) => (i === 0 ? 0 : PRIOR * value));
  const curvature = Array.from(at, (_, i) => at.map((__, j) => (i === j && i > 0 ? PRIOR : 0)));
  inputs.forEach((input, n) => {
    const p = sigmoid(dot(at, input));
    const spread = Math.max(p * (1 - p), Number.EPSILON);
    input.forEach((x, i) => {
      gradient[i] += (p - targets[n]) * x;
      input.forEach((y, j) => (curvature[i][j] += spread * x * y));
    });
  });
  return { gradient, curvature };
}

/** Solution x of A·x = b for a positive definite A, by Cholesky's decomposition. */
function solve(matrix: readonly Vector[], right: Vector): Vector {
  const lower = matrix.map((row) => row.map(() => 0));
  for (let i = 0; i < right.length; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i][j];
      for (let k = 0; k < j; k++) sum -= lower[i][k] * lower[j][k];
      lower[i][j] = i === j ? Math.sqrt(sum) : sum / lower[j][j];
    }
  }
  const x = right.slice();
  for (let i = 0; i < x.length; i++) {
    for (let k = 0; k < i; k++) x[i] -= lower[i][k] * x[k];
    x[i] /= lower[i][i];
  }
  for (let i = x.length - 1; i >= 0; i--) {
    for (let k = i + 1; k < x.length; k++) x[i] -= lower[k][i] * x[k];
    x[i] /= lower[i][i];
  }
  return x;
}

function check(rows: readonly (readonly number[])[], labels: readonly boolean[]): void {
  const refuse = (message: string) => new HeedError('INVALID_ARGUMENT', { message: `fitLogistic: ${message}` });
  if (rows.length === 0 || rows.length !== labels.length)
    throw refuse(`there are ${rows.length} examples and ${labels.length} labels`);
  if (rows.some(({ length }) => length !== rows[0].length))
    throw refuse('the examples have different numbers of features');
  if (rows.some((row) => !row.every(Number.isFinite))) throw refuse('a feature is not finite');
}
