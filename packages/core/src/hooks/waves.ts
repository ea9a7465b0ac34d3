import type { SymbolicNumber } from './symbolic.js';

/**
 * π in three parts, the first two of so few bits that their products with whole numbers and halves up to 2¹³ are exact in float32: what is
 * left of a large angle after whole half-turns keeps its digits (Cody & Waite 1980).
 */
const PI_PARTS = [201 / 64, 1014 / 2 ** 20, Math.PI - 201 / 64 - 1014 / 2 ** 20];

/** sin r = r·Σ cₙ r²ⁿ, Taylor's series to r¹³: within |r| ≤ π/2 it is off by less than 1e-9, and its slope by less than 1e-8. */
const SERIES = [1, -1 / 6, 1 / 120, -1 / 5040, 1 / 362880, -1 / 39916800, 1 / 6227020800];

/** sin x, made of functions that every backend has, so that none needs one of its own: those of graphics cards may be off by 1e-3. */
export const sine = (x: SymbolicNumber): SymbolicNumber => wave(x, 0);

/** cos x, likewise. */
export const cosine = (x: SymbolicNumber): SymbolicNumber => wave(x, 0.5).neg();

/** (−1)ᵏ sin(x − (k + shift)·π) for the k that takes x nearest to 0. */
function wave(x: SymbolicNumber, shift: number): SymbolicNumber {
  const k = x
    .div(Math.PI)
    .add(0.5 - shift)
    .floorDiv(1);
  const turns = k.add(shift);
  const rest = PI_PARTS.reduce((left, part) => left.sub(turns.mul(part)), x);
  const square = rest.mul(rest);
  const [seventh, sixth, ...others] = SERIES.toReversed();
  const ratio = others.reduce((sum, term) => sum.mul(square).add(term), square.mul(seventh!).add(sixth!));
  return ratio.mul(rest).mul(k.mod(2).mul(-2).add(1));
}
