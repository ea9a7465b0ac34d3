import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { duration, Progress } from './progress.js';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

function record(terminal: boolean, columns = 60): { stream: NodeJS.WriteStream; written: () => string } {
  const stream = Object.assign(new PassThrough(), { isTTY: terminal, columns });
  return { stream: stream as unknown as NodeJS.WriteStream, written: () => String(stream.read() ?? '') };
}

const state = (done: number) => ({
  done,
  total: 100,
  unit: 'step',
  notes: ['loss 1.234', '320 words/s'],
  secondsLeft: 75,
});

test('a terminal gets one line, rewritten, no wider than it is', () => {
  const { stream, written } = record(true);
  const progress = new Progress(stream);
  for (let n = 1; n <= 40; n++) {
    vi.advanceTimersByTime(50);
    progress.update(state(n));
  }
  progress.clear();
  const text = written();
  expect(text).not.toContain('\n');
  const lines = text.split('\r\u001b[2K').filter(Boolean);
  expect(lines).toHaveLength(20); // not faster than every 100 ms
  for (const line of lines) expect(line.length).toBeLessThan(60);
  expect(text.endsWith('\r\u001b[2K')).toBe(true);
});

test.each([
  [100, '██████████░░░░░░░░░░  50 % · step 50 of 100 · loss 1.234 · 320 words/s · 1:15 left'],
  [80, '█████░░░░░  50 % · step 50 of 100 · loss 1.234 · 320 words/s · 1:15 left'],
  [70, ' 50 % · step 50 of 100 · loss 1.234 · 320 words/s · 1:15 left'],
  [60, ' 50 % · step 50 of 100 · loss 1.234 · 1:15 left'],
  [40, ' 50 % · step 50 of 100 · 1:15 left'],
  [30, ' 50 % · 1:15 left'],
  [10, '50 %'],
  [0, '█████░░░░░  50 % · step 50 of 100 · loss 1.234 · 320 words/s · 1:15 left'], // a terminal that doesn't know
])('in %i columns the time left is whole', (columns, line) => {
  const { stream, written } = record(true, columns);
  const progress = new Progress(stream);
  vi.advanceTimersByTime(200);
  progress.update(state(50));
  expect(written()).toBe(`\r\u001b[2K${line}`);
});

test('anything else gets a line now and then, and the last one', () => {
  const { stream, written } = record(false);
  const progress = new Progress(stream);
  for (let n = 1; n <= 100; n++) {
    vi.advanceTimersByTime(250);
    progress.update(state(n));
  }
  const lines = written().trimEnd().split('\n');
  expect(lines).toHaveLength(3);
  expect(lines[0]).toBe('████████░░░░░░░░░░░░  40 % · step 40 of 100 · loss 1.234 · 320 words/s · 1:15 left');
  expect(lines[2]).toContain('100 % · step 100 of 100');
  expect(lines.join('')).not.toContain('\u001b');
});

test('duration', () => {
  expect([0, 9.6, 75, 4000, Infinity].map(duration)).toEqual(['0:00', '0:10', '1:15', '1:06:40', '?']);
});
