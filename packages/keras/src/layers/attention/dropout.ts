import type { Dropout } from '@heed/core';

/** Seeds of the dropout of a layer: another one each time, the same ones again in a layer of the same seed. */
export class DropoutSeeds {
  private calls = 0;
  private readonly first: number;

  constructor(
    private readonly rate: number,
    seed: number | undefined,
  ) {
    this.first = seed ?? Math.floor(Math.random() * SEEDS);
  }

  /** Dropout of a call; undefined outside of training. */
  next(training: unknown): Dropout | undefined {
    if (training !== true || this.rate === 0) return undefined;
    return { rate: this.rate, seed: (Math.abs(this.first) + STEP * this.calls++) % SEEDS };
  }
}

const SEEDS = 2 ** 53;
/** An odd number far from any other of its size: seeds of layers with neighbouring seeds don't meet within a training. */
const STEP = 2654435761;
