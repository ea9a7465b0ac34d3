import * as tf from '@tensorflow/tfjs-core';
import { activeBackend, composed, selectBackend, type AttentionBackend, type BackendFactory } from '@heed/core';
import { FLOORS, type Floor } from '../bound.js';
import type { Draft } from './draft.js';
import { Baseline } from './invariants.js';
import type { Done } from './step.js';

/** A context that a later step may ask with, and what it must stay. */
export interface Kept {
  readonly name: string;
  readonly tensor: tf.Tensor;
  readonly values: Float32Array;
}

export interface Selected {
  readonly name: string;
  readonly handle: AttentionBackend;
}

/** What a random program holds, by its own account: what TensorFlow.js and Heed hold must be the same after each step. */
export class Program {
  /** The steps as they were done, the last one perhaps only begun. */
  readonly done: Done[] = [];
  /** Every backend that was ever selected, disposed ones too. */
  readonly backends: Selected[] = [];
  readonly kept: Kept[] = [];
  /** Of the last call, for calling again. */
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

  /** @throws HeedError BACKEND_UNAVAILABLE, BACKEND_INVALID */
  static async open(subject: BackendFactory): Promise<Program> {
    // Undefined as long as no engine was chosen, whatever its type says.
    const engineBefore = tf.getBackend() as string | undefined;
    // Loads the engine, which stays the one in use.
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

  /** It may have been disposed before, or replaced by another that stays. */
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

  /** What isn't as the program has it, one sentence each. */
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

// More than the largest of the examples that are drawn.
const LARGEST_SPOILT = 2 ** 16;

/**
 * Leaves NaN in the memory that the engine hands out next, where it has a heap of its own: what a kernel reads before it has
 * written shows, and shows again when a script does the same.
 */
function spoilFreeMemory(): void {
  const tensors: tf.Tensor[] = [];
  for (let size = 1; size <= LARGEST_SPOILT; size *= 2) tensors.push(tf.tensor1d(new Float32Array(size).fill(NaN)));
  tf.dispose(tensors);
}
