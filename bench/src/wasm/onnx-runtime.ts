import type * as OrtWeb from 'onnxruntime-web';
import * as web from '../onnx-runtime-web.js';

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
  const ort = await web.onnxRuntimeWeb();
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
