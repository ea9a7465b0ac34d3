import type { AttentionOverlay, Picture } from '../src/index.js';

/** A picture of 64 × 64 pixels made of a formula: a red disc with a green leaf, transparent around them. */
export const apple: Picture = paint(64, 64, (x, y) => {
  if ((x - 40) ** 2 / 120 + (y - 12) ** 2 / 30 < 1) return [60, 160, 60, 255];
  if ((x - 32) ** 2 + (y - 38) ** 2 < 22 ** 2) return [210, 40, 40, 255];
  return [0, 0, 0, 0];
});

export function paint(width: number, height: number, colorAt: (x: number, y: number) => readonly number[]): Picture {
  const pixels = Array.from({ length: width * height }, (_, n) => colorAt(n % width, Math.floor(n / width)));
  const channels = pixels[0]!.length as 3 | 4;
  return { width, height, channels, data: Uint8Array.from(pixels.flat()) };
}

/** Weights of a grid of 8 × 8 around a place, which sum to `sum`. */
export function around(row: number, column: number, deviation: number, sum: number): Float32Array {
  const weights = Float32Array.from({ length: 64 }, (_, n) =>
    Math.exp(-((Math.floor(n / 8) - row) ** 2 + ((n % 8) - column) ** 2) / (2 * deviation ** 2)),
  );
  const whole = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => (weight / whole) * sum);
}

/** "a red apple with a leaf": words of content look at their parts, function words at no part. */
export const caption: AttentionOverlay = {
  title: 'a red apple with a leaf',
  language: 'en',
  picture: apple,
  grid: [8, 8],
  steps: [
    { word: 'a', weights: around(4, 4, 4, 0.3), sentinel: 0.7 },
    { word: 'red', weights: around(4.5, 3.5, 1.2, 0.92), sentinel: 0.08 },
    { word: 'apple', weights: around(4, 4, 1.8, 0.85), sentinel: 0.15 },
    { word: 'with', weights: around(2, 4, 3, 0.25), sentinel: 0.75 },
    { word: 'a', weights: around(2, 5, 3, 0.2), sentinel: 0.8 },
    { word: 'leaf', weights: around(1, 5, 0.6, 0.97), sentinel: 0.03 },
  ],
};
