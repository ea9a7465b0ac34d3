import { HeedError } from '@heed/core';

/** A number in each trace, all traces in one order: a size or a place, which may depend on the free axes. */
export type Size = readonly number[];

/** What the free axes were in a trace. */
export type Assignment = Readonly<Record<string, number>>;

interface Term {
  readonly factor: number;
  /** Axes whose product the term has; the empty product is 1. */
  readonly axes: readonly string[];
}

/** A sum of products of axes. */
export type SizeExpression = readonly Term[];

export const isConstant = (size: Size): boolean => size.every((n) => n === size[0]);

export const isSame = (a: Size, b: Size): boolean => a.every((n, trace) => n === b[trace]);

// Two terms and a constant are three unknowns; the other traces confirm them.
const TRACES = 5;

/** Least and greatest sizes of the free axes. */
export interface Limits {
  readonly shortest: Assignment;
  readonly longest: Assignment;
}

/**
 * Sizes of free axes to trace at, two or more where that is allowed: 1 broadcasts. As far as limits leave room, all are different primes, so that no
 * sum or product of sizes is another by accident.
 */
export function assignmentsFor({ shortest, longest }: Limits): readonly Assignment[] {
  const axes = Object.keys(longest);
  const count = axes.length;
  if (count === 0) return [{}];
  const sizes = axes.map((axis) => sizesBetween(Math.max(2, shortest[axis]), longest[axis], TRACES * count));
  // Rotated, so that which axis is the longest changes.
  return Array.from({ length: TRACES }, (_, trace) =>
    Object.fromEntries(
      axes.map((axis, n) => [axis, sizes[n][(trace * count + ((n + trace) % count)) % sizes[n].length]]),
    ),
  );
}

/** Primes from the least size on; all sizes where there are few. */
function sizesBetween(least: number, most: number, count: number): number[] {
  const all = Array.from({ length: Math.max(1, most - least + 1) }, (_, n) => Math.min(least + n, most));
  const primes: number[] = [];
  for (const n of all) {
    if (primes.length === count) break;
    if (isPrime(n)) primes.push(n);
  }
  return primes.length < count ? all.slice(0, count) : primes;
}

function isPrime(n: number): boolean {
  for (let factor = 2; factor * factor <= n; factor++) if (n % factor === 0) return false;
  return true;
}

/**
 * Further sizes, at which one axis after the other is about as long as it may be: what begins only there is found, as is what doesn't go on as it began.
 */
export const longAssignments = (first: Assignment, longest: Assignment): readonly Assignment[] =>
  Object.entries(longest).flatMap(([axis, most]) =>
    LESS.flatMap((less) => (most - less > first[axis] ? [{ ...first, [axis]: most - less }] : [])),
  );

// Three sizes, so that what two of them say is confirmed.
const LESS = [0, 1, 5];

/** A size at an assignment. */
const valueAt = (expression: SizeExpression, sizes: Assignment): number =>
  expression.reduce((sum, { factor, axes }) => sum + axes.reduce((n, axis) => n * sizes[axis], factor), 0);

/** Finds what sizes are in terms of the free axes of all traces. */
export interface SizeSolver {
  /** undefined where no sum of two products and a constant fits. */
  find(size: Size): SizeExpression | undefined;
  /** @throws HeedError INVALID_ARGUMENT where none fits */
  solve(what: string, size: Size): SizeExpression;
  /** The same where some traces say only that a number is beyond what matters; undefined where nothing fits, or too little is known. */
  findWhere(size: Size, isSaid: (n: number, trace: number) => boolean): Size | undefined;
  /** The number at other sizes. @throws HeedError as `solve` */
  valueAt(what: string, size: Size, sizes: Assignment): number;
}

export function createSizeSolver(assignments: readonly Assignment[]): SizeSolver {
  const products = productsOf(Object.keys(assignments[0]));
  const columns = products.map((axes) => assignments.map((sizes) => axes.reduce((n, axis) => n * sizes[axis], 1)));
  const known = new Map<string, SizeExpression | undefined>();

  const search = (size: Size): SizeExpression | undefined => {
    if (isConstant(size)) return [{ factor: size[0], axes: [] }];
    for (let a = 0; a < products.length; a++) {
      const found = fit([a], size);
      if (found !== undefined) return found;
    }
    for (let b = 1; b < products.length; b++) {
      for (let a = 0; a < b; a++) {
        const found = fit([a, b], size);
        if (found !== undefined) return found;
      }
    }
    return undefined;
  };

  const fit = (chosen: readonly number[], size: Size): SizeExpression | undefined => {
    const rows = size.map((n, trace) => [...chosen.map((one) => columns[one][trace]), 1, n]);
    const factors = wholeSolution(rows);
    if (factors === undefined) return undefined;
    const terms = factors.map((factor, n) => ({ factor, axes: n < chosen.length ? products[chosen[n]] : [] }));
    return terms.filter(({ factor }) => factor !== 0);
  };

  const find = (size: Size): SizeExpression | undefined => {
    const key = size.join();
    if (!known.has(key)) known.set(key, search(size));
    return known.get(key);
  };
  const solve = (what: string, size: Size): SizeExpression => {
    const found = find(size);
    if (found !== undefined) return found;
    const seen = assignments.slice(0, TRACES).map((sizes, trace) => `${size[trace]} at ${describe(sizes)}`);
    throw new HeedError('INVALID_ARGUMENT', {
      message: `exportGraph: ${what} is ${seen.join(', ')}, which is no sum of products of the free axes`,
      hint: 'compute sizes by adding and multiplying, or give the axis a fixed size',
      details: { sizes: [...size] },
    });
  };
  return {
    find,
    solve,
    findWhere(size, isSaid) {
      const traces = assignments.map((_, trace) => trace).filter((trace) => isSaid(size[trace], trace));
      const [first, ...others] = traces.map((trace) => size[trace]);
      const expression = others.every((n) => n === first)
        ? [{ factor: first, axes: [] }]
        : createSizeSolver(traces.map((trace) => assignments[trace])).find(traces.map((trace) => size[trace]));
      return expression && assignments.map((sizes) => valueAt(expression, sizes));
    },
    valueAt: (what, size, sizes) => valueAt(solve(what, size), sizes),
  };
}

export const describe = (sizes: Assignment): string =>
  Object.entries(sizes)
    .map(([axis, size]) => `${axis} = ${size}`)
    .join(' and ');

/** Products of one to three axes, those of fewer first. */
function productsOf(axes: readonly string[]): readonly (readonly string[])[] {
  const extend = (products: readonly (readonly string[])[]): readonly (readonly string[])[] =>
    products.flatMap((product) =>
      axes.filter((axis) => axes.indexOf(axis) >= axes.indexOf(product.at(-1)!)).map((axis) => product.concat(axis)),
    );
  const singles = axes.map((axis) => [axis]);
  const pairs = extend(singles);
  return [...singles, ...pairs, ...extend(pairs)];
}

/** The whole numbers that solve all equations, whose last column is the right side; undefined unless there is one solution. */
function wholeSolution(equations: readonly (readonly number[])[]): number[] | undefined {
  const unknowns = equations[0].length - 1;
  const rows = equations.map((row) => [...row]);
  for (let column = 0; column < unknowns; column++) {
    const pivot = rows.findIndex((row, n) => n >= column && Math.abs(row[column]) > 1e-9);
    if (pivot < 0) return undefined;
    [rows[column], rows[pivot]] = [rows[pivot], rows[column]];
    for (const [n, row] of rows.entries()) {
      if (n === column) continue;
      const factor = row[column] / rows[column][column];
      for (let at = column; at <= unknowns; at++) row[at] -= factor * rows[column][at];
    }
  }
  const solution = Array.from({ length: unknowns }, (_, n) => Math.round(rows[n][unknowns] / rows[n][n]));
  const fits = equations.every((row) => solution.reduce((sum, n, at) => sum + n * row[at], 0) === row[unknowns]);
  return fits ? solution : undefined;
}
