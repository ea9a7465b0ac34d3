import * as tf from '@tensorflow/tfjs-core';
import { materialize } from '@heed/core';
import { Allocation, toMask } from '../algebra.js';
import { errors } from '../cases/errors.js';
import { drawMask } from '../draw.js';
import { attendance } from '../oracle/masks.js';
import { take } from '../perform.js';
import type { MaskValue, ScoreSizes } from '../example.js';
import { scoreSizes } from '../ops/table.js';
import { Random } from '../random.js';
import { runError } from '../run/errors.js';
import { doCall, doGradients, doLateGradients } from './do-call.js';
import type { Draft } from './draft.js';
import { fit } from './fit.js';
import { fitMask } from './fit-parts.js';
import { pick, throwIfAny } from './pick.js';
import type { Program } from './program.js';
import type { Step } from './step.js';

/**
 * Does a step, and checks the invariants of every step.
 *
 * @throws Error of the step itself, or about an invariant that doesn't hold after it
 */
export async function doStep(program: Program, step: Step): Promise<void> {
  await perform(program, step);
  throwIfAny(await program.violations());
}

async function perform(program: Program, step: Step): Promise<void> {
  switch (step.kind) {
    case 'select': {
      const name = program.newName('backend');
      program.done.push({ kind: 'select', backend: step.backend, name });
      return program.select(step.backend, name);
    }
    case 'disposeBackend': {
      const selected = pick(program.backends, step.pick);
      if (selected === undefined) return undefined;
      program.done.push({ kind: 'disposeBackend', name: selected.name });
      return program.disposeBackend(selected);
    }
    case 'disposeTensor': {
      const kept = pick(program.kept, step.pick);
      if (kept === undefined) return undefined;
      program.done.push({ kind: 'disposeTensor', name: kept.name });
      return program.disposeTensor(kept);
    }
    case 'call':
      return doCall(program, step);
    case 'gradients':
      return doGradients(program, step);
    case 'lateGradients':
      return doLateGradients(program, step);
    case 'materialize':
      return doMaterialize(program, step);
    case 'error': {
      const { id, call, code } = pick(errors, step.pick)!;
      program.done.push({ kind: 'error', call, code });
      const { failures } = await runError(pick(errors, step.pick)!);
      return throwIfAny(failures.map((failure) => `${id} ${failure}`));
    }
  }
}

async function doMaterialize(program: Program, step: Extract<Step, { kind: 'materialize' }>): Promise<void> {
  const sizes = scoreSizes(fit({ ...step.draft, ...atLeastOne(step.draft), op: 'dotProductAttention' }));
  const mask = drawMask(fitMask(step.mask, sizes), new Random(step.seed, 'mask'));
  const allowed = allowedBy(mask, sizes);
  program.done.push({ kind: 'materialize', mask, sizes, allowed });
  const allocation = new Allocation();
  try {
    const tensor = tf.tidy(() => {
      const { batch, heads, queries, keys } = sizes;
      const whole = tf.broadcastTo(materialize(toMask(mask, allocation), sizes), [batch, heads, queries, keys]);
      return tf.cast(whole, 'float32');
    });
    const { values } = (await take({ tensor }))['tensor'];
    const wrong = allowed.findIndex((bit, n) => bit !== values[n]);
    throwIfAny(wrong < 0 ? [] : [`mask number ${wrong} is ${values[wrong]}, expected ${allowed[wrong]}`]);
  } finally {
    allocation.dispose();
  }
}

/** Mask computed from its definition, [B, H, Tq, Tk]. */
function allowedBy(mask: MaskValue, sizes: ScoreSizes): Uint8Array {
  const attends = attendance(mask, sizes);
  const { batch, heads, queries, keys } = sizes;
  const allowed = new Uint8Array(batch * heads * queries * keys);
  return allowed.map((_, n) => {
    const i = Math.floor(n / keys);
    const h = Math.floor(i / queries);
    return attends(Math.floor(h / heads), h % heads, i % queries, n % keys) ? 1 : 0;
  });
}

/** Sizes of at least 1, so that there is a mask to check. */
function atLeastOne({ batch, queries, keys }: Draft): Partial<Draft> {
  return { batch: Math.max(batch, 1), queries: Math.max(queries, 1), keys: Math.max(keys, 1) };
}
