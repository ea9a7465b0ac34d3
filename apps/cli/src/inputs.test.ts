import { expect, test } from 'vitest';
import type { InputFlags } from './commands/run-command.js';
import type { Host, PlacedText, TextReading } from './host.js';
import { checkInputs, isAsked, readInputs, type Given } from './inputs.js';
import { UsageError } from './usage-error.js';

const WORDS = { title: 'Words', example: 'attention', multiline: false };
const MAILS = { title: 'Mails', example: 'Subject: a\n\nb', multiline: true };

interface Machine {
  readonly stdinIsTerminal?: boolean;
  /** What each reading gives, in turn. */
  readonly found?: readonly (readonly PlacedText[])[];
}

function machine({ stdinIsTerminal = false, found = [] }: Machine) {
  const asked: TextReading[] = [];
  const notes: string[] = [];
  const host = {
    stdinIsTerminal,
    output: { note: (text: string) => notes.push(text) },
    async *texts(how: TextReading) {
      asked.push(how);
      yield found[asked.length - 1] ?? [];
    },
  } as unknown as Host;
  return { host, asked, notes };
}

async function read(host: Host, flags: InputFlags, kind = WORDS, args: readonly string[] = []): Promise<Given[]> {
  const given: Given[] = [];
  for await (const batch of readInputs(host, args, flags, kind)) given.push(...batch);
  return given;
}

test('a pipe of a task whose inputs have lines is one input, elsewhere each line is one', async () => {
  const { host, asked } = machine({});
  await read(host, {}, MAILS);
  await read(host, {}, WORDS);
  await read(host, { lines: true }, MAILS);
  await read(host, { null: true }, WORDS);
  expect(asked.map((how) => 'format' in how && how.format)).toEqual(['whole', 'lines', 'lines', 'null']);
});

test('inputs know their file and their line there; empty ones are left out', async () => {
  const cat = { text: 'cat', number: 1 };
  const { host, asked } = machine({ found: [[cat, { text: ' ', number: 2 }, { text: 'dog', number: 3 }], [cat]] });
  expect(await read(host, { file: ['a.txt', 'b.txt'] })).toEqual([
    { text: 'cat', from: { file: 'a.txt', line: 1 } },
    { text: 'dog', from: { file: 'a.txt', line: 3 } },
    { text: 'cat', from: { file: 'b.txt', line: 1 } },
  ]);
  expect(asked).toMatchObject([{ file: 'a.txt' }, { file: 'b.txt' }]);
  expect(await read(machine({ found: [[cat]] }).host, { null: true })).toEqual([{ text: 'cat', from: { number: 1 } }]);
});

test('JSON Lines are texts, or objects with one; other lines are refused by themselves', async () => {
  const lines = ['"Subject: a\\n\\nb"', '{"input":"dog","n":1}', '{"text":"x"}', 'cat', 'null', '7'];
  const { host } = machine({ found: [lines.map((text, n) => ({ text, number: n + 1 }))] });
  const given = await read(host, { jsonLines: true }, MAILS);
  expect(given.map(({ text }) => text)).toEqual(['Subject: a\n\nb', 'dog', ...lines.slice(2)]);
  expect(given.map((one) => 'error' in one)).toEqual([false, false, true, true, true, true]);
  expect(given[3]).toMatchObject({ error: { code: 'INVALID_ARGUMENT' }, from: { line: 4 } });
});

test('on a terminal without inputs, a person is asked, with an example of the task', async () => {
  const { host, asked, notes } = machine({ stdinIsTerminal: true, found: [[{ text: 'dog' }], [{ text: 'a\n\nb' }]] });
  expect(await read(host, {})).toEqual([{ text: 'dog', from: {} }]);
  expect(await read(host, {}, MAILS)).toEqual([{ text: 'a\n\nb', from: {} }]);
  expect(asked).toEqual([{ prompt: '> ' }, { prompt: '> ', end: '.' }]);
  expect(notes[0]).toMatch(/Words.*Ctrl-D.*\n {2}attention$/);
  expect(notes[1]).toMatch(/Mails.*full stop.*\n {2}Subject: a\n\n? *\n? {2}b$/);
  expect(isAsked(host, ['cat'], {})).toBe(false);
  expect(isAsked(host, [], { file: ['-'] })).toBe(false);
  expect(isAsked(machine({}).host, [], {})).toBe(false);
  expect(isAsked(machine({}).host, [], { interactive: true })).toBe(true);
});

test.each<[readonly string[], Parameters<typeof checkInputs>[1], string]>([
  [['cat'], { file: ['a'] }, 'inputs and --file exclude'],
  [[], { file: ['a'], interactive: true }, '--interactive and --file exclude'],
  [['cat'], { lines: true }, '--lines means nothing with inputs'],
  [[], { sample: 2, jsonLines: true }, '--json-lines means nothing with --sample'],
  [[], { lines: true, null: true }, '--lines and --null exclude'],
])('%j with %j is a mistake', (args, flags, message) => {
  expect(() => checkInputs(args, flags)).toThrow(UsageError);
  expect(() => checkInputs(args, flags)).toThrow(message);
});
