import { HeedError } from '@heed/core';
import { expect, test } from 'vitest';
import type { Output } from './host.js';
import type { Report } from './io/errors.js';
import { Refusals } from './refusals.js';

function recording() {
  const told: string[] = [];
  const events: unknown[] = [];
  const output = {
    event: (event: unknown) => events.push(event),
    error: ({ message, hint }: Report) => told.push(hint === undefined ? message : `${message} (${hint})`),
    note: (text: string) => told.push(text),
  } as unknown as Output;
  return { output, told, events };
}

const strange = (word: string): HeedError =>
  new HeedError('INVALID_ARGUMENT', { message: `"${word}" is no word`, hint: 'letters' });

test('bad lines are told with their number, and repeats are summed up', () => {
  const { output, told, events } = recording();
  const refusals = new Refusals(output, { all: false });
  for (let line = 1; line <= 1000; line++) refusals.tell(String(line), { line }, strange(String(line)));
  refusals.tell('other', { line: 1001 }, new HeedError('INVALID_ARGUMENT', { message: 'too long' }));
  refusals.end();
  expect(told).toEqual([
    'line 1: "1" is no word (letters)',
    'line 2: "2" is no word',
    'line 3: "3" is no word',
    'line 1001: too long',
    'INVALID_ARGUMENT for the same reason: 997 more inputs, the last one line 1000',
  ]);
  expect(refusals.count).toBe(1001);
  expect(events).toHaveLength(1001);
  expect(events[999]).toMatchObject({ event: 'error', input: '1000', line: 1000, code: 'INVALID_ARGUMENT' });
});

test('a person who types is told each, and arguments have no number', () => {
  const { output, told } = recording();
  const refusals = new Refusals(output, { all: true });
  for (const word of ['1', '2', '3', '4']) refusals.tell(word, {}, strange(word));
  refusals.end();
  expect(told).toEqual(['"1" is no word (letters)', '"2" is no word', '"3" is no word', '"4" is no word']);
  const files = new Refusals(output, { all: false });
  files.tell('5', { file: 'words.txt', line: 7 }, strange('5'));
  expect(told.at(-1)).toBe('words.txt, line 7: "5" is no word (letters)');
});
