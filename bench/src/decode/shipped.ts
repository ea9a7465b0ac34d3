import { modelFolder } from '@heed/models/node';
import { NETWORKS } from '@heed/networks';
import type { ModelOf, RunInfo } from '@heed/nn';
import { openRun } from '@heed/nn/node';

/** A model that Heed ships, on the engine in use. */
export const openShipped = (name: string): Promise<{ readonly model: ModelOf; readonly info: RunInfo }> =>
  openRun(modelFolder(name), { networks: NETWORKS });
