import { UsageError } from '../usage-error.js';

/** A tensor of ONNX Runtime, as far as it is needed here. */
export interface RuntimeTensor {
  readonly type: string;
  readonly data: Float32Array | Int32Array | Uint8Array;
  readonly dims: readonly number[];
}

export type RuntimeTensors = Readonly<Record<string, RuntimeTensor>>;

/** ONNX Runtime, whichever build of it: what onnxruntime-node and onnxruntime-web have in common. */
export interface OnnxRuntime {
  readonly InferenceSession: {
    create(model: Uint8Array): Promise<{ run(feeds: RuntimeTensors): Promise<RuntimeTensors> }>;
  };
  readonly Tensor: new (type: string, data: RuntimeTensor['data'], dims: readonly number[]) => RuntimeTensor;
}

/** @throws UsageError where it isn't installed */
export async function onnxRuntime(): Promise<OnnxRuntime> {
  try {
    const { InferenceSession, Tensor } = await import('onnxruntime-node');
    return { InferenceSession, Tensor } as unknown as OnnxRuntime;
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new UsageError(
      "--check runs models in onnxruntime-node, which isn't installed",
      'npm install --ignore-scripts onnxruntime-node',
    );
  }
}
