import { expect, test } from 'vitest';
import { drawStrokes, pointAt } from './strokes.js';

/** A context that writes down what it is asked for. */
function noting(): { readonly context: CanvasRenderingContext2D; readonly calls: unknown[][] } {
  const calls: unknown[][] = [];
  const note =
    (name: string) =>
    (...args: unknown[]) =>
      void calls.push([name, ...args]);
  const names = ['clearRect', 'beginPath', 'moveTo', 'lineTo', 'stroke'];
  const context = { canvas: { width: 8, height: 8 }, ...Object.fromEntries(names.map((name) => [name, note(name)])) };
  return { context: context as unknown as CanvasRenderingContext2D, calls };
}

test('lines go through their points, and a line of one point is a dot', () => {
  const { context, calls } = noting();
  const [a, b, c] = [
    { x: 1, y: 2 },
    { x: 3, y: 4 },
    { x: 5, y: 6 },
  ];
  drawStrokes(context, [
    { colour: '#f00', width: 2, points: [a, b, c] },
    { colour: '#00f', width: 3, points: [a] },
    { colour: '#0f0', width: 4, points: [] },
  ]);
  const line = (...points: unknown[][]) => [['beginPath'], ...points, ['stroke']];
  expect(calls).toEqual([
    ['clearRect', 0, 0, 8, 8],
    ...line(['moveTo', 1, 2], ['lineTo', 1.01, 2], ['lineTo', 3, 4], ['lineTo', 5, 6]),
    ...line(['moveTo', 1, 2], ['lineTo', 1.01, 2]),
  ]);
  expect([context.strokeStyle, context.lineWidth]).toEqual(['#00f', 3]);
});

test('a pointer’s place is in the canvas’s pixels, however large it is shown', () => {
  const box = { left: 10, top: 20, width: 128, height: 128 };
  expect(pointAt({ clientX: 10, clientY: 20 }, box, 256)).toEqual({ x: 0, y: 0 });
  expect(pointAt({ clientX: 74, clientY: 148 }, box, 256)).toEqual({ x: 128, y: 256 });
});
