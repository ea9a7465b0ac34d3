/// <reference lib="dom" />
import { MODULE_BASE64 } from './module.generated.js';

/** What assembly/index.ts exports. Addresses and counts are unsigned, which `>>> 0` in the caller isn't needed for. */
export interface Kernels {
  /** To be called once, first. */
  setConstants(): void;
  forwardScratch(problem: number, base: number): number;
  forward(problem: number, scratch: number): void;
  backwardScratch(problem: number, base: number): number;
  backward(problem: number, scratch: number): void;
  matMulScratch(base: number, columns: number, depth: number): number;
  openRight(b: number, columns: number, depth: number, transposed: number): void;
  multiply(a: number, c: number, rows: number, columns: number, depth: number, transposed: number, bias: number): void;
  segmentSum(
    from: number,
    ids: number,
    to: number,
    rows: number,
    width: number,
    segments: number,
    isFloat: number,
  ): void;
  exp(from: number, to: number, count: number): void;
  tanh(from: number, to: number, count: number): void;
  sigmoid(from: number, to: number, count: number): void;
  softmax(from: number, to: number, rows: number, width: number): void;
}

/**
 * The kernels over a memory that they import.
 *
 * @param source a URL to load the module from, instead of the bytes in this package
 */
export async function loadKernels(memory: WebAssembly.Memory, source?: string | URL): Promise<Kernels> {
  const module = await (source === undefined ? embedded() : fetched(source));
  const { exports } = await WebAssembly.instantiate(module, { env: { memory } });
  const kernels = exports as unknown as Kernels;
  kernels.setConstants();
  return kernels;
}

let compiled: Promise<WebAssembly.Module> | undefined;

/** Compiled once: engines optimise a module while it runs, and all its instances share that. */
function embedded(): Promise<WebAssembly.Module> {
  compiled ??= WebAssembly.compile(Uint8Array.from(atob(MODULE_BASE64), (character) => character.charCodeAt(0)));
  return compiled;
}

async function fetched(source: string | URL): Promise<WebAssembly.Module> {
  const response = await fetch(source);
  if (!response.ok) throw new Error(`${String(source)}: HTTP status ${response.status}`);
  return WebAssembly.compile(await response.arrayBuffer());
}

/**
 * The smallest module that uses a vector: (func (drop (i8x16.splat (i32.const 0)))), which engines without SIMD refuse.
 */
const SIMD_PROBE = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 9, 1, 7, 0, 65, 0, 253, 15, 26, 11];

export function hasSimd(): boolean {
  return typeof WebAssembly === 'object' && WebAssembly.validate(Uint8Array.from(SIMD_PROBE));
}
