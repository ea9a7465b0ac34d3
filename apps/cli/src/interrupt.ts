import { EXIT } from './exit-codes.js';

/**
 * A signal that aborts at the first Ctrl-C (or SIGTERM), so that work can be saved; the second one ends the process.
 */
export function interruptible(onInterrupt: () => void): { signal: AbortSignal; release: () => void } {
  const controller = new AbortController();
  const handle = (): void => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    controller.abort();
    onInterrupt();
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
