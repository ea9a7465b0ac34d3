/// <reference types="node" />
/** Lets timers, signals and input be handled between pieces of synchronous work. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === 'function') {
      setImmediate(resolve);
      return;
    }
    // A timer that follows on others waits for 4 ms in a page, which is several small steps; a message doesn't.
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener(
      'message',
      () => {
        port1.close();
        resolve();
      },
      { once: true },
    );
    port1.start();
    port2.postMessage(undefined);
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
