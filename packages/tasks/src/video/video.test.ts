import { cpu } from '@heed/backend-cpu';
import { selectBackend, type AttentionBackend } from '@heed/core';
import { VIDEO_FRAMES } from '@heed/datasets';
import { renderOverlaySvg } from '@heed/heatmap';
import { captioner, type Captioner } from '@heed/networks';
import type { Picture, RgbPicture } from '@heed/pictures';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FilmQuestion } from './film-questions.js';
import { stripOf } from './overlay.js';
import { video } from './video.js';

const grey = (value: number, side = 8): RgbPicture => ({
  width: side,
  height: side,
  channels: 3,
  data: new Uint8Array(side * side * 3).fill(value),
});

/** A film that becomes lighter at a frame, and perhaps much darker at another. */
function film(question: string, text: string, changesAt?: number, backgroundAt?: number): FilmQuestion {
  const frames = Array.from({ length: VIDEO_FRAMES }, (_, n) =>
    grey(100 + (n >= (changesAt ?? 9) ? 20 : 0) - (n >= (backgroundAt ?? 9) ? 90 : 0)),
  );
  const targets = [text.split(' ')];
  return { question, language: question, text, targets, frames, picture: frames, changesAt, emoji: '⬜' } as never;
}

const EXAMPLES = [
  film('what changed', 'it grew', 2),
  film('which frame', 'frame 3', 2),
  film('which frame', 'frame 5', 4, 1),
  film('which frame', 'no frame'),
];

/** A model that says what it is told to, and looks at the frames that it is told to. */
function saying(outputs: readonly string[], looks?: readonly (readonly number[])[]): Captioner {
  return {
    gridSide: 1,
    config: { size: 8, frames: VIDEO_FRAMES },
    greedy: async (sources: readonly unknown[]) =>
      sources.map((_, n) => ({
        output: outputs[n]!.split(' '),
        logProbability: -1,
        tokenLogProbabilities: [-1],
        finished: true,
        ...(looks && { weights: outputs[n]!.split(' ').map(() => Float32Array.from(looks[n]!)) }),
      })),
  } as unknown as Captioner;
}

describe('figures', () => {
  it('are of each question, with how much is looked at the frame that changes', async () => {
    const looks = [
      [0, 0, 0.5, 0.5, 0, 0],
      [0, 0, 1, 0, 0, 0],
      [1, 0, 0, 0, 0, 0],
      [1, 0, 0, 0, 0, 0],
    ];
    const { examples, figures } = await video.judge(
      saying(['it grew', 'frame 3', 'frame 2', 'no frame'], looks),
      EXAMPLES,
    );
    expect(examples).toBe(4);
    expect(figures).toEqual({
      right: 0.75,
      rightChange: 1,
      rightFrame: expect.closeTo(2 / 3, 12),
      onFrame: 0.5,
      onFrameChange: 0.5,
      onFrameFrame: 0.5,
    });
  });

  it('say nothing of looks where there is no attention', async () => {
    const { figures } = await video.judge(saying(['it grew', 'frame 3', 'frame 5', 'no frame']), EXAMPLES);
    expect(figures).toEqual({ right: 1, rightChange: 1, rightFrame: 1 });
  });
});

describe('baselines', () => {
  const [difference, common] = video.baselines;

  it('take the frame that differs most, which a background leads astray', async () => {
    const { figures } = await difference!.judge(EXAMPLES, EXAMPLES);
    expect(figures).toMatchObject({ rightFrame: expect.closeTo(2 / 3, 12), rightChange: 1 });
  });

  it('take the most common answer to the question', async () => {
    const train = [...EXAMPLES, film('which frame', 'frame 5', 4)];
    expect((await common!.judge(train, EXAMPLES)).figures).toMatchObject({
      rightFrame: expect.closeTo(1 / 3, 12),
      rightChange: 1,
    });
  });
});

describe('inputs', () => {
  const frames = [grey(1), grey(2)];
  it('are frames and a question', () => {
    const input = video.parse(' Which frame? ', frames);
    expect(input).toEqual({ frames, question: 'which frame' });
    expect(video.write(input)).toBe('which frame');
    expect(video.write(EXAMPLES[0]!)).toBe('what changed: ⬜');
    expect(video.expected(EXAMPLES[1]!)).toEqual(['frame 3']);
  });

  it.each([
    ['no frame', 'which frame', [], 'there is no picture'],
    ['too many frames', 'which frame', Array.from({ length: 7 }, () => grey(1)), 'an input has 7 pictures'],
    ['another question', 'who is it', frames, "the question is 'who is it'"],
  ])('refuse %s', (_, text, pictures, message) => {
    expect(() => video.parse(text, pictures)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(message) }),
    );
  });
});

describe('a strip', () => {
  it('has each frame’s cells below that frame', () => {
    // Two frames of two by two cells; the second frame's lower left cell is looked at.
    const weights = [Float32Array.of(0, 0, 0, 0, 0, 0, 1, 0)];
    const { picture, grid, frames, steps } = stripOf([grey(10), grey(200)], { symbols: ['it'], weights, title: '' }, 2);
    expect([grid, frames]).toEqual([[2, 4], 2]);
    expect(steps[0]!.weights).toEqual(Float32Array.of(0, 0, 0, 0, 0, 0, 1, 0));
    const at = (x: number): number => picture.data[4 * x]!;
    expect([at(0), at(picture.width / 2 - 1), at(picture.width / 2)]).toEqual([10, 255, 200]);
    const other = stripOf(
      [grey(10), grey(200)],
      { symbols: ['it'], weights: [Float32Array.of(0, 0, 1, 0, 0, 0, 0, 0)], title: '' },
      2,
    );
    expect(other.steps[0]!.weights).toEqual(Float32Array.of(0, 0, 0, 0, 1, 0, 0, 0));
  });
});

describe('models of the presets', () => {
  let backend: AttentionBackend;
  beforeAll(async () => {
    backend = await selectBackend(cpu());
  });
  afterAll(() => backend.dispose());

  const data = { symbols: ['it', 'grew', 'frame', '3', 'no'], questions: ['what changed', 'which frame'] };

  it.each(Object.keys(video.presets))('%s answers about films of any size, and leaves nothing behind', async (name) => {
    const before = tf.memory().numTensors;
    const model = captioner.create(video.configure(video.presets[name]!, data as never, 3));
    const wide: Picture = { width: 50, height: 20, channels: 4, data: new Uint8Array(50 * 20 * 4).fill(90) };
    const whole = Array.from({ length: VIDEO_FRAMES }, () => grey(7, 32));
    const answers = await video.answer(model, [
      video.parse('what changed', whole),
      video.parse('which frame', [wide, wide]),
    ]);
    expect(answers[1]!.details).toMatchObject({ question: 'which frame', outputSymbols: expect.any(Array) });
    for (const { overlay, evidence } of answers) {
      expect(evidence!.probability).toBeGreaterThan(0);
      expect(overlay === undefined).toBe(name === 'none');
      if (overlay === undefined) continue;
      expect([overlay.frames, overlay.grid]).toEqual([VIDEO_FRAMES, [2, 2 * VIDEO_FRAMES]]);
      expect(renderOverlaySvg(overlay)).toContain('<svg');
    }
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('hold the last frame of a shorter film, as if it had been given again', async () => {
    const model = captioner.create(video.configure(video.presets['spaceTime']!, data as never, 3));
    const short = [grey(7, 32), grey(200, 32)];
    const long = [...short, ...Array.from({ length: VIDEO_FRAMES - 2 }, () => grey(200, 32))];
    const [a, b] = await video.answer(
      model,
      [short, long].map((frames) => video.parse('what changed', frames)),
    );
    expect(a!.evidence!.probability).toBeCloseTo(b!.evidence!.probability, 6);
    expect(a!.output).toBe(b!.output);
    model.dispose();
  });

  it('with and without attention differ in attention alone, and have one budget', () => {
    const { spaceTime, none } = video.presets;
    const { decoder: seeing, ...one } = spaceTime!.model as { decoder: { attention: object } };
    const { decoder: blind, ...other } = none!.model as { decoder: { attention: object } };
    expect(one).toEqual(other);
    expect({ ...seeing, attention: blind.attention }).toEqual(blind);
    expect(spaceTime!.training).toEqual(none!.training);
  });
});
