import { describe, expect, test } from 'vitest';
import { causal, hostile, word } from '../test/maps.js';
import { renderCsv } from './csv.js';

describe('renderCsv', () => {
  test('a line of labels, then a line per row', () => {
    expect(renderCsv(word)).toBe('cat,c,a,t\r\nK,0.9,0.1,0\r\nAE,0,0.25,0.75\r\n');
  });

  test('fields of masked cells are empty', () => {
    expect(renderCsv(causal)).toBe(',x,y,z\r\na,1,,\r\nb,0,1,\r\nc,0.25,0.25,0.5\r\n');
  });

  test('several maps follow one another', () => {
    expect(renderCsv([{ weights: [[1]] }, { weights: [[-0.5]], title: 'b' }])).toBe(
      ',0\r\n0,1\r\n\r\nb,0\r\n0,-0.5\r\n',
    );
  });

  test('float64 weights keep every digit', () => {
    expect(renderCsv({ weights: [[1 / 3]] })).toContain('0.3333333333333333');
  });

  test('no label is a formula, a separator or a new line', () => {
    const csv = renderCsv(hostile);
    const rows = csv.split('\r\n').slice(0, -1);
    expect(rows).toHaveLength(hostile.weights.length + 1);
    expect(csv).not.toMatch(/(?:^|,|\n)"?[=@+]/);
    expect(csv).toContain(`"'=HYPERLINK(""http://example.test"")"`);
    expect(csv).toContain('"comma, ""quote"""');
    expect(csv).not.toContain('\u001b');
  });
});
