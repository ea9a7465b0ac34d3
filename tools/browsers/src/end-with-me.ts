import type { ChildProcess } from 'node:child_process';

/** Function that ends a process. It is ended at the latest with this process, so that an interrupted test leaves none behind. */
export function endWithMe(child: ChildProcess): () => void {
  const end = (): void => void child.kill();
  process.once('exit', end);
  return () => {
    process.off('exit', end);
    end();
  };
}
