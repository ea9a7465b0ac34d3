import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { hostileLabels } from '../../test/maps.js';
import { caption, paint } from '../../test/overlays.js';
import { renderOverlayTerminal } from './terminal.js';
import { OVERLAY_CHINESE } from './words.js';

const lines = (text: string): string[] => text.split('\n').slice(0, -1);

const tiny = {
  picture: paint(2, 2, (x, y) => [100 * x, 100 * y, 0]),
  grid: [2, 2],
  steps: [{ word: 'red', weights: [0, 0.9, 0, 0], sentinel: 0.1 }],
} as const;

describe('plain', () => {
  test('cells in characters, several words abreast, and a sentence for each', () => {
    const drawn = lines(
      renderOverlayTerminal({ ...tiny, title: 't', steps: [...tiny.steps, { word: 'b', weights: [0.2, 0, 0, 0.1] }] }),
    );
    expect(drawn).toEqual([
      't',
      '----                ----',
      '  @@                @@',
      '                      ++',
      '----                ----',
      'red                 b',
      '',
      '0  .:-=+*#%@ greatest of the word',
      "'red': 40 % on the upper right, 20 % on the upper middle, 10 % at no part",
      "'b': 9 % on the upper left, 4 % on the upper middle, 4 % on the left",
    ]);
  });

  test('the scale that all share has its numbers, and Chinese says it in Chinese', () => {
    expect(renderOverlayTerminal(tiny, { scale: 'shared' })).toContain('\n0  .:-=+*#%@ 0.9\n');
    expect(renderOverlayTerminal(tiny, { domain: [0, 1] })).toContain('\n0  .:-=+*#%@ 1\n');
    expect(renderOverlayTerminal(tiny, { words: OVERLAY_CHINESE })).toContain(
      '“red”：40 % 看右上方，20 % 看上方中间，10 % 不看图片',
    );
  });

  test('a grid that is wider than the terminal has its sentences, and a picture without words says what it is', () => {
    const wide = {
      ...tiny,
      grid: [1, 50] as const,
      steps: [{ word: 'w', weights: [1, ...Array<number>(49).fill(0)] }],
    };
    expect(lines(renderOverlayTerminal(wide))).toEqual(["'w': 33 % on the upper left, 33 % on the left"]);
    expect(renderOverlayTerminal({ ...tiny, steps: [] })).toBe('Attention over a picture, 0 words\n');
  });
});

describe('colour', () => {
  // A picture of two by two: the first panel is the picture itself, its upper pixels in front of its lower ones.
  test('two pixels in a character: the picture, and the picture under its map', () => {
    const [first] = lines(renderOverlayTerminal(tiny, { colors: 'truecolor', drawn: 'cells' }));
    expect(first!.startsWith('\u001b[38;2;0;0;0m')).toBe(true);
    expect(stripVTControlCharacters(first!)).toBe(`${'▀'.repeat(18)}  ${'▀'.repeat(18)}`);
    // The brightest of viridis hides three quarters of the upper right: 0.25 · (100, 0, 0) + 0.75 · (253, 231, 37).
    expect(first).toContain('\u001b[38;2;215;173;28m');
    // The darkest hides a tenth of the upper left: 0.9 · (0, 0, 0) + 0.1 · (68, 1, 84).
    expect(first).toContain('\u001b[38;2;7;0;8m');
  });

  test('256 colours use the cube', () => {
    const drawn = renderOverlayTerminal(tiny, { colors: 'ansi256' });
    expect(drawn).toContain('\u001b[38;5;');
    expect(drawn).not.toContain('38;2;');
  });

  test('four abreast in 80 columns; below each its word and its sentinel', () => {
    const drawn = lines(stripVTControlCharacters(renderOverlayTerminal(caption, { colors: 'truecolor' })));
    expect(drawn[0]).toBe(caption.title);
    expect(drawn.slice(1, 10).every((line) => /^(▀{18}( {2})?){4}$/.test(line))).toBe(true);
    expect(drawn[10]).toBe(`${'picture'.padEnd(20)}${'a'.padEnd(20)}${'red'.padEnd(20)}apple`);
    expect(drawn[11]!.trim()).toBe('████░ 70 % no part  ░░░░░░ 8 % no part  █░░░░ 15 % no part');
    expect(drawn.at(-1)).toBe('0            greatest of the word');
    for (const line of drawn) expect(stringWidth(line)).toBeLessThanOrEqual(80);
  });

  test.each([20, 40, 60])('no line is wider than %d columns, with or without colours', (width) => {
    for (const colors of ['plain', 'ansi256', 'truecolor'] as const) {
      for (const line of lines(stripVTControlCharacters(renderOverlayTerminal(caption, { colors, width })))) {
        expect(stringWidth(line)).toBeLessThanOrEqual(width);
      }
    }
  });

  test('a tall picture stays short, and a single row of pixels is drawn', () => {
    const drawn = (width: number, height: number) =>
      lines(
        renderOverlayTerminal(
          { ...tiny, steps: [], picture: paint(width, height, () => [9, 9, 9]) },
          { colors: 'truecolor' },
        ),
      );
    expect(drawn(1, 1000)).toHaveLength(18 + 2);
    expect(stripVTControlCharacters(drawn(1000, 1)[0]!)).toBe('▀'.repeat(18));
  });
});

test('untrusted words send nothing but text to the terminal', () => {
  const steps = hostileLabels.map((word) => ({ word, weights: [0.25, 0.25, 0.25, 0.25] }));
  const hostile = { ...tiny, title: hostileLabels.join(' '), steps };
  // eslint-disable-next-line no-control-regex -- these are the characters that must not appear
  const harmful = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/;
  expect(renderOverlayTerminal(hostile)).not.toMatch(harmful);
  expect(stripVTControlCharacters(renderOverlayTerminal(hostile, { colors: 'truecolor' }))).not.toMatch(harmful);
});
