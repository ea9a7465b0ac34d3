import type { TileFunction } from './emit.js';

/** Hooks of the request that is running. */
export interface TileFunctions {
  readonly score?: TileFunction | undefined;
  readonly mask?: TileFunction | undefined;
  readonly gradient?: TileFunction | undefined;
}

/** In the order in which assembly/hook.ts counts them. */
const ORDER = ['score', 'mask', 'gradient'] as const;

let running: TileFunctions = {};

/** Runs kernels with the hooks of their request: kernels call them by `hook`, one request at a time. */
export function withHooks<T>(hooks: TileFunctions, use: () => T): T {
  running = hooks;
  try {
    return use();
  } finally {
    running = {};
  }
}

/** What the kernels' modules import. */
export function hook(which: number, ...place: Parameters<TileFunction>): void {
  running[ORDER[which]]!(...place);
}
