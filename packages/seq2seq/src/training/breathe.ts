/// <reference types="node" />
/** Lets timers, signals and input be handled between pieces of synchronous work. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => {
    // Timers wait for a millisecond at least, a tenth of a small step.
    if (typeof setImmediate === 'function') setImmediate(resolve);
    else setTimeout(resolve, 0);
  });
}
