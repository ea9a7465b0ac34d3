import type * as OrtWeb from 'onnxruntime-web';
import { onnxRuntimeWeb } from '../onnx-runtime-web.js';

/** A tensor as programs of exported models have it. */
export interface Plain {
  readonly type: 'float32' | 'int32';
  readonly data: Float32Array | Int32Array;
  readonly dims: readonly number[];
}

type Given = Readonly<Record<string, Plain | OrtWeb.Tensor>>;
export type Outputs = Readonly<Record<string, OrtWeb.Tensor>>;

/** Parts of an exported model, ready to run in onnxruntime-web. */
export interface Sessions {
  /** Runs a part. Tensors that it gave may be given again as they are. */
  run(part: string, inputs: Given): Promise<Outputs>;
  dispose(): Promise<void>;
}

/** @param parts ONNX models by name */
export async function openSessions(parts: Readonly<Record<string, Uint8Array>>): Promise<Sessions> {
  const { InferenceSession, Tensor } = await onnxRuntimeWeb();
  const sessions = new Map<string, OrtWeb.InferenceSession>();
  for (const [name, bytes] of Object.entries(parts)) sessions.set(name, await InferenceSession.create(bytes));
  const tensor = (x: Plain | OrtWeb.Tensor): OrtWeb.Tensor =>
    x instanceof Tensor ? x : new Tensor(x.type, x.data as never, [...x.dims]);
  return {
    run: async (part, inputs) => {
      const feeds = Object.entries(inputs).map(([name, x]) => [name, tensor(x)]);
      return (await sessions.get(part)!.run(Object.fromEntries(feeds))) as Outputs;
    },
    dispose: async () => {
      for (const session of sessions.values()) await session.release();
    },
  };
}
