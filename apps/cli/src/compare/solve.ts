import { MECHANISMS, type MechanismDefinition } from '@heed/attention';
import { solve as solveInstance, take, type Numbers } from '@heed/conformance';
import { selectBackend, type BackendFactory } from '@heed/core';
import type { Family } from '@heed/hugging-face';
import { createSeq2Seq } from '@heed/networks';
import * as tf from '@tensorflow/tfjs-core';
import type { ModelWork, Solved, Work } from './problem.js';
import { solvePretrained } from './solve-pretrained.js';

/** Before the key of a parameter, in the names of outputs. */
export const GRADIENT = 'gradient/';

/** What models may be of. */
interface Known {
  readonly mechanisms: readonly MechanismDefinition[];
  readonly families: readonly Family[];
}

/** Does the work on a backend, selected for it. */
export async function solveOn(
  factory: BackendFactory,
  work: Work,
  known: Known = { mechanisms: MECHANISMS, families: [] },
): Promise<Solved> {
  const backend = await selectBackend(factory);
  try {
    const { name, capabilities } = backend;
    return { backend: name, floatBits: capabilities.floatBits, ...(await solve(work, known)) };
  } finally {
    await backend.dispose();
  }
}

async function solve(work: Work, { mechanisms, families }: Known): Promise<Pick<Solved, 'numbers' | 'path'>> {
  if (work.kind === 'model') return { numbers: await solveModel(work, mechanisms) };
  if (work.kind === 'pretrained') return { numbers: await solvePretrained(work, families) };
  const { path, outputs, gradients } = await solveInstance(work.instance, work);
  return { path, numbers: { ...outputs, ...gradients } };
}

/** Logits and weights of every place, the loss, and its gradient in every parameter. */
export async function solveModel(
  { config, parameters, pairs }: ModelWork,
  mechanisms: readonly MechanismDefinition[],
): Promise<Numbers> {
  await import('@tensorflow/tfjs'); // registers the gradients of its ops
  const model = createSeq2Seq(config, parameters, { mechanisms });
  const entries = Object.entries(model.parameters);
  const tensors = tf.tidy(() => {
    const { value, grads } = tf.variableGrads(
      () => model.loss(pairs),
      entries.map(([, variable]) => variable),
    );
    const gradients = entries.map(([key, { name }]) => [`${GRADIENT}${key}`, grads[name]] as const);
    const { logits, weights } = model.teach(pairs);
    return { logits, ...(weights && { weights }), loss: value, ...Object.fromEntries(gradients) };
  });
  model.dispose();
  return take(tensors);
}
