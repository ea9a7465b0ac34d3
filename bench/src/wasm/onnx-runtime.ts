import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as OrtWeb from 'onnxruntime-web';

/** ONNX model of one `Attention` node (opset 23): query, key, value → context, all [B, H, T, D] of any size. */
const MODEL = Buffer.from(
  'CApCBAoAEBc6mAEKJwoFcXVlcnkKA2tleQoFdmFsdWUSB2NvbnRleHQiCUF0dGVudGlvbhIJYXR0ZW50aW9uWhcKBXF1ZXJ5Eg4KDAgBEggKAAoACgAKAFoVCgNrZXkSDgoMCAESCAoACgAKAAoAWhcKBXZhbHVlEg4KDAgBEggKAAoACgAKAGIZCgdjb250ZXh0Eg4KDAgBEggKAAoACgAKAA==',
  'base64',
);

export interface Peer {
  attend(inputs: Readonly<Record<'query' | 'key' | 'value', Float32Array>>, shape: number[]): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/** onnxruntime-web's WebAssembly build on one thread. */
export async function onnxRuntimeWeb(): Promise<Peer> {
  const entry = createRequire(import.meta.url).resolve('onnxruntime-web/wasm');
  const ort = (await import(pathToFileURL(entry.replace(/\.js$/, '.mjs')).href)) as typeof OrtWeb;
  ort.env.wasm.wasmPaths = `${pathToFileURL(dirname(entry)).href}/`;
  ort.env.wasm.numThreads = 1;
  return peer(ort, await ort.InferenceSession.create(new Uint8Array(MODEL)));
}

/** onnxruntime-node's native build. */
export async function onnxRuntimeNode(threads: number): Promise<Peer> {
  // The package is optional, and its own types equal those of onnxruntime-web.
  const name = 'onnxruntime-node';
  const { default: ort } = (await import(name)) as { default: typeof OrtWeb };
  const options = { intraOpNumThreads: threads, interOpNumThreads: 1 };
  return peer(ort, await ort.InferenceSession.create(new Uint8Array(MODEL), options));
}

function peer(ort: typeof OrtWeb, session: OrtWeb.InferenceSession): Peer {
  return {
    attend: async (inputs, shape) => {
      const feeds = Object.fromEntries(
        Object.entries(inputs).map(([name, data]) => [name, new ort.Tensor('float32', data, shape)]),
      );
      const { context } = await session.run(feeds);
      return context!.data as Float32Array;
    },
    dispose: () => session.release(),
  };
}
