import * as tf from '@tensorflow/tfjs-core';
import type { DataId, DataType, TensorInfo } from '@tensorflow/tfjs-core';
import { HeedError } from '@heed/core';
import type { GraphType } from './graph.js';
import type { ScanAttributes } from '@heed/core/model-ops';
import { valuesAround } from './values-around.js';
import type { KernelCall, Origin, TensorType, TracedBody, TracedNode, TracedValue, Values } from './traced.js';

/** Inputs of a kernel as TensorFlow.js gives them: by name, or a list. */
type GivenInputs = Readonly<Record<string, TensorInfo | undefined>>;

/**
 * An engine of TensorFlow.js that writes down what it is told to compute. What depends on no input is computed when it is asked for, by
 * the engine that was in use before, so that host code that reads what it made goes on working. Tensors of other engines stay where they are.
 */
export class TraceBackend extends tf.KernelBackend {
  readonly #values = new Map<DataId, TracedValue>();
  readonly #foreign = new Map<DataId, TracedValue>();
  readonly #under: Underlying;
  #written: TracedValue[] = [];
  #most = Infinity;

  constructor(under: Underlying) {
    super();
    this.#under = under;
  }

  /** A tensor that stands for a graph's input. */
  input(name: string, type: TensorType): tf.Tensor {
    const info = this.#add({ ...type, origin: { kind: 'input', name }, isKnown: false });
    return tf.engine().makeTensorFromTensorInfo(info, this);
  }

  /** Notes a call of a kernel with outputs of these types. */
  record(kernel: string, inputs: GivenInputs, attributes: object, types: readonly TensorType[]): TensorInfo[] {
    return this.#record(this.#call(kernel, inputs, attributes), types);
  }

  /**
   * Notes a loop over the first axis of tensors, of which a step is traced once.
   *
   * @param states how many of the inputs are the state; the others are read step by step
   */
  recordLoop(kernel: string, inputs: GivenInputs, { states, body }: ScanAttributes): TensorInfo[] {
    const call = this.#call(kernel, inputs, { states });
    const parameters = call.inputs.map(({ shape, dtype }, index): TracedValue => ({
      shape: index < states ? shape : shape.slice(1),
      dtype,
      origin: { kind: 'parameter', index },
      isKnown: false,
    }));
    let results: readonly TracedValue[] = [];
    tf.tidy(() => {
      const tensors = parameters.map((value) => tf.engine().makeTensorFromTensorInfo(this.#add(value), this));
      const { state, outputs } = body(tensors.slice(0, states), tensors.slice(states));
      results = [...state, ...outputs].map((tensor) => this.traced(tensor));
    });
    const around = valuesAround(parameters, results);
    const names = [...call.names, ...around.map((_, n) => `around${n}`)];
    const [time] = call.inputs[states].shape;
    const types = results.map(({ shape, dtype }, n) => ({ dtype, shape: n < states ? shape : [time, ...shape] }));
    return this.#record({ ...call, names, inputs: [...call.inputs, ...around] }, types, { parameters, results });
  }

  /** Computes what a kernel gives that can't be recorded, where it depends on no input. */
  compute(kernel: string, inputs: GivenInputs, attributes: object): TensorInfo[] | TensorInfo {
    const call = this.#call(kernel, inputs, attributes);
    const values = call.inputs;
    if (!values.every(({ isKnown }) => isKnown)) {
      throw new HeedError('INVALID_ARGUMENT', {
        message: `exportGraph: ${kernel} [${values.map(({ shape }) => shape.join(', ')).join('] [')}] has no translation to ONNX`,
        hint: 'compute it with other ops',
        details: { op: kernel },
      });
    }
    const { results, isList } = this.#under.compute(call);
    const infos = results.map(({ values, ...type }) =>
      this.#add({ ...type, origin: { kind: 'host', values }, isKnown: true }),
    );
    return isList ? infos : infos[0];
  }

  /** What a kernel is given as what TensorFlow.js's ops take: kernels see descriptions of tensors, perhaps in other shapes. */
  asTensor(info: TensorInfo): tf.Tensor {
    if (info instanceof tf.Tensor) return info;
    return tf.engine().makeTensorFromTensorInfo(this.#add(this.traced(info)), this);
  }

  /** What is known of a tensor, which kernels may see in another shape than it was made in. */
  traced({ dataId, shape, dtype }: TensorInfo): TracedValue {
    const value = this.#values.get(dataId) ?? this.#foreignValue(dataId);
    if (value.shape.join() === shape.join()) return value;
    const [{ dataId: reshaped }] = this.record(
      'Reshape',
      { x: { dataId, shape: [...value.shape], dtype } },
      { shape },
      [{ shape, dtype: value.dtype }],
    );
    return this.#values.get(reshaped)!;
  }

  /** The numbers that the host wrote since the last call, in order. */
  takeWritten(): readonly TracedValue[] {
    const written = this.#written;
    this.#written = [];
    return written;
  }

  /** Throws `STOPPED` out of what runs once the host has written so many numbers. */
  stoppingAfter<T>(count: number, run: () => T): T {
    this.#most = count;
    try {
      return run();
    } finally {
      this.#most = Infinity;
    }
  }

  override write(values: tf.BackendValues, shape: number[], dtype: DataType): DataId {
    const origin: Origin = { kind: 'host', values: values as Values };
    const value: TracedValue = { shape, dtype: graphType(dtype), origin, isKnown: true };
    this.#written.push(value);
    if (this.#written.length >= this.#most) throw STOPPED;
    return this.#add(value).dataId;
  }

  override move(dataId: DataId, values: tf.BackendValues, shape: number[], dtype: DataType): void {
    const origin: Origin = { kind: 'host', values: values as Values };
    this.#values.set(dataId, { shape, dtype: graphType(dtype), origin, isKnown: true });
  }

  override readSync(dataId: DataId): tf.BackendValues {
    return this.#under.evaluate(this.#values.get(dataId)!);
  }

  override read(dataId: DataId): Promise<tf.BackendValues> {
    return Promise.resolve().then(() => this.readSync(dataId));
  }

  override disposeData(dataId: DataId): boolean {
    this.#values.delete(dataId);
    return true;
  }

  override incRef(): void {}

  override refCount(): number {
    return 1;
  }

  override numDataIds(): number {
    return this.#values.size;
  }

  override memory(): { unreliable: boolean } {
    return { unreliable: false };
  }

  override floatPrecision(): 32 {
    return 32;
  }

  override dispose(): void {
    this.#values.clear();
    this.#foreign.clear();
    this.#written = [];
  }

  #call(kernel: string, inputs: GivenInputs, attributes: object): KernelCall {
    const given = Object.entries(inputs).flatMap(([name, info]) => (info === undefined ? [] : [[name, info] as const]));
    const names = given.map(([name]) => name);
    return { kernel, names, inputs: given.map(([, info]) => this.traced(info)), attributes: { ...attributes } };
  }

  #record(call: KernelCall, types: readonly TensorType[], body?: TracedBody): TensorInfo[] {
    const outputs: TracedValue[] = [];
    const node: TracedNode = { ...call, outputs, ...(body && { body }) };
    const isKnown = call.inputs.every((value) => value.isKnown);
    return types.map(({ shape, dtype }, index) => {
      const value: TracedValue = { shape: [...shape], dtype, origin: { kind: 'node', node, index }, isKnown };
      outputs.push(value);
      return this.#add(value);
    });
  }

  #add(value: TracedValue): TensorInfo {
    const dataId = {};
    this.#values.set(dataId, value);
    return { dataId, shape: [...value.shape], dtype: value.dtype };
  }

  #foreignValue(dataId: DataId): TracedValue {
    const known = this.#foreign.get(dataId);
    if (known !== undefined) return known;
    const value = this.#under.read(dataId);
    this.#foreign.set(dataId, value);
    return value;
  }
}

/** Ends a run early; it is no error. */
export const STOPPED = new Error('the run is stopped');

/** What a trace needs of the engine that was in use before. */
export interface Underlying {
  /** The numbers of a tensor that is on it, or on any engine. */
  read(dataId: DataId): TracedValue;
  /** Computes a value; @throws HeedError INVALID_ARGUMENT for one that depends on the graph's inputs */
  evaluate(value: TracedValue): Values;
  /** Runs a kernel on values that depend on no input. */
  compute(call: KernelCall): Computed;
}

export interface Computed {
  readonly results: readonly (TensorType & { readonly values: Values })[];
  /** Whether the kernel gave a list. */
  readonly isList: boolean;
}

export function graphType(dtype: DataType): GraphType {
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return dtype;
  throw new HeedError('DTYPE_UNSUPPORTED', {
    message: `exportGraph: a tensor of ${dtype} has no place in the model`,
    hint: 'use float32, int32 or bool',
  });
}
