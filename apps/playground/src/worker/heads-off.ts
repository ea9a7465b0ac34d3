import { switchOffHeads, type HeadPlace, type KnownNetwork } from '@heed/networks';
import type { Change } from './held-model.js';

/**
 * A model without some of its heads, as a change of it; undefined where none is off.
 *
 * @throws HeedError INVALID_ARGUMENT, when it is applied, for a head that the model doesn't have
 */
export const headsOff = (off: readonly HeadPlace[] = []): Change<KnownNetwork> | undefined =>
  off.length === 0 ? undefined : { id: JSON.stringify(off), apply: (model) => switchOffHeads(model, off) };
