import type { Formula } from './formula.js';
import type { Grid } from './grid.js';
import { biased, mapped } from './layers.js';
import type { Node, Tape } from '../tape.js';

/** ½x (1 + s) */
const halfOf = (tape: Tape, x: Node, s: Node): Node => tape.mul(tape.scaled(x, 0.5), tape.add(tape.constant(1), s));

/** Hendrycks & Gimpel 2016, §2: s is erf(x/√2), or tanh(√(2/π)(x + 0.044715x³)). */
const unit = (tape: Tape, x: Grid, approximate: 'none' | 'tanh'): Grid =>
  mapped(x, (a) => {
    if (approximate === 'none') return halfOf(tape, a, tape.erf(tape.scaled(a, Math.SQRT1_2)));
    const cube = tape.mul(tape.mul(a, a), a);
    const inner = tape.scaled(tape.add(a, tape.scaled(cube, 0.044715)), Math.sqrt(2 / Math.PI));
    return halfOf(tape, a, tape.tanh(inner));
  });

export const gelu: Formula<'gelu'> = (tape, { x: [x] }, { approximate }) => ({ y: unit(tape, x, approximate) });

export const geluLayer: Formula<'geluLayer'> = (tape, { x, bias: [bias] }, { approximate }) => ({
  y: unit(tape, biased(tape, x, bias), approximate),
});

/** Ramachandran, Zoph & Le 2017, §4. */
export const swish: Formula<'swish'> = (tape, { x: [x] }, { beta }) => ({
  y: mapped(x, (a) => tape.mul(a, tape.sigmoid(tape.scaled(a, beta)))),
});
