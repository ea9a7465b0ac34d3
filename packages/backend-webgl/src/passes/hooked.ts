import type { Dropout, HookPart, Step } from '@heed/core';
import { origin, type Chunk } from '../chunks.js';
import type { Grid } from '../grid.js';
import { FLOATS, eachRow } from '../glsl.js';
import { hookCode, hookLibrary, type HookUniforms } from '../hooks/emit.js';
import type { Scope } from '../scope.js';
import { dropoutPart } from './dropout.js';

/** Passes of hooks over tiles. Their programs belong to a hook's structure alone, whichever op has it. Rows are gone through in a loop, since
 * four copies of a long formula take a driver four times as long to compile. */

/** Where a hook runs. */
export interface HookSite {
  readonly heads: number;
  readonly uniforms: HookUniforms;
  readonly chunk: Chunk;
}

/** Tiles of scores after the score hook; what is masked stays so, and a score of −∞ masks too. */
export function hookedScores(scope: Scope, { program }: HookPart, raw: Grid, site: HookSite): Grid {
  const { steps, result } = program;
  return overTiles(scope, { X: raw }, site, {
    functions: `${hookLibrary(steps, [result])}
${hookCode(steps, 'hooked', { kind: 'value', step: result })}`,
    // A raw score of −∞ isn't masked.
    row: `vec4 x = X[k], y = hooked(b, h, i, j, x, vec4(0.0));
    rows[k] = mix(y, vec4(MASKED), either(isMinusInfinity(y), equal(x, vec4(MASKED))));`,
  });
}

/** Tiles of weights after the weight hook, 0 where the scores are masked; with dropout's factors. */
export function hookedWeights(
  scope: Scope,
  { program }: HookPart,
  { weights, scores, dropout }: { weights: Grid; scores: Grid; dropout: Dropout | null },
  site: HookSite,
): Grid {
  const { steps, result } = program;
  const dropping = dropoutPart(dropout);
  return overTiles(scope, { X: weights, S: scores }, site, {
    functions: `${dropping.code}
${hookLibrary(steps, [result])}
${hookCode(steps, 'hooked', { kind: 'value', step: result })}`,
    row: `vec4 y = hooked(b, h, i, j, X[k], vec4(0.0)) * dropoutFactors(n * queries + i, j, keys);
    rows[k] = mix(y, vec4(0.0), isMasked(S[k]));`,
    ...dropping,
  });
}

/**
 * Gradients that a hook hands on, by their numbers among the results of its derivative: 0 where nothing takes part, which is where that in
 * the result is 0, or a score is masked.
 */
export function hookGradients(
  scope: Scope,
  steps: readonly Step[],
  results: readonly (number | undefined)[],
  which: number,
  { input, cotangent, scores }: { input: Grid; cotangent: Grid; scores: Grid | undefined },
  site: HookSite,
): Grid {
  const wanted = results.filter((step) => step !== undefined);
  return overTiles(scope, { X: input, D: cotangent, ...(scores && { S: scores }) }, site, {
    functions: `${hookLibrary(steps, wanted)}
${hookCode(steps, 'gradient', { kind: 'which', steps: results })}`,
    row: `vec4 d = D[k];
    bvec4 none = equal(d, vec4(0.0));
    ${scores ? 'none = either(none, isMasked(S[k]));' : ''}
    rows[k] = mix(gradient(b, h, i, j, X[k], d), vec4(0.0), none);`,
    integers: { which },
  });
}

/** What is computed of each row of a tile. */
interface Rows {
  readonly functions: string;
  /** Sets `rows[k]`, by the tiles' rows and by n, b, h, i and j. */
  readonly row: string;
  readonly integers?: Readonly<Record<string, number>>;
  readonly floats?: Readonly<Record<string, number>>;
}

function overTiles(
  scope: Scope,
  tiles: Readonly<Record<string, Grid>>,
  { heads, uniforms, chunk }: HookSite,
  { functions, row, integers, floats }: Rows,
): Grid {
  const [{ n, rows, columns }] = Object.values(tiles);
  const output = scope.grid(n, rows, columns, 4);
  scope.draw({
    inputs: { ...tiles, ...uniforms.inputs },
    integers: { ...uniforms.integers, ...integers, ...origin(chunk), heads },
    ...(floats && { floats }),
    output,
    code: `${FLOATS}
${functions}
void compute(int n, int r, int c) {
  ${Object.keys(tiles)
    .map((name) => `mat4 ${name} = tile${name}(at${name}(n, r, c));`)
    .join('\n  ')}
  n += firstN;
  int b = n / heads, h = n - b * heads, j = 4 * c;
  mat4 rows;
  for (int k = 0; k < 4; k++) {
    int i = 4 * (r + firstRow) + k;
    ${row}
  }
  ${eachRow('out# = rows[#];')}
}`,
  });
  return output;
}
