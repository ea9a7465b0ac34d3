import { expect, test } from 'vitest';
import { findersOf } from './cell-readers.js';
import type { HookFunction } from './functions.js';
import type { Step, Variable } from './program.js';

/** Writes steps. */
class Writer {
  readonly steps: Step[] = [];

  readonly add = (step: Step): number => this.steps.push(step) - 1;
  readonly variable = (name: Variable): number => this.add({ kind: 'variable', name });
  readonly number = (value: number): number => this.add({ kind: 'number', value });
  readonly apply = (name: HookFunction, ...args: number[]): number => this.add({ kind: 'apply', name, args });
}

/** How the positions are found that read at indices: 'query 0' by the index of axis 0, '-key 1' by what falls with it, 'key' by trying. */
function found(indices: (writer: Writer) => number[]): string[] {
  const writer = new Writer();
  const read = indices(writer);
  return findersOf(writer.steps, read).map(({ variable, by }) =>
    by ? `${by.slope < 0 ? '-' : ''}${variable} ${by.axis}` : variable,
  );
}

test('an index that is a variable tells it', () => {
  const indices = ({ variable }: Writer) => [variable('key'), variable('batch'), variable('query')];
  expect(found(indices)).toEqual(['batch 1', 'query 2', 'key 0']);
});

test('a difference tells one variable when the other is known, or tried', () => {
  const distance = ({ apply, variable }: Writer): number => apply('sub', variable('query'), variable('key'));
  expect(found((to) => [to.variable('head'), to.apply('add', distance(to), to.variable('Tk'))])).toEqual([
    'head 0',
    'query',
    '-key 1',
  ]);
  expect(found((to) => [to.apply('neg', distance(to)), to.variable('query')])).toEqual(['query 1', 'key 0']);
});

test('what rises in another way is tried', () => {
  expect(found((to) => [to.apply('floorDiv', to.variable('query'), to.number(2))])).toEqual(['query']);
  expect(found((to) => [to.apply('add', to.variable('key'), to.variable('key'))])).toEqual(['key']);
  expect(found((to) => [to.apply('add', to.variable('key'), to.number(0.5))])).toEqual(['key']);
});

test('an index by the score tells nothing', () => {
  expect(found((to) => [to.apply('add', to.variable('key'), to.add({ kind: 'input' }))])).toEqual(['key']);
});
