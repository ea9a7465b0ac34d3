import type { Group } from '@heed/conformance';

/** The suite is loaded when it is run; that none is forgotten here is a matter of types. */
const ALL: Readonly<Record<Group, true>> = {
  manifest: true,
  shapes: true,
  empty: true,
  scale: true,
  masks: true,
  'non-finite': true,
  'large logits': true,
  extremes: true,
  heads: true,
  bias: true,
  dropout: true,
  outputs: true,
  additive: true,
  normalizers: true,
  differences: true,
  matmul: true,
  errors: true,
  leaks: true,
  ownership: true,
  determinism: true,
  dispose: true,
};

export const GROUPS = Object.keys(ALL) as readonly Group[];
