/** A piece of the heap that was allotted while a function was recorded. */
export interface Region {
  readonly address: number;
  readonly bytes: number;
  /** How often it was allotted. */
  uses: number;
  /** Whether something stands in it now. */
  inUse: boolean;
  /** Whether what stands in it was written from outside, and stays for replays. */
  isKept: boolean;
}

/**
 * The heap as a recorded function sees it: what it frees isn't given back, so that nobody else gets the places that a replay writes to.
 * Places of one size are used again within the function.
 */
export class Regions {
  readonly #all = new Map<number, Region>();
  /** What was allotted, in order. */
  readonly #order: Region[] = [];
  readonly #free: (address: number) => void;

  constructor(free: (address: number) => void) {
    this.#free = free;
  }

  /** The number of allocations. */
  get count(): number {
    return this.#order.length;
  }

  /** Bytes of all regions together. */
  get bytes(): number {
    return Array.from(this.#all.values()).reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** The n-th allocation. */
  at(n: number): Region | undefined {
    return this.#order[n];
  }

  /** Notes that an allocation got a region, one of its own or one of another's that nothing stands in. */
  take(region: Region): number {
    region.inUse = true;
    region.uses++;
    this.#all.set(region.address, region);
    this.#order.push(region);
    return region.address;
  }

  /** A region of this size in which nothing stands any more, nor will again. */
  reusable(bytes: number): Region | undefined {
    for (const region of this.#all.values()) {
      if (region.bytes === bytes && !region.inUse && !region.isKept) return region;
    }
    return undefined;
  }

  get(address: number): Region | undefined {
    return this.#all.get(address);
  }

  /** The region that an address lies in. */
  around(address: number): Region | undefined {
    for (const region of this.#all.values()) {
      if (address >= region.address && address < region.address + region.bytes) return region;
    }
    return undefined;
  }

  /** Whether something still stands in a region: a tensor that outlives the function. */
  get hasSurvivors(): boolean {
    return this.#order.some(({ inUse }) => inUse);
  }

  /** Empties all regions, for recording once more. */
  reset(): void {
    for (const region of this.#order) {
      region.uses = 0;
      region.inUse = false;
      region.isKept = false;
    }
  }

  /** Gives back all but what still stands there, which its tensors give back themselves, and what others have by now. */
  dispose(others?: Regions): void {
    for (const region of this.#all.values()) {
      if (!region.inUse && others?.get(region.address) === undefined) this.#free(region.address);
    }
    this.#all.clear();
    this.#order.length = 0;
  }
}
