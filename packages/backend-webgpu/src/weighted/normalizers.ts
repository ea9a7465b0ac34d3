/** A normaliser of rows of scores, as code of a workgroup that has a row. */
export interface Normalizer {
  /**
   * Body of `fn statisticOf(top: f32, kind: f32, local: u32) -> f32`, what weights are made with besides the row's highest score, which all of the
   * workgroup call; NaN where the row has no weights. It may go through the row by `eachScore`, and add up by `summed` and `bothSummed`.
   */
  readonly statistic: string;
  /** Body of `fn shareOf(s: f32, top: f32, statistic: f32, j: i32) -> vec2f`: the weight before dropout, and g. */
  readonly share: string;
  /** The gradient in the scores, by d, that in the weights: g∘(d − Σ g∘d / Σ g), and without this g∘d. */
  readonly isCentred: boolean;
}

/** Code for each score `s` of the row, at position `j`, that takes part and falls to an invocation. */
export const eachScore = (code: string): string => `
  for (var j = firstKey + i32(local); j < endKey; j += stride) {
    let s = S[rowPlace * u.keys + j];
    if (takesPart(j, s)) { ${code} }
  }`;

/** What is known of a row's scores: none takes part, all are finite, +∞ is among them, NaN is. */
export const KINDS = { none: '-1.0', finite: '0.0', infinite: '1.0', notANumber: '2.0' } as const;

const ANSWERABLE = `if (kind > ${KINDS.finite}) { return notANumber(); }`;

/**
 * The τ for which max(z − τ, 0), or max(z − τ, 0)² with z halved, sums to 1, where z is below the highest: by Newton's method, which from the left
 * never passes the root of a convex falling function.
 *
 * @see Martins & Astudillo 2016, arXiv:1602.02068; Peters, Niculae & Martins 2019, arXiv:1905.05702
 */
const threshold = (distance: string, sums: string): string => `
  var tau = -1.0;
  for (var n = 0; n < 64; n++) {
    var part = vec2f(0.0);
    ${eachScore(`let d = max(${distance}, 0.0); part += ${sums};`)}
    let whole = bothSummed(part, local);
    let step_ = (whole.x - 1.0) / whole.y;
    if (kind != ${KINDS.finite} || step_ <= 1e-7) { break; }
    tau += step_;
  }
  ${ANSWERABLE}
  return tau;`;

const below = (factor: string): string => `${factor}(s - top) - tau`;

/** The normalisers by the names that core has for them. */
export const NORMALIZERS: Readonly<Record<string, Normalizer>> = {
  softmax: {
    statistic: `
  var part = 0.0;
  ${eachScore('part += exponential(s - top);')}
  let sum = summed(part, local);
  ${ANSWERABLE}
  return sum;`,
    share: 'let weight = exponential(s - top) / statistic; return vec2f(weight, weight);',
    isCentred: true,
  },
  sparsemax: {
    statistic: threshold(below(''), 'vec2f(d, select(0.0, 1.0, d > 0.0))'),
    share: `
  let weight = max(s - top - statistic, 0.0);
  return select(vec2f(weight, select(0.0, 1.0, weight > 0.0)), vec2f(statistic), isNaN(statistic));`,
    isCentred: true,
  },
  entmax15: {
    statistic: threshold(below('0.5 * '), 'vec2f(d * d, 2.0 * d)'),
    share: `
  let root = max(0.5 * (s - top) - statistic, 0.0);
  return select(vec2f(root * root, root), vec2f(statistic), isNaN(statistic));`,
    isCentred: true,
  },
  sigmoid: {
    statistic: 'return 0.0;',
    share: `
  let weight = logistic(s);
  return vec2f(weight, weight * logistic(-s));`,
    isCentred: false,
  },
  hard: {
    // The first of the highest; positions are whole numbers.
    statistic: `
  var part = vec2f(-${2 ** 30}.0);
  ${eachScore('if (s == top || (isInfinite(s) && isInfinite(top))) { part = max(part, vec2f(-f32(j))); }')}
  let first = bothHighest(part, local);
  if (kind == ${KINDS.notANumber}) { return notANumber(); }
  return -first.x;`,
    share: `
  return vec2f(select(select(0.0, 1.0, f32(j) == statistic), statistic, isNaN(statistic)), 0.0);`,
    isCentred: false,
  },
};
