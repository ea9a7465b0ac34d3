/** Seconds since now. */
export function stopwatch(): () => number {
  const start = performance.now();
  return () => (performance.now() - start) / 1000;
}

/** Things a second over the last moments. */
export class Rate {
  // Long enough to be steady, short enough to follow a machine that gets busy.
  static readonly #WINDOW_SECONDS = 5;
  readonly #events: { readonly at: number; readonly count: number }[] = [{ at: 0, count: 0 }];

  add(at: number, count: number): void {
    this.#events.push({ at, count });
    while (this.#events.length > 2 && at - this.#events[0].at > Rate.#WINDOW_SECONDS) this.#events.shift();
  }

  get perSecond(): number {
    const [first, ...rest] = this.#events;
    const seconds = rest.at(-1)!.at - first!.at;
    return seconds > 0 ? rest.reduce((sum, { count }) => sum + count, 0) / seconds : 0;
  }
}
