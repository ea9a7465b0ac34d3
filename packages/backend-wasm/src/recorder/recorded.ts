import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Recorded } from '@heed/core';
import type { WasmEngine } from '../engine.js';
import { copyBytes, copyOf } from './places.js';
import type { Regions } from './region.js';
import { growth, type Growing, type Trace } from './trace.js';

/** What was recorded once; twice, when it completes an earlier recording. */
export class WasmRecorded implements Recorded {
  readonly trace: Trace;
  readonly #engine: WasmEngine;
  readonly #forgotten: readonly (() => void)[];
  #growing: readonly Growing[] | undefined;
  #ahead = 0;
  #isDead = false;
  readonly #unpin: readonly (() => void)[];

  /** @param forgotten what tells the engine's module to forget tensors, which it has to know until replays end */
  constructor(engine: WasmEngine, trace: Trace, forgotten: readonly (() => void)[]) {
    this.#engine = engine;
    this.trace = trace;
    this.#forgotten = forgotten;
    const end = (): void => {
      this.#isDead = true;
    };
    this.#unpin = Array.from(trace.readings, (tensor) => engine.atEndOf(tensor, end));
  }

  /** Finds this to be the same as before but for counts; returns what else differs. */
  completes(before: WasmRecorded, ahead: number): string | undefined {
    const growing = growth(before.trace, this.trace, ahead);
    if (typeof growing === 'string') return growing;
    this.#growing = growing;
    return undefined;
  }

  get isComplete(): boolean {
    return this.#growing !== undefined;
  }

  isAlive(): boolean {
    return !this.#isDead && this.trace.writings.every((tensor) => this.#engine.isAlone(tensor));
  }

  replay(inputs: readonly TensorInfo[], ahead: number): TensorInfo[] {
    const { calls, inputs: places, outputs } = this.trace;
    places.forEach(({ address, bytes }, n) =>
      copyBytes(this.#engine, this.#engine.address(inputs[n]!), address, bytes),
    );
    if (ahead !== this.#ahead) {
      for (const { given, index, from } of this.#growing!) given[index] = from + ahead;
      this.#ahead = ahead;
    }
    for (const { work, given } of calls) work(...given);
    return outputs.map((place) => copyOf(this.#engine, place));
  }

  /** @param others regions that somebody else has by now */
  dispose(others?: Regions): void {
    this.#isDead = true;
    for (const unpin of this.#unpin) unpin();
    for (const forget of this.#forgotten) forget();
    this.trace.regions.dispose(others);
  }
}
