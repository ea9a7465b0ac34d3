import { uniform } from '@heed/base';
import type { Dataset } from '@heed/datasets';
import type { Network } from '@heed/nn';
import { describe, expect, it } from 'vitest';
import { choiceEvidence } from '../evidence.js';
import type { Answer, Task } from '../task.js';
import { calibrate, judgeConfidence, parseCalibration, trustIn } from '../index.js';

interface Toss {
  readonly text: string;
  /** Probability that the model gives to its answer, which is right with half that confidence above chance. */
  readonly said: number;
  readonly right: boolean;
}

const random = uniform({ seed: 5, stream: 'models', name: 'calibrate' });
const tosses = (count: number): Toss[] =>
  Array.from({ length: count }, (_, n) => {
    const said = 0.5 + random() / 2;
    return { text: `toss ${n}`, said, right: random() < 0.5 + (said - 0.5) / 2 };
  });

const data = { train: tosses(50), validation: tosses(2000), test: tosses(2000) } as unknown as Dataset<never>;

/** A task whose model is twice as sure of itself as it may be. */
const task = (changes: Partial<Task<Network>> = {}) =>
  ({
    name: 'toss',
    options: [],
    write: ({ text }: Toss) => text,
    expected: ({ right }: Toss) => [right ? 'heads' : 'tails'],
    answer: async (_: unknown, inputs: readonly Toss[]): Promise<Answer[]> =>
      inputs.map(({ said }) => ({
        output: 'heads',
        evidence: choiceEvidence(said),
        alternatives: [],
        maps: [],
        details: {},
      })),
    ...changes,
  }) as unknown as Task<Network>;

const model = {} as never;

describe('calibrate', () => {
  it('makes confidence of what a model says of itself: on other examples it is right as often as it says', async () => {
    const found = (await calibrate(task(), model, data, { seed: 1, most: 2000 }))!;
    expect(found.examples).toBe(2000);
    const report = (await judgeConfidence(task(), model, data.test, found))!;
    expect(report.examples).toBe(2000);
    expect(report.before.expectedCalibrationError).toBeGreaterThan(0.1);
    expect(report.after.expectedCalibrationError).toBeLessThan(0.05);
    const trust = trustIn({ write: (text: string) => text }, found);
    const { confidence, unlike } = trust('toss 7', { evidence: choiceEvidence(0.9) });
    expect(confidence).toBeGreaterThan(0.6);
    expect(confidence).toBeLessThan(0.8);
    expect(unlike).toEqual([]);
    expect(trust('toss ж', {})).toEqual({ unlike: [expect.objectContaining({ kind: 'unknown-characters' })] });
    expect(() => trust('toss 7', { evidence: { probability: 1, features: {} } })).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    );
  });

  it('knows the inputs, and the outputs of a task that has kinds', async () => {
    const outputs = { heads: ['h', 'e'] };
    const given: unknown[] = [];
    const kinds = task({
      outputs: () => outputs,
      answer: async (...args) => {
        given.push(args[2]);
        return task().answer(args[0], args[1]);
      },
    });
    const found = (await calibrate(kinds, model, data, { seed: 1, most: 100 }))!;
    expect(found).toMatchObject({ examples: 100, outputs, inputs: { longest: 7, characters: ' 0123456789ost' } });
    expect(given.length).toBeGreaterThan(0);
    for (const options of given) expect(options).toEqual({ outputs });
  });

  it('has no confidence where nothing is right, or too little is known', async () => {
    const found = (await calibrate(task({ expected: () => [] }), model, data, { seed: 1 }))!;
    expect(found).toMatchObject({ examples: 0 });
    expect(found).not.toHaveProperty('confidence');
    expect(await judgeConfidence(task(), model, data.test, found)).toBeUndefined();
    const few = (await calibrate(task(), model, data, { seed: 1, most: 20 }))!;
    expect(few).not.toHaveProperty('confidence');
  });

  it('ends when told, and when time is over', async () => {
    expect(await calibrate(task(), model, data, { seed: 1, signal: AbortSignal.abort() })).toBeUndefined();
    const progress: number[] = [];
    const options = {
      seed: 1,
      most: 1000,
      seconds: 0.05,
      onProgress: ({ done }: { done: number }) => progress.push(done),
    };
    const slow = task({
      answer: async (...args) => {
        await new Promise((resolve) => setTimeout(resolve, 40));
        return task().answer(args[0], args[1]);
      },
    });
    const found = (await calibrate(slow, model, data, options))!;
    expect(found.examples).toBeLessThan(1000);
    expect(progress.at(-1)).toBe(found.examples);
  });
});

describe('parseCalibration', () => {
  const model = 'a'.repeat(64);
  it('reads what is written', async () => {
    const found = (await calibrate(task(), {} as never, data, { seed: 1, most: 100 }))!;
    const whole = { formatVersion: 1, model, ...found };
    expect(parseCalibration(JSON.stringify(whole))).toEqual(whole);
  });

  it.each(['', '{}', 'null', `{"formatVersion":2,"model":"${model}"}`])('refuses %j', (json) => {
    expect(() => parseCalibration(json)).toThrow(expect.objectContaining({ code: 'FILE_INVALID' }));
  });
});
