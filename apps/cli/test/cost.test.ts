import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { events, heed } from './heed.js';

interface Work {
  readonly flops: number;
  readonly bytes: number;
}

describe('cost', () => {
  test('tells what attention adds to a task’s model', async () => {
    const args = ['cost', 'g2p', '--batch-size', '8', '--rounds', '1', '--backend', 'wasm', '--threads', '1'];
    const [withIt, without, done] = events(await heed([...args, '--json'])) as unknown as {
      side: string;
      parameters: number;
      formula: { total: { parameters: number; forward: Work; training: Work } };
      training: { ms: number; peakBytes: number };
    }[];
    expect([withIt!.side, without!.side, done]).toEqual(['with', 'without', { event: 'done' }]);
    for (const { parameters, formula, training } of [withIt!, without!]) {
      expect(formula.total.parameters).toBe(parameters);
      expect(formula.total.training.flops).toBeGreaterThan(2 * formula.total.forward.flops);
      expect(training.ms).toBeGreaterThan(0);
      expect(training.peakBytes).toBeGreaterThan(4 * parameters);
    }
    expect(withIt!.formula.total.forward.flops).toBeGreaterThan(without!.formula.total.forward.flops);
  });

  test('for people it fits 80 columns, and tells no difference that one round can’t', async () => {
    const { code, stdout } = await heed(['cost', 'translate', '--batch-size', '2', '--rounds', '1']);
    expect(code).toBe(0);
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(stdout).toMatch(/^training step, time .* needs 5 rounds$/m);
    expect(stdout).toMatch(/^parameters .* \+[\d,]+$/m);
    expect(stdout).not.toMatch(/\de[+-]\d/);
  });

  test('tells what an op takes, fused and composed', async () => {
    const args = ['cost', 'dot-product', '--heads', '2', '--length', '96', '--width', '16', '--rounds', '1'];
    const [op] = events(await heed([...args, '--json'])) as unknown as {
      formula: { forward: Work };
      measured: Record<'heed' | 'composed', { forward: { peakBytes: number } }>;
    }[];
    expect(op!.formula.forward.flops).toBe(2 * 2 * (96 * 96 * 16) * 2);
    // The composed form holds scores and weights.
    const { heed: fused, composed } = op!.measured;
    expect(composed.forward.peakBytes - fused.forward.peakBytes).toBeGreaterThan(2 * 96 * 96 * 4);
    const { code, stdout } = await heed(args);
    expect(code).toBe(0);
    expect(stdout).toMatch(/forward, time +[\d.]+ ms \([\d.]+–[\d.]+\) +[\d.]+ ms \(/);
    expect(stdout).not.toMatch(/\de[+-]\d/);
  });

  test('prints what the lessons show of it, in both languages', async () => {
    const [shown, inChinese] = await Promise.all([shownIn('questions.md'), shownIn('questions.zh-CN.md')]);
    expect(shown.map(({ args }) => args[1])).toEqual(['dot-product', 'g2p']);
    expect(inChinese).toEqual(shown);
    for (const { args, lines } of shown) {
      const { stdout } = await heed([...args, '--rounds', '1']);
      expect(stdout.split('\n').map(inOneWidth)).toEqual(expect.arrayContaining(lines));
    }
  });

  test.each([
    [['cost', 'g2q'], 'no problem "g2q"', 'did you mean g2p?'],
    [['cost', 'g2p', '--preset', 'tiny'], 'no preset "tiny"', 'small'],
    [['cost', 'g2p', '--heads', '3'], '--heads means nothing for g2p', ''],
    [['cost', 'dot-product', '--preset', 'small'], '--preset means nothing for dot-product', ''],
    [['cost', 'additive', '--heads', '3'], '--heads means nothing for additive', ''],
    [['cost', 'names', '--preset', 'lstm'], 'has no attention to tell the cost of', ''],
    [['cost', 'dates', '--attention', 'none'], 'has no attention to tell the cost of', ''],
  ])('%j is refused', async (args, message, hint) => {
    const { code, stderr } = await heed(args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr).toContain(hint);
  });
});

/** Commands of a lesson, each with lines of what it prints. */
async function shownIn(page: string): Promise<{ readonly args: string[]; readonly lines: string[] }[]> {
  const text = await readFile(new URL(`../../../docs/guides/attention/${page}`, import.meta.url), 'utf8');
  return [...text.matchAll(/^```sh\nheed (cost .*)\n```\n\n```\n([^]*?)\n```$/gm)].map(([, command, output]) => ({
    args: command!.split(' '),
    lines: output!.split('\n').map(inOneWidth),
  }));
}

/** Columns are as wide as their widest cell, and some cells are times. */
const inOneWidth = (line: string): string => line.trim().replaceAll(/ +/g, ' ');
