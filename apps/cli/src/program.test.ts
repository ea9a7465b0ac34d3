import { describe, expect, expectTypeOf, test } from 'vitest';
import { defineCommand, type Command } from './command.js';
import { flag, oneOf, toggle, turnsOff, unused, type FlagsOf } from './flag.js';
import { wholeNumber } from './flag-values.js';
import { createProgram } from './program.js';

const FLAGS = {
  firstName: flag('<name>', 'a text'),
  file: flag('<path...>', 'texts'),
  size: flag('<number>', 'a number', wholeNumber({ least: 1 })),
  rounds: flag('<number>', 'a number in any case', wholeNumber(), 5),
  causal: toggle('a switch'),
  maps: turnsOff('what is on without it'),
  side: oneOf('<name>', 'one of', ['left', 'right'], 'left'),
  seed: unused(flag('<number>', '', wholeNumber())),
  debug: { ...toggle('told by the environment, too'), env: 'HEED_TEST_DEBUG' },
};

type Flags = FlagsOf<typeof FLAGS>;

const MADE_UP = defineCommand({
  usage: 'made-up <first> [second] [others...]',
  about: 'What it is.',
  flags: FLAGS,
  notes: 'More.',
  examples: ['heed made-up a', 'heed made-up b'],
  runs: 'here',
  load: async () => async (_host, first, second, others, flags) => {
    expectTypeOf(first).toEqualTypeOf<string>();
    expectTypeOf(second).toEqualTypeOf<string | undefined>();
    expectTypeOf(others).toEqualTypeOf<readonly string[]>();
    expectTypeOf(flags).toEqualTypeOf<Flags>();
    return 0;
  },
});

/** What a handler would be given. */
async function given(...argv: string[]): Promise<readonly unknown[]> {
  const calls: [Command, readonly unknown[]][] = [];
  const program = createProgram([MADE_UP], async (...call) => void calls.push(call));
  await program.parseAsync(['made-up', ...argv], { from: 'user' });
  expect(calls).toHaveLength(1);
  expect(calls[0][0]).toBe(MADE_UP);
  return calls[0][1];
}

describe('flags of a command', () => {
  test('have the types of their values, and are there in any case where something stands for them', () => {
    expectTypeOf<Flags['firstName']>().toEqualTypeOf<string | undefined>();
    expectTypeOf<Flags['file']>().toEqualTypeOf<readonly string[] | undefined>();
    expectTypeOf<Flags['size']>().toEqualTypeOf<number | undefined>();
    expectTypeOf<Flags['rounds']>().toEqualTypeOf<number>();
    expectTypeOf<Flags['causal']>().toEqualTypeOf<boolean | undefined>();
    expectTypeOf<Flags['maps']>().toEqualTypeOf<boolean>();
    expectTypeOf<Flags['side']>().toEqualTypeOf<'left' | 'right'>();
  });

  test('reach the handler after the arguments, as its types say', async () => {
    expect(await given('a')).toEqual(['a', undefined, [], { rounds: 5, maps: true, side: 'left' }]);
    const flags = '--first-name Ada --file x y --size 3 --rounds 7 --causal --no-maps --side right --seed 1 --debug';
    expect(await given('a', 'b', 'c', 'd', ...flags.split(' '))).toEqual([
      'a',
      'b',
      ['c', 'd'],
      {
        firstName: 'Ada',
        file: ['x', 'y'],
        size: 3,
        rounds: 7,
        causal: true,
        maps: false,
        side: 'right',
        seed: 1,
        debug: true,
      },
    ]);
  });

  test.each([
    [['a', '--size', '0'], /'--size <number>' argument '0' is invalid. It must be a whole number ≥ 1/],
    [['a', '--side', 'up'], /Allowed choices are left, right/],
    [['a', '--seed', 'x'], /whole number/],
    [['a', '--sise', '1'], /unknown option '--sise'\n.*--size/],
    [[], /missing required argument 'first'/],
  ])('%j is refused', async (argv, message) => {
    await expect(given(...argv)).rejects.toThrow(message);
  });

  test('are in the help in their order, with notes and examples', () => {
    const help: string[] = [];
    const program = createProgram([MADE_UP], async () => {}).configureOutput({ writeOut: (text) => help.push(text) });
    program.commands[0].configureOutput({ writeOut: (text) => help.push(text) }).outputHelp();
    const text = help.join('');
    const flags = [...text.matchAll(/^ {2}--([\w-]+)/gm)].map(([, name]) => name);
    expect(flags).toEqual(['first-name', 'file', 'size', 'rounds', 'causal', 'no-maps', 'side', 'debug', 'help']);
    expect(text).toContain('a number in any case (default: 5)');
    expect(text).toContain('(env: HEED_TEST_DEBUG)');
    expect(text).toMatch(/\nMore\.\n\nExample:\n {2}\$ heed made-up a\n {2}\$ heed made-up b\n$/);
  });
});
