import { cpu } from '@heed/backend-cpu';
import { selectBackend, type AttentionBackend } from '@heed/core';
import type { CaptionExample } from '@heed/datasets';
import { renderOverlaySvg } from '@heed/heatmap';
import type { Captioner } from '@heed/networks';
import type { Picture } from '@heed/pictures';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { caption } from './caption.js';
import { drawnCaptioner } from './captioning.js';

/** A square of a colour in the upper left of a clear picture. */
function square(colour: readonly [number, number, number], side = 16): Picture {
  const data = new Uint8Array(side * side * 4);
  for (let y = 0; y < side / 2; y++) {
    for (let x = 0; x < side / 2; x++) data.set([...colour, 255], (y * side + x) * 4);
  }
  return { width: side, height: side, channels: 4, data };
}
const RED = square([230, 20, 20]);
const BLUE = square([20, 20, 230]);

const example = (picture: Picture, language: 'en' | 'de' | 'zh', text: string, symbols: string[]): CaptionExample =>
  ({ picture, language, text, references: [text], targets: [symbols], emoji: '🟥' }) as unknown as CaptionExample;

const EXAMPLES = [
  example(RED, 'en', 'red square', ['red', 'square']),
  example(RED, 'zh', '红方块', ['红', '方', '块']),
  example(BLUE, 'en', 'square of blue', ['square', 'of', 'blue']),
  example(BLUE, 'de', 'blaues Quadrat', ['blaues', 'Quadrat']),
];

/** A model that says what it is told to, in the order of its inputs. */
function saying(outputs: readonly (readonly string[])[], looks?: { weights: number[]; sentinel: number }) {
  const said = [...outputs];
  const model = {
    gridSide: 2,
    config: { size: 16, languages: ['en', 'de', 'fr', 'zh'] },
    greedy: async (sources: readonly unknown[]) =>
      sources.map(() => {
        const output = said.shift()!;
        return {
          output,
          logProbability: -1,
          score: -1,
          tokenLogProbabilities: [...output, ''].map(() => -1 / (output.length + 1)),
          finished: true,
          ...(looks && {
            weights: output.map(() => Float32Array.from(looks.weights)),
            sentinel: Float32Array.from(output, () => looks.sentinel),
          }),
        };
      }),
  };
  return model as unknown as Captioner;
}

describe('figures', () => {
  it('are of each language, with means over the languages', async () => {
    const right = saying(EXAMPLES.map(({ targets }) => targets[0]!));
    const { examples, figures } = await caption.judge(right, EXAMPLES);
    expect(examples).toBe(4);
    expect(figures).toMatchObject({ exact: 1, exactEn: 1, exactDe: 1, exactZh: 1, chrf: 100 });
    expect(figures).not.toHaveProperty('exactFr');
    for (const key of ['onDrawn', 'sentinelContent']) expect(figures).not.toHaveProperty(key);
    const wrong = saying([['red', 'square'], ['方'], ['red', 'square'], ['Quadrat']]);
    const judged = await caption.judge(wrong, EXAMPLES);
    expect(judged.figures).toMatchObject({ exact: 0.25, exactEn: 0.5, exactZh: 0 });
    expect(judged.figures['cider']).toBeLessThan(figures['cider']!);
    expect(judged.figures['chrf']).toBeCloseTo(
      (judged.figures['chrfEn']! + judged.figures['chrfDe']! + judged.figures['chrfZh']!) / 3,
      10,
    );
  });

  it('say how much attention is on what is drawn, and the sentinel by kinds of words', async () => {
    // A quarter of the picture is drawn, the first of four cells, which gets three quarters of what looks at the picture.
    const model = saying([['square', 'of', 'blue']], { weights: [0.6, 0.1, 0.1, 0], sentinel: 0.2 });
    const { figures } = await caption.judge(model, [EXAMPLES[2]!]);
    expect(figures['onDrawn']).toBeCloseTo(0.75, 6);
    expect(figures['drawn']).toBeCloseTo(0.25, 6);
    expect(figures['sentinelContent']).toBeCloseTo(0.2, 6);
    expect(figures['sentinelFunction']).toBeCloseTo(0.2, 6);
  });

  it('leave looks out where nothing is clear', async () => {
    const full = { ...RED, data: RED.data.map((value, n) => (n % 4 === 3 ? 255 : value)) };
    const model = saying([['red', 'square']], { weights: [1, 0, 0, 0], sentinel: 0 });
    const { figures } = await caption.judge(model, [{ ...EXAMPLES[0]!, picture: full }]);
    expect(figures).not.toHaveProperty('onDrawn');
    expect(figures).toHaveProperty('sentinelContent', 0);
  });
});

describe('baselines', () => {
  const [nearest, common] = caption.baselines;
  it('take the caption of the picture with the nearest colours, in the language', async () => {
    const test = [example(square([200, 40, 10]), 'en', 'red square', []), example(BLUE, 'zh', '蓝方块', [])];
    expect((await nearest!.judge(EXAMPLES, test)).figures).toMatchObject({ exactEn: 1, exactZh: 0 });
  });

  it('take the most common caption of the language', async () => {
    const train = [...EXAMPLES, example(BLUE, 'en', 'red square', ['red', 'square'])];
    const test = [EXAMPLES[0]!, EXAMPLES[2]!, EXAMPLES[3]!];
    expect((await common!.judge(train, test)).figures).toMatchObject({ exactEn: 0.5, exactDe: 1 });
  });
});

describe('inputs', () => {
  it('are a picture and a language', () => {
    const input = caption.parse(' DE ', [RED]);
    expect(input).toEqual({ picture: RED, language: 'de' });
    expect(caption.write(input)).toBe('de');
    expect(caption.write(EXAMPLES[0]!)).toBe('en: 🟥');
    expect(caption.expected(EXAMPLES[0]!)).toEqual(['red square']);
  });

  it.each([
    ['no picture', 'de', [], 'there is no picture'],
    ['two pictures', 'de', [RED, BLUE], 'an input has 2 pictures'],
    ['another language', 'it', [RED], "the language is 'it'"],
  ])('refuse %s', (_, text, pictures, message) => {
    expect(() => caption.parse(text, pictures)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(message) }),
    );
  });
});

describe('models of the presets', () => {
  let backend: AttentionBackend;
  beforeAll(async () => {
    backend = await selectBackend(cpu());
  });
  afterAll(() => backend.dispose());

  const data = {
    symbols: [...new Set(EXAMPLES.flatMap(({ targets }) => targets.flat()))],
    languages: ['en', 'de', 'fr', 'zh'],
  };

  it.each(Object.keys(caption.presets))(
    '%s describes a picture of any size, and leaves nothing behind',
    async (name) => {
      const before = tf.memory().numTensors;
      const model = drawnCaptioner.create(caption.configure(caption.presets[name]!, data as never, 3));
      const wide: Picture = { width: 90, height: 30, channels: 3, data: new Uint8Array(90 * 30 * 3).fill(9) };
      const inputs = [caption.parse('en', [RED]), caption.parse('zh', [wide])];
      const [first, second] = await caption.answer(model, inputs);
      expect(first!.evidence!.probability).toBeGreaterThan(0);
      expect(first!.overlay === undefined).toBe(name === 'none');
      if (second!.overlay !== undefined) {
        const { picture, steps, grid } = second!.overlay;
        expect([picture.width, picture.height, grid]).toEqual([90, 90, [8, 8]]);
        expect(steps.every(({ sentinel }) => (sentinel !== undefined) === (name === 'adaptive'))).toBe(true);
        expect(renderOverlaySvg(second!.overlay)).toContain('<svg');
      }
      const [searched] = await caption.answer(model, inputs.slice(0, 1), { beam: 2 });
      expect(searched!.alternatives).toHaveLength(1);
      model.dispose();
      expect(tf.memory().numTensors).toBe(before);
    },
  );

  it('write symbols of their language alone, where these are known', async () => {
    const model = drawnCaptioner.create(caption.configure(caption.presets['none']!, data as never, 3));
    const outputs = caption.outputs!({ train: EXAMPLES } as never);
    expect(outputs['zh']).toEqual(['红', '方', '块']);
    for (const beam of [1, 2]) {
      const [{ details }] = await caption.answer(model, [caption.parse('zh', [RED])], { outputs, beam });
      for (const symbol of details['outputSymbols'] as string[]) expect(outputs['zh']).toContain(symbol);
    }
    const { figures } = await caption.judge(model, EXAMPLES, { outputs });
    expect(figures).toHaveProperty('exact');
    model.dispose();
  });

  it('with and without attention differ in attention alone, and have one budget', () => {
    const { adaptive, none } = caption.presets;
    const { decoder: seeing, ...one } = adaptive!.model as { decoder: { attention: object } };
    const { decoder: blind, ...other } = none!.model as { decoder: { attention: object } };
    expect(one).toEqual(other);
    expect({ ...seeing, attention: blind.attention }).toEqual(blind);
    expect(adaptive!.training).toEqual(none!.training);
  });
});
