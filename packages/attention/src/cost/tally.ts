/** What a computation takes. */
export interface Work {
  /** Products that are added up, in products of matrices and in attention; elementwise layers and optimizers aren't counted. */
  readonly multiplyAdds: number;
  /** Two for each multiply–add. */
  readonly flops: number;
  /** Exponentials, tangents and sigmoids. */
  readonly functions: number;
  /** Read and written by those products, 4 for each number of an operand or a result. */
  readonly bytes: number;
}

export interface Cost {
  readonly parameters: number;
  readonly forward: Work;
  /** Forward and backward. */
  readonly training: Work;
}

const work = (multiplyAdds = 0, functions = 0, bytes = 0): Work => ({
  multiplyAdds,
  flops: 2 * multiplyAdds,
  functions,
  bytes,
});

const NO_WORK: Work = work();

/** A product [M, K]·[K, N]. */
export interface Product {
  readonly m: number;
  readonly k: number;
  readonly n: number;
}

/** Adds up what a part of a model costs. */
export interface Tally {
  readonly cost: Cost;
  parameters(...counts: readonly number[]): Tally;
  /** x W, each time anew: the gradients in x and in W are products of the same size. */
  product(product: Product, times?: number): Tally;
  /** x W for an x that no gradient is wanted in. */
  productOfConstant(product: Product): Tally;
  /** x W in an unrolled loop, whose gradient in W is one product for all steps. */
  loop(product: Product, steps: number): Tally;
  /** Functions of elementwise layers; a layer's gradient takes none. */
  functions(count: number): Tally;
  /** An op with a cost of its own. */
  op(cost: Pick<Cost, 'forward' | 'training'>, times?: number): Tally;
}

export function createTally(): Tally {
  let all: Cost = { parameters: 0, forward: NO_WORK, training: NO_WORK };
  const add = (forward: Work, training: Work): Tally => {
    all = { ...all, forward: sum(all.forward, forward), training: sum(all.training, training) };
    return tally;
  };
  const tally: Tally = {
    get cost() {
      return all;
    },
    parameters(...counts) {
      all = { ...all, parameters: counts.reduce((total, count) => total + count, all.parameters) };
      return tally;
    },
    product(product, times = 1) {
      const once = times * bytesOf(product);
      return add(productOf(product, times, once), productOf(product, 3 * times, 3 * once));
    },
    productOfConstant(product) {
      const once = bytesOf(product);
      return add(productOf(product, 1, once), productOf(product, 2, 2 * once));
    },
    loop({ m, k, n }, steps) {
      const each = steps * bytesOf({ m, k, n });
      const together = bytesOf({ m: steps * m, k, n });
      return add(productOf({ m, k, n }, steps, each), productOf({ m, k, n }, 3 * steps, 2 * each + together));
    },
    functions: (count) => add(work(0, count), work(0, count)),
    op: ({ forward, training }, times = 1) => add(scaled(forward, times), scaled(training, times)),
  };
  return tally;
}

export function totalOf(costs: readonly Cost[]): Cost {
  return {
    parameters: costs.reduce((all, { parameters }) => all + parameters, 0),
    forward: costs.map(({ forward }) => forward).reduce(sum, NO_WORK),
    training: costs.map(({ training }) => training).reduce(sum, NO_WORK),
  };
}

export const workOf = (parts: { multiplyAdds: number; functions: number; numbers: number }): Work =>
  work(parts.multiplyAdds, parts.functions, 4 * parts.numbers);

export const sum = (a: Work, b: Work): Work =>
  work(a.multiplyAdds + b.multiplyAdds, a.functions + b.functions, a.bytes + b.bytes);

const scaled = (one: Work, times: number): Work =>
  work(times * one.multiplyAdds, times * one.functions, times * one.bytes);

const bytesOf = ({ m, k, n }: Product): number => 4 * (m * k + k * n + m * n);

const productOf = ({ m, k, n }: Product, times: number, bytes: number): Work => work(times * m * k * n, 0, bytes);
