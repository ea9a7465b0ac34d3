import { expect, test } from 'vitest';
import { AttentionOverlayElement, defineAttentionOverlay } from '../element.js';
import { nextWord } from './next-word.js';
import { cellAt } from './picture-cells.js';

test('importing works without a DOM, where it can’t be defined', () => {
  expect(AttentionOverlayElement.observedAttributes).toEqual(['view', 'drawn', 'scale']);
  expect(() => defineAttentionOverlay()).toThrow(ReferenceError);
});

test.each([
  ['ArrowRight', 1, 2],
  ['ArrowDown', 2, 0],
  ['ArrowLeft', 0, 2],
  ['ArrowUp', 2, 1],
  ['Home', 2, 0],
  ['End', 0, 2],
  ['Enter', 1, 1],
  [' ', 1, 1],
  ['Tab', 1, undefined],
  ['a', 1, undefined],
])('%s goes from word %d of three to %s', (key, from, to) => {
  expect(nextWord(from, key, 3)).toBe(to);
});

test('a pointer is over a cell, at the edges over the nearest', () => {
  const box = { left: 10, top: 20, width: 80, height: 40 };
  const at = (clientX: number, clientY: number) => cellAt(box, { clientX, clientY }, [4, 8]);
  expect(at(10, 20)).toEqual({ row: 0, column: 0 });
  expect(at(29.9, 30)).toEqual({ row: 1, column: 1 });
  expect(at(90, 60)).toEqual({ row: 3, column: 7 });
  expect(at(9, 61)).toEqual({ row: 3, column: 0 });
});
