import * as tf from '@tensorflow/tfjs-core';
import { HeedError } from '@heed/core';
import type { Floor } from '../bound.js';
import { draw } from '../draw.js';
import { Performer, take, type Numbers } from '../perform.js';
import { sizeOf, type Instance } from '../example.js';
import { fit } from './fit.js';
import { expectedGradients, expectedOutputs, outcomeOf, verdictOn, type ExpectedOutputs } from './expected.js';
import { pick, throwIfAny } from './pick.js';
import type { Kept, Program } from './program.js';
import type { Step } from './step.js';

type CallStep = Extract<Step, { kind: 'call' }>;

/** Runs an op forward; the context is kept, disposed, or returned from a tidy that frees the rest. */
export async function doCall(program: Program, step: CallStep): Promise<void> {
  const { floor } = program;
  const { instance, query } = instanceOf(program, step);
  const expected = expectedOutputs(instance);
  const name = step.fate === 'keep' ? program.newName('tensor') : undefined;
  const outcome = outcomeOf(expected, floor);
  program.done.push({ kind: 'call', instance, query: query?.name, fate: step.fate, name, outcome });
  await performing(program, instance, query, async (performer) => {
    if (step.fate === 'tidy') {
      const context = tf.tidy(() => performer.forward().context!);
      return check(await take({ context }), { context: expected['context'] }, floor);
    }
    const outputs = performer.forward();
    if (name === undefined) {
      const numbers = await take(outputs);
      check(numbers, expected, floor);
      const isDeterministic = program.active?.handle.capabilities.deterministic ?? true;
      if (isDeterministic) throwIfAny(differences(numbers, await take(performer.forward())));
      return undefined;
    }
    const { context, ...others } = outputs;
    const values = await program.keep(name, context!);
    return check({ context: { shape: context!.shape, values }, ...(await take(others)) }, expected, floor);
  });
}

export async function doGradients(program: Program, step: Extract<Step, { kind: 'gradients' }>): Promise<void> {
  const { floor } = program;
  const { instance, query } = instanceOf(program, step);
  const expected = expectedGradients(instance);
  if (expected === undefined) return;
  program.done.push({ kind: 'gradients', instance, query: query?.name, outcome: outcomeOf(expected, floor) });
  await performing(program, instance, query, async (performer) =>
    check(await take(performer.gradients()), expected, floor),
  );
}

/** Disposes the backend between forward and backward: then fused kernels are gone, but composed forms are not. */
export async function doLateGradients(program: Program, step: Extract<Step, { kind: 'lateGradients' }>): Promise<void> {
  const { active, floor } = program;
  const { instance } = instanceOf(program, { ...step, query: null, again: false });
  const expected = expectedGradients(instance);
  if (expected === undefined || active === undefined) return;
  await performing(program, instance, undefined, async (performer) => {
    const isFused = performer.explain().path === 'fused';
    const outcome = isFused ? undefined : outcomeOf(expected, floor);
    program.done.push({ kind: 'lateGradients', instance, name: active.name, outcome });
    let disposal: Promise<void> | undefined;
    try {
      const gradients = performer.gradients(() => {
        disposal = program.disposeBackend(active);
      });
      if (isFused) throw new Error('the backward pass ran after its backend was disposed');
      check(await take(gradients), expected, floor);
    } catch (error) {
      if (!isFused || !HeedError.isInstance(error, 'DISPOSED')) throw error;
    } finally {
      await disposal;
    }
  });
}

/** Instance of a step, with a kept tensor as its query if the step wants one and one fits. */
function instanceOf(
  program: Program,
  step: Pick<CallStep, 'draft' | 'seed' | 'query' | 'again'>,
): { instance: Instance; query: Kept | undefined } {
  const draft = (step.again && program.draft) || step.draft;
  program.draft = draft;
  const able = program.kept.filter(({ tensor }) => tensor.rank === 4 && sizeOf(tensor.shape) > 0);
  const query = step.query === null ? undefined : pick(able, step.query);
  if (query === undefined) return { instance: draw(fit(draft), step.seed), query };
  const [batch, heads, queries, width] = query.tensor.shape as [number, number, number, number];
  const drawn = draw(fit(draft, { batch, heads, queries, width }), step.seed);
  const inputs = { ...drawn.inputs, query: { shape: query.tensor.shape, values: query.values } };
  return { instance: { ...drawn, inputs }, query };
}

async function performing(
  program: Program,
  instance: Instance,
  query: Kept | undefined,
  run: (performer: Performer) => Promise<void>,
): Promise<void> {
  const performer = new Performer(instance, query && { query: query.tensor });
  try {
    const isFused = performer.explain().path === 'fused';
    if (isFused && program.active === undefined) throw new Error('the path is fused, but no backend is selected');
    await run(performer);
  } finally {
    performer.dispose();
  }
}

function check(got: Numbers, expected: ExpectedOutputs, floor: Floor): void {
  const names = new Set([...Object.keys(got), ...Object.keys(expected)]);
  throwIfAny([...names].flatMap((name) => verdictOn(name, got[name], expected[name], floor) ?? []));
}

/** Differences between the results of the same call, which should have the same bits. */
function differences(first: Numbers, second: Numbers): string[] {
  return Object.entries(first).flatMap(([name, { values }]) =>
    values.every((value, n) => Object.is(value, second[name]?.values[n])) ? [] : [`${name} differs between runs`],
  );
}
