import type { LinePlace } from './file-error.js';
import type { Suspicions } from './suspicions.js';

// Sides whose ratio of lengths is so many times the usual one hardly say the same.
const EXTREME = 8;
// Of sides shorter than so many code units the ratio says nothing.
const LEAST = 40;

/** Lengths of the sides of all pairs, to find those in a ratio that is far from the usual one. */
export class ExtremeRatios {
  readonly #sources: number[] = [];
  readonly #targets: number[] = [];
  readonly #lines: number[] = [];
  /** Names of the files, each with the number of the first pair that is from it. */
  readonly #files: { readonly file: string; readonly from: number }[] = [];

  add(source: string, target: string, { file, line }: LinePlace): void {
    if (this.#files.at(-1)?.file !== file) this.#files.push({ file, from: this.#lines.length });
    this.#sources.push(source.length);
    this.#targets.push(target.length);
    this.#lines.push(line);
  }

  /** Raises a suspicion for each pair that is far from the median. */
  raise(suspicions: Suspicions): void {
    const ratios = Float64Array.from(this.#targets, (target, n) => target / this.#sources[n]);
    const usual = ratios.toSorted()[ratios.length >> 1];
    ratios.forEach((ratio, n) => {
      const [source, target] = [this.#sources[n], this.#targets[n]];
      if (Math.max(source, target) < LEAST || (ratio <= usual * EXTREME && ratio * EXTREME >= usual)) return;
      const { file } = this.#files.findLast(({ from }) => from <= n)!;
      suspicions.add(
        `lengths in a ratio ${EXTREME} times the usual one, or a part of it as small`,
        { file, line: this.#lines[n] },
        `${source.toLocaleString('en')} and ${target.toLocaleString('en')} characters`,
      );
    });
  }
}
