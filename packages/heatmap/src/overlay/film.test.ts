import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { paint } from '../../test/overlays.js';
import { checkOverlays } from './attention-overlay.js';
import { renderOverlayHtml } from './html.js';
import { layOutOverlay } from './layout.js';
import { renderOverlayJson } from './numbers.js';
import { renderOverlaySvg } from './svg.js';
import { renderOverlayTerminal } from './terminal.js';

/** Three frames of 16 by 16 side by side, of which a word looks at the second. */
const film = {
  picture: paint(48, 16, (x) => [x < 16 ? 255 : 0, x >= 32 ? 255 : 0, 0]),
  grid: [1, 6],
  frames: 3,
  steps: [
    { word: 'moved', weights: [0, 0.1, 0.5, 0.3, 0.1, 0] },
    { word: 'left', weights: [0, 0, 0, 0, 0.2, 0.8] },
  ],
} as const;

describe('strips of a film', () => {
  test('are below each other, all frames in each', () => {
    const [overlay] = checkOverlays(film);
    const { picture, panels, width } = layOutOverlay(overlay!, 10, 0);
    expect(picture).toEqual({ width: 288, height: 96 });
    expect(new Set(panels.map(({ left }) => left)).size).toBe(1);
    expect(panels[1]!.top - panels[0]!.top).toBeGreaterThan(96);
    expect(width).toBeLessThan(2 * 288);
  });

  test('say which frame a word looked at, in drawings and in tables', () => {
    const svg = renderOverlaySvg(film);
    expect(svg).toContain('<title>&#39;moved&#39;: 80 % on frame 2</title>');
    expect(svg).toContain('100 % on frame 3');
    const html = renderOverlayHtml(film);
    for (const name of ['frame 1', 'frame 2', 'frame 3']) expect(html).toContain(`<th scope="col">${name}</th>`);
    expect(html).not.toContain('upper left');
    expect(html).toMatch(/moved<\/th><td>10 %<\/td><td>80 %<\/td><td>10 %<\/td>/);
  });

  test('are side by side in a terminal as far as they fit, and no wider than it is', () => {
    const widthsOf = (width: number): number[] =>
      stripVTControlCharacters(renderOverlayTerminal(film, { colors: 'truecolor', width }))
        .split('\n')
        .filter((line) => line.includes('▀'))
        .map((line) => line.length);
    expect(Math.max(...widthsOf(80))).toBe(36 + 2 + 36);
    expect(Math.max(...widthsOf(60))).toBe(36);
    expect(Math.max(...widthsOf(20))).toBe(20);
    expect(renderOverlayTerminal(film)).toContain("'moved': 80 % on frame 2");
  });

  test('are in JSON with the number of their frames, which a picture has not', () => {
    expect(JSON.parse(renderOverlayJson(film)).overlays[0].frames).toBe(3);
    expect(JSON.parse(renderOverlayJson({ ...film, frames: 1 })).overlays[0]).not.toHaveProperty('frames');
  });

  test.each([0, 1.5, 4, 7, Number.NaN, '3'])('of %s frames are refused', (frames) => {
    expect(() => checkOverlays({ ...film, frames: frames as number })).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining('frames') }),
    );
  });
});
