import { describe, expect, test } from 'vitest';
import type { AttendFlags } from '../commands/attend-command.js';
import { OWN } from '../catalog.js';
import { planOf } from './flags.js';

const flags = (given: Partial<AttendFlags>): AttendFlags => ({ seed: 1, ...given });

describe('planOf', () => {
  test.each([
    [{ query: 'q' }, 'dotProduct'],
    [{ query: 'q', mechanism: 'dot', normalizer: 'sparsemax' }, 'dotProduct'],
    [{ query: 'q', mechanism: 'multiHead' }, 'mechanism'],
    [{ query: 'q', mechanism: 'cosine', scale: 2 }, 'mechanism'],
    [{ scores: 's', value: 'v', normalizer: 'hard' }, 'scores'],
  ])('%o is %s', (given, plan) => expect(planOf(flags(given), OWN)).toBe(plan));

  test.each([
    [{}, '--query is missing'],
    [{ scores: 's' }, '--scores needs --value'],
    [{ scores: 's', value: 'v', query: 'q' }, '--query means nothing with --scores'],
    [{ scores: 's', value: 'v', softCap: 3 }, '--soft-cap means nothing with --scores'],
    [{ query: 'q', maskAxes: 'bqk' }, '--mask-axes means nothing without --mask'],
    [{ scores: 's', value: 'v', biasAxes: 'bqk' }, '--bias-axes means nothing with --scores'],
    [{ query: 'q', options: '{}' }, '--options means nothing with --mechanism scaled-dot-product'],
    [{ query: 'q', mechanism: 'additive', softCap: 3 }, '--soft-cap means nothing with --mechanism additive'],
    [{ query: 'q', mechanism: 'additive', normalizer: 'hard' }, '--normalizer means nothing with --mechanism additive'],
    [{ query: 'q', mechanism: 'general', scale: 1 }, '--scale means nothing with --mechanism general'],
    [{ query: 'q', normalizer: 'hard', alibi: true }, "--alibi can't be joined with --normalizer"],
    [{ query: 'q', align: 'bottomright' }, '--align bottomright'],
    [{ query: 'q', mechanism: 'dott' }, 'there is no mechanism "dott"'],
    [{ scores: 's', value: 'v', mechanism: 'dot' }, '--mechanism means nothing with --scores'],
    [{ query: 'q', align: 'top-left' }, '--align means nothing without --causal, --window or --alibi'],
    [{ query: 'q', offset: 1 }, '--offset means nothing without --causal, --window or --alibi'],
  ])('refuses %o', (given, message) => {
    expect(() => planOf(flags(given), OWN)).toThrow(expect.objectContaining({ name: 'UsageError', message }));
  });
});
