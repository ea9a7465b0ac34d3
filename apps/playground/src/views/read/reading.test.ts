import { tasks } from '@heed/tasks';
import { expect, test } from 'vitest';
import { keptReadings } from '../../../scripts/kept-readings.mjs';
import { INTO } from '../../state/fields.js';
import { KEPT, mostOf, pieceOf, readingOf, sharpest } from './reading.js';

test('what a first visit shows is what the shipped model computes', async () => {
  const computed = await keptReadings();
  expect(Object.keys(KEPT)).toEqual(Object.keys(computed));
  for (const [into, { weights, confidence, ...rest }] of Object.entries(computed)) {
    const kept = KEPT[into as 'fr'];
    expect(kept).toMatchObject(rest);
    // Another backend or processor may round otherwise.
    expect(kept?.confidence).toBeCloseTo(confidence!, 2);
    weights.forEach((row, i) =>
      Array.from(row).forEach((weight, j) => expect(kept?.weights[i]?.[j], `${into} ${i} ${j}`).toBeCloseTo(weight, 2)),
    );
    expect(kept!.weights.every((row) => Math.abs(Array.from(row).reduce((sum, x) => sum + x, 0) - 1) < 0.01)).toBe(
      true,
    );
  }
});

test('the languages to choose are those that the task reads', () => {
  for (const into of INTO) expect(tasks['translate'].parse(`${into}: Open`)).toMatchObject({ language: into });
});

test('a reading is shown at the piece that looks at one place most', () => {
  const weights = [
    [0.4, 0.6],
    [0.9, 0.1],
    [0.5, 0.5],
  ];
  expect(sharpest({ weights })).toBe(1);
  expect(weights.map(mostOf)).toEqual([1, 0, 0]);
});

test('pieces show where words begin, and an answer without a map has no reading', () => {
  expect(['·file', 'ted', '<fr>'].map(pieceOf)).toEqual([
    { text: 'file', begins: true },
    { text: 'ted', begins: false },
    { text: '<fr>', begins: false },
  ]);
  expect(readingOf('', { output: '', alternatives: [], maps: [], details: {} })).toBeUndefined();
});
