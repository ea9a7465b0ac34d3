import { expect, test } from 'vitest';
import { suggest } from './suggest.js';

test.each([
  ['cp', 'did you mean cpu? there are: cpu, composed'],
  ['CPU', 'did you mean cpu? there are: cpu, composed'],
  ['composd', 'did you mean composed? there are: cpu, composed'],
  ['quantum', 'there are: cpu, composed'],
])('%s: %s', (name, expected) => {
  expect(suggest(name, ['cpu', 'composed'])).toBe(expected);
});
