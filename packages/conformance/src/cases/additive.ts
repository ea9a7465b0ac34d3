import { agreement, type AgreementCase } from '../case.js';
import { ALL_OUTPUTS, add } from '../examples.js';
import { LARGE, MASK_PAIRS, PER_BATCH, SINGLE_MASKS, WINDOW_BEHIND } from './mask-specs.js';
import { SIZES } from './shapes.js';

const one = { batch: 1, outputs: ALL_OUTPUTS } as const;
const large = { batch: 1, queries: 70, keys: 67, units: 3, valueWidth: 2 } as const;

export const additive: readonly AgreementCase[] = [
  agreement('additive', 'base', add({ outputs: ALL_OUTPUTS })),
  ...SIZES.map((t) => agreement('additive', `tq${t}-tk${t}`, add({ ...one, queries: t, keys: t, valueWidth: 3 }))),
  ...SIZES.map((units) => agreement('additive', `u${units}`, add({ ...one, units }))),
  ...SIZES.map((dv) => agreement('additive', `dv${dv}`, add({ ...one, valueWidth: dv }))),
  agreement('additive', 'one-query', add({ queries: 1, outputs: ALL_OUTPUTS })),
  agreement('additive', 'one-key', add({ keys: 1, outputs: ALL_OUTPUTS })),
  // tanh from its straight part to where it is flat.
  ...[0.01, 10].map((size) =>
    agreement('additive', `magnitude${size}`, add({ magnitude: { query: size, key: size }, outputs: ALL_OUTPUTS })),
  ),
  agreement('additive', 'causal-option', add({ queries: 6, keys: 6, causal: true, outputs: ALL_OUTPUTS })),
  ...Object.entries(SINGLE_MASKS).map(([name, mask]) =>
    agreement('additive', `mask/${name}`, add({ mask, outputs: ALL_OUTPUTS })),
  ),
  agreement('additive', 'mask/b3-tq-tk', add({ batch: 3, mask: PER_BATCH, outputs: ALL_OUTPUTS })),
  ...Object.entries(MASK_PAIRS).map(([name, mask]) => agreement('additive', `mask/pair/${name}`, add({ mask }))),
  ...Object.entries(LARGE).map(([name, mask]) =>
    agreement('additive', `mask/tq70-tk67/${name}`, add({ ...large, mask })),
  ),
  agreement('additive', 'mask/tq160-tk40/window-behind', add({ ...WINDOW_BEHIND, batch: 1, units: 3 })),
];
