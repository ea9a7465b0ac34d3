import { MECHANISM_FACTS } from '@heed/attention/facts';
import { NORMALIZER_DEFINITIONS } from '@heed/core';
import { mechanismGroup } from '../case.js';
import type { CaseResult, ConformanceReport } from '../report.js';
import { largest, ulpsOf } from './columns.js';

interface Feature {
  readonly name: string;
  /** Pattern of the ids of its cases, without those of earlier features. */
  readonly cases: RegExp;
  /** Whether the path of its cases says nothing, since they aren't about kernels. */
  readonly pathless?: true;
}

/** Features, the rows of the table of what works where. Every case of the suite belongs to one. */
export const FEATURES: readonly Feature[] = [
  { name: 'dot-product attention', cases: /^shapes\// },
  { name: 'additive attention (Bahdanau)', cases: /^additive\// },
  ...Object.values(NORMALIZER_DEFINITIONS).map(({ name, title }, n) => ({
    name: `any scores, ${title}`,
    cases: new RegExp(`^normalizers/(${name}/${n === 0 ? '|default$' : ''})`),
  })),
  { name: 'any scores, α-entmax', cases: /^normalizers\/entmax\// },
  { name: 'linear attention, gates, delta rule', cases: /^linear\// },
  { name: 'masks joined', cases: /^masks\/.*(\+|joins|all-five|nested|both-of|three-dense)/ },
  { name: 'causal masks', cases: /^masks\/.*(causal|one-query)/ },
  { name: 'sliding windows', cases: /^masks\/.*window/ },
  { name: 'padding by length', cases: /^masks\/.*padding/ },
  { name: 'packed segments', cases: /^masks\/.*segments/ },
  { name: 'boolean masks', cases: /^masks\/.*(dense|axes|without-keys)/ },
  { name: 'sums of biases', cases: /^bias\/.*(\+|sum-)/ },
  { name: 'ALiBi', cases: /^bias\/.*alibi/ },
  { name: 'relative positions', cases: /^bias\/.*relative/ },
  { name: 'bias tensors', cases: /^bias\// },
  { name: 'hooks of scores, masks and weights', cases: /^hooks\// },
  { name: 'grouped and single key heads', cases: /^heads\// },
  { name: 'scale and soft cap', cases: /^scale\// },
  { name: 'dropout', cases: /^dropout\// },
  { name: 'weights and logSumExp', cases: /^outputs\// },
  { name: 'gradients against differences', cases: /^differences\// },
  { name: 'NaN and ±∞, masked or not', cases: /^non-finite\// },
  { name: 'scores of ±1e4', cases: /^large logits\// },
  { name: 'extremes of float32', cases: /^extremes\// },
  { name: 'empty axes', cases: /^empty\//, pathless: true },
  { name: 'matrix products of the engine', cases: /^matmul\//, pathless: true },
  { name: 'cells: LSTM, GRU', cases: /^model\/(lstm|gru)/ },
  {
    name: 'layers with a bias, activations, layer norm',
    cases: /^model\/(gelu|swish|dropout|\w+(Bias|Residual|Layer|Relu|Norm))\//,
  },
  { name: 'lookups, columns, steps and positions', cases: /^model\/(lookup|first|to)/ },
  { name: 'convolutions', cases: /^model\/conv/ },
  { name: 'rotary positions', cases: /^model\/rotary/ },
  { name: 'losses, copying, coverage', cases: /^model\/\w*(Entropy|Loss)\// },
  { name: 'Adam, norms of gradients', cases: /^model\// },
  ...MECHANISM_FACTS.map(({ kind, title }) => ({
    name: `mechanism: ${title}`,
    cases: new RegExp(`^${mechanismGroup(kind)}/`),
    pathless: true as const,
  })),
  { name: 'bad input refused by its code', cases: /^errors\//, pathless: true },
  {
    name: 'no leaks, same bits, clean dispose',
    cases: /^(manifest|leaks|ownership|determinism|dispose)\//,
    pathless: true,
  },
];

/** Areas of neighbouring features, for the short table: each begins with the feature that it names. */
export const AREAS: readonly { readonly name: string; readonly first: string }[] = [
  { name: 'dot-product and additive attention', first: 'dot-product attention' },
  { name: 'weights of your own scores', first: 'any scores, softmax' },
  { name: 'linear attention', first: 'linear attention, gates, delta rule' },
  { name: 'masks, biases and hooks', first: 'masks joined' },
  { name: 'heads, scale, dropout, outputs, gradients', first: 'grouped and single key heads' },
  { name: 'NaN, ±∞, large scores, empty axes', first: 'NaN and ±∞, masked or not' },
  { name: 'matrix products', first: 'matrix products of the engine' },
  { name: 'model ops: cells, layers, losses, Adam', first: 'cells: LSTM, GRU' },
  { name: 'mechanisms, with their gradients and states', first: `mechanism: ${MECHANISM_FACTS[0].title}` },
  { name: 'refusals, memory', first: 'bad input refused by its code' },
];

/** Summary of a report by feature, without times and machines, small enough to keep. */
export interface FeatureSummary {
  readonly backend: string;
  /** Results by the name of the feature; absent when none of its cases ran. */
  readonly features: Readonly<Record<string, FeatureResult>>;
}

export interface FeatureResult {
  readonly ran: number;
  readonly passed: number;
  readonly fused: number;
  readonly composed: number;
  /** Largest error in ulps; absent without numbers, null when a NaN or an infinity doesn't match. */
  readonly worstUlps?: number | null;
  readonly naiveUlps?: number;
}

export function summarizeFeatures({ backend, cases }: ConformanceReport): FeatureSummary {
  const members = new Map<string, CaseResult[]>(FEATURES.map(({ name }) => [name, []]));
  for (const result of cases) {
    const feature = FEATURES.find(({ cases }) => cases.test(result.id));
    if (feature !== undefined) members.get(feature.name)!.push(result);
  }
  const ran = [...members].filter(([, results]) => results.length > 0);
  return { backend, features: Object.fromEntries(ran.map(([name, results]) => [name, summarize(results)])) };
}

function summarize(results: readonly CaseResult[]): FeatureResult {
  const outputs = results.flatMap(({ outputs }) => outputs);
  const worst = largest(outputs.map(ulpsOf));
  const having = (holds: (result: CaseResult) => boolean): number => results.filter(holds).length;
  return {
    ran: results.length,
    passed: having(({ status }) => status === 'passed'),
    fused: having(({ path }) => path === 'fused'),
    composed: having(({ path }) => path === 'composed'),
    ...(outputs.length > 0 && {
      worstUlps: worst === Infinity ? null : worst,
      naiveUlps: largest(outputs.map(({ naiveUlps }) => naiveUlps)),
    }),
  };
}
