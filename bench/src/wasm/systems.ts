import type { Engines } from './engines.js';
import { jaxAttention } from './jax.js';
import type { System } from './system.js';
import { onnxRuntimeNode, onnxRuntimeWeb, type Peer } from './onnx-runtime.js';
import { composedDotProduct, fusedDotProduct, type Input } from '../computations.js';

type Open = (name: string, engines: Engines, inputs: readonly Input[]) => Promise<System>;

export const HEED = 'heed-wasm';
export const HEED_THREADS = 'heed-wasm, 2 threads';
export const HEED_SIMD = 'heed-wasm, plain SIMD';
export const COMPOSED = 'tfjs-backend-wasm, composed';
export const ONNX_RUNTIME_WEB = 'onnxruntime-web';

/** All systems that compute dot-product attention forward, Heed on one thread first. */
const DOT_PRODUCT: Readonly<Record<string, Open>> = {
  [HEED]: (name, engines, inputs) => engines.heed(1)!.system(name, inputs, fusedDotProduct),
  [HEED_THREADS]: async (name, engines, inputs) => {
    const engine = engines.heed(2);
    if (engine === undefined) throw new Error('this machine has no second thread');
    return engine.system(name, inputs, fusedDotProduct);
  },
  [COMPOSED]: (name, engines, inputs) => engines.plain.system(name, inputs, composedDotProduct),
  [ONNX_RUNTIME_WEB]: (name, _, inputs) => peer(name, onnxRuntimeWeb(), inputs),
  'onnxruntime-node (native), 1 thread': (name, _, inputs) => peer(name, onnxRuntimeNode(1), inputs),
  'onnxruntime-node (native), 2 threads': (name, _, inputs) => peer(name, onnxRuntimeNode(2), inputs),
  'jax-js': (name, _, inputs) => peer(name, jaxAttention(), inputs),
};

/** Systems that are compared everywhere. */
export const SYSTEMS: readonly string[] = Object.keys(DOT_PRODUCT);

/** The build that every machine runs, which is compared in one case. */
const OTHERS: Readonly<Record<string, Open>> = {
  [HEED_SIMD]: (name, engines, inputs) => engines.plainSimd.system(name, inputs, fusedDotProduct),
};

/**
 * Opens a system.
 *
 * @throws Error that says why it can't run here
 */
export function openSystem(name: string, engines: Engines, inputs: readonly Input[]): Promise<System> {
  return { ...DOT_PRODUCT, ...OTHERS }[name](name, engines, inputs);
}

/** Opens those systems of `names` that can run here; the others are returned with their reasons. */
export async function openSystems(
  names: readonly string[],
  engines: Engines,
  inputs: readonly Input[],
): Promise<{ systems: System[]; leftOut: string[] }> {
  const systems: System[] = [];
  const leftOut: string[] = [];
  for (const name of names) {
    try {
      systems.push(await openSystem(name, engines, inputs));
    } catch (error) {
      leftOut.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return { systems, leftOut };
}

async function peer(name: string, opened: Promise<Peer>, given: readonly Input[]): Promise<System> {
  const { attend, dispose } = await opened;
  const [query, key, value] = given as [Input, Input, Input];
  const inputs = { query: query.values, key: key.values, value: value.values };
  return { name, run: async () => [await attend(inputs, [...query.shape])], dispose };
}
