import * as tf from '@tensorflow/tfjs-core';
import { activeBackend, composed, selectBackend, type AttentionBackend, type BackendFactory } from '@heed/core';
import { FLOORS, type Floor } from '../bound.js';
import type { Draft } from './draft.js';
import { Baseline } from './invariants.js';
import type { Done } from './step.js';

/** A kept context, which may be the query of a later step, with the numbers that it must keep. */
export interface Kept {
  readonly name: string;
  readonly tensor: tf.Tensor;
  readonly values: Float32Array;
}

export interface Selected {
  readonly name: string;
  readonly handle: AttentionBackend;
}

/** Record of what a random program holds, which TensorFlow.js and Heed must agree with after each step. */
export class Program {
  /** Steps that were done; the last one may only have begun. */
  readonly done: Done[] = [];
  /** All backends that were selected, also those disposed since. */
  readonly backends: Selected[] = [];
  readonly kept: Kept[] = [];
  /** Draft of the last call, for calling again. */
  draft: Draft | undefined;
  readonly floor: Floor;
  #active: Selected | undefined;
  #names = 0;
  readonly #factories: Readonly<Record<'subject' | 'composed', BackendFactory>>;
  readonly #engineBefore: string | undefined;
  readonly #baseline: Baseline;

  private constructor(subject: BackendFactory, probe: AttentionBackend, engineBefore: string | undefined) {
    this.floor = probe.capabilities.floatBits === 16 ? FLOORS.float16 : FLOORS.float32;
    this.#factories = { subject, composed: composed({ engine: probe.engine }) };
    this.#engineBefore = engineBefore;
    this.#baseline = new Baseline(probe.engine);
  }

  /**
   * Opens a program with a backend under test.
   *
   * @throws HeedError BACKEND_UNAVAILABLE, BACKEND_INVALID
   */
  static async open(subject: BackendFactory): Promise<Program> {
    // Undefined until an engine is chosen, though the type doesn't say so.
    const engineBefore = tf.getBackend() as string | undefined;
    // This loads the engine, which stays in use.
    const probe = await selectBackend(subject);
    await probe.dispose();
    spoilFreeMemory();
    return new Program(subject, probe, engineBefore);
  }

  async close(): Promise<void> {
    tf.dispose(this.kept.map(({ tensor }) => tensor));
    for (const { handle } of this.backends) await handle.dispose().catch(() => undefined);
    if (this.#engineBefore !== undefined) await tf.setBackend(this.#engineBefore);
  }

  get active(): Selected | undefined {
    return this.#active;
  }

  newName(kind: string): string {
    return `${kind}${++this.#names}`;
  }

  async select(backend: 'subject' | 'composed', name: string): Promise<void> {
    this.#active = { name, handle: await selectBackend(this.#factories[backend]) };
    this.backends.push(this.#active);
  }

  /** Disposes a backend, which may already be disposed, or replaced by another that stays. */
  disposeBackend(selected: Selected): Promise<void> {
    if (this.#active === selected) this.#active = undefined;
    return selected.handle.dispose();
  }

  async keep(name: string, tensor: tf.Tensor): Promise<Float32Array> {
    const values = Float32Array.from(await tensor.data());
    this.kept.push({ name, tensor, values });
    return values;
  }

  disposeTensor(kept: Kept): void {
    kept.tensor.dispose();
    this.kept.splice(this.kept.indexOf(kept), 1);
  }

  /** Sentences about what differs from this record. */
  async violations(): Promise<string[]> {
    const overwritten: string[] = [];
    for (const { name, tensor, values } of this.kept) {
      const now = await tensor.data();
      if (!values.every((value, n) => Object.is(value, now[n]))) overwritten.push(`${name} was overwritten`);
    }
    const found = activeBackend()?.name;
    const expected = this.#active?.handle.name;
    return [
      ...this.#baseline.violations(this.kept.length, this.#active?.handle),
      ...overwritten,
      ...(found === expected ? [] : [`the active backend is ${found}, expected ${expected}`]),
    ];
  }
}

// Greatest size that is filled with NaN: more than the largest random example needs.
const LARGEST_SPOILT = 2 ** 16;

/**
 * Leaves NaN in the memory that the engine allocates next, if it has a heap: so it shows when a kernel reads memory before writing
 * it, and shows again when a script does the same.
 */
function spoilFreeMemory(): void {
  const tensors: tf.Tensor[] = [];
  for (let size = 1; size <= LARGEST_SPOILT; size *= 2) tensors.push(tf.tensor1d(new Float32Array(size).fill(NaN)));
  tf.dispose(tensors);
}
