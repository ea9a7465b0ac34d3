import type { LifecycleCase, ManifestCase } from '../case.js';

const MANIFEST: readonly ManifestCase['check'][] = [
  'describes-itself',
  'is-available',
  'declared-requests-are-taken',
  'reasons-are-given',
  'reasons-are-pure',
  'skips-are-taken',
  'replaced-kernels-are-listed',
];

const LIFECYCLE: readonly LifecycleCase['check'][] = [
  'twice',
  'runs-composed-afterwards',
  'refuses-afterwards',
  'restores-the-engine',
  'again',
];

export const manifest = MANIFEST.map((check): ManifestCase => ({
  kind: 'manifest',
  id: `manifest/${check}`,
  group: 'manifest',
  check,
}));

export const dispose = LIFECYCLE.map((check): LifecycleCase => ({
  kind: 'lifecycle',
  id: `dispose/${check}`,
  group: 'dispose',
  check,
}));
