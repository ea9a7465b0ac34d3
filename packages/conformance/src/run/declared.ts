import {
  OPS,
  declarationOf,
  type AttentionBackend,
  type BiasParts,
  type MaskParts,
  type Op,
  type OpName,
  type OpRequest,
  type Option,
  type Size,
} from '@heed/core';
import type { BiasSpec, MaskSpec, Example } from '../example.js';
import { TESTED_OPS } from '../ops/table.js';

export const MASKS: { readonly [Part in keyof MaskParts]-?: MaskSpec } = {
  band: { kind: 'slidingWindow', left: 2, right: 1, align: 'bottom-right' },
  lengths: { kind: 'padding', lengths: [3, 7] },
  segments: {
    kind: 'segments',
    query: [
      [0, 0, 1, 1, 1],
      [0, 0, 0, 0, 0],
    ],
    key: [
      [0, 0, 0, 1, 1, 1, 1],
      [0, 0, 0, 0, 1, 1, 1],
    ],
  },
  dense: { kind: 'dense', shape: [5, 7], attended: 0.6 },
};

export const BIASES: { readonly [Part in keyof BiasParts]-?: BiasSpec } = {
  dense: { kind: 'dense', shape: [5, 7] },
  alibi: { kind: 'alibi', align: 'top-left' },
  relative: { kind: 'relativePosition', rows: 3, reach: 2, align: 'top-left' },
};

const OPTIONS: { readonly [Field in Option]: object } = {
  softCap: { softCap: 2 },
  dropout: { dropout: { rate: 0.3, seed: 3 } },
  scoreHook: { hooks: ['decay'] },
  maskHook: { hooks: ['causal'] },
  weightHook: { hooks: ['gain of weights'] },
  returnWeights: { outputs: ['weights'] },
  logDecay: { logDecay: [2, 3, 5, 4] },
  beta: { beta: [2, 3, 5] },
  normalize: { normalize: true },
  lengths: { lengths: [3, 5] },
  bidirectional: { bidirectional: true },
  initialState: { initialState: true },
  returnState: { outputs: ['state'] },
};

interface Declared {
  /** Part or option that it needs declared: 'with dropout'. */
  readonly what: string;
  readonly example: Example;
}

/** Examples of an op for all that a backend declares: the plain op, or one with each normaliser; then one with each part and option. */
export function declaredExamples(backend: AttentionBackend, name: OpName): readonly Declared[] {
  const { masks, biases, normalizers, options } = declarationOf(backend);
  const { fields }: Op = OPS[name];
  const has = (field: string): boolean => Object.hasOwn(fields, field);
  const declared = (base: object, what: string, changes: object): Declared => ({
    what,
    example: { ...TESTED_OPS[name].plain, ...base, ...changes } as Example,
  });
  const plain = has('normalizer')
    ? normalizers.map((normalizer) => declared({}, `with ${normalizer}`, { normalizer }))
    : [declared({}, 'by itself', {})];
  if (plain.length === 0) return [];
  const added = (what: string, changes: object): Declared => declared(plain[0].example, what, changes);
  return [
    ...plain,
    ...(has('mask') ? masks.map((part) => added(`with the mask part '${part}'`, { mask: MASKS[part] })) : []),
    ...(has('bias') ? biases.map((part) => added(`with the bias part '${part}'`, { bias: BIASES[part] })) : []),
    ...options.filter(has).map((field) => added(`with ${field}`, OPTIONS[field])),
  ];
}

/** Whether all sizes of a request are within the limits that a backend declares. */
export const isWithinLimits = ({ takes: { limits = {} } }: AttentionBackend, request: OpRequest): boolean =>
  Object.entries(request).every(
    ([field, value]) => typeof value !== 'number' || value <= (limits[field as Size] ?? Infinity),
  );
