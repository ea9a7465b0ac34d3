import { describe, expect, test } from 'vitest';
import { findTask, tasks, type Task } from './index.js';

/** A picture for tasks that read some: a pixel of grey. */
const PICTURES = [{ width: 1, height: 1, channels: 1, data: Uint8Array.of(128) }] as const;
const read = (task: Task, text: string): unknown => task.parse(text, task.pictures && PICTURES);

describe.each(Object.entries(tasks))('%s', (name, task) => {
  test('is complete', () => {
    expect(task.name).toBe(name);
    for (const text of [task.title, task.description, task.unit, ...task.limits]) expect(text).toMatch(/\S/);
    expect(task.limits.length).toBeGreaterThan(0);
    if (task.plain !== undefined) expect(Object.keys(task.presets)).toContain(task.plain);
    expect(new Set(task.metrics.map(({ key }) => key)).size).toBe(task.metrics.length);
  });

  test('reads its example, and what it writes', () => {
    const input = read(task, task.example);
    expect(read(task, task.write(input))).toEqual(input);
  });

  test('says whether its inputs have lines, and reads them the same however they are broken', () => {
    if (!task.multiline) return expect(task.example).not.toContain('\n');
    const written = (text: string): string => task.write(task.parse(text)).replaceAll(/\s+/g, ' ');
    expect(written(task.example.replaceAll('. ', '.\n'))).toBe(written(task.example));
  });
});

const none = { examples: 0, figures: {} };
const model = { config: { classes: [] }, surprisal: async () => [] } as never;

test.each(Object.values(tasks))('$name has no figures of no examples', async ({ judge, baselines }) => {
  expect(await judge(model, [])).toEqual(none);
  expect(await judge(model, [{} as never], { signal: AbortSignal.abort() })).toEqual(none);
  for (const baseline of baselines) expect(await baseline.judge([], [])).toEqual(none);
});

const direct = Object.values(tasks).filter(({ options }) => !options.includes('beam'));

test.each(direct)('$name refuses to search when it is judged', async ({ judge }) => {
  await expect(judge(model, [], { beam: 2 })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
});

// Tasks that continue a text are left out, since they also accept an empty one.
const readers = Object.values(tasks).filter(({ options }) => !options.includes('sampling'));

test.each(readers)('$name refuses empty text', (task) => {
  expect(() => read(task, ' ')).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
});

test.each(Object.values(tasks))('$name refuses pictures that it has no use for, or their absence', (task) => {
  const most = task.pictures?.most ?? 0;
  const refused = expect.objectContaining({ code: 'INVALID_ARGUMENT', details: expect.objectContaining({ most }) });
  const tooMany = Array.from({ length: most + 1 }, () => PICTURES[0]);
  expect(() => task.parse(task.example, tooMany)).toThrow(refused);
  if (most > 0) expect(() => task.parse(task.example)).toThrow(refused);
});

describe('findTask', () => {
  test('finds tasks by their own names only', () => {
    expect(findTask('g2p').name).toBe('g2p');
    for (const name of ['nonsense', 'toString', '__proto__']) {
      expect(() => findTask(name)).toThrow(
        expect.objectContaining({ code: 'UNKNOWN_NAME', hint: expect.stringContaining('g2p') }),
      );
    }
  });
});

test.each(Object.values(tasks))('$name refuses options that no task has', async ({ judge, answer, load }) => {
  const refused = (name: string) => ({ code: 'UNKNOWN_OPTION', hint: expect.stringContaining(`'${name}'`) });
  await expect(judge(model, [], { beams: 2 } as object)).rejects.toMatchObject(refused('beam'));
  await expect(answer(model, [], { beams: 2 } as object)).rejects.toMatchObject(refused('beam'));
  await expect(answer(model, [], { sampling: { topk: 3 } as object })).rejects.toMatchObject(refused('topK'));
  await expect(answer(model, [], { beam: null as never })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  await expect(load({ seed: 1, file: [] } as never)).rejects.toMatchObject(refused('files'));
});
