import { EXIT } from '../exit-codes.js';
import type { Interruptible } from '../host.js';

/**
 * A signal that aborts at the first Ctrl-C, SIGTERM or hang-up of the terminal, so that work can be saved; the second one ends the
 * process.
 */
export function interruptible(onInterrupt: () => void): Interruptible {
  const controller = new AbortController();
  interrupted = () => controller.abort();
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
  for (const name of ENDING) process.on(name, handle);
  return {
    signal: controller.signal,
    release: () => {
      // What was interrupted ends by itself, with its own exit code.
      if (!controller.signal.aborted) interrupted = undefined;
      for (const name of ENDING) process.off(name, handle);
    },
  };
}

let interrupted: (() => void) | undefined;

/**
 * Nobody reads the output any more: ends the process, or the work that can be saved. A reader that has seen enough goes away
 * (`heed … | head`), and one that a Ctrl-C ends too, maybe before this process hears of it.
 */
export function leaveWithReader(): void {
  if (interrupted === undefined) process.exit(EXIT.ok);
  interrupted();
}

/** The signals by which people and systems ask a process to end. */
export const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

// Milliseconds. A terminal signals the whole group, and script runners pass it on to their child once more.
const ECHO = 500;
