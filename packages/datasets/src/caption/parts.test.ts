import { expect, it } from 'vitest';
import { emojiNamed } from './code-points.js';
import { partsOf } from './parts.js';

it.each([
  ['🍎', { concept: '🍎', skinTones: [] }],
  ['❤️', { concept: '❤', skinTones: [] }],
  ['❤️‍🔥', { concept: '❤‍🔥', skinTones: [] }],
  ['🏽', { concept: '🏽', skinTones: [] }],
  ['👋🏿', { concept: '👋', skinTones: ['dark'] }],
  ['🫱', { concept: '🫱', skinTones: [] }],
  ['👩🏽‍⚕️', { concept: '🧑‍⚕', skinTones: ['medium'], gender: 'woman' }],
  ['🧑‍⚕️', { concept: '🧑‍⚕', skinTones: [], gender: 'person' }],
  ['🚶🏼‍♀️‍➡️', { concept: '🚶', skinTones: ['medium-light'], gender: 'woman', direction: 'right' }],
  ['👨🏾‍🦽‍➡️', { concept: '🧑‍🦽', skinTones: ['medium-dark'], gender: 'man', direction: 'right' }],
  ['👩🏻‍🦰', { concept: '🧑', skinTones: ['light'], gender: 'woman', hair: 'red' }],
  ['👴', { concept: '🧓', skinTones: [], gender: 'man' }],
  ['👸🏻', { concept: '🫅', skinTones: ['light'], gender: 'woman' }],
  ['🎅', { concept: '🧑‍🎄', skinTones: [], gender: 'man' }],
  ['🧑‍🎄', { concept: '🧑‍🎄', skinTones: [], gender: 'person' }],
  ['👩🏽‍❤️‍💋‍👨🏿', { concept: '💏', skinTones: ['medium', 'dark'] }],
  ['👩‍❤️‍👩', { concept: '💑', skinTones: [] }],
  ['👬🏽', { concept: '👫', skinTones: ['medium'] }],
  ['🧑🏻‍🤝‍🧑🏿', { concept: '👫', skinTones: ['light', 'dark'] }],
  ['👨‍👩‍👧', { concept: '👪', skinTones: [] }],
  ['🫱🏻‍🫲🏿', { concept: '🤝', skinTones: ['light', 'dark'] }],
  ['🙂‍↔️', { concept: '🙂‍↔', skinTones: [] }],
  ['🏳️‍🌈', { concept: '🏳‍🌈', skinTones: [] }],
])('%s is made of its parts', (emoji, parts) => {
  expect(partsOf(emoji)).toEqual(parts);
});

it('writes emoji alike, whichever signs for colours they have', () => {
  expect(emojiNamed('1F469-200D-2695-FE0F')).toBe(emojiNamed('1f469-200d-2695'));
  expect(emojiNamed('0023-fe0f-20e3')).toBe('#⃣');
});
