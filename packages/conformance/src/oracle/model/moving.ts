import { sizeOf } from '../../example.js';
import type { Formula } from './formula.js';
import { at, gridOf } from './grid.js';

export const lookup: Formula<'lookup'> = (_, { table: [table] }, { ids }) => ({
  rows: gridOf(ids.length, table.shape[1]!, (n, w) => at(table, ids[n], w)),
});

export const lookupSums: Formula<'lookupSums'> = (tape, { table: [table] }, { from, to, factors, rows }) => ({
  sums: gridOf(rows, table.shape[1]!, (row, w) =>
    tape.sum(
      from.flatMap((source, n) => (to[n] === row ? [tape.scaled(at(table, source, w), Math.fround(factors[n]))] : [])),
    ),
  ),
});

export const firstColumns: Formula<'firstColumns'> = (_, { x: [x] }, { count }) => ({
  y: gridOf(x.shape[0]!, count, (n, w) => at(x, n, w)),
});

/** At which step a direction reads position p of a row. */
const stepOf = (direction: 'forward' | 'backward', length: number, p: number): number =>
  direction === 'forward' ? p : length - 1 - p;

export const toPositions: Formula<'toPositions'> = (tape, { states }, { directions, lengths }) => {
  const time = states.length / directions.length;
  const units = states[0].shape[1]!;
  const width = directions.length * units;
  const { nodes } = gridOf(lengths.length * time, width, (row, n) => {
    const [b, p, d] = [Math.floor(row / time), row % time, Math.floor(n / units)];
    if (p >= lengths[b]) return tape.constant(0);
    return at(states[d * time + stepOf(directions[d], lengths[b], p)], b, n % units);
  });
  return { memory: { shape: [lengths.length, time, width], nodes } };
};

export const toSteps: Formula<'toSteps'> = (tape, { x: [x] }, { direction, lengths }) => {
  const [batch, time, width] = x.shape as [number, number, number];
  const { nodes } = gridOf(time * batch, width, (row, w) => {
    const [t, b] = [Math.floor(row / batch), row % batch];
    // Which position is read when is as symmetric as which step reads it.
    return t < lengths[b] ? at(x, b * time + stepOf(direction, lengths[b], t), w) : tape.constant(0);
  });
  return { steps: { shape: [time, batch, width], nodes } };
};

export const tensorScatter: Formula<'tensorScatter'> = (
  _,
  { cache: [cache], update: [update] },
  { starts, axis = -2 },
) => {
  const along = axis < 0 ? cache.shape.length + axis : axis;
  const [slots, steps] = [cache.shape[along]!, update.shape[along]!];
  const width = sizeOf(cache.shape.slice(along + 1));
  const outer = sizeOf(cache.shape.slice(1, along));
  const nodes = cache.nodes.map((old, n) => {
    const [row, slot] = [Math.floor(n / width / slots), Math.floor(n / width) % slots];
    // How far after the first slot that is written, going round.
    const step = (slot - starts[Math.floor(row / outer)]! + slots) % slots;
    return step < steps ? update.nodes[(row * steps + step) * width + (n % width)]! : old;
  });
  return { present: { shape: cache.shape, nodes } };
};
