import type { MechanismKind } from '@heed/attention';
import { mechanismGroup, type MechanismCase } from '../case.js';
import type { MechanismExample, StateDrawing } from '../mechanisms/example.js';
import { hashOf } from '../random.js';

type Options = Readonly<Record<string, unknown>>;

/** What is tried of a kind. */
interface Tried {
  /** Options by what they distinguish; the first ones are tried in every way. */
  readonly variants: Readonly<Record<string, Options>>;
  /** How a state is drawn that a caller gives; for a mechanism whose state can be any. */
  readonly state?: Readonly<Record<string, StateDrawing>>;
  /** Size of intermediate results of its gradients, where it is more than 1. */
  readonly unit?: number;
}

const WIDTHS = { queryWidth: 4, memoryWidth: 6, seed: 1 };
const UNITS = { ...WIDTHS, units: 5 };
const HEADS = { ...WIDTHS, outputWidth: 5, heads: 2 };
const FILTERED = { ...UNITS, filters: 3, filterSize: 3 };
const MULTI = { ...HEADS, heads: 4, keyHeads: 2, headWidth: 4, valueWidth: 3 };
const MIXED = { ...HEADS, heads: 4, headWidth: 3, valueWidth: 2 };
const RULED = { ...HEADS, headWidth: 3, valueWidth: 2 };
/** Of contexts that are normed: so wide that none is nearly 0, whose norm would make much of what rounding leaves. */
const NORMED = { ...RULED, valueWidth: 5 };
/** Their root mean square, by which gradients are divided, is as small as 0.04 and 0.02. */
const STEEP_NORM = 2 ** 4;
const LATENT = { ...HEADS, latentWidth: 5, rotaryWidth: 2, headWidth: 3 };

/** Where a step looked, and nothing else is carried on. */
const PREVIOUS = { previous: 'distribution' } as const;

const multi = (options: Options): Options => ({ ...MULTI, ...options });

/** What is tried of each kind. One that is missing fails a test, which says what the suite needs of it. */
const TRIED: { readonly [Kind in MechanismKind]?: Tried } = {
  additive: {
    variants: {
      plain: UNITS,
      'without-b': { ...UNITS, bias: false },
      normalized: { ...UNITS, normalized: true },
    },
  },
  concat: { variants: { plain: UNITS } },
  cosine: { variants: { plain: { width: 4 }, learned: { width: 4, scale: 'learned' } } },
  coverage: {
    variants: { plain: UNITS, 'normalized-without-b': { ...UNITS, bias: false, normalized: true } },
    state: { coverage: 'positive' },
  },
  differential: {
    variants: { plain: { ...HEADS, headWidth: 3 }, 'third-layer': { ...HEADS, headWidth: 3, depth: 2 } },
  },
  dot: { variants: { plain: { width: 4 } } },
  general: { variants: { plain: WIDTHS } },
  latent: {
    variants: {
      plain: { ...LATENT, form: 'plain' },
      absorbed: { ...LATENT, form: 'absorbed' },
      'normed-queries-too': { ...LATENT, form: 'absorbed', norm: true, queryLatentWidth: 3, rotaryWidth: 4, base: 7 },
    },
  },
  multiHead: {
    variants: {
      plain: MULTI,
      'without-biases': multi({ bias: false }),
      'one-key-head-soft-cap': multi({ keyHeads: 1, softCap: 0.5 }),
      rotary: multi({ rotary: { base: 7 } }),
      'rotary-halves-of-a-part': multi({ rotary: { layout: 'half', width: 2 } }),
      alibi: multi({ alibi: { slopes: [0.5, 0.25, 0.125, 0.0625] } }),
      relative: multi({ relative: { reach: 2 } }),
      'relative-shared-and-rotary': multi({ relative: { reach: 1, shared: true }, rotary: {} }),
      'norm-of-heads': multi({ qkNorm: 'head' }),
      'norm-of-all': multi({ qkNorm: 'full' }),
      'norm-l2': multi({ qkNorm: 'l2' }),
      'gate-elementwise': multi({ gate: 'elementwise' }),
      'gate-headwise': multi({ gate: 'headwise' }),
      sinks: multi({ sinks: true }),
      'learned-position': multi({ learnedPosition: true }),
      'zero-position': multi({ zeroPosition: true }),
      'learned-and-zero-position-and-sinks': multi({
        learnedPosition: true,
        zeroPosition: true,
        sinks: true,
        rotary: {},
        softCap: 0.5,
        qkNorm: 'head',
      }),
      sigmoid: multi({ normalizer: 'sigmoid' }),
      sparsemax: multi({ normalizer: 'sparsemax' }),
      entmax15: multi({ normalizer: 'entmax15' }),
      'entmax-learned': multi({ normalizer: 'entmax' }),
      'entmax-of-a-number': multi({ normalizer: 'entmax', alpha: 1.3 }),
      'talking-heads': multi({ talkingHeads: { softmaxHeads: 2, valueHeads: 2 } }),
      span: multi({ span: { max: 2, ramp: 1.5 } }),
      'dynamic-span': multi({ span: { max: 2, ramp: 2.5, dynamic: true } }),
      streaming: multi({ streaming: { sinks: 1, window: 1 } }),
    },
  },
  multiToken: {
    variants: {
      plain: { ...MIXED, kernel: [2, 3] },
      'all-of-it': { ...MIXED, kernel: [2, 3], postKernel: [2, 3], headGroup: 2, norm: true },
    },
  },
  scaledDotProduct: { variants: { plain: { width: 4 }, learned: { width: 4, scale: 'learned' } } },
  twoSimplicial: {
    variants: {
      plain: { ...HEADS, headWidth: 3, valueWidth: 2 },
      windows: { ...HEADS, headWidth: 3, valueWidth: 2, windows: [3, 2] },
    },
  },
  forward: {
    variants: {
      plain: UNITS,
      agent: { ...UNITS, agent: true, agentUnits: 3 },
      'agent-told-what-was-written': { ...UNITS, queryWidth: 3, agent: true, agentUnits: 3, outputWidth: 1 },
    },
    state: PREVIOUS,
  },
  gmm: {
    variants: {
      plain: { ...UNITS, components: 2, version: 'V2' },
      v0: { ...WIDTHS, components: 2, version: 'V0', origin: 1 },
    },
    state: { mu: 'positive' },
    // Bells may be as narrow as σ = 0.25, and the slopes on their flanks as steep as 49.
    unit: 2 ** 4,
  },
  localM: {
    variants: {
      plain: { ...WIDTHS, halfWidth: 1 },
      dot: { ...WIDTHS, queryWidth: 6, halfWidth: 1, score: 'dot' },
    },
  },
  localP: {
    variants: { plain: { ...UNITS, halfWidth: 2 }, renormalized: { ...UNITS, halfWidth: 2, renormalize: true } },
  },
  locationSensitive: {
    variants: {
      previous: { ...FILTERED, source: 'previous' },
      cumulative: { ...FILTERED, source: 'cumulative', bias: false },
      'both-smoothing': { ...FILTERED, source: 'both', normalizer: 'smoothing' },
    },
    state: { previous: 'distribution', cumulative: 'positive' },
  },
  mocha: { variants: { plain: { ...UNITS, chunk: 2 } }, state: PREVIOUS },
  monotonic: { variants: { plain: UNITS }, state: PREVIOUS },
  stepwiseMonotonic: { variants: { plain: UNITS }, state: PREVIOUS },
  coverageGru: { variants: { plain: { ...UNITS, coverageWidth: 2 } }, state: { coverage: 'positive' } },
  coverageLinguistic: { variants: { plain: { ...UNITS, maxFertility: 1.5 } }, state: { coverage: 'positive' } },
  visualSentinel: { variants: { plain: UNITS, 'from-a-cell': { ...UNITS, queryWidth: 20, fromCell: true } } },
  linear: { variants: { plain: RULED, biases: { ...RULED, bias: true } } },
  retention: {
    variants: { plain: NORMED, turned: { ...NORMED, headWidth: 4, rotary: { base: 7 }, bias: true } },
    unit: STEEP_NORM,
  },
  gatedDelta: { variants: { plain: NORMED, biases: { ...NORMED, bias: true } }, unit: STEEP_NORM },
};

type Way = Omit<MechanismExample, 'kind' | 'options'>;

/** Every variant attends to a ragged memory; the first one also to all of it, no later than its query, and in steps. */
function waysOf(variant: number, { state }: Tried): Readonly<Record<string, Way>> {
  if (variant > 0) return { ragged: { ragged: true } };
  return {
    all: { returnWeights: true },
    'causal-ragged': { ragged: true, causal: true },
    ...(state && { 'in-steps': { inSteps: true, state, returnWeights: true } }),
  };
}

const casesOf = (kind: MechanismKind, tried: Tried): MechanismCase[] =>
  Object.entries(tried.variants).flatMap(([variant, options], n) =>
    Object.entries(waysOf(n, tried)).map(([way, example]): MechanismCase => {
      const group = mechanismGroup(kind);
      const id = `${group}/${variant}/${way}`;
      const { unit } = tried;
      return { kind: 'mechanism', id, group, seed: hashOf(id), example: { kind, options, ...example }, unit };
    }),
  );

export const mechanisms: readonly MechanismCase[] = (Object.entries(TRIED) as [MechanismKind, Tried][]).flatMap(
  ([kind, tried]) => casesOf(kind, tried),
);
