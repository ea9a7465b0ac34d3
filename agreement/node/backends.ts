import { WITH_COMPOSED } from '@heed/backends/composed';
import type { BackendFactory } from '@heed/core';

/** Every backend that runs in Node, for tests that hold all of them against something. */
export const backends: readonly BackendFactory[] = await Promise.all(
  WITH_COMPOSED.filter(({ runsIn }) => runsIn === 'anywhere').map(({ load }) => load({})),
);
