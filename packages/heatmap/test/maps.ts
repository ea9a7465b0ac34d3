import * as fc from 'fast-check';
import type { AttentionMap } from '../src/index.js';

export const word: AttentionMap = {
  weights: [Float32Array.of(0.9, 0.1, 0), Float32Array.of(0, 0.25, 0.75)],
  rowLabels: ['K', 'AE'],
  columnLabels: ['c', 'a', 't'],
  title: 'cat',
  rowAxis: 'sound',
  columnAxis: 'letter',
};

/** A causal map: later positions are masked, whatever their weights are. */
export const causal: AttentionMap = {
  weights: [
    [1, 0, Infinity],
    [0, 1, 0],
    [0.25, 0.25, 0.5],
  ],
  masked: [
    [false, true, true],
    [false, false, true],
    [false, false, false],
  ],
  rowLabels: ['a', 'b', 'c'],
  columnLabels: ['x', 'y', 'z'],
};

/** A map with numbers on both sides of 0. */
export const signed: AttentionMap = { weights: [[-2, 0, 1]], rowLabels: ['v'], columnLabels: ['1', '2', '3'] };

/** Labels with characters that some format uses for its own syntax. */
export const hostileLabels = [
  '<script>alert(1)</script>',
  `"' onload="alert(1)`,
  '</title></svg><img src=x>',
  '&lt;b&gt;',
  ']]>',
  '=HYPERLINK("http://example.test")',
  '@SUM(1)',
  '\u001b[31mred\u001b[0m',
  '\u001b]0;title\u0007after',
  '\u009b2Jcleared',
  'a\nb\r\nc\td',
  '\u202eevil\u202c',
  'nul\u0000',
  'lone\ud800',
  '日本語',
  '👩‍👩‍👧‍👦',
  'comma, "quote"',
  '',
];

export const hostile: AttentionMap = {
  weights: hostileLabels.map(() => hostileLabels.map(() => 0.5)),
  rowLabels: hostileLabels,
  columnLabels: hostileLabels,
  title: hostileLabels.join(' '),
  rowAxis: hostileLabels[0],
  columnAxis: hostileLabels[1],
};

const label = fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.constantFrom(...hostileLabels));

/** Arbitrary maps of any small shape, empty axes included, with any labels. */
export const anyMap: fc.Arbitrary<AttentionMap> = fc
  .tuple(fc.nat({ max: 5 }), fc.nat({ max: 5 }), label)
  .chain(([rows, columns, title]) =>
    fc.record({
      weights: fc.array(
        fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: columns, maxLength: columns }),
        { minLength: rows, maxLength: rows },
      ),
      masked: fc.array(fc.array(fc.boolean(), { minLength: columns, maxLength: columns }), {
        minLength: rows,
        maxLength: rows,
      }),
      rowLabels: fc.array(label, { minLength: rows, maxLength: rows }),
      columnLabels: fc.array(label, { minLength: columns, maxLength: columns }),
      title: fc.constant(title),
    }),
  );
