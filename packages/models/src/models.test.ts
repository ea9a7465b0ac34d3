import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { cpu } from '@heed/backend-cpu';
import { selectBackend, type AttentionBackend } from '@heed/core';
import { loadG2p } from '@heed/datasets';
import { decodeModel, evaluate } from '@heed/seq2seq';
import { openRun, readRunInfo } from '@heed/seq2seq/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { g2p, parseCard } from './index.js';

/** The files are those of a run, so its folder can be opened as one. */
const FOLDER = fileURLToPath(new URL('.', g2p.model));

const card = async () => parseCard(await readFile(g2p.card, 'utf8'));

describe('g2p', () => {
  let backend: AttentionBackend;
  beforeAll(async () => {
    backend = await selectBackend(cpu());
  });
  afterAll(() => backend.dispose());

  test('the card is of the file', async () => {
    const bytes = await readFile(g2p.model);
    const { file, parameters, seed, data, steps } = await card();
    expect(bytes.length).toBeLessThanOrEqual(8 * 2 ** 20);
    expect(file).toEqual({
      name: 'model.safetensors',
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    });
    const { model, info } = await openRun(FOLDER);
    expect(info).toMatchObject({
      task: 'g2p',
      dataVersion: data.version,
      model: { seed },
      progress: { best: { step: steps } },
    });
    expect(model.parameterCount).toBe(parameters);
    expect(model.config).toEqual(info.model);
    model.dispose();
  });

  test('the README says what the card says', async () => {
    const { cardSection } = (await import('../scripts/readme.mjs' as string)) as {
      cardSection(card: unknown): string;
    };
    expect(await readFile(new URL('../README.md', import.meta.url), 'utf8')).toContain(cardSection(await card()));
  });

  test('makes the errors that the card says, on a sample of the words it never saw', async () => {
    const model = decodeModel(await readFile(g2p.model), { kind: 'recurrent' });
    const { dataOptions, dataVersion } = await readRunInfo(FOLDER);
    const { test, version } = await loadG2p(dataOptions as { seed: number });
    expect(version).toBe(dataVersion);
    const sample = test.filter((_, n) => n % 40 === 0);
    const { sequenceErrorRate, tokenErrorRate } = await evaluate(model, sample);
    const [greedy] = (await card()).evaluations;
    const wordErrorRate = greedy!.figures['wordErrorRate']!;
    // Three standard deviations of a share over so many words.
    const spread = 3 * Math.sqrt((wordErrorRate * (1 - wordErrorRate)) / sample.length);
    expect(Math.abs(sequenceErrorRate - wordErrorRate)).toBeLessThan(spread);
    expect(tokenErrorRate).toBeLessThan(0.12);
    model.dispose();
  }, 120_000);
});

describe('parseCard', () => {
  test.each(['', 'null', '{}', '{"formatVersion":2}'])('refuses %j', (json) => {
    expect(() => parseCard(json)).toThrow(expect.objectContaining({ code: 'FILE_INVALID' }));
  });
});
