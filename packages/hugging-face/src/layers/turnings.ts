import { TableTurning, type Turned, type Turning } from '@heed/attention';

/**
 * How positions turn in the layers of a model: one pair of tables for each configuration, of which most models have one and some two. They are made
 * when a layer first asks for them, and live until `dispose`.
 */
export class Turnings {
  readonly #known = new Map<string, TableTurning>();

  of(turned: Turned): Turning {
    const key = JSON.stringify([turned.config, turned.width]);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const turning = new TableTurning(turned);
    this.#known.set(key, turning);
    return turning;
  }

  dispose(): void {
    for (const turning of this.#known.values()) turning.dispose();
    this.#known.clear();
  }
}
