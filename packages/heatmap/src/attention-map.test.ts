import { describe, expect, test } from 'vitest';
import { causal, signed, word } from '../test/maps.js';
import { checkMaps, domainOf, sharedDomain } from './attention-map.js';

describe('checkMaps', () => {
  test('fills in numbers for labels and names for axes', () => {
    expect(checkMaps({ weights: [[0, 1]] })).toEqual([
      {
        weights: [[0, 1]],
        rows: 1,
        columns: 2,
        rowLabels: ['0'],
        columnLabels: ['0', '1'],
        title: '',
        rowAxis: 'query',
        columnAxis: 'key',
      },
    ]);
  });

  test('a map without rows keeps its columns', () => {
    expect(checkMaps({ weights: [], columnLabels: ['a', 'b'] })).toMatchObject([{ rows: 0, columns: 2 }]);
  });

  test.each([
    ['no map', [], 'INVALID_ARGUMENT'],
    ['rows of different length', { weights: [[1, 2], [1]] }, 'SHAPE_MISMATCH'],
    ['too few row labels', { weights: [[1]], rowLabels: [] }, 'SHAPE_MISMATCH'],
    ['too many column labels', { weights: [[1]], columnLabels: ['a', 'b'] }, 'SHAPE_MISMATCH'],
    ['NaN', { weights: [[Number.NaN]] }, 'NOT_FINITE'],
    ['infinity', { weights: [Float32Array.of(Infinity)] }, 'NOT_FINITE'],
    ['a label that is no text', { weights: [[1]], rowLabels: [1] }, 'INVALID_ARGUMENT'],
    ['a title that is no text', { weights: [[1]], title: 1 }, 'INVALID_ARGUMENT'],
    ['weights that are no rows', { weights: 'abc' }, 'INVALID_ARGUMENT'],
    ['too few masked rows', { weights: [[1], [1]], masked: [[true]] }, 'SHAPE_MISMATCH'],
    ['masked rows of another length', { weights: [[1, 2]], masked: [[true]] }, 'SHAPE_MISMATCH'],
    ['masked that is no rows', { weights: [[1]], masked: true }, 'INVALID_ARGUMENT'],
    ['NaN where nothing is masked', { weights: [[Number.NaN, 1]], masked: [[false, true]] }, 'NOT_FINITE'],
  ])('refuses %s', (_, maps, code) => {
    expect(() => checkMaps(maps as never)).toThrow(expect.objectContaining({ code }));
  });
});

describe('domainOf', () => {
  const domain = (...weights: number[][]): readonly [number, number] =>
    domainOf(checkMaps(weights.map((row) => ({ weights: [row] }))));

  test('reaches from 0 to the greatest weight of all maps', () => {
    expect(domain([0.2, 0.5], [0.7])).toEqual([0, 0.7]);
    expect(domain([-2, -1])).toEqual([-2, 0]);
  });

  test('is never empty', () => {
    expect(domain([0, 0])).toEqual([0, 1]);
    expect(domainOf(checkMaps({ weights: [] }))).toEqual([0, 1]);
  });

  test('never reads what is masked', () => {
    expect(domainOf(checkMaps(causal))).toEqual([0, 1]);
    expect(domainOf(checkMaps({ weights: [[-9, 3]], masked: [[1, 0]] }))).toEqual([0, 3]);
  });

  test('is shared by maps that are compared', () => {
    expect(sharedDomain([signed, word])).toEqual([-2, 1]);
  });

  test('can be given, and is checked', () => {
    expect(domainOf(checkMaps(word), { domain: [0, 2] })).toEqual([0, 2]);
    expect(() => domainOf(checkMaps(word), { domain: [1, 1] })).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    );
  });
});
