import { describe, expect, test } from 'vitest';
import { moved } from './cursor.js';

const size = { rows: 20, columns: 30 };
const press = (key: string, ctrlKey = false) => moved({ row: 5, column: 6 }, { key, ctrlKey }, size);

describe('moved', () => {
  test.each([
    ['ArrowUp', false, 4, 6],
    ['ArrowDown', false, 6, 6],
    ['ArrowLeft', false, 5, 5],
    ['ArrowRight', false, 5, 7],
    ['ArrowDown', true, 19, 6],
    ['ArrowRight', true, 5, 29],
    ['Home', false, 5, 0],
    ['End', false, 5, 29],
    ['Home', true, 0, 0],
    ['End', true, 19, 29],
    ['PageUp', false, 0, 6],
    ['PageDown', false, 15, 6],
  ])('%s, control %s', (key, control, row, column) => {
    expect(press(key, control)).toEqual({ row, column });
  });

  test('stays inside', () => {
    expect(moved({ row: 0, column: 0 }, { key: 'ArrowUp', ctrlKey: false }, size)).toEqual({ row: 0, column: 0 });
    expect(moved({ row: 19, column: 29 }, { key: 'ArrowRight', ctrlKey: false }, size)).toEqual({
      row: 19,
      column: 29,
    });
  });

  test('other keys are not its business', () => {
    expect(press('Tab')).toBeUndefined();
    expect(press('a')).toBeUndefined();
  });
});
