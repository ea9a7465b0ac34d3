import * as fc from 'fast-check';
import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { anyMap, causal, hostile, signed, word } from '../test/maps.js';
import { renderTerminal } from './terminal.js';

const lines = (text: string): string[] => text.split('\n').slice(0, -1);

describe('plain', () => {
  test('draws title, labels, weights and scale', () => {
    expect(lines(renderTerminal(word))).toEqual(['cat', '   c a t', ' K @@..  ', 'AE   --%%', '   0  .:-=+*#%@ 0.9']);
  });

  test('separates labels wider than one column, and writes long ones downwards', () => {
    const map = { weights: [[1, 0]], rowLabels: ['x'] };
    expect(lines(renderTerminal({ ...map, columnLabels: ['AH', 'T'] }))[0]).toBe('  AH T');
    expect(lines(renderTerminal({ ...map, columnLabels: ['seven', '日本'] })).slice(0, 6)).toEqual([
      '  s',
      '  e',
      '  v',
      '  e 日',
      '  n 本',
      'x @@  ',
    ]);
  });

  test('aligns rows whose labels hold wide characters', () => {
    const drawn = lines(renderTerminal({ weights: [[1], [1]], rowLabels: ['日本', 'a'], columnLabels: ['k'] }));
    expect(drawn.slice(1, 3)).toEqual(['日本 @@', '   a @@']);
  });

  test('continues below what is wider than the terminal', () => {
    const map = { weights: [[0, 1, 0, 1, 0]], columnLabels: [...'abcde'], rowLabels: ['r'] };
    expect(lines(renderTerminal(map, { width: 6 }))).toEqual([
      'key 0 to 1:',
      '  a b',
      'r   @@',
      'key 2 to 3:',
      '  c d',
      'r   @@',
      'key 4 to 4:',
      '  e',
      'r   ',
      '0  .:-=+*#%@ 1',
    ]);
  });

  test('says what a limit leaves out', () => {
    const drawn = lines(renderTerminal({ weights: Array.from({ length: 9 }, () => [1, 1, 1]) }, { limit: 2 }));
    expect(drawn.at(-1)).toBe('showing 2 of 9 rows and 2 of 3 columns');
    expect(drawn).toHaveLength(5);
  });

  test('keeps values outside a given domain inside the scale', () => {
    expect(lines(renderTerminal({ weights: [[-5, 5]] }, { domain: [0, 1] }))[1]).toBe('0   @@');
  });

  test('an empty map says its size', () => {
    expect(renderTerminal({ weights: [], columnLabels: ['a'] })).toContain('(0 rows, 1 columns)');
  });
});

describe('masked and signed', () => {
  test('a masked cell is // in every colour, and the last line says so', () => {
    expect(lines(renderTerminal(causal))).toEqual([
      '  x y z',
      'a @@////',
      'b   @@//',
      'c ::::++',
      '  0  .:-=+*#%@ 1  // masked',
    ]);
    for (const colors of ['truecolor', 'ansi256'] as const) {
      const row = lines(renderTerminal(causal, { colors }))[1];
      // The cell of weight 1 is a space with a background; masked cells have none.
      expect(row.endsWith('m  \u001b[49m////')).toBe(true);
    }
    expect(lines(renderTerminal(causal, { width: 24 })).slice(-2)).toEqual(['  0  .:-=+*#%@ 1', '  // masked']);
    expect(renderTerminal(word)).not.toContain('masked');
  });

  test('a signed number has its sign, and how far it is from 0', () => {
    expect(lines(renderTerminal({ ...signed, weights: [[-2, 0, 2]] }))[1]).toBe('v -@  +@');
    expect(lines(renderTerminal({ ...signed, weights: [[-2, 0.9, -1]] }))[1]).toBe('v -@+=-*');
    expect(lines(renderTerminal({ ...signed, weights: [[-1, 0, 1]] })).at(-1)).toBe('  -1 -@-#-*-:-.+.+:+*+#+@ 1');
  });
});

describe('colour', () => {
  const first = (colors: 'truecolor' | 'ansi256'): string => lines(renderTerminal(word, { colors }))[2];

  test('truecolour uses the palette itself: yellow for the highest, purple for the lowest', () => {
    expect(first('truecolor')).toContain('\u001b[48;2;253;231;37m  ');
    expect(first('truecolor')).toContain('\u001b[48;2;68;1;84m  ');
  });

  test('256 colours use the 6×6×6 cube', () => {
    expect(first('ansi256')).toContain('\u001b[48;5;227m  ');
    expect(first('ansi256')).toContain('\u001b[48;5;54m  ');
    expect(first('ansi256')).not.toContain('48;2;');
  });

  test('takes the same place as plain characters', () => {
    const shape = (text: string): number[] => lines(stripVTControlCharacters(text)).map((line) => stringWidth(line));
    expect(shape(renderTerminal(word, { colors: 'truecolor' }))).toEqual(shape(renderTerminal(word)));
  });
});

describe('untrusted labels', () => {
  test('send nothing but text to the terminal', () => {
    // eslint-disable-next-line no-control-regex -- these are the characters that must not appear
    expect(renderTerminal(hostile)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
  });

  test('no map passes the width', () => {
    fc.assert(
      fc.property(anyMap, fc.integer({ min: 40, max: 120 }), (map, width) => {
        const drawn = lines(renderTerminal(map, { width }));
        for (const line of drawn) expect(stringWidth(line)).toBeLessThanOrEqual(width);
      }),
    );
  });
});
