import { describe, expect, it } from 'vitest';
import type { MaskValue } from '../example.js';
import { attendance, broadcastIndex } from './masks.js';

/** Rows of batch row 0 and head 0, 'x' where the query attends. */
function picture(mask: MaskValue | undefined, queries: number, keys: number, b = 0, h = 0): string[] {
  const attends = attendance(mask, { batch: 2, heads: 2, queries, keys });
  const row = (i: number): string => Array.from({ length: keys }, (_, j) => (attends(b, h, i, j) ? 'x' : '.')).join('');
  return Array.from({ length: queries }, (_, i) => row(i));
}

describe('masks by their definition', () => {
  it('no mask', () => {
    expect(picture(undefined, 1, 3)).toEqual(['xxx']);
  });

  it('causal', () => {
    expect(picture({ kind: 'causal' }, 3, 3)).toEqual(['x..', 'xx.', 'xxx']);
    expect(picture({ kind: 'causal', align: 'top-left' }, 2, 4)).toEqual(['x...', 'xx..']);
    expect(picture({ kind: 'causal', align: 'bottom-right' }, 2, 4)).toEqual(['xxx.', 'xxxx']);
    expect(picture({ kind: 'causal', align: 'bottom-right' }, 3, 2)).toEqual(['..', 'x.', 'xx']);
    expect(picture({ kind: 'causal', offset: -1 }, 3, 3)).toEqual(['...', 'x..', 'xx.']);
    expect(picture({ kind: 'causal', offset: [0, 2] }, 1, 4, 1)).toEqual(['xxx.']);
  });

  it('sliding window: inclusive counts to each side', () => {
    expect(picture({ kind: 'slidingWindow', left: 1, right: 0 }, 3, 3)).toEqual(['x..', 'xx.', '.xx']);
    expect(picture({ kind: 'slidingWindow', left: 0, right: 0 }, 3, 3)).toEqual(['x..', '.x.', '..x']);
    expect(picture({ kind: 'slidingWindow', right: 1 }, 3, 3)).toEqual(['xx.', 'xxx', 'xxx']);
    expect(picture({ kind: 'slidingWindow', left: 1, offset: 2 }, 2, 4)).toEqual(['.xxx', '..xx']);
  });

  it('padding and segments', () => {
    expect(picture({ kind: 'padding', lengths: [2, 0] }, 1, 3)).toEqual(['xx.']);
    expect(picture({ kind: 'padding', lengths: [2, 0] }, 1, 3, 1)).toEqual(['...']);
    expect(picture({ kind: 'segments', query: [[0, 0, 7]] }, 3, 3)).toEqual(['xx.', 'xx.', '..x']);
    expect(picture({ kind: 'segments', query: [[1, 2]], key: [[2, 1, 2]] }, 2, 3)).toEqual(['.x.', 'x.x']);
  });

  it('dense, broadcast from the right', () => {
    const perHead: MaskValue = { kind: 'dense', shape: [2, 1, 3], values: Uint8Array.of(1, 0, 1, 0, 1, 1) };
    expect(picture(perHead, 2, 3, 1, 0)).toEqual(['x.x', 'x.x']);
    expect(picture(perHead, 2, 3, 0, 1)).toEqual(['.xx', '.xx']);
    const perQuery: MaskValue = { kind: 'dense', shape: [2, 1], values: Uint8Array.of(0, 1) };
    expect(picture(perQuery, 2, 3)).toEqual(['...', 'xxx']);
  });

  it('both: every part must allow it', () => {
    const mask: MaskValue = {
      kind: 'both',
      masks: [
        { kind: 'causal' },
        { kind: 'padding', lengths: [2, 2] },
        { kind: 'both', masks: [{ kind: 'slidingWindow', left: 1 }] },
      ],
    };
    expect(picture(mask, 4, 4)).toEqual(['x...', 'xx..', '.x..', '....']);
    expect(picture({ kind: 'both', masks: [] }, 1, 2)).toEqual(['xx']);
  });
});

it('broadcastIndex reads an axis of length 1 at 0', () => {
  expect(broadcastIndex([2, 3, 4, 5], 1, 2, 3, 4)).toBe(119);
  expect(broadcastIndex([1, 3, 1, 5], 1, 2, 3, 4)).toBe(14);
  expect(broadcastIndex([5], 1, 2, 3, 4)).toBe(4);
  expect(broadcastIndex([1], 1, 2, 3, 4)).toBe(0);
});
