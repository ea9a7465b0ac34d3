import * as tf from '@tensorflow/tfjs-core';
import { OPS, declarationOf, type AttentionBackend } from '@heed/core';

/** Names of the kernels that core registers for a backend. */
const kernelsFor = (backend: AttentionBackend): string[] =>
  declarationOf(backend).ops.flatMap((op) => [OPS[op].kernelName, `${OPS[op].kernelName}Grad`]);

/** Record of an engine before a backend was selected on it. */
export class Baseline {
  readonly engine: string;
  readonly #memory = memory();
  readonly #kernels: ReadonlyMap<string, unknown>;

  constructor(engine: string) {
    this.engine = engine;
    this.#kernels = kernelsOf(engine);
  }

  /** Sentences about violated invariants while `kept` tensors are held and `active` is selected. */
  violations(kept: number, active: AttentionBackend | undefined): string[] {
    return [...this.#memoryViolations(kept), ...this.#kernelViolations(active)];
  }

  #memoryViolations(kept: number): string[] {
    const now = memory();
    return (Object.keys(now) as (keyof typeof now)[]).flatMap((what) => {
      const more = now[what] - this.#memory[what] - kept;
      return more === 0 ? [] : [`${what} is ${Math.abs(more)} ${more > 0 ? 'more' : 'less'} than the program holds`];
    });
  }

  /** Violations of: Heed's kernels are registered, and the engine's own replaced, exactly while a backend is selected. */
  #kernelViolations(active: AttentionBackend | undefined): string[] {
    const now = kernelsOf(this.engine);
    const replaced = new Map(active?.engineKernels?.map(({ kernelName, kernelFunc }) => [kernelName, kernelFunc]));
    const expected = new Map<string, unknown>([...this.#kernels, ...replaced]);
    const added = active === undefined ? [] : kernelsFor(active);
    const missing = [...expected.keys(), ...added].filter((name) => !now.has(name));
    const foreign = [...now.keys()].filter((name) => !expected.has(name) && !added.includes(name));
    const wrong = [...expected].filter(([name, func]) => now.has(name) && now.get(name) !== func);
    return [
      ...missing.map((name) => `kernel ${name} is gone`),
      ...foreign.map((name) => `kernel ${name} is registered, but should not be`),
      ...wrong.map(([name]) => `kernel ${name} isn't ${replaced.has(name) ? "the backend's" : "the engine's own"}`),
    ];
  }
}

function memory() {
  const { numTensors, numDataBuffers } = tf.memory();
  // numDataIds also counts what the engine holds without TensorFlow.js knowing.
  return { numTensors, numDataBuffers, numDataIds: tf.engine().backend.numDataIds() };
}

function kernelsOf(engine: string): Map<string, unknown> {
  return new Map(tf.getKernelsForBackend(engine).map(({ kernelName, kernelFunc }) => [kernelName, kernelFunc]));
}
