import type { HookFunction } from './functions.js';
import { argsOf, neededSteps, type Step, type Variable } from './program.js';

/** Variables that differ between positions, in the order in which they are gone through. */
export const HOOK_AXES = ['batch', 'head', 'query', 'key'] as const;
export type Axis = (typeof HOOK_AXES)[number];

/** How a variable is found, where variables before it are known. */
export interface Found {
  readonly variable: Axis;
  /**
   * The axis of the captured tensor whose index is `slope` times the variable and what doesn't depend on it, so that a cell tells the
   * variable; undefined where all values have to be tried.
   */
  readonly by?: { readonly axis: number; readonly slope: 1 | -1 };
}

/** Which positions read a cell: the ways to their variables, outermost first, for those that the indices depend on. */
export function findersOf(steps: readonly Step[], indices: readonly number[]): readonly Found[] {
  const found: Found[] = [];
  const isKnown = (variable: Axis): boolean => found.some((one) => one.variable === variable);
  const depends = indices.map((index) => dependenciesOf(steps, [index]));
  let left = HOOK_AXES.filter((variable) => depends.some(({ variables }) => variables.has(variable)));
  while (left.length > 0) {
    const told = left.flatMap((variable): Found[] =>
      indices.flatMap((index, axis): Found[] => {
        const { variables, onInput } = depends[axis];
        const slope = slopeOf(steps, index, variable);
        const isAlone = !onInput && HOOK_AXES.every((one) => one === variable || !variables.has(one) || isKnown(one));
        return isAlone && (slope === 1 || slope === -1) ? [{ variable, by: { axis, slope } }] : [];
      }),
    );
    const [next = { variable: left[0] }] = told;
    found.push(next);
    left = left.filter((variable) => variable !== next.variable);
  }
  return found;
}

interface Dependencies {
  readonly variables: ReadonlySet<Variable>;
  /** On the score or weight. */
  readonly onInput: boolean;
}

/** What steps depend on. */
export function dependenciesOf(steps: readonly Step[], results: readonly number[]): Dependencies {
  const needed = neededSteps(steps, results);
  const used = steps.filter((_, n) => needed.has(n));
  return {
    variables: new Set(used.flatMap((step) => (step.kind === 'variable' ? [step.name] : []))),
    onInput: used.some(({ kind }) => kind === 'input'),
  };
}

/** By how much a step of whole numbers grows with a variable; undefined where that differs, or isn't seen. */
function slopeOf(steps: readonly Step[], n: number, variable: Axis): number | undefined {
  const { [n]: step } = steps;
  if (!isWhole(steps, n)) return undefined;
  if (!dependenciesOf(steps, [n]).variables.has(variable)) return 0;
  if (step.kind === 'variable') return 1;
  if (step.kind !== 'apply') return undefined;
  const [a, b = 0] = step.args.map((arg) => slopeOf(steps, arg, variable));
  if (a === undefined || b === undefined) return undefined;
  return step.name === 'add' ? a + b : step.name === 'sub' ? a - b : step.name === 'neg' ? -a : undefined;
}

const WHOLE: ReadonlySet<HookFunction> = new Set(['add', 'sub', 'mul', 'neg', 'abs', 'min', 'max', 'floorDiv', 'mod']);

/** Whether a step is a whole number for sure. */
function isWhole(steps: readonly Step[], n: number): boolean {
  const { [n]: step } = steps;
  return (
    step.kind === 'variable' ||
    (step.kind === 'number' && Number.isInteger(step.value)) ||
    (step.kind === 'apply' && WHOLE.has(step.name) && argsOf(step).every((arg) => isWhole(steps, arg)))
  );
}
