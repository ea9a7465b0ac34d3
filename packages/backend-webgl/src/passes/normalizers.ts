import { eachRow } from '../glsl.js';

/** A normaliser as code in the shaders' language, of four scores of a row at a time. */
export interface Normalizer {
  /** What a row's weights are made with besides its highest score: code of `vec4 statistic(start, highest)` for four rows, or `SUM`. */
  readonly statistic?: string;
  /** Body of `vec4 weightOf(s, top, statistic, j)`: weights of scores s at positions from j, before dropout. */
  readonly weight: string;
  /** g, by the weights w and scores s: the gradient in scores is g∘d, with d that in the weights. */
  readonly slope: string;
  /** It is g∘(d − Σ g∘d / Σ g). */
  readonly isCentred: boolean;
}

/** Σ exp(score − highest), which long rows find in parts. */
export const SUM = 'sum';

/** The position of the first highest score. */
const FIRST = `
vec4 statistic(ivec2 at, vec4 top) {
  vec4 found = vec4(-1.0);
  for (int c = 0; c < sizeS.y; c++) {
    mat4 s = tileS(at);
    ${eachRow('for (int l = 0; l < 4; l++) if (found[#] < 0.0 && s[#][l] == top[#]) found[#] = float(4 * c + l);')}
    rightS(at);
  }
  return found;
}`;

/**
 * The τ for which max(z − τ, 0), or max(z − τ, 0)² with z halved, sums to 1, where z is below the highest: by Newton's method,
 * which from the left never passes the root of a convex falling function.
 *
 * @see Martins & Astudillo 2016, arXiv:1602.02068; Peters, Niculae & Martins 2019, arXiv:1905.05702
 */
const threshold = (squared: boolean): string => `
const int STEPS = 64;
vec4 statistic(ivec2 start, vec4 top) {
  vec4 tau = vec4(-1.0);
  bvec4 alive = isFinite(top);
  for (int n = 0; n < STEPS; n++) {
    vec4 sums = vec4(0.0), slopes = vec4(0.0);
    ivec2 at = start;
    for (int c = 0; c < sizeS.y; c++) {
      mat4 s = tileS(at);
      vec4 d;
      ${eachRow(`
      d = max((s[#] - top[#]) * ${squared ? '0.5' : '1.0'} - tau[#], 0.0);
      ${
        squared
          ? 'sums[#] += dot(d, d); slopes[#] += 2.0 * sumOf(d);'
          : 'sums[#] += sumOf(d); slopes[#] += sumOf(vec4(greaterThan(d, vec4(0.0))));'
      }`)}
      rightS(at);
    }
    vec4 step_ = mix(vec4(0.0), (sums - 1.0) / slopes, alive);
    tau += step_;
    if (!any(greaterThan(step_, vec4(1e-7)))) break;
  }
  // Of an infinite score nothing is left to compare with.
  return mix(tau, vec4(notANumber()), equal(top, vec4(infinity())));
}`;

/** The normalisers by the names that core has for them. */
export const NORMALIZERS: Readonly<Record<string, Normalizer>> = {
  softmax: {
    statistic: SUM,
    weight: 'return spoiled ? vec4(statistic) : exponential(s - top) / statistic;',
    slope: 'w',
    isCentred: true,
  },
  sparsemax: {
    statistic: threshold(false),
    weight: 'return spoiled ? vec4(statistic) : max(s - top - statistic, 0.0);',
    slope: 'mix(vec4(greaterThan(w, vec4(0.0))), w, not(isFinite(w)))',
    isCentred: true,
  },
  entmax15: {
    statistic: threshold(true),
    weight: `vec4 d = spoiled ? vec4(statistic) : max((s - top) * 0.5 - statistic, 0.0);
  return d * d;`,
    slope: 'sqrt(w)',
    isCentred: true,
  },
  sigmoid: {
    weight: 'return 1.0 / (1.0 + exponential(-s));',
    slope: 'w / (1.0 + exponential(s))',
    isCentred: false,
  },
  hard: {
    statistic: FIRST,
    weight: 'return spoiled ? vec4(statistic) : vec4(equal(vec4(j, j + 1, j + 2, j + 3), vec4(statistic)));',
    slope: 'vec4(0.0)',
    isCentred: false,
  },
};

/** Code of `vec4 weightOf(scores, highest, statistic, j)`: of one row, before dropout. */
export const weightOf = ({ weight }: Normalizer): string => `
vec4 weightOf(vec4 s, float top, float statistic, int j) {
  bool spoiled = isNaN(vec4(statistic)).x;
  ${weight}
}`;

/** Code of `weightOf`, and of `vec4 slopeOf(…)`: g of a row. */
export const slopeOf = (normalizer: Normalizer): string => `${weightOf(normalizer)}
vec4 slopeOf(vec4 s, float top, float statistic, int j) { vec4 w = weightOf(s, top, statistic, j); return ${normalizer.slope}; }`;
