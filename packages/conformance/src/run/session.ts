import * as tf from '@tensorflow/tfjs-core';
import { selectBackend, type BackendFactory, type SelectedBackend } from '@heed/core';
import { FLOORS, type Floor } from '../bound.js';
import type { CaseResult, OutputResult } from '../report.js';

/** Session with a selected backend under test. */
export class Session {
  readonly factory: BackendFactory;
  readonly #engineBefore: string | undefined;
  #backend: SelectedBackend;

  private constructor(factory: BackendFactory, backend: SelectedBackend, engineBefore: string | undefined) {
    this.factory = factory;
    this.#backend = backend;
    this.#engineBefore = engineBefore;
  }

  /**
   * Selects a backend.
   *
   * @throws HeedError BACKEND_UNAVAILABLE, BACKEND_INVALID
   */
  static async open(factory: BackendFactory): Promise<Session> {
    // Undefined until an engine is chosen, though the type doesn't say so.
    const engineBefore = tf.getBackend() as string | undefined;
    return new Session(factory, await selectBackend(factory), engineBefore);
  }

  get backend(): SelectedBackend {
    return this.#backend;
  }

  get floor(): Floor {
    return this.#backend.capabilities.floatBits === 16 ? FLOORS.float16 : FLOORS.float32;
  }

  /** Selects the backend again, after a case that disposed it. */
  async reselect(): Promise<void> {
    await this.#dispose();
    this.#backend = await selectBackend(this.factory);
  }

  async close(): Promise<void> {
    await this.#dispose();
    if (this.#engineBefore !== undefined) await tf.setBackend(this.#engineBefore);
  }

  /** Disposes the backend. An error is ignored here: it fails its own case, and the report should still be made. */
  async #dispose(): Promise<void> {
    await this.#backend.dispose().catch(() => undefined);
  }
}

/** Finding of a case, before known failures are considered. */
export interface Finding extends Pick<CaseResult, 'path' | 'reasons'> {
  readonly outputs?: readonly OutputResult[];
  /** Sentences that say what is wrong; none when the case passed. */
  readonly failures: readonly string[];
  /** The capability that rules the case out. */
  readonly skipped?: string;
}
