import type { AttentionMap } from '@heed/heatmap';
import { paintPixels, type PaintOptions } from '@heed/heatmap/element';
import workerUrl from 'modern-gif/worker?url';

// Milliseconds that a row stands before the next one comes, and that the whole map stands before it begins anew.
const ROW = 500;
const END = 2500;

/** Animated GIF of a map that is made row by row, as the page shows it when it is watched. */
export async function replayGif(map: AttentionMap, options: PaintOptions): Promise<Uint8Array> {
  // Few readers save one.
  const { encode } = await import('modern-gif');
  const frames: { data: ArrayBuffer; delay: number }[] = [];
  let [width, height] = [0, 0];
  for (let rows = 1; rows <= map.weights.length; rows++) {
    const pixels = await paintPixels(map, { ...options, rows });
    ({ width, height } = pixels);
    frames.push({ data: pixels.data.buffer, delay: rows < map.weights.length ? ROW : END });
  }
  // In a worker, as finding the colours of a large map takes a while.
  return new Uint8Array(await encode({ workerUrl, width, height, frames, maxColors: 255, looped: true, loopCount: 0 }));
}
