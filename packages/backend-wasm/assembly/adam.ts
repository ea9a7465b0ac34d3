/**
 * One step of Adam, as core's model-ops/adam has it, in float64: stored numbers are float32. Slots and values may not
 * overlap with what they become.
 */
export function adam(
  value: usize,
  gradient: usize,
  mean: usize,
  square: usize,
  nextValue: usize,
  nextMean: usize,
  nextSquare: usize,
  count: u32,
  rate: f64,
  epsilon: f64,
  scale: f64,
  beta1: f64,
  beta2: f64,
): void {
  const keptMean = f64x2.splat(beta1);
  const keptSquare = f64x2.splat(beta2);
  const newMean = f64x2.splat(1 - beta1);
  const newSquare = f64x2.splat(1 - beta2);
  const rates = f64x2.splat(rate);
  const epsilons = f64x2.splat(epsilon);
  const scales = f64x2.splat(scale);
  const end = <usize>count << 2;
  for (let n: usize = 0; n < end; n += 8) {
    const isPair = n + 8 <= end;
    const g = f64x2.mul(load2(gradient + n, isPair), scales);
    const m = f64x2.add(f64x2.mul(keptMean, load2(mean + n, isPair)), f64x2.mul(newMean, g));
    const v = f64x2.add(f64x2.mul(keptSquare, load2(square + n, isPair)), f64x2.mul(f64x2.mul(newSquare, g), g));
    const change = f64x2.div(f64x2.mul(rates, m), f64x2.add(f64x2.sqrt(v), epsilons));
    store2(nextMean + n, m, isPair);
    store2(nextSquare + n, v, isPair);
    store2(nextValue + n, f64x2.sub(load2(value + n, isPair), change), isPair);
  }
}

/** Σ x². */
export function squareSum(x: usize, count: u32): f64 {
  const end = <usize>count << 2;
  let sums = f64x2.splat(0);
  for (let n: usize = 0; n < end; n += 8) {
    const pair = load2(x + n, n + 8 <= end);
    sums = f64x2.add(sums, f64x2.mul(pair, pair));
  }
  return f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
}

/** Two numbers, or one and 0. */
// @ts-ignore: decorator
@inline
function load2(from: usize, isPair: bool): v128 {
  return f64x2.promote_low_f32x4(isPair ? v128.load64_zero(from) : v128.load32_zero(from));
}

// @ts-ignore: decorator
@inline
function store2(to: usize, x: v128, isPair: bool): void {
  const numbers = f32x4.demote_f64x2_zero(x);
  if (isPair) v128.store64_lane(to, numbers, 0);
  else v128.store32_lane(to, numbers, 0);
}
