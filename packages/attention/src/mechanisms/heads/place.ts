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

/** Widths of a head that may be left out, with what decides the others. */
interface GivenWidths {
  readonly queryWidth: number;
  readonly heads: number;
  readonly headWidth?: number | undefined;
  readonly valueWidth?: number | undefined;
  readonly outputWidth?: number | undefined;
}

/** Fields of the configuration for the widths of one head. */
export const headWidthFields = { headWidth: v.optional(width), valueWidth: v.optional(width) };

/** The widths that were left out: the heads share the query's, values have that of keys, outputs that of queries. */
export function withHeadWidths<Given extends GivenWidths>(given: Given) {
  const headWidth = given.headWidth ?? given.queryWidth / given.heads;
  const { valueWidth = headWidth, outputWidth = given.queryWidth } = given;
  return { ...given, headWidth, valueWidth, outputWidth };
}

/** Whether the heads could share the query's width. */
export const isWhole = ({ headWidth }: { readonly headWidth: number }): boolean => Number.isInteger(headWidth);
export const NOT_WHOLE = 'heads must divide queryWidth, or headWidth must be given';
