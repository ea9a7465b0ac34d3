import * as tf from '@tensorflow/tfjs';
import { cpu } from '@heed/backend-cpu';
import { selectBackend } from '@heed/core';
import type { DateExample, DatesDataset } from '@heed/datasets';
import { createSeq2Seq } from '@heed/networks';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { findTask } from '../tasks.js';
import { dateParse, numbersAndWords } from './baselines.js';
import { dates } from './dates.js';

let data: DatesDataset;
beforeAll(async () => {
  await selectBackend(cpu());
  data = (await dates.load({ seed: 1 })) as DatesDataset;
});

/** A preset's configuration, with a model small enough for a test. */
const tiny = (preset: string) => {
  const { title, model, training } = dates.presets[preset];
  const small = { ...model, embeddingWidth: 8, encoderUnits: 8, decoderUnits: 16, outputUnits: 8 };
  return createSeq2Seq(dates.configure({ title, model: small, training }, data, 3));
};

describe('the dates task', () => {
  it('is found by its name, with additive attention as its default', () => {
    expect(findTask('dates')).toBe(dates);
    const [first] = Object.values(dates.presets);
    expect(first!.model.attention.kind).toBe('additive');
  });

  it('has one budget for all presets, and a model without attention', () => {
    const [standard, ...others] = Object.values(dates.presets);
    for (const { model, training } of others) {
      expect(training).toEqual(standard!.training);
      expect({ ...model, attention: undefined }).toEqual({ ...standard!.model, attention: undefined });
    }
    expect(dates.presets['none'].model.attention.kind).toBe('none');
  });

  it('parses what it writes', () => {
    for (const example of data.test.slice(0, 200)) {
      expect(dates.parse(dates.write(example))).toEqual({ text: example.text, source: example.source });
      expect(dates.expected(example)).toEqual([example.targets[0].join('')]);
    }
    expect(dates.parse(dates.example).source).toEqual([...dates.example.toLowerCase()]);
  });

  it('judges and answers with a map per answer, and leaves no tensor', async () => {
    const before = tf.memory().numTensors;
    const model = tiny('standard');
    const alive = tf.memory().numTensors;
    const { examples, figures } = await dates.judge(model, data.test.slice(0, 20));
    expect(examples).toBe(20);
    for (const { key } of dates.metrics) expect(figures[key]).toBeGreaterThanOrEqual(0);
    expect(figures['exactMatch']).toBe(figures['exactMatches'] / 20);
    const [answer] = await dates.answer(model, [dates.parse('de: 3. März 2024')]);
    const [map] = answer!.maps;
    expect(map!.columnLabels).toEqual(['de:', ...'3. märz 2024']);
    expect(map!.rowLabels!.join('')).toBe(answer!.output);
    expect(tf.memory().numTensors).toBe(alive);
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('judges in parts as a whole, to the bit', async () => {
    const model = tiny('standard');
    const some = data.test.slice(0, 20);
    const parts = [await dates.outcomes(model, some.slice(0, 7)), await dates.outcomes(model, some.slice(7))];
    // As they would come from another machine.
    const sent = structuredClone(parts).flat();
    expect(dates.figures(some, sent)).toEqual(await dates.judge(model, some));
    model.dispose();
  });

  it('has no figures of attention, and no map, without attention', async () => {
    const model = tiny('none');
    const { figures } = await dates.judge(model, data.test.slice(0, 5));
    expect(figures).toHaveProperty('exactMatch');
    expect(figures).not.toHaveProperty('alignmentErrorRate');
    expect(figures).not.toHaveProperty('alignedRate');
    expect((await dates.answer(model, data.test.slice(0, 1)))[0].maps).toEqual([]);
    model.dispose();
  });

  it('judges alignment against gold: perfect attention has no error', async () => {
    const gold = {
      greedy: async (sources: readonly (readonly string[])[]) =>
        sources.map((source) => {
          const { alignment, targets } = data.test.find((example) => example.source === source)!;
          const weights = alignment.map((positions) =>
            Float32Array.from(source, (_, i) => (positions.includes(i) ? 1 / positions.length : 0)),
          );
          return {
            output: targets[0],
            weights,
            logProbability: 0,
            score: 0,
            tokenLogProbabilities: [],
            finished: true,
          };
        }),
    };
    const { figures } = await dates.judge(gold as never, data.test.slice(0, 50));
    expect(figures['alignmentErrorRate']).toBeCloseTo(0, 6);
    expect(figures).toMatchObject({ exactMatch: 1, characterErrorRate: 0, alignedRate: 1, alignedCharacters: 400 });
  });

  it.each([0, -2, Number.NaN, 1.5])('refuses a beam of %d, answering and judging', async (beam) => {
    const model = tiny('standard');
    const refused = { code: 'INVALID_ARGUMENT', message: expect.stringContaining(`width is ${beam}`) };
    await expect(dates.answer(model, data.test.slice(0, 1), { beam })).rejects.toMatchObject(refused);
    await expect(dates.judge(model, data.test.slice(0, 1), { beam })).rejects.toMatchObject(refused);
    model.dispose();
  });

  it('refuses a character that the model was not built for', async () => {
    const model = tiny('standard');
    await expect(dates.answer(model, [dates.parse('£ 3. März 2024')])).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
    model.dispose();
  });
});

describe('baselines', () => {
  afterEach(() => vi.unstubAllEnvs());

  const source = (text: string): readonly string[] => dates.parse(text).source;

  it('read numbers by their order, and months by words', () => {
    const train: DateExample[] = data.train.filter(({ locale }) => ['de', 'ar-EG', 'hu', 'en-GB'].includes(locale));
    const read = (text: string): string => numbersAndWords(train)(source(text)).join('');
    expect(read('de: Mittwoch, 3. April 2024')).toBe('2024-04-03');
    expect(read('٣ أبريل ٢٠٢٤')).toBe('2024-04-03');
    expect(read('2024. április 3., szerda')).toBe('2024-04-03');
    expect(read('13/04/2024')).toBe('2024-04-13');
    expect(read('en-US: 4/13/2024')).toBe('2024-04-13');
    expect(read('en-US: 4/3/2024')).toBe('2024-03-04'); // a wrong reading
  });

  it('take what Date makes of English, and nothing where it makes nothing', () => {
    expect(dateParse(source('en-US: Wednesday, April 3, 2024')).join('')).toBe('2024-04-03');
    expect(dateParse(source('3 เมษายน 2024'))).toEqual([]);
  });

  it.each(['America/New_York', 'UTC', 'Asia/Tokyo'])('take the same of Date in %s', (zone) => {
    vi.stubEnv('TZ', zone);
    for (const text of ['2024-04-03', 'sv: 2024-04-03', 'en-US: Wednesday, April 3, 2024']) {
      expect(dateParse(source(text)).join('')).toBe('2024-04-03');
    }
  });
});
