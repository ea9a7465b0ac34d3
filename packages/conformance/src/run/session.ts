import * as tf from '@tensorflow/tfjs-core';
import { selectBackend, type BackendFactory, type SelectedBackend } from '@heed/core';
import { FLOORS, type Floor } from '../bound.js';
import type { CaseResult, OutputResult } from '../report.js';

/** A backend under test, selected. */
export class Session {
  readonly factory: BackendFactory;
  readonly #engineBefore: string | undefined;
  #backend: SelectedBackend;

  private constructor(factory: BackendFactory, backend: SelectedBackend, engineBefore: string | undefined) {
    this.factory = factory;
    this.#backend = backend;
    this.#engineBefore = engineBefore;
  }

  /** @throws HeedError BACKEND_UNAVAILABLE, BACKEND_INVALID */
  static async open(factory: BackendFactory): Promise<Session> {
    // Undefined as long as no engine was chosen, whatever its type says.
    const engineBefore = tf.getBackend() as string | undefined;
    return new Session(factory, await selectBackend(factory), engineBefore);
  }

  get backend(): SelectedBackend {
    return this.#backend;
  }

  get floor(): Floor {
    return this.#backend.capabilities.floatBits === 16 ? FLOORS.float16 : FLOORS.float32;
  }

  /** For cases that dispose the backend. */
  async reselect(): Promise<void> {
    await this.#dispose();
    this.#backend = await selectBackend(this.factory);
  }

  async close(): Promise<void> {
    await this.#dispose();
    if (this.#engineBefore !== undefined) await tf.setBackend(this.#engineBefore);
  }

  /** A backend that can't be disposed fails its case, and shouldn't take the report with it. */
  async #dispose(): Promise<void> {
    await this.#backend.dispose().catch(() => undefined);
  }
}

/** What came of a case, before known failures are taken into account. */
export interface Finding extends Pick<CaseResult, 'path' | 'reasons'> {
  readonly outputs?: readonly OutputResult[];
  /** What is wrong, one sentence each; none when the case passed. */
  readonly failures: readonly string[];
  /** The capability that rules the case out. */
  readonly skipped?: string;
}
