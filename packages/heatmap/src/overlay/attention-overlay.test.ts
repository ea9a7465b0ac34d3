import { describe, expect, test } from 'vitest';
import { caption, paint } from '../../test/overlays.js';
import { checkOverlays, type AttentionOverlay, type OverlayStep } from './attention-overlay.js';
import { renderOverlayFile } from './file.js';
import { renderOverlayTerminal } from './terminal.js';

const step = (given: Partial<OverlayStep>): AttentionOverlay => ({
  picture: paint(2, 1, () => [1, 2, 3]),
  grid: [1, 2],
  steps: [{ word: 'a', weights: [0.5, 0.5], ...given }],
});

describe('an overlay that can’t be drawn is refused', () => {
  test.each<[string, unknown, string, RegExp]>([
    ['no overlay', [], 'INVALID_ARGUMENT', /no attention overlay/],
    ['nothing', undefined, 'INVALID_ARGUMENT', /picture is/],
    [
      'a picture without channels',
      { ...caption, picture: { width: 1, height: 1, data: new Uint8Array(3) } },
      'INVALID_ARGUMENT',
      /picture is/,
    ],
    [
      'a picture of no pixels',
      { ...caption, picture: { width: 0, height: 4, channels: 3, data: new Uint8Array(0) } },
      'INVALID_ARGUMENT',
      /picture is/,
    ],
    [
      'a truncated picture',
      { ...caption, picture: { ...caption.picture, data: new Uint8Array(9) } },
      'SHAPE_MISMATCH',
      /has 9 bytes/,
    ],
    ['a grid of no rows', { ...caption, grid: [0, 64] }, 'INVALID_ARGUMENT', /grid is/],
    ['a grid of half a row', { ...caption, grid: [0.5, 128] }, 'INVALID_ARGUMENT', /grid is/],
    ['steps that are no list', { ...caption, steps: 'a' }, 'INVALID_ARGUMENT', /steps must be a list/],
    ['a step that is nothing', { ...caption, steps: [null] }, 'INVALID_ARGUMENT', /step 0: word/],
    ['a word that is no text', step({ word: 1 as never }), 'INVALID_ARGUMENT', /word must be text/],
    ['too few weights', step({ weights: [1] }), 'SHAPE_MISMATCH', /1 weights, the grid has 1 rows of 2/],
    ['weights that are no list', step({ weights: 1 as never }), 'INVALID_ARGUMENT', /weights must be a list/],
    ['a weight that is no number', step({ weights: [0.5, NaN] }), 'NOT_FINITE', /weight of cell 1 is NaN/],
    ['a weight below 0', step({ weights: [1, -0.1] }), 'INVALID_ARGUMENT', /weight of cell 1 is -0.1/],
    ['a sentinel below 0', step({ weights: [0, 0], sentinel: -1 }), 'INVALID_ARGUMENT', /sentinel is -1/],
    ['more than a whole', step({ sentinel: 0.1 }), 'INVALID_ARGUMENT', /sum to 1.1/],
    ['a title that is no text', { ...caption, title: 1 }, 'INVALID_ARGUMENT', /title must be text/],
  ])('%s', (_, overlay, code, message) => {
    const refused = expect.objectContaining({ code, message: expect.stringMatching(message) });
    expect(() => checkOverlays(overlay as AttentionOverlay)).toThrow(refused);
    expect(() => renderOverlayTerminal(overlay as AttentionOverlay)).toThrow(refused);
    expect(() => renderOverlayFile(overlay as AttentionOverlay, 'png')).toThrow(refused);
  });

  test('which one of several, and which step', () => {
    const bad = step({ weights: [1, 1] });
    expect(() => checkOverlays([caption, bad])).toThrow(/attention overlay 2, step 0/);
  });
});

test('rounded softmax passes, and grids of one cell, and a picture without words', () => {
  expect(checkOverlays(step({ weights: Float32Array.of(0.3, 0.7) }))).toHaveLength(1);
  expect(checkOverlays(step({ weights: [0.5005, 0.5] }))).toHaveLength(1);
  expect(checkOverlays({ ...caption, grid: [1, 1], steps: [{ word: '', weights: [1] }] })).toHaveLength(1);
  expect(checkOverlays({ ...caption, steps: [] })[0]!.title).toBe(caption.title);
});
