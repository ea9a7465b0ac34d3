import type { HookPart } from './program.js';

/** The hooks of a request. */
export interface HookParts {
  readonly scoreHook: HookPart | null;
  readonly maskHook: HookPart | null;
  readonly weightHook: HookPart | null;
}

/** Length of the packed captures of a request that has some. */
export function capturedSize({ scoreHook, maskHook, weightHook }: HookParts): number {
  const all = [scoreHook, maskHook, weightHook].flatMap((part) => part?.captures ?? []);
  return all.reduce(
    (size, { start, shape }) => Math.max(size, start + shape.reduce((product, length) => product * length, 1)),
    1,
  );
}
