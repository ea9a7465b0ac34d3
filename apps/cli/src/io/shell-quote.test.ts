import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { shellQuote } from './shell-quote.js';

describe.runIf(existsSync('/bin/bash'))('shellQuote', () => {
  test.each(['plain', 'two words', "it's", '$HOME `x` "y"', 'a\n\nb', "back\\slash\nand 'quotes'", ''])(
    '%j',
    (text) => {
      expect(execFileSync('/bin/bash', ['-c', `printf %s ${shellQuote(text)}`], { encoding: 'utf8' })).toBe(text);
    },
  );

  test('leaves alone what needs no quotes', () => {
    expect(shellQuote('runs/g2p-1')).toBe('runs/g2p-1');
  });
});
