/// <reference types="node" />
/** Lets timers, signals and input be handled between pieces of synchronous work. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => {
    // Timers wait for a millisecond at least, a tenth of a small step.
    if (typeof setImmediate === 'function') setImmediate(resolve);
    else setTimeout(resolve, 0);
  });
}

// Milliseconds that are not noticed by somebody who waits for an answer.
const UNNOTICED = 30;

/** A function to await in a loop of small steps: it breathes when the last time is long enough ago. */
export function pauses(): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < UNNOTICED) return;
    await breathe();
    last = performance.now();
  };
}
