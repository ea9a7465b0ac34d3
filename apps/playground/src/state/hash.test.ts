import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as v from 'valibot';
import { FIELDS } from './fields.js';
import { defaultState, readHash, writeHash } from './hash.js';

describe('links', () => {
  test('the default is the shortest link, and no link at all is a first visit', () => {
    expect(writeHash(defaultState())).toBe('#1');
    for (const hash of ['#1', '#1?']) expect(readHash(hash)).toEqual({ state: defaultState() });
    for (const hash of ['', '#']) expect(readHash(hash)).toEqual({ state: { ...defaultState(), view: 'read' } });
  });

  test('say what differs, and bring it back', () => {
    const state = {
      ...defaultState(),
      mechanism: 'additive',
      query: 'le chat & <noir> 猫',
      softCap: 2.5,
      causal: true,
      window: [3, 0],
      edits: [{ key: 'memory_kernel', index: 7, value: -0.25 }],
      temperature: 1e-2,
      sentenceOff: [
        { layer: 'encoder/0/attention', head: 3 },
        { layer: 'decoder/1/self_attention', head: 0 },
      ],
    } as const;
    const hash = writeHash(state);
    expect(hash.length).toBeLessThan(240);
    expect(readHash(hash)).toEqual({ state });
  });

  test('bring the longest texts of all fields back', () => {
    const longest = Object.entries(FIELDS).flatMap(([name, { schema }]) => {
      let length = 5000;
      while (length > 0 && !v.is(schema, '猫'.repeat(length))) length--;
      return length > 0 ? [[name, '猫'.repeat(length)] as const] : [];
    });
    expect(longest.map(([name]) => name)).toContain('taskText');
    const edits = Array.from({ length: 64 }, () => ({ key: 'k'.repeat(39), index: 2 ** 20, value: -123456.123456 }));
    const state = { ...defaultState(), ...Object.fromEntries(longest), edits, decoderEdits: edits };
    expect(readHash(writeHash(state))).toEqual({ state });
  });

  test('tell no text from the empty one', () => {
    expect(writeHash({ ...defaultState(), taskText: '' })).toBe('#1?tt=');
    expect(readHash('#1?tt=')).toEqual({ state: { ...defaultState(), taskText: '' } });
    expect(readHash('#1?task=dates')).toEqual({ state: { ...defaultState(), task: 'dates', taskText: null } });
  });

  test.each([
    ['#x', { kind: 'form' }],
    ['#%E0%A4%A', { kind: 'form' }],
    [`#1?q=${'a'.repeat(40_000)}`, { kind: 'form' }],
    ['#2?m=dot', { kind: 'version', version: '2' }],
    ['#1?m=nonsense', { kind: 'field', key: 'm' }],
    ['#1?s=-1', { kind: 'field', key: 's' }],
    ['#1?s=1e9', { kind: 'field', key: 's' }],
    ['#1?t=NaN', { kind: 'field', key: 't' }],
    ['#1?t=0', { kind: 'field', key: 't' }],
    ['#1?__proto__=1', { kind: 'field', key: '__proto__' }],
    ['#1?e=vector!0', { kind: 'field', key: 'e' }],
    ['#1?e=__proto__!0!1!2', { kind: 'field', key: 'e' }],
    ['#1?ro=encoder/0.1.2', { kind: 'field', key: 'ro' }],
    ['#1?ro=__proto__.1', { kind: 'field', key: 'ro' }],
    ['#1?w=1', { kind: 'field', key: 'w' }],
    ['#1?cl=100000', { kind: 'field', key: 'cl' }],
  ])('%s is refused', (hash, error) => {
    expect(readHash(hash)).toEqual({ error });
  });

  test('no text throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        readHash(`#${text}`);
        readHash(`#1?${text}`);
      }),
    );
  });
});
