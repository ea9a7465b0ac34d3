import { HeedError, type AttentionBackend, type BackendFactory, type OpName, type OpRequest } from '@heed/core';
import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { ATTENTION_KERNELS } from './kernels/attention.js';
import { modelOpKernels } from './kernels/model-ops.js';
import { linearSteps } from './linear-attention.js';
import type { TraceBackend } from './trace-backend.js';

/** Heed's backend on the engine that records: attention of dot products becomes one node where ONNX has one for it. */
export function recordingBackend(engine: string, trace: TraceBackend): BackendFactory {
  const record = (
    op: OpName,
    inputs: Readonly<Record<string, TensorInfo | undefined>>,
    request: OpRequest,
  ): TensorInfo[] => trace.record(op, inputs, { request }, ATTENTION_KERNELS[op].infer({}, { request }));
  return {
    name: engine,
    unavailableReasons: () => Promise.resolve([]),
    create: (): Promise<AttentionBackend> =>
      Promise.resolve({
        specVersion: 1,
        name: engine,
        engine,
        kernels: {
          dotProductAttention: {
            forward: (inputs, request) => {
              const [context, logSumExp, remainder, weights] = record('dotProductAttention', inputs, request);
              return { context, logSumExp, remainder, ...(weights && { weights }) };
            },
            backward: refuseGradients,
          },
          additiveAttention: {
            forward: (inputs, request) => {
              const [context, logSumExp, remainder, weights] = record('additiveAttention', inputs, request);
              return { context, logSumExp, remainder, ...(weights && { weights }) };
            },
            backward: refuseGradients,
          },
          weightedContext: {
            forward: (inputs, request) => {
              const [context, weights] = record('weightedContext', inputs, request);
              return { context, weights };
            },
            backward: refuseGradients,
          },
          linearAttention: {
            forward: (inputs, request) => linearSteps(asTensors(inputs, trace), request) as { context: Tensor },
            backward: refuseGradients,
          },
        },
        takes: { masks: ['band', 'lengths', 'dense'], biases: ['dense'], normalizers: ['softmax'], options: OPTIONS },
        unsupportedReasons,
        engineKernels: modelOpKernels(trace),
        capabilities: {
          skips: [],
          simd: 'none',
          threads: 1,
          floatBits: 32,
          accumulatorBits: 32,
          deterministic: true,
          replaces: [],
          notes: ['it computes nothing: what it is told becomes nodes of an ONNX model'],
        },
        dispose: () => Promise.resolve(),
      }),
  };
}

const OPTIONS = ['softCap', 'returnWeights', 'logDecay', 'beta', 'normalize', 'initialState', 'returnState'] as const;

function refuseGradients(): never {
  throw new HeedError('INVALID_ARGUMENT', {
    message: 'exportGraph: the graph takes gradients, which have no place in a model',
    hint: 'export what the trained model computes',
  });
}

/** Inputs that are there, as what TensorFlow.js's ops take. */
const asTensors = (
  inputs: Readonly<Record<string, TensorInfo | undefined>>,
  trace: TraceBackend,
): Readonly<Record<string, Tensor>> =>
  Object.fromEntries(
    Object.entries(inputs).flatMap(([name, info]) =>
      info === undefined ? [] : [[name, trace.asTensor(info)] as const],
    ),
  );

/** What masks of a request say of single rows is numbers that only this call has. */
function unsupportedReasons(request: OpRequest): string[] {
  if (request.op === 'linearAttention')
    return request.lengths === null && !request.bidirectional ? [] : ['it is no loop'];
  const { mask, keys } = request;
  const isUniform = ({ lower, upper }: { readonly lower: Int32Array; readonly upper: Int32Array }): boolean =>
    [lower, upper].every((limits) => limits.every((limit) => limit === limits[0]));
  return [
    ...(mask.band === undefined || isUniform(mask.band) ? [] : ["the rows' masks differ"]),
    ...(mask.lengths?.some((length) => length !== keys) ? ['rows have lengths of their own'] : []),
  ];
}
