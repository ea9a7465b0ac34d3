import { describe, expect, it } from 'vitest';
import { HeedError } from './errors.js';
import { checkName, nameHint } from './names.js';

const refusal = (given: unknown): HeedError => {
  try {
    checkName('backend', given, ['cpu', 'composed']);
  } catch (error) {
    if (HeedError.isInstance(error)) return error;
  }
  throw new Error('it was not refused');
};

describe('checkName', () => {
  it('gives a known name back', () => expect(checkName('backend', 'cpu', ['cpu', 'composed'])).toBe('cpu'));

  it.each(['cp', 'constructor', '', undefined, null, 7])('refuses %j, with all there are', (given) => {
    expect(refusal(given)).toMatchObject({
      code: 'UNKNOWN_NAME',
      message: expect.stringContaining(`there is no backend ${JSON.stringify(given)}`),
      hint: expect.stringContaining('there are: cpu, composed'),
      details: { given, known: ['cpu', 'composed'] },
    });
  });
});

describe('nameHint', () => {
  it.each([
    ['cp', 'did you mean cpu? there are: cpu, composed'],
    ['CPU', 'did you mean cpu? there are: cpu, composed'],
    ['composd', 'did you mean composed? there are: cpu, composed'],
    ['quantum', 'there are: cpu, composed'],
  ])('%s: %s', (name, expected) => expect(nameHint(name, ['cpu', 'composed'])).toBe(expected));

  it('of nothing is that there is none', () => expect(nameHint('cpu', [])).toBe('there are none'));
});
