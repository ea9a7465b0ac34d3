import { EXIT } from '../exit-codes.js';
import type { Interruptible } from '../host.js';

/**
 * A signal that aborts at the first Ctrl-C (or SIGTERM), so that work can be saved; the second one ends the process.
 */
export function interruptible(onInterrupt: () => void): Interruptible {
  const controller = new AbortController();
  let first: { readonly name: NodeJS.Signals; readonly at: number } | undefined;
  const handle = (name: NodeJS.Signals): void => {
    if (first === undefined) {
      first = { name, at: performance.now() };
      controller.abort();
      onInterrupt();
    } else if (name !== first.name || performance.now() - first.at > ECHO) {
      process.exit(EXIT.interrupted);
    }
  };
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const name of signals) process.on(name, handle);
  return {
    signal: controller.signal,
    release: () => {
      for (const name of signals) process.off(name, handle);
    },
  };
}

// Milliseconds. A terminal signals the whole group, and script runners pass it on to their child once more.
const ECHO = 500;
