import type { HookFunction } from './functions.js';

/** Numbers that a hook's function is given besides what it changes: indices of the position, and the lengths. */
export const VARIABLES = ['batch', 'head', 'query', 'key', 'Tq', 'Tk'] as const;
export type Variable = (typeof VARIABLES)[number];

/** A step of a program. What it refers to are numbers of earlier steps. */
export type Step =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'variable'; readonly name: Variable }
  /** The score or the weight that is changed. */
  | { readonly kind: 'input' }
  /** The gradient of the loss in the result: in derivatives alone. */
  | { readonly kind: 'cotangent' }
  /** The number of a captured tensor at ⌊index⌋ along each axis; NaN outside of it. */
  | { readonly kind: 'read'; readonly capture: number; readonly indices: readonly number[] }
  | { readonly kind: 'apply'; readonly name: HookFunction; readonly args: readonly number[] };

/** An expression of numbers and truth values as a list of steps, each of which stands once. A truth value is 1 or 0. */
export interface Program {
  readonly steps: readonly Step[];
  /** Number of the step that is the result. */
  readonly result: number;
}

/** A program's derivative: the program's own steps come first. */
export interface Derivative {
  readonly steps: readonly Step[];
  /** Step of the gradient in the input; undefined when the result doesn't depend on it. */
  readonly input: number | undefined;
  /** Steps of the gradient in what each step of kind 'read' read. */
  readonly reads: readonly { readonly read: number; readonly gradient: number }[];
}

/** A hook, normalised: its program, and where its captured tensors lie in the one that the op gets. */
export interface HookPart {
  readonly program: Program;
  readonly captures: readonly CapturePart[];
}

/** A captured tensor, row-major from `start` on. */
export interface CapturePart {
  readonly start: number;
  readonly shape: readonly number[];
}

const texts = new WeakMap<readonly Step[], string>();

const nameOf = (value: number): string => (Object.is(value, -0) ? '-0' : String(value));

/** Names what a program computes whatever the lengths are, so that what was compiled for one serves all. */
export function keyOf(steps: readonly Step[], ...results: readonly (number | undefined)[]): string {
  let text = texts.get(steps);
  if (text === undefined) {
    text = JSON.stringify(steps.map(Object.values<unknown>), (_, value: unknown) =>
      // JSON has neither of them.
      typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0)) ? nameOf(value) : value,
    );
    texts.set(steps, text);
  }
  return `${results.join()} ${text}`;
}

/** Which steps the given ones rest on, themselves included. */
export function neededSteps(steps: readonly Step[], results: readonly number[]): ReadonlySet<number> {
  const needed = new Set<number>(results);
  for (let n = steps.length - 1; n >= 0; n--) if (needed.has(n)) for (const arg of argsOf(steps[n])) needed.add(arg);
  return needed;
}

/** The steps that a step refers to. */
export function argsOf(step: Step): readonly number[] {
  return step.kind === 'apply' ? step.args : step.kind === 'read' ? step.indices : [];
}
