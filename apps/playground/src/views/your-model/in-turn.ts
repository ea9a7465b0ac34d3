/** Milliseconds of work after which the page may do something else: half of a frame at 60 a second. */
const SLICE = 8;

const waiting = new Set<() => void>();
let isRunning = false;

/** Does small pieces of work one after another, in slices between which the page stays responsive. Gives what takes a piece back. */
export function inTurn(work: () => void): () => void {
  waiting.add(work);
  if (!isRunning) {
    isRunning = true;
    setTimeout(doSome);
  }
  return () => void waiting.delete(work);
}

function doSome(): void {
  const end = performance.now() + SLICE;
  for (const work of waiting) {
    waiting.delete(work);
    work();
    if (performance.now() > end) break;
  }
  isRunning = waiting.size > 0;
  if (isRunning) setTimeout(doSome);
}
