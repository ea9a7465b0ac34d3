import { expect, it } from 'vitest';
import { holdCombinations } from './held-combinations.js';
import type { CaptionParts, SkinTone } from './parts.js';

const TONES: readonly SkinTone[] = ['light', 'medium-light', 'medium', 'medium-dark', 'dark'];
const ROLES = Array.from({ length: 40 }, (_, n) => `role ${n}`);
const PARTS: CaptionParts[] = ROLES.flatMap((concept) => TONES.map((tone) => ({ concept, skinTones: [tone] })));
type Given = Parameters<typeof holdCombinations>[0];
const usual: Given = { parts: PARTS, ambiguous: [], areSame: () => false, seed: 3, share: 0.2 };

const heldOf = (given: Partial<Given>): CaptionParts[] => PARTS.filter(holdCombinations({ ...usual, ...given }));

it('holds about a share of them, at most two of a concept, and the same ones for a seed', () => {
  const held = heldOf({});
  expect(held.length).toBeGreaterThan(20);
  expect(held.length).toBeLessThan(60);
  for (const role of ROLES) expect(held.filter(({ concept }) => concept === role).length).toBeLessThanOrEqual(2);
  expect(heldOf({})).toEqual(held);
  expect(heldOf({ seed: 4 })).not.toEqual(held);
  expect(heldOf({ share: 0 })).toEqual([]);
  expect(heldOf({ share: 1 })).toHaveLength(80);
});

it('leaves what training has anyway', () => {
  const [first] = heldOf({});
  const n = PARTS.indexOf(first!);
  expect(heldOf({ ambiguous: [n] })).not.toContain(first);
  expect(heldOf({ areSame: (a, b) => a === n || b === n })).not.toContain(first);
});

it('holds two people when one of them is', () => {
  const two: CaptionParts = { concept: 'role 0', skinTones: ['light', 'dark'] };
  const isHeld = holdCombinations({ ...usual, share: 1 });
  const tones = TONES.filter((tone) => isHeld({ concept: 'role 0', skinTones: [tone] }));
  expect(tones).toHaveLength(2);
  expect(isHeld(two)).toBe(tones.includes('light') || tones.includes('dark'));
  expect(isHeld({ concept: 'role 0', skinTones: [] })).toBe(false);
});
