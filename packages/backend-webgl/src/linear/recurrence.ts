import type { Grid } from '../grid.js';
import { eachRow } from '../glsl.js';

/**
 * Code of steps on a 4 × 4 part of a state, `mat4 s` with rows d of the keys as its vectors: S ← a∘S + k uᵀ, with u the value, or what the delta
 * rule writes in its place. States are held every CHUNK steps, and passes go from there step by step: so every decay is applied as often as it
 * is there, and no quotient of products is ever taken.
 */

/** Steps from one state that is held to the next. */
export const CHUNK = 16;

/** Sequences that steps read, by the letters that code has for them; without K and U nothing is written. */
export interface Steps {
  readonly K?: Grid;
  /** Values, or with the delta rule the rests v − (a∘S)ᵀk, which are times B what is written. */
  readonly U?: Grid;
  readonly A?: Grid;
  readonly B?: Grid;
}

/** Steps that write. */
export type WritingSteps = Steps & { readonly K: Grid; readonly U: Grid };

/** Sequences that the way back reads. */
export interface BackSteps extends Omit<Steps, 'U'> {
  /** Queries, and gradients in what they read; absent where nothing is read. */
  readonly Q?: Grid;
  readonly D?: Grid;
  /** With the delta rule: gradients in what is written, which are times B those in values. */
  readonly W?: Grid;
}

type Decaying = Pick<Steps, 'A'>;

/** Names of places, by sequences: columns d of keys and decays, c of what is written. */
const PLACES: Readonly<Record<string, string>> = { K: 'd', A: 'd', U: 'c', W: 'c', B: '0' };

/** Places of step t of row m. */
const places = (names: readonly string[], t: string): string =>
  names.map((name) => `ivec2 place${name} = at${name}(${t}, m, ${PLACES[name]});`).join(' ');

const move = (names: readonly string[], way: 'next' | 'prior'): string =>
  names.map((name) => `${way}${name}(place${name});`).join(' ');

const fetch = (name: string): string => `texelFetch(${name}0, place${name}, 0)`;

const decayed = (state: string): string =>
  `${state}[0] *= a.x; ${state}[1] *= a.y; ${state}[2] *= a.z; ${state}[3] *= a.w;`;

/**
 * Code that adds to a state and keeps what the rounding loses (Knuth's two-sum). Where a state decays, sums of many steps cancel in the
 * gradients of the decays, and what steps lose would be most of what is left. A factor that compilers can't know to be 1 keeps them from
 * algebra, by which (s + x) − s is x (Mesa's do it).
 */
export const JOINED = `
mat4 joined(mat4 s, mat4 x, inout mat4 lost) {
  float one = float(min(sizeOut.x, 1));
  mat4 sum = (s + x) * one, part = (sum - s) * one;
  lost += (s - (sum - part)) + (x - part);
  return sum;
}`;

/** Code that decays a state and what it lost, where there are decays. */
const decay = ({ A }: Decaying, state: string): string => (A ? `${decayed(state)} ${decayed('lost')}` : '');

const join = ({ A }: Decaying, state: string, x: string): string =>
  A ? `${state} = joined(${state}, ${x}, lost);` : `${state} += ${x};`;

const begin = ({ A }: Decaying): string => (A ? 'mat4 lost = mat4(0.0);' : '');

const end = ({ A }: Decaying, state: string): string => (A ? `${state} += lost;` : '');

/** A state with what it lost. */
const whole = ({ A }: Decaying, state: string): string => (A ? `(${state} + lost)` : state);

/** Code that uses a state, which it is told as an expression; # stands for the row of a tile. */
type Use = (state: string) => string;

const forwardNames = ({ K, A, B }: Steps): string[] => (K ? ['K', 'U', ...(A ? ['A'] : []), ...(B ? ['B'] : [])] : []);

/** One step at its places, with code that sees `vec4 k, u, a` and the state before its write, decayed already, or after it. */
const step = (steps: Steps, before: Use, after: Use): string => `{
      vec4 k = ${fetch('K')}, u = ${fetch('U')}${steps.B ? ` * ${fetch('B')}.x` : ''}${steps.A ? `, a = ${fetch('A')}` : ''};
      ${decay(steps, 's')}
      ${before(whole(steps, 's'))}
      ${join(steps, 's', 'outerProduct(u, k)')}
      ${after(whole(steps, 's'))}
      ${move(forwardNames(steps), 'next')}
    }`;

const nothing: Use = () => '';

/** Steps [from, to) of state `mat4 s`. */
export const advance = (steps: Steps, from: string, to: string): string =>
  steps.K === undefined
    ? ''
    : `{
    ${begin(steps)}
    ${places(forwardNames(steps), from)}
    for (int t = ${from}; t < ${to}; t++) ${step(steps, nothing, nothing)}
    ${end(steps, 's')}
  }`;

/** Steps [from, 4n), then those of tile n with code that uses the state before each write, decayed already, and after it. */
export const advanceToTile = (steps: Steps, from: string, before: Use, after: Use): string =>
  steps.K === undefined
    ? eachRow(after('s'))
    : `{
    ${begin(steps)}
    ${places(forwardNames(steps), from)}
    for (int t = ${from}; t < 4 * n; t++) ${step(steps, nothing, nothing)}
    ${eachRow(step(steps, before, after))}
  }`;

const backNames = ({ K, A, B, W }: BackSteps): string[] => [
  ...(K ? ['K'] : []),
  ...(A ? ['A'] : []),
  ...(B && W ? ['B', 'W'] : []),
];

/** What all query heads of a group read at step t. */
const readBack = (steps: BackSteps): string => `for (int g = 0; g < group; g++) {
        int head = (m / keyHeads) * heads + (m % keyHeads) * group + g;
        ${join(steps, 'e', 'outerProduct(texelFetch(D0, atD(t, head, c), 0), texelFetch(Q0, atQ(t, head, d), 0))')}
      }`;

/**
 * The way back through step t with the gradient `mat4 e` in the state: what is read after it joins; `use` sees that, with `vec4 k, w, a`; then it
 * goes through the write and the decay.
 */
const stepBack = (steps: BackSteps, use: Use): string => `{
      ${steps.K ? `vec4 k = ${fetch('K')};` : ''}
      ${steps.W ? `vec4 w = ${fetch('W')} * ${fetch('B')}.x;` : ''}
      ${steps.A ? `vec4 a = ${fetch('A')};` : ''}
      ${steps.Q ? readBack(steps) : ''}
      ${use(whole(steps, 'e'))}
      ${steps.W ? join(steps, 'e', 'outerProduct(-w, k)') : ''}
      ${decay(steps, 'e')}
      ${move(backNames(steps), 'prior')}
      t--;
    }`;

/** Back from after step `last` to before step `first`. */
export const retreat = (steps: BackSteps, last: string, first: string): string => `{
    ${begin(steps)}
    int t = ${last};
    ${places(backNames(steps), 't')}
    while (t >= ${first}) ${stepBack(steps, nothing)}
    ${end(steps, 'e')}
  }`;

/** Back from after step `last` to tile n, then through its steps with code that uses the gradient. */
export const retreatToTile = (steps: BackSteps, last: string, use: Use): string => `{
    ${begin(steps)}
    int t = ${last};
    ${places(backNames(steps), 't')}
    while (t > 4 * n + 3) ${stepBack(steps, nothing)}
    ${[3, 2, 1, 0].map((row) => stepBack(steps, (state) => use(state).replaceAll('#', String(row)))).join('\n    ')}
  }`;
