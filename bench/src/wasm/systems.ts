import type { Engines } from './engines.js';
import { jaxAttention } from './jax.js';
import type { System } from './system.js';
import { onnxRuntimeNode, onnxRuntimeWeb, type Peer } from './onnx-runtime.js';
import { composedDotProduct, fusedDotProduct, type Input } from '../problems.js';

type Open = (name: string, engines: Engines, problem: readonly Input[]) => Promise<System>;

export const HEED = 'heed-wasm';
export const HEED_THREADS = 'heed-wasm, 2 threads';
export const COMPOSED = 'tfjs-backend-wasm, composed';
export const ONNX_RUNTIME_WEB = 'onnxruntime-web';

/** Everything that computes dot-product attention forward, Heed on one thread first. */
const DOT_PRODUCT: Readonly<Record<string, Open>> = {
  [HEED]: (name, engines, problem) => engines.heed(1)!.system(name, problem, fusedDotProduct),
  [HEED_THREADS]: async (name, engines, problem) => {
    const engine = engines.heed(2);
    if (engine === undefined) throw new Error('this machine has no second thread');
    return engine.system(name, problem, fusedDotProduct);
  },
  [COMPOSED]: (name, engines, problem) => engines.plain.system(name, problem, composedDotProduct),
  [ONNX_RUNTIME_WEB]: (name, _, problem) => peer(name, onnxRuntimeWeb(), problem),
  'onnxruntime-node (native), 1 thread': (name, _, problem) => peer(name, onnxRuntimeNode(1), problem),
  'onnxruntime-node (native), 2 threads': (name, _, problem) => peer(name, onnxRuntimeNode(2), problem),
  'jax-js': (name, _, problem) => peer(name, jaxAttention(), problem),
};

export const SYSTEMS: readonly string[] = Object.keys(DOT_PRODUCT);

/** @throws Error that says why it can't run here */
export function openSystem(name: string, engines: Engines, problem: readonly Input[]): Promise<System> {
  return DOT_PRODUCT[name](name, engines, problem);
}

/** Those of `names` that can run here, and the others with their reasons. */
export async function openSystems(
  names: readonly string[],
  engines: Engines,
  problem: readonly Input[],
): Promise<{ systems: System[]; leftOut: string[] }> {
  const systems: System[] = [];
  const leftOut: string[] = [];
  for (const name of names) {
    try {
      systems.push(await openSystem(name, engines, problem));
    } catch (error) {
      leftOut.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return { systems, leftOut };
}

async function peer(name: string, opened: Promise<Peer>, problem: readonly Input[]): Promise<System> {
  const { attend, dispose } = await opened;
  const [query, key, value] = problem as [Input, Input, Input];
  const inputs = { query: query.values, key: key.values, value: value.values };
  return { name, run: async () => [await attend(inputs, [...query.shape])], dispose };
}
