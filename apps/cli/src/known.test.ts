import { cpu } from '@heed/backend-cpu';
import { selectBackend } from '@heed/core';
import { captioner } from '@heed/networks';
import { findNetwork, type ConfigOf } from '@heed/nn';
import { caption, g2p } from '@heed/tasks';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { gentleDot } from '../test/plugin/gentle.js';
import { OWN } from './catalog.js';
import { networksFor, type AnyTask } from './known.js';
import { modelTitle, presetOf } from './model.js';
import { configure } from './train/configure.js';

const catalog = { brought: { ...OWN.brought, mechanisms: [gentleDot] } };
const DATA = { symbols: ['red', 'square'], languages: ['en'], sourceSymbols: ['a'], targetSymbols: ['b'] };

let backend: Awaited<ReturnType<typeof selectBackend>>;
beforeAll(async () => {
  backend = await selectBackend(cpu());
});
afterAll(() => backend.dispose());

/** Configuration of a task's model with the attention that a flag names. */
const configOf = (task: AnyTask, flags: Parameters<typeof configure>[1]): ConfigOf =>
  task.configure(configure(task, flags, catalog), DATA as never, 1);

describe('mechanisms that were brought', () => {
  test.each<[string, AnyTask, { readonly preset?: string }]>([
    ['recurrent encoder–decoders', g2p as AnyTask, { preset: 'small' }],
    ['captioners, of soft attention too', caption as AnyTask, { preset: 'soft' }],
    ['captioners', caption as AnyTask, {}],
  ])('are put into %s', (_, task, flags) => {
    const config = configOf(task, { ...flags, attention: 'gentle-dot' });
    const [usual] = Object.keys(task.presets);
    expect(presetOf(task, config)).toBe(flags.preset ?? usual);
    expect(modelTitle(task, config)).toBe('gentle-dot attention');
    const model = findNetwork(config, networksFor(task, catalog)).create(config);
    expect(model.parameterCount).toBeGreaterThan(0);
    model.dispose();
    expect(() => findNetwork(config, networksFor(task, OWN)).create(config)).toThrow(
      expect.objectContaining({ code: 'UNKNOWN_NAME' }),
    );
  });

  test('captioners keep what augments their pictures', () => {
    const config = configOf(caption as AnyTask, { attention: 'gentle-dot' });
    const data = Uint8Array.from({ length: 64 * 64 * 4 }, (_, n) => (n * 7) % 256);
    const item = { picture: { width: 64, height: 64, channels: 4, data }, language: 'en', target: ['red'] };
    // Some steps, as not every one changes a picture.
    const lossesOf = ({ networks }: Pick<AnyTask, 'networks'>): number[] => {
      const model = findNetwork(config, networksFor({ networks }, catalog)).create(config);
      const losses = [0, 1, 2, 3, 4, 5].map((step) => {
        const loss = model.loss([item], { dropout: { seed: 1, step } });
        const [value] = loss.dataSync();
        loss.dispose();
        return value!;
      });
      model.dispose();
      return losses;
    };
    expect(lossesOf(caption as AnyTask)).not.toEqual(lossesOf({ networks: [captioner] as never }));
  });
});

test('a transformer has no attention to choose', () => {
  expect(() => configOf(caption as AnyTask, { preset: 'transformer', attention: 'additive' })).toThrow(
    'for recurrent encoder–decoders and captioners',
  );
});
