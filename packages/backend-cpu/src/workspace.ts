/**
 * Scratch arrays that live as long as the backend, so that a training loop doesn't allocate and clear megabytes at each
 * step. Contents are whatever the last user left. Kernels run to their end before another starts, so names only have to
 * differ within one kernel.
 */
export class Workspace {
  readonly #floats = new Map<string, Float64Array>();

  floats(name: string, length: number): Float64Array {
    const kept = this.#floats.get(name);
    if (kept !== undefined && kept.length >= length) return kept;
    const fresh = new Float64Array(length);
    if (length <= LARGEST_KEPT) this.#floats.set(name, fresh);
    return fresh;
  }

  clear(): void {
    this.#floats.clear();
  }
}

/** 8 MB: larger ones serve one call, so that one long sequence doesn't hold memory for ever. */
const LARGEST_KEPT = 2 ** 20;
