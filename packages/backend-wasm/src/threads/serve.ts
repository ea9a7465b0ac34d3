import type { Kernels } from '../wasm-module.js';
import type { WORD } from './control.js';

export interface ThreadData {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly control: Int32Array;
  readonly word: typeof WORD;
  /** As `setTallTiles` takes it. */
  readonly tallTiles: number;
  /** 1, 2, …; the caller's thread is 0. */
  readonly index: number;
}

/** The life of a thread. Its source text is what runs there, so it names nothing but globals and what it is given. */
export function serve({ module, memory, control, word, tallTiles, index }: ThreadData): void {
  const hook = (): never => {
    throw new Error('requests with hooks run in one thread');
  };
  const kernels = new WebAssembly.Instance(module, { env: { memory, hook } }).exports as unknown as Kernels;
  kernels.setConstants();
  kernels.setTallTiles(tallTiles);
  let ticket = 0;
  for (;;) {
    Atomics.wait(control, word.ticket, ticket);
    ticket = Atomics.load(control, word.ticket);
    if (Atomics.load(control, word.stop) === 1) return;
    // First counted, then looked: the caller closes first and counts then, so one of the two sees the other.
    Atomics.add(control, word.active, 1);
    if (Atomics.load(control, word.open) === 1) {
      const request = control[word.request] >>> 0;
      const scratch = (control[word.scratch] >>> 0) + index * (control[word.stride] >>> 0);
      const units = control[word.units];
      try {
        for (let unit = Atomics.add(control, word.next, 1); unit < units; unit = Atomics.add(control, word.next, 1)) {
          if (control[word.backward] === 1) kernels.backward(request, scratch, unit, unit + 1);
          else kernels.forward(request, scratch, control[word.parts], unit, unit + 1);
        }
      } catch {
        Atomics.store(control, word.failed, 1);
      }
    }
    if (Atomics.sub(control, word.active, 1) === 1) Atomics.notify(control, word.active);
  }
}
