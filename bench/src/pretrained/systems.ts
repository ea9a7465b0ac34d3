import { availableParallelism } from 'node:os';
import type { Library, ChildArguments } from './messages.js';
import { Remote } from './remote.js';

/** Threads of the machine. */
export const ALL_THREADS = availableParallelism();

export const HEED = 'heed-wasm';
export const HEED_THREADS = `${HEED}, ${ALL_THREADS} threads`;
export const WEB = 'transformers.js on onnxruntime-web';
export const WEB_THREADS = `${WEB}, ${ALL_THREADS} threads`;
const NODE = 'transformers.js on onnxruntime-node (native)';

/** Heed on one thread first, which the others are compared with. */
const SYSTEMS: readonly (readonly [name: string, library: Library, threads: number])[] = [
  [HEED, 'heed', 1],
  [WEB, 'web', 1],
  [NODE, 'node', 1],
  ...(ALL_THREADS === 1
    ? []
    : ([
        [HEED_THREADS, 'heed', ALL_THREADS],
        [WEB_THREADS, 'web', ALL_THREADS],
        [`${NODE}, ${ALL_THREADS} threads`, 'node', ALL_THREADS],
      ] as const)),
];

/**
 * Opens those systems that can run here, one after the other; the others are returned with their reasons.
 *
 * @param most threads of a system
 */
export async function openSystems(
  model: Pick<ChildArguments, 'folder' | 'kind'>,
  most = ALL_THREADS,
): Promise<{ systems: Remote[]; leftOut: string[] }> {
  const systems: Remote[] = [];
  const leftOut: string[] = [];
  for (const [name, library, threads] of SYSTEMS) {
    if (threads > most) continue;
    try {
      systems.push(await Remote.open(name, { ...model, library, threads }));
    } catch (error) {
      leftOut.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return { systems, leftOut };
}
