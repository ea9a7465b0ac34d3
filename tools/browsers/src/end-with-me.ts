import type { ChildProcess } from 'node:child_process';

/** Ends a process when it is called, and at the latest when this one ends: a test that is cut short leaves nothing behind. */
export function endWithMe(child: ChildProcess): () => void {
  const end = (): void => void child.kill();
  process.once('exit', end);
  return () => {
    process.off('exit', end);
    end();
  };
}
