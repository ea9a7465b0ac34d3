import { expect, test } from 'vitest';
import { NOTHING, stopped, withReport, type Captions } from './written.js';

const word = (word: string) => ({ word, weights: Float32Array.of(0.5, 0.25), sentinel: 0.25 });
const BOTH: Captions = new Map([
  ['en', NOTHING],
  ['de', NOTHING],
]);

test('words and ends go to the caption of their language, and nothing that was there changes', () => {
  const first = withReport(BOTH, { kind: 'word', language: 'de', text: 'rotes', word: word('rotes') });
  const second = withReport(first, { kind: 'word', language: 'de', text: 'rotes Quadrat', word: word('Quadrat') });
  const last = withReport(second, { kind: 'end', language: 'de', finished: true });
  expect(last.get('de')).toEqual({
    words: [word('rotes'), word('Quadrat')],
    texts: ['rotes', 'rotes Quadrat'],
    isDone: true,
    isFinished: true,
  });
  expect(last.get('en')).toBe(NOTHING);
  expect(first.get('de')).toMatchObject({ texts: ['rotes'], isDone: false });
  expect([...last.keys()]).toEqual(['en', 'de']);
});

test('what was stopped is over, and isn’t finished', () => {
  const begun = withReport(BOTH, { kind: 'word', language: 'en', text: 'red', word: word('red') });
  expect([...stopped(begun).values()]).toEqual([
    { words: [word('red')], texts: ['red'], isDone: true, isFinished: false },
    { ...NOTHING, isDone: true },
  ]);
});
