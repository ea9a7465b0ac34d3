import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cpu } from '@heed/backend-cpu';
import { selectBackend, type AttentionBackend } from '@heed/core';
import { NETWORKS } from '@heed/networks';
import { openRun } from '@heed/nn/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formatFigure, models, parseCard } from './index.js';
import { MODEL_NAMES, modelFolder } from './node.js';

const LARGEST = 8 * 2 ** 20;

describe.each(MODEL_NAMES)('%s', (name) => {
  let backend: AttentionBackend;
  beforeAll(async () => {
    backend = await selectBackend(cpu());
  });
  afterAll(() => backend.dispose());

  const card = async () => parseCard(await readFile(models[name].card, 'utf8'));

  test('the card is of the file, and the file is small', async () => {
    const bytes = await readFile(join(modelFolder(name), 'model.safetensors'));
    const { file, task, parameters, seed, data, steps, bestStep } = await card();
    expect(bytes.length).toBeLessThanOrEqual(LARGEST);
    expect(file).toEqual({
      name: 'model.safetensors',
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    });
    expect(task).toBe(name);
    const { model, info } = await openRun(modelFolder(name), { networks: NETWORKS });
    expect(info).toMatchObject({ task: name, dataVersion: data.version, model: { seed } });
    expect(info.progress.step).toBe(steps);
    expect(info.progress.best?.step ?? steps).toBe(bestStep);
    expect(model.parameterCount).toBe(parameters);
    expect(model.config).toEqual(info.model);
    model.dispose();
  });

  test('the calibration is of the file', async () => {
    const found = JSON.parse(await readFile(models[name].calibration, 'utf8')) as Record<string, unknown>;
    const { file, confidence } = await card();
    expect(found['model']).toBe(file.sha256);
    expect(confidence !== undefined).toBe(found['confidence'] !== undefined);
  });

  test('the README says what the card says', async () => {
    const { cardSection } = (await import('../scripts/readme.mjs' as string)) as {
      cardSection(card: unknown): string;
    };
    expect(await readFile(new URL('../README.md', import.meta.url), 'utf8')).toContain(cardSection(await card()));
  });
});

describe('modelFolder', () => {
  test.each(['nope', 'constructor', ''])('knows no model %j', (name) => {
    expect(() => modelFolder(name)).toThrow(
      expect.objectContaining({ code: 'UNKNOWN_NAME', hint: expect.stringContaining('g2p') }),
    );
  });
});

describe('formatFigure', () => {
  test('writes shares as per cent, with a digit more where it matters', () => {
    expect(formatFigure(0.3293, 'share')).toBe('32.9 %');
    expect(formatFigure(0.99944, 'share')).toBe('99.94 %');
    expect(formatFigure(0.0007, 'share')).toBe('0.07 %');
    expect(formatFigure(1, 'share')).toBe('100.0 %');
    expect(formatFigure(1.816, 'number')).toBe('1.82');
    expect(formatFigure(undefined, 'share')).toBe('–');
  });
});

describe('parseCard', () => {
  test.each(['', 'null', '{}', '{"formatVersion":2}'])('refuses %j', (json) => {
    expect(() => parseCard(json)).toThrow(expect.objectContaining({ code: 'FILE_INVALID' }));
  });
});
