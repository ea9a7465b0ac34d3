import { readFile } from 'node:fs/promises';
import { MECHANISMS, type MechanismDefinition, type MechanismKind } from '@heed/attention';
import { GROUPS } from '@heed/conformance';
import { models, parseCard } from '@heed/models';
import type { Picture } from '@heed/pictures';
import { ownKinds, tasks } from '@heed/tasks';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { CARDS } from './zh-library.js';
import { OWN_TASKS } from './zh-own.js';
import { TASKS } from './zh-tasks.js';
import { zh } from './zh.js';

const CHINESE = /\p{Script=Han}/u;
const cards = await Promise.all(Object.values(models).map(async ({ card }) => parseCard(await readFile(card, 'utf8'))));

const aPicture: Picture = { width: 1, height: 1, channels: 3, data: Uint8Array.of(255, 0, 0) };

/** Texts of the cards that the page shows. */
const shown = cards.flatMap(({ task, description, limits, unit, metrics, data, architecture }) => [
  description,
  ...limits,
  unit,
  ...metrics.map(({ label }) => label),
  data.title,
  // The Model view shows more facts about its model.
  ...(task === 'g2p' ? [architecture, data.licence] : []),
]);

describe('Chinese', () => {
  test('every task has a name, what it takes, and an example that it takes', () => {
    expect(Object.keys(TASKS).toSorted()).toEqual([...Object.keys(tasks), ...Object.keys(ownKinds)].toSorted());
    for (const { task, example } of cards) {
      expect(zh.tasks.name(task), task).toMatch(CHINESE);
      expect(zh.tasks.accepts(task), task).toMatch(CHINESE);
      const pictures = tasks[task].pictures === undefined ? [] : [aPicture];
      expect(() => tasks[task].parse(zh.tasks.exampleOf(task, example), pictures), task).not.toThrow();
    }
  });

  test('every text of every card has its Chinese, and none is left over from a text that changed', () => {
    expect(Object.keys(CARDS).filter((text) => !shown.includes(text))).toEqual([]);
    for (const text of shown) expect(zh.library(text), text).toMatch(/\p{Script=Han}|BLEU|chrF/u);
  });

  test('every text of the tasks of somebody’s own files has its Chinese, and none is left over', () => {
    const texts: string[] = [];
    for (const kind of Object.values(ownKinds)) {
      const { title, description, limits, unit, metrics, presets } = kind.define({}, {});
      texts.push(title, description, ...limits, unit, ...metrics.map(({ label }) => label));
      texts.push(...Object.values(presets).map((preset) => preset.title));
    }
    for (const text of texts) expect(zh.library(text), text).toMatch(/\p{Script=Han}|BLEU|chrF|Transformer/u);
    expect(Object.keys(OWN_TASKS).filter((text) => !texts.includes(text))).toEqual([]);
  });

  test('every group of the conformance suite has a name', () => {
    const ofMechanisms = MECHANISMS.map(({ kind }) => `mechanisms/${kind}`);
    expect([...Object.keys(zh.conformance.groups), ...ofMechanisms]).toEqual(Object.keys(GROUPS));
  });

  test('every mechanism has a name, and so have its parameters and what it remembers', () => {
    for (const { kind, fit, suggest, schema, parameters, state } of MECHANISMS as readonly MechanismDefinition[]) {
      expect(zh.mechanisms[kind as MechanismKind], kind).toMatch(CHINESE);
      const place = fit.options({ queryWidth: 8, memoryWidth: 8, seed: 1 });
      const config = v.parse(schema, { kind, ...place, ...suggest?.({ width: 8, heads: 2 }) });
      for (const key of Object.keys(parameters(config))) expect(zh.parameters.name(key), key).toMatch(CHINESE);
      for (const name of Object.keys(state?.shapes(1, config) ?? {}))
        expect(zh.formula.states(name), name).toMatch(CHINESE);
    }
  });

  test('what is not known is not made up', () => {
    expect(zh.library('something new')).toBeUndefined();
    expect(zh.library('head 2 of 4, last layer')).toBe('最后一层，第 2 个头（共 4 个）');
    expect(zh.library('toString')).toBeUndefined();
  });

  test('errors are told from their details', () => {
    const explain = (details: object) =>
      zh.explain({ code: 'INVALID_ARGUMENT', message: 'in English', details: details as Record<string, unknown> });
    expect(explain({ character: '€' })).toBe('字符“€”不能使用。');
    expect(explain({ length: 1001, most: 1000 })).toBe('共 1001 个字符，最多 1000 个。');
    expect(explain({ code: 'it', languages: ['fr', 'de', 'zh'] })).toBe('不能译成“it”；可以译成的语言有 fr、de、zh。');
    expect(explain({ what: 'the number of facts', size: 21, most: 20 })).toBe('事实的个数是 21，模型接受 1 到 20。');
    expect(explain({ something: 'else' })).toBe('');
  });
});
