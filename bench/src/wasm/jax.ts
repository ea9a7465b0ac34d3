import type { Peer } from './onnx-runtime.js';

interface JaxArray {
  /** Another reference to the array, since operations consume their operands. */
  readonly ref: JaxArray;
  reshape(shape: number[]): JaxArray;
  data(): Promise<Float32Array>;
  dispose(): void;
}

interface Jax {
  readonly init: () => Promise<unknown>;
  readonly defaultDevice: (name: string) => unknown;
  readonly numpy: { array(values: Float32Array): JaxArray };
  readonly nn: { dotProductAttention(query: JaxArray, key: JaxArray, value: JaxArray): JaxArray };
}

/** jax-js's WebAssembly backend on one thread, since its threads need blob: URLs, which Node's workers don't accept. */
export async function jaxAttention(): Promise<Peer> {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < 24) throw new Error(`needs Node 24, this is ${process.versions.node}`);
  // TensorFlow.js's wasm engine leaves a global Worker in Node; with it jax-js would behave as in a browser.
  Reflect.deleteProperty(globalThis, 'Worker');
  const jax = (await import('@jax-js/jax')) as unknown as Jax;
  await jax.init();
  jax.defaultDevice('wasm');
  let arrays: JaxArray[] | undefined;
  return {
    attend: async ({ query, key, value }, [batch, heads, time, width]) => {
      // Its order is [B, T, H, D]: heads are passed as items of a batch with one head, which have the same order in memory.
      const shape = [batch! * heads!, time!, 1, width!];
      arrays ??= [query, key, value].map((values) => jax.numpy.array(values).reshape(shape));
      const [q, k, v] = arrays as [JaxArray, JaxArray, JaxArray];
      return jax.nn.dotProductAttention(q.ref, k.ref, v.ref).data();
    },
    dispose: () => Promise.resolve(arrays?.forEach((array) => array.dispose())),
  };
}
