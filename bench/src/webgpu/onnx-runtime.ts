import type { Input } from '../computations.js';
import type { RunOnce } from '../timing.js';

/**
 * ONNX model of one `MultiHeadAttention` node (com.microsoft) of eight heads, which onnxruntime-web's WebGPU provider has kernels for: query, key,
 * value → context, all [B, T, H·D].
 */
const MODEL =
  'CAo6ugEKUQoFcXVlcnkKA2tleQoFdmFsdWUSB2NvbnRleHQiEk11bHRpSGVhZEF0dGVudGlvbioQCgludW1faGVhZHMYCKABAjoNY29tLm1pY3Jvc29mdBIJYXR0ZW50aW9uWhUKBXF1ZXJ5EgwKCggBEgYKAAoACgBaEwoDa2V5EgwKCggBEgYKAAoACgBaFQoFdmFsdWUSDAoKCAESBgoACgAKAGIXCgdjb250ZXh0EgwKCggBEgYKAAoACgBCBAoAEBVCEQoNY29tLm1pY3Jvc29mdBAB';

/** Attention by onnxruntime-web on WebGPU, from query, key and value [B, H, T, D] on the host to the context there. */
export async function onnxRuntime(inputs: readonly Input[]): Promise<RunOnce> {
  const ort = await import('onnxruntime-web/webgpu');
  ort.env.wasm.wasmPaths = new URL('/onnxruntime-web/', location.href).href;
  ort.env.wasm.numThreads = 1;
  const bytes = Uint8Array.from(atob(MODEL), (character) => character.codePointAt(0)!);
  const session = await ort.InferenceSession.create(bytes, { executionProviders: ['webgpu'] });
  const [batch, heads, time, width] = inputs[0].shape;
  const feeds = Object.fromEntries(
    ['query', 'key', 'value'].map((name, n) => {
      const values = exchanged(inputs[n].values, heads, time, width);
      return [name, new ort.Tensor('float32', values, [batch, time, heads * width])];
    }),
  );
  return async () => {
    const { context } = await session.run(feeds);
    return [exchanged((await context!.getData()) as Float32Array, time, heads, width)];
  };
}

/** [B, N, M, D] as [B, M, N, D]. */
function exchanged(values: Float32Array, n: number, m: number, width: number): Float32Array {
  const result = new Float32Array(values.length);
  const size = n * m * width;
  for (let start = 0; start < values.length; start += size)
    for (let i = 0; i < n; i++)
      for (let j = 0; j < m; j++) {
        const from = start + (i * m + j) * width;
        result.set(values.subarray(from, from + width), start + (j * n + i) * width);
      }
  return result;
}
