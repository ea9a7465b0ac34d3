import { util, type TensorInfo } from '@tensorflow/tfjs-core';
import type { WebgpuEngine } from './engine.js';
import { FLAT_GROUP, createRun, flat, type Pass } from './pass.js';

/** What one call of a kernel makes: outputs, which are the caller's unless the call fails, and scratch, which goes back. */
export class Scope {
  readonly engine: WebgpuEngine;
  readonly #run: ReturnType<typeof createRun>;
  readonly #outputs: TensorInfo[] = [];
  readonly #scratch: TensorInfo[] = [];

  private constructor(engine: WebgpuEngine, run: ReturnType<typeof createRun>) {
    this.engine = engine;
    this.#run = run;
  }

  /**
   * Runs a kernel.
   *
   * @throws HeedError CONTEXT_LOST, DEVICE_ERROR, OUT_OF_MEMORY where the device has failed before
   */
  static run<T>(engine: WebgpuEngine, kernel: (scope: Scope) => T): T {
    engine.failures.check();
    const scope = new Scope(engine, createRun(engine));
    try {
      return kernel(scope);
    } catch (error) {
      for (const tensor of scope.#outputs) engine.release(tensor);
      throw error;
    } finally {
      for (const tensor of scope.#scratch) engine.release(tensor);
    }
  }

  /** Runs a pass. What it reads as float32 is that, whatever the engine holds. */
  run(pass: Pass): void {
    const inputs = Object.entries(pass.inputs).map(([name, tensor]) => [name, this.floats(tensor)] as const);
    this.#run({ ...pass, inputs: Object.fromEntries(inputs) });
  }

  /** A new float32 tensor of the caller's, whose numbers are to be written. */
  output(shape: readonly number[]): TensorInfo {
    const tensor = this.engine.create(shape);
    this.#outputs.push(tensor);
    return tensor;
  }

  /** A tensor to write over, once more and as an output; undefined where others share its numbers, or they are none of float32. */
  overwritable(tensor: TensorInfo): TensorInfo | undefined {
    const again = this.engine.overwritable(tensor);
    if (again !== undefined) this.#outputs.push(again);
    return again;
  }

  /** An output that goes back at the end of the call after all. */
  own(output: TensorInfo): TensorInfo {
    this.#outputs.splice(this.#outputs.indexOf(output), 1);
    this.#scratch.push(output);
    return output;
  }

  /** Room for so many numbers until the end of the call. */
  scratch(count: number): TensorInfo {
    const tensor = this.engine.create([count]);
    this.#scratch.push(tensor);
    return tensor;
  }

  /** Whole numbers from the host for a pass to read. */
  numbers(values: readonly number[]): TensorInfo {
    const tensor = this.engine.upload(Int32Array.from(values));
    this.#scratch.push(tensor);
    return tensor;
  }

  /** A tensor whose buffer holds what its type says, float32 or int32. */
  floats(tensor: TensorInfo): TensorInfo {
    if (tensor.dtype !== 'float32' || !this.engine.holdsWhole(tensor)) return tensor;
    const count = util.sizeFromShape(tensor.shape);
    const floats = this.scratch(count);
    this.#run({
      label: 'whole numbers as floats',
      inputs: { X: tensor },
      outputs: { Y: floats },
      integers: { count },
      invocations: INVOCATIONS,
      workgroups: flat(Math.ceil(count / INVOCATIONS)),
      code: `${FLAT_GROUP}
fn compute(group: vec3u, local: u32) {
  let n = flatGroup(group) * ${INVOCATIONS}u + local;
  if (n < u32(u.count)) { Y[n] = f32(X[n]); }
}`,
    });
    return floats;
  }
}

const INVOCATIONS = 64;
