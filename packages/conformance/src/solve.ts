import type { Explanation } from '@heed/core';
import { Performer, take, type Numbers } from './perform.js';
import type { Instance } from './example.js';

/** Results of an op for an instance. */
export interface Solution {
  readonly path: Explanation['path'];
  readonly reasons: readonly string[];
  readonly outputs: Numbers;
  /** Gradients of Σ output∘cotangent, when they were asked for: dQuery for query. */
  readonly gradients?: Numbers;
}

/** Runs the instance's op, and its gradient when asked for, on the backend in use. */
export async function solve(instance: Instance, { gradients }: { readonly gradients: boolean }): Promise<Solution> {
  const performer = new Performer(instance);
  try {
    const { path, reasons } = performer.explain();
    const outputs = await take(performer.forward());
    return { path, reasons, outputs, ...(gradients && { gradients: await take(performer.gradients()) }) };
  } finally {
    performer.dispose();
  }
}
