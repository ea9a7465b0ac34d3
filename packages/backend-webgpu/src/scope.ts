import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { WebgpuEngine } from './engine.js';
import { createRun, type Pass, type Run } from './pass.js';

/** What one call of a kernel makes: outputs, which are the caller's unless the call fails, and scratch, which goes back. */
export class Scope {
  readonly engine: WebgpuEngine;
  readonly #run: Run;
  readonly #outputs: TensorInfo[] = [];
  readonly #scratch: TensorInfo[] = [];

  private constructor(engine: WebgpuEngine, run: Run) {
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

  run(pass: Pass): void {
    this.#run(pass);
  }

  /** A new float32 tensor of the caller's, whose numbers are to be written. */
  output(shape: readonly number[]): TensorInfo {
    const tensor = this.engine.create(shape);
    this.#outputs.push(tensor);
    return tensor;
  }

  /** Room for so many numbers until the end of the call. */
  scratch(count: number): TensorInfo {
    const tensor = this.engine.create([count]);
    this.#scratch.push(tensor);
    return tensor;
  }
}
