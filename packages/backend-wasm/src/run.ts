import { isUnlikeTheNext, type HookParts } from '@heed/core';
import { util, type TensorInfo } from '@tensorflow/tfjs-core';
import type { WasmEngine } from './engine.js';
import type { Heap } from './heap.js';
import type { HookCompiler } from './hooks/compile.js';
import { withHooks } from './hooks/running.js';
import type { Kernels } from './wasm-module.js';
import { withRequest, type Fields } from './request.js';
import type { Team } from './threads/team.js';

type Pass = 'forward' | 'backward';
type Tensors = Readonly<Record<string, TensorInfo | undefined>>;

/** Multiply–adds from which more threads pay, also where tensors have to be copied: about half a millisecond of one thread. */
const THREADS_FROM = 2 ** 23;
/**
 * How often each key and value of a dot product is used when it pays to copy them for other threads: a step of decoding reads them once, which
 * takes little longer than copying them.
 */
const USES_FROM = 3;
/** Units for each thread, so that one which was held up doesn't keep the others waiting for long. */
const UNITS_PER_THREAD = 4;

/** Runs a pass over tensors of the engine, on as many threads as pay. */
export type RunPass = (pass: Pass, fields: Fields, inputs: object, outputs: object, hooks?: HookParts) => void;

export function createRun(
  engine: WasmEngine,
  kernels: Kernels,
  compiler: HookCompiler,
  team?: Team,
  threadsFrom?: number,
): RunPass {
  const alone: Perform = (pass, request, at) => {
    const units = keyHeadsOf(request);
    engine.withScratch(scratchOf(kernels, pass, at), (scratch) => {
      if (pass === 'forward') kernels.forward(at, scratch, 1, 0, units);
      else kernels.backward(at, scratch, 0, units);
    });
  };

  return (pass, fields, inputs, outputs, hooks) => {
    if (hooks !== undefined && (hooks.scoreHook !== null || hooks.maskHook !== null)) {
      isUnlikeTheNext('it has hooks');
      withHooks(compiler.functionsOf(hooks, pass === 'backward'), () =>
        runOn(engine, alone, engine, pass, fields, inputs as Tensors, outputs as Tensors),
      );
      return;
    }
    if (team !== undefined && pays(fields, team.heap !== engine, threadsFrom) && isDivisible(fields, outputs)) {
      isUnlikeTheNext('several threads do it');
      try {
        runOn(team.heap, together(team), engine, pass, fields, inputs as Tensors, outputs as Tensors);
        return;
      } catch (error) {
        // A shared memory of our own is smaller than the engine's heap.
        if (!(error instanceof RangeError) || team.heap === engine) throw error;
      }
    }
    runOn(engine, alone, engine, pass, fields, inputs as Tensors, outputs as Tensors);
  };
}

/** Runs a request that stands in the heap at an address. */
type Perform = (pass: Pass, request: Fields, at: number) => void;

function together({ heap, kernels, pool }: Team): Perform {
  return (pass, request, at) => {
    const keyHeads = keyHeadsOf(request);
    const parts = pass === 'forward' ? Math.ceil((UNITS_PER_THREAD * pool.threads) / Math.max(1, keyHeads)) : 1;
    const stride = scratchOf(kernels, pass, at);
    heap.withScratch(stride * pool.threads, (scratch) =>
      pool.run({ backward: pass === 'backward', units: keyHeads * parts, parts, request: at, scratch, stride }),
    );
  };
}

function runOn(
  heap: Heap,
  perform: Perform,
  engine: WasmEngine,
  pass: Pass,
  fields: Fields,
  inputs: Tensors,
  outputs: Tensors,
): void {
  withAddresses(heap, engine, inputs, outputs, (addresses) => {
    const request = { ...fields, ...addresses };
    withRequest(heap, request, (at) => perform(pass, request, at));
  });
}

/** Tensors where they are, when the heap is the engine's; else copied there, and outputs copied back. */
function withAddresses(
  heap: Heap,
  engine: WasmEngine,
  inputs: Tensors,
  outputs: Tensors,
  use: (addresses: Readonly<Record<string, number>>) => void,
): void {
  const tensors = Object.entries({ ...inputs, ...outputs }).filter(
    (entry): entry is [string, TensorInfo] => entry[1] !== undefined,
  );
  if (heap.memory === engine.memory) {
    use(Object.fromEntries(tensors.map(([name, tensor]) => [name, engine.address(tensor)])));
    return;
  }
  const ends: number[] = [];
  for (const [, tensor] of tensors) ends.push((ends.at(-1) ?? 0) + Math.ceil(bytesOf(tensor) / 64) * 64);
  heap.withScratch(ends.at(-1) ?? 0, (start) => {
    const placed = tensors.map(([name, tensor], n) => ({ name, tensor, at: start + (ends[n - 1] ?? 0) }));
    for (const { name, tensor, at } of placed) {
      if (!(name in outputs)) copy(engine.memory, engine.address(tensor), heap.memory, at, bytesOf(tensor));
    }
    use(Object.fromEntries(placed.map(({ name, at }) => [name, at])));
    for (const { name, tensor, at } of placed) {
      if (name in outputs) copy(heap.memory, at, engine.memory, engine.address(tensor), bytesOf(tensor));
    }
  });
}

function copy(from: WebAssembly.Memory, source: number, to: WebAssembly.Memory, target: number, bytes: number): void {
  new Uint8Array(to.buffer, target, bytes).set(new Uint8Array(from.buffer, source, bytes));
}

/** Scratch of one thread, a whole number of cache lines. */
function scratchOf(kernels: Kernels, pass: Pass, at: number): number {
  return pass === 'forward' ? kernels.forwardScratch(at, 0) : kernels.backwardScratch(at, 0);
}

/** The units of a pass: pairs of batch row and key head. */
const keyHeadsOf = ({ batch, keyHeads }: Fields): number => (batch as number) * (keyHeads as number);

/** Whether more threads pay for a request. */
function pays(fields: Fields, isCopied: boolean, threadsFrom: number | undefined): boolean {
  const { additive, heads, keyHeads, queries } = fields;
  const uses = ((heads as number) * (queries as number)) / (keyHeads as number);
  if (threadsFrom === undefined && isCopied && !additive && uses < USES_FROM) return false;
  return workOf(fields) >= (threadsFrom ?? THREADS_FROM);
}

function workOf({ batch, heads, queries, keys, width, valueWidth }: Fields): number {
  const size = (width as number) + (valueWidth as number);
  return (batch as number) * (heads as number) * (queries as number) * (keys as number) * size;
}

/** Sums over batch rows and heads are kept in order by one thread; dVector has a part for each unit. */
function isDivisible(fields: Fields, outputs: object): boolean {
  return fields['dTable'] === undefined && !('dBias' in outputs);
}

const bytesOf = ({ shape, dtype }: TensorInfo): number => util.bytesPerElement(dtype) * util.sizeFromShape(shape);
