import { eachRow } from '../glsl.js';
import type { Grid } from '../grid.js';
import { KEY_HEAD } from '../passes/product.js';
import type { Scope } from '../scope.js';
import {
  CHUNK,
  JOINED,
  advanceToTile,
  retreatToTile,
  type BackSteps,
  type Steps,
  type WritingSteps,
} from './recurrence.js';
import { stateIntegers, type StateSizes } from './states.js';

/** What is read of states, and the gradients that come of it: each pass goes from a state that is held to a tile of steps. */

/** Code of a pass over tiles of four steps: n is the tile, first the first step of its chunk. */
const CHUNK_OF = `int chunk = 4 * n / ${CHUNK}, first = chunk * ${CHUNK};`;

/** What queries read: [tiles of T, Hq, C]; so are the gradients below. */
export function readStates(scope: Scope, steps: Steps, query: Grid, states: Grid, sizes: StateSizes): Grid {
  const output = scope.grid(query.n / 4, query.rows, sizes.columnTiles, 4);
  scope.draw({
    inputs: { ...steps, Q: query, S: states },
    integers: stateIntegers(sizes),
    output,
    code: `${JOINED}
${KEY_HEAD}
void compute(int n, int r, int c) {
  ${CHUNK_OF}
  int m = keyHead(r);
  mat4 sum = mat4(0.0);
  for (int d = 0; d < widthTiles; d++) {
    mat4 s = tileS(atS(chunk, m * widthTiles + d, c));
    ${advanceToTile(
      steps,
      'first',
      () => '',
      (s) => `sum[#] += ${s} * texelFetch(Q0, atQ(4 * n + #, r, d), 0);`,
    )}
  }
  ${eachRow('out# = sum[#];')}
}`,
  });
  return output;
}

/** Gradients in queries: [T, Hq, D], of those in what they read. */
export function queryGradients(scope: Scope, steps: Steps, dRead: Grid, states: Grid, sizes: StateSizes): Grid {
  const output = scope.grid(dRead.n / 4, dRead.rows, sizes.widthTiles, 4);
  scope.draw({
    inputs: { ...steps, D: dRead, S: states },
    integers: stateIntegers(sizes),
    output,
    code: `${JOINED}
${KEY_HEAD}
void compute(int n, int r, int d) {
  ${CHUNK_OF}
  int m = keyHead(r);
  mat4 sum = mat4(0.0);
  for (int c = 0; c < columnTiles; c++) {
    mat4 s = tileS(atS(chunk, m * widthTiles + d, c));
    ${advanceToTile(
      steps,
      'first',
      () => '',
      (s) => `sum[#] += texelFetch(D0, atD(4 * n + #, r, c), 0) * ${s};`,
    )}
  }
  ${eachRow('out# = sum[#];')}
}`,
  });
  return output;
}

const BACK_OF = `${CHUNK_OF} int last = min(first + ${CHUNK}, allSteps) - 1, back = (allSteps - 1) / ${CHUNK} - chunk;`;

/** Gradients in what is written: [T, Hk, C]. @param gradients in the states after chunks, from the last */
export function writeGradients(
  scope: Scope,
  steps: BackSteps & { readonly K: Grid },
  gradients: Grid,
  sizes: StateSizes,
): Grid {
  const output = scope.grid(steps.K.n / 4, steps.K.rows, sizes.columnTiles, 4);
  scope.draw({
    inputs: { ...steps, E: gradients },
    integers: stateIntegers(sizes),
    output,
    code: `${JOINED}
void compute(int n, int m, int c) {
  ${BACK_OF}
  mat4 sum = mat4(0.0);
  for (int d = 0; d < widthTiles; d++) {
    mat4 e = tileE(atE(back, m * widthTiles + d, c));
    ${retreatToTile(steps, 'last', (e) => `sum[#] += ${e} * k;`)}
  }
  ${eachRow('out# = sum[#];')}
}`,
  });
  return output;
}

/** Gradients in keys: [T, Hk, D]. @param states before chunks, which the delta rule needs */
export function keyGradients(
  scope: Scope,
  steps: WritingSteps & BackSteps,
  states: Grid,
  gradients: Grid,
  sizes: StateSizes,
): Grid {
  const isDelta = steps.W !== undefined;
  return pairs(scope, steps, isDelta ? states : undefined, gradients, sizes, {
    written: true,
    use: (e) => `sum[#] += u[#] * ${e};${isDelta ? ' sum[#] -= w * before[#];' : ''}`,
  });
}

/** Gradients in the logarithms of decays: [T, Hk, D]. */
export function decayGradients(
  scope: Scope,
  steps: WritingSteps & BackSteps,
  states: Grid,
  gradients: Grid,
  sizes: StateSizes,
): Grid {
  const isDelta = steps.W !== undefined;
  return pairs(scope, steps, states, gradients, sizes, {
    written: false,
    use: (e) => `left = ${e}${isDelta ? ' - outerProduct(w, k)' : ''};
    sum[#] += vec4(dot(left[0], before[#][0]), dot(left[1], before[#][1]), dot(left[2], before[#][2]), dot(left[3], before[#][3]));`,
  });
}

/**
 * Sums over columns of what a step's gradient in the state makes of what it wrote (`u`), and of the state before its write (`before`), which
 * are reached from either end of the chunk.
 */
function pairs(
  scope: Scope,
  steps: WritingSteps & BackSteps,
  states: Grid | undefined,
  gradients: Grid,
  sizes: StateSizes,
  { written, use }: { written: boolean; use: (state: string) => string },
): Grid {
  const output = scope.grid(steps.K.n / 4, steps.K.rows, sizes.widthTiles, 4);
  const before = `
    mat4 before[4];
    {
      mat4 s = tileS(atS(chunk, m * widthTiles + d, c));
      ${advanceToTile(
        steps,
        'first',
        (s) => `before[#] = ${s};`,
        () => '',
      )}
    }`;
  scope.draw({
    inputs: { ...steps, E: gradients, ...(states && { S: states }) },
    integers: stateIntegers(sizes),
    output,
    code: `${JOINED}
void compute(int n, int m, int d) {
  ${BACK_OF}
  mat4 sum = mat4(0.0), left;
  for (int c = 0; c < columnTiles; c++) {
    ${states ? before : ''}
    ${written ? `mat4 u;\n    ${eachRow(`u[#] = texelFetch(U0, atU(4 * n + #, m, c), 0)${steps.B ? ' * texelFetch(B0, atB(4 * n + #, m, 0), 0).x' : ''};`)}` : ''}
    mat4 e = tileE(atE(back, m * widthTiles + d, c));
    ${retreatToTile(steps, 'last', use)}
  }
  ${eachRow('out# = sum[#];')}
}`,
  });
  return output;
}
