import * as v from 'valibot';
import { nameOr, seed, width } from '../../fields.js';

/** Options of any mechanism with heads: its place in a model, and the widths of what it projects. */
export interface HeadsOptions {
  readonly queryWidth: number;
  readonly memoryWidth: number;
  /** H */
  readonly heads: number;
  /** C; queryWidth by default. */
  readonly outputWidth?: number;
  /** Whether projections have biases; false by default. */
  readonly bias?: boolean;
  /** Seed of the initial parameters. */
  readonly seed: number;
  /** Begins the variables' names; the kind by default. */
  readonly name?: string;
}

/** Fields of the configuration for them. */
export const headsFields = (kind: string) => ({
  name: nameOr(kind),
  queryWidth: width,
  memoryWidth: width,
  heads: width,
  outputWidth: v.optional(width),
  bias: v.optional(v.boolean(), false),
  seed,
});
