/// <reference lib="dom" />
/// <reference types="node" />
import { relaxedSimd, simd } from 'wasm-feature-detect';
import { bytesOf } from './base64.js';
import { hook } from './hooks/running.js';
import type { ModelExports } from './model-exports.js';
import { areTallTilesKept } from './tall-tiles.js';

/** What assembly/index.ts exports. Addresses and counts are unsigned, which `>>> 0` in the caller isn't needed for. */
export interface Kernels extends ModelExports {
  /** To be called once, first. */
  setConstants(): void;
  /** To be called with 1 where `areTallTilesKept`. Results are the same bits. */
  setTallTiles(areTall: number): void;
  forwardScratch(request: number, base: number): number;
  forward(request: number, scratch: number, parts: number, from: number, to: number): void;
  backwardScratch(request: number, base: number): number;
  backward(request: number, scratch: number, from: number, to: number): void;
  /** Addresses, strides and sizes in the order of assembly/linear.ts, the scale last. */
  linearForward(...numbers: number[]): void;
  linearBackwardScratch(state: number, columns: number, width: number, steps: number): number;
  linearBackward(...numbers: number[]): void;
  matMulScratch(base: number, rows: number, columns: number, depth: number): number;
  multiply(
    a: number,
    b: number,
    c: number,
    rows: number,
    columns: number,
    depth: number,
    aTransposed: number,
    bTransposed: number,
    bias: number,
  ): void;
  /** Two addresses, then the sizes in the order of assembly/swap-axes.ts. */
  swapAxes(from: number, to: number, outer: number, a: number, b: number, piece: number): void;
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

/** The vector instructions of a build: 'relaxed' has fused multiply–add. */
export type Simd = 'simd' | 'relaxed';
/** A build that takes a shared memory, or one that takes any other. */
export type Build = Simd | `${Simd}-threads`;

/** The best that the engine has; undefined where WebAssembly has no vectors at all. */
export async function detectSimd(): Promise<Simd | undefined> {
  if (typeof WebAssembly !== 'object' || !(await simd())) return undefined;
  return (await relaxedSimd()) ? 'relaxed' : 'simd';
}

export const isShared = (memory: WebAssembly.Memory): boolean =>
  typeof SharedArrayBuffer === 'function' && memory.buffer instanceof SharedArrayBuffer;

/** Each in a file of its own, so that only the one that is used gets loaded. */
const EMBEDDED: Readonly<Record<Build, () => Promise<{ readonly BASE64: string }>>> = {
  simd: () => import('./modules/simd.generated.js'),
  relaxed: () => import('./modules/relaxed.generated.js'),
  'simd-threads': () => import('./modules/simd-threads.generated.js'),
  'relaxed-threads': () => import('./modules/relaxed-threads.generated.js'),
};

const compiled = /* @__PURE__ */ new Map<Build, Promise<WebAssembly.Module>>();

/**
 * A build's module, from this package or from `folder`. Compiled once: engines optimise a module while it runs, and all its
 * instances share that.
 */
export function loadModule(build: Build, folder?: string | URL): Promise<WebAssembly.Module> {
  if (folder !== undefined) return fetchModule(new URL(`${build}.wasm`, folderUrl(folder)));
  let module = compiled.get(build);
  if (module === undefined) {
    module = EMBEDDED[build]().then(({ BASE64 }) => WebAssembly.compile(bytesOf(BASE64)));
    compiled.set(build, module);
  }
  return module;
}

/** The kernels over a memory that they import. */
export async function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory): Promise<Kernels> {
  const { exports } = await WebAssembly.instantiate(module, { env: { memory, hook } });
  const kernels = exports as unknown as Kernels;
  kernels.setConstants();
  kernels.setTallTiles(Number(areTallTilesKept()));
  return kernels;
}

function folderUrl(folder: string | URL): URL {
  const url = new URL(folder, typeof location === 'object' ? location.href : undefined);
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url;
}

async function fetchModule(url: URL): Promise<WebAssembly.Module> {
  const bytes = await (url.protocol === 'file:' ? readFile(url) : fetchBytes(url));
  return WebAssembly.compile(bytes);
}

async function fetchBytes(url: URL): Promise<ArrayBuffer> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url.href}: HTTP status ${response.status}`);
  return response.arrayBuffer();
}

/** Node's fetch takes no file: URLs. */
async function readFile(url: URL): Promise<ArrayBuffer> {
  const { readFile: read } = process.getBuiltinModule('node:fs/promises');
  const { buffer, byteOffset, byteLength } = await read(url);
  return (buffer as ArrayBuffer).slice(byteOffset, byteOffset + byteLength);
}
