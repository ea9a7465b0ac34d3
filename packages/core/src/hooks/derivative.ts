import { Builder } from './builder.js';
import { HOOK_FUNCTIONS } from './functions.js';
import { argsOf, type Derivative, type Program } from './program.js';

const known = new WeakMap<Program, Derivative>();

/**
 * The derivative of a program in its input and in all that it reads, by the chain rule from the result back. Indices have none, nor
 * have comparisons and whole parts; what two equal numbers are the larger of is shared by both.
 */
export function derivativeOf(program: Program): Derivative {
  let derivative = known.get(program);
  if (derivative === undefined) {
    derivative = derive(program);
    known.set(program, derivative);
  }
  return derivative;
}

function derive({ steps, result }: Program): Derivative {
  const to = new Builder();
  for (const step of steps) to.add(step);
  const depends = dependent({ steps, result });
  const gradients = new Map<number, number[]>([[result, [to.add({ kind: 'cotangent' })]]]);
  const reads: { read: number; gradient: number }[] = [];
  let input: number | undefined;
  for (let n = steps.length - 1; n >= 0; n--) {
    const step = steps[n];
    const gradient = depends[n] ? to.sum(gradients.get(n) ?? []) : undefined;
    if (gradient === undefined) continue;
    if (step.kind === 'input') input = gradient;
    if (step.kind === 'read') reads.push({ read: n, gradient });
    if (step.kind !== 'apply') continue;
    const inArgs = HOOK_FUNCTIONS[step.name].derive?.(to, gradient, step.args, n) ?? [];
    for (const [i, inArg] of inArgs.entries()) {
      const arg = step.args[i];
      if (inArg !== undefined && depends[arg]) gradients.set(arg, [...(gradients.get(arg) ?? []), inArg]);
    }
  }
  return { steps: to.steps, input, reads };
}

/** Whether each step depends on the input or on what is read. */
function dependent({ steps }: Program): boolean[] {
  const depends: boolean[] = [];
  for (const step of steps) {
    const own = step.kind === 'input' || step.kind === 'read';
    depends.push(own || (step.kind === 'apply' && argsOf(step).some((arg) => depends[arg])));
  }
  return depends;
}
