import * as tf from '@tensorflow/tfjs';
import { createTrainer, decodeModel, encodeModel, type TrainingConfig } from '@heed/nn';
import { beforeAll, describe, expect, it } from 'vitest';
import { createCaptioner, type Captioned, type Captioner, type WatchedCaption } from '../src/captioner/captioner.js';
import type { CaptionerConfig } from '../src/captioner/config.js';
import { pictureBatch, type Pixels } from '../src/captioner/picture.js';
import { captioner, captionerOf } from '../src/captioner/kind.js';
import { costOfModel } from '../src/cost/model-cost.js';
import { CPU, useEngine, values, WASM } from '../../nn/test/engines.js';
import { CAPTIONERS, drawn, EXAMPLES, examplesOf, FILMS, itemsOf, tinyCaptioner } from './captioners.js';
import { stir } from './graphs.js';
import { productsOf, selectCounted } from './products.js';

const fewOf = (config: CaptionerConfig) => examplesOf(config).filter((_, n) => n % 11 === 0);

const training = (changes: Partial<TrainingConfig> = {}): TrainingConfig => ({
  seed: 2,
  steps: 8,
  batchSize: 8,
  learningRate: 0.01,
  warmupSteps: 2,
  schedule: 'linear',
  clipNorm: 5,
  labelSmoothing: 0,
  evaluateEvery: 100,
  validationExamples: 4,
  patience: 0,
  ...changes,
});

const lossOf = (model: Captioner, items: readonly Captioned[]): number =>
  tf.tidy(() => model.loss(items).dataSync()[0]);

beforeAll(() => useEngine(CPU));

it('sees an alpha channel that it has none for as if it lay on white', () => {
  const [{ picture, ...rest }] = itemsOf(EXAMPLES);
  const { width, height, data } = picture as Pixels;
  const pixels = Array.from({ length: width * height }, (_, n) => data.subarray(3 * n, 3 * n + 3));
  const clear = (n: number): number => (n % 3) * 127.5; // 0, half, all
  const rgba = Uint8Array.from(pixels.flatMap((pixel, n) => [...pixel, clear(n)]));
  const onWhite = Uint8Array.from(
    pixels.flatMap((pixel, n) =>
      Array.from(pixel, (value: number) => 255 + (Math.floor(clear(n)) / 255) * (value - 255)),
    ),
  );
  const model = createCaptioner(tinyCaptioner());
  const loss = (channels: number, bytes: Uint8Array): number =>
    lossOf(model, [{ ...rest, picture: { width, height, channels, data: bytes } }]);
  expect(loss(4, rgba)).toBeCloseTo(loss(3, onWhite), 2);
  expect(loss(4, rgba)).not.toBeCloseTo(loss(3, data as Uint8Array), 2);
  model.dispose();
});

describe.each(CAPTIONERS)('%s', (_, config) => {
  const FEW = fewOf(config);

  it('has the gradient of its central differences, on every parameter', () => {
    const model = createCaptioner(config);
    const items = itemsOf(FEW.slice(0, 3));
    const names = Object.keys(model.parameters);
    const variables = Object.values(model.parameters);
    const { grads } = tf.variableGrads(() => model.loss(items), variables);
    for (const [n, variable] of variables.entries()) {
      const [start, direction] = tf.tidy(() => [
        tf.keep(variable.clone()),
        tf.keep(tf.tensor(values(variable.size, n + 50), variable.shape)),
      ]);
      const lossAt = (distance: number): number => {
        tf.tidy(() => variable.assign(tf.add(start, tf.mul(direction, distance))));
        return lossOf(model, items);
      };
      const difference = (lossAt(0.002) - lossAt(-0.002)) / 0.004;
      tf.tidy(() => variable.assign(start));
      const along = tf.tidy(() => tf.sum(tf.mul(grads[variable.name], direction)).dataSync()[0]);
      const bound = 0.02 * Math.max(1, Math.abs(difference));
      expect(Math.abs(along - difference), `${names[n]}: ${along} and ${difference}`).toBeLessThan(bound);
      tf.dispose([start, direction]);
    }
    tf.dispose(grads);
    model.dispose();
  });

  it('gives the same loss step by step as at once, and each caption as if alone', async () => {
    const model = createCaptioner({ ...config, ...withoutEvenness(config) });
    stir(model);
    const items = itemsOf(FEW);
    const before = tf.memory().numTensors;
    const { logits, weights } = model.teach(items);
    const all = tf.tidy(() => tf.logSoftmax(logits).arraySync()) as number[][][];
    const losses = items.flatMap(({ target }, b) =>
      [...target, undefined].map(
        (word, t) => -all[b][t][word === undefined ? 0 : config.targetSymbols.indexOf(word) + 1],
      ),
    );
    expect(lossOf(model, items)).toBeCloseTo(losses.reduce((sum, loss) => sum + loss, 0) / losses.length, 4);
    tf.dispose([logits, ...(weights ? [weights] : [])]);

    const together = await model.greedy(FEW, { maxLength: 5 });
    const first = await model.beam(FEW, { width: 1, maxLength: 5 });
    expect(first.map(([best]) => best.output)).toEqual(together.map(({ output }) => output));
    for (const [n, found] of together.entries()) {
      const [alone] = await model.greedy([FEW[n]], { maxLength: 5 });
      expect(alone.output).toEqual(found.output);
      const steps: WatchedCaption[] = [];
      for await (const step of model.watch(FEW[n], { maxLength: 5 })) steps.push(step);
      expect(steps.flatMap(({ symbol }) => symbol ?? [])).toEqual(found.output);
      if (found.weights === undefined) continue;
      expect(found.weights.map(({ length }) => length)).toEqual(
        found.output.map(() => (config.frames ?? 1) * model.gridSide ** 2),
      );
      found.weights.forEach((row, t) => {
        const rest = found.sentinel?.[t] ?? 0;
        expect(row.reduce((sum, weight) => sum + weight, rest)).toBeCloseTo(1, 4);
        if (found.sentinel) expect(steps[t].sentinel).toBeCloseTo(rest, 5);
      });
    }
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
  });

  it('has the parameters and the products that its cost says', async () => {
    await selectCounted();
    const items = itemsOf(FEW.slice(0, 2));
    const model = createCaptioner(config);
    const cost = costOfModel(model.config, { batch: 2, source: 1, target: items[0].target.length });
    expect(cost.total.parameters).toBe(model.parameterCount);
    const found = await productsOf(() => model.loss(items).dispose());
    const places = items[0].target.length + 1;
    expect(cost.total.forward.multiplyAdds).toBe(
      found.multiplyAdds + byConvolutions(config, 2) + others(config, 2, places),
    );
    model.dispose();
    await useEngine(CPU);
  });

  it('is the same after it was written to a file', async () => {
    const model = createCaptioner(config);
    const file = encodeModel(model);
    const again = await decodeModel(file, { networks: [captioner] });
    expect(await again.greedy(FEW, { maxLength: 4 })).toEqual(await model.greedy(FEW, { maxLength: 4 }));
    expect(encodeModel(again)).toEqual(file);
    model.dispose();
    again.dispose();
  });
});

const withoutEvenness = ({ decoder }: CaptionerConfig): Partial<CaptionerConfig> =>
  decoder.kind === 'recurrent' ? { decoder: { ...decoder, evenness: 0 } } : {};

/** Products that no matrix product makes: those of convolutions. */
function byConvolutions(config: CaptionerConfig, batch: number): number {
  const { encoder, size, width, frames = 1 } = config;
  // In a film each frame is seen with its difference from the one before.
  const channels = config.channels * (frames > 1 ? 2 : 1);
  if (encoder.kind === 'patches') return batch * frames * size ** 2 * channels * width;
  return encoder.filters.reduce((sum, filters, n) => {
    return sum + batch * frames * (size / 2 ** (n + 1)) ** 2 * 9 * (encoder.filters[n - 1] ?? channels) * filters;
  }, 0);
}

/** A sentinel's score is a sum of elementwise products; and where there is a mask, core's composed form also counts the values that aren't finite. */
function others({ decoder, width }: CaptionerConfig, batch: number, places: number): number {
  if (decoder.kind === 'transformer') return -decoder.layers * batch * places ** 2 * 2 * width;
  return decoder.attention.kind === 'visualSentinel' ? batch * places * (decoder.attention.units as number) : 0;
}

describe('training', () => {
  it('goes on to the same bits after an interruption, pictures augmented', async () => {
    const purposes: unknown[] = [];
    const network = captionerOf({
      augment(picture, purpose) {
        purposes.push(purpose);
        // Mirrored at every other step, so that a step that forgets its number would learn something else.
        if (purpose.index % 2 === 0) return picture;
        return { ...picture, data: picture.data.toReversed() };
      },
    });
    const examples = { train: EXAMPLES, validation: [] };
    const config = tinyCaptioner({}, { dropout: 0.1 });
    const whole = network.create(config);
    await createTrainer(network, whole, examples, training({ steps: 6 })).run();
    const stopping = new AbortController();
    const first = network.create(config);
    const trainer = createTrainer(network, first, examples, training({ steps: 6 }));
    await trainer.run({
      signal: stopping.signal,
      onProgress: ({ step }) => {
        if (step === 3) stopping.abort();
      },
    });
    expect(trainer.step).toBe(3);
    const second = network.create(config);
    await createTrainer(network, second, examples, training({ steps: 6 }), trainer.state()).run();
    for (const [key, variable] of Object.entries(whole.parameters)) {
      expect(second.parameters[key].dataSync(), key).toEqual(variable.dataSync());
    }
    expect(purposes[0]).toEqual({ seed: 2, index: 0, name: 'picture/0' });
    for (const model of [whole, first, second]) model.dispose();
  });

  /** Trains on all that there is, and says how much of it is known by heart. */
  async function learn(config: CaptionerConfig) {
    const model = createCaptioner(config);
    const known = examplesOf(config);
    const examples = { train: known, validation: [] };
    await createTrainer(captioner, model, examples, training({ steps: 160, batchSize: 27, learningRate: 0.02 })).run();
    const loss = lossOf(model, itemsOf(known));
    const { error } = await captioner.validate(model, known);
    const { parameterCount } = model;
    model.dispose();
    return { loss, error, parameterCount };
  }

  it('learns a small set by heart on wasm, with attention sooner than without', async () => {
    await useEngine(WASM);
    const attending = await learn(tinyCaptioner());
    const plain = await learn(tinyCaptioner({ attention: { kind: 'none' }, units: 27 }));
    await useEngine(CPU);
    expect(plain.parameterCount).toBeGreaterThanOrEqual(attending.parameterCount);
    expect(attending.error).toBe(0);
    expect(attending.loss).toBeLessThan(plain.loss / 2);
  });

  it('learns from films what came first, which no frame says by itself', async () => {
    await useEngine(WASM);
    const found = await learn(tinyCaptioner({}, { frames: 3 }));
    await useEngine(CPU);
    expect(found.error).toBe(0);
  });

  it('learns it on cpu', async () => {
    expect(await learn(tinyCaptioner())).toMatchObject({ error: 0 });
  });
});

describe('a picture that is asked about several times', () => {
  /** The same pixels, as pictures of their own. */
  const copied = (items: readonly Captioned[]): Captioned[] =>
    items.map(({ picture, ...rest }) => ({ ...rest, picture: { ...(picture as Pixels) } }));

  it('is encoded once, with the loss and the gradients of as many pictures', () => {
    const model = createCaptioner(tinyCaptioner());
    const items = itemsOf(EXAMPLES.slice(0, 6));
    expect(new Set(items.map(({ picture }) => picture)).size).toBe(3);
    const gradients = (from: readonly Captioned[]) =>
      tf.tidy(() => {
        const { value, grads } = tf.variableGrads(() => model.loss(from) as tf.Scalar);
        return { loss: value.dataSync()[0], grads: Object.values(grads).map((grad) => grad.dataSync()) };
      });
    const [once, often] = [items, copied(items)].map(gradients);
    expect(once.loss).toBeCloseTo(often.loss, 5);
    once.grads.forEach((grad, n) => grad.forEach((value, at) => expect(value).toBeCloseTo(often.grads[n][at], 5)));
    model.dispose();
  });

  it('is changed once, as one picture', () => {
    const names: string[] = [];
    const network = captionerOf({ augment: (picture, { name }) => (names.push(name), picture) });
    const model = network.create(tinyCaptioner());
    model.loss(itemsOf(EXAMPLES.slice(0, 6)), { dropout: { seed: 1, step: 0 } }).dispose();
    expect(names).toEqual(['picture/0', 'picture/1', 'picture/2']);
    model.dispose();
  });

  it('is answered as if it had been asked about alone', async () => {
    const model = createCaptioner(tinyCaptioner());
    stir(model);
    const sources = EXAMPLES.slice(0, 6);
    const [once, often] = await Promise.all([
      model.greedy(sources, { maxLength: 5 }),
      model.greedy(copied(itemsOf(sources)), { maxLength: 5 }),
    ]);
    expect(once.map(({ output }) => output)).toEqual(often.map(({ output }) => output));
    once.forEach(({ logProbability }, n) => expect(logProbability).toBeCloseTo(often[n].logProbability, 5));
    model.dispose();
  });

  it('has its captions in one batch', () => {
    const items = EXAMPLES.flatMap((example) => captioner.items(example));
    expect(new Set(items.map((item) => captioner.together!(item))).size).toBe(EXAMPLES.length / 2);
    const [lazy] = captioner.items({
      ...EXAMPLES[0],
      get picture() {
        throw new Error('not yet');
      },
    } as never);
    expect(captioner.together!(lazy)).toBeUndefined();
  });
});

describe('films', () => {
  it('have behind each frame its difference from the one before, nothing behind the first', () => {
    const seen = tf.tidy(() => pictureBatch([[grey(0), grey(255)]], { size: 1, channels: 1, frames: 2 }).arraySync());
    expect(seen).toEqual([[[[-1, 0]]], [[[1, 2]]]]);
  });

  it('are asked for when they are needed', () => {
    let asked = 0;
    const [film] = FILMS;
    const [item] = captioner.items({
      ...film,
      get picture() {
        asked++;
        return film.picture;
      },
    });
    expect(asked).toBe(0);
    expect(item.picture).toBe(film.picture);
  });

  it('are augmented frame by frame in the same way', () => {
    const purposes: unknown[] = [];
    const network = captionerOf({ augment: (picture, purpose) => (purposes.push(purpose), picture) });
    const model = network.create(tinyCaptioner({}, { frames: 3 }));
    tf.tidy(() => model.loss(itemsOf(FILMS.slice(0, 1)), { dropout: { seed: 4, step: 7 } }));
    expect(purposes).toEqual([0, 1, 2].map(() => ({ seed: 4, index: 7, name: 'picture/0' })));
    model.dispose();
  });

  it('of other frames than the model’s are refused, and so is a damaged frame', async () => {
    const [film, ...others] = itemsOf(FILMS);
    const frames = film.picture as readonly Pixels[];
    const model = createCaptioner(tinyCaptioner({}, { frames: 3 }));
    for (const picture of [frames.slice(1), [...frames, frames[0]], frames[0], []]) {
      await expect(model.greedy([...others.slice(0, 2), { ...film, picture }])).rejects.toMatchObject({
        code: 'SHAPE_MISMATCH',
        message: expect.stringContaining('picture 2 of 3'),
      });
    }
    const damaged = [frames[0], { ...frames[1], width: 3 }, frames[2]];
    await expect(model.greedy([{ ...film, picture: damaged }])).rejects.toMatchObject({
      code: 'SHAPE_MISMATCH',
      message: expect.stringContaining('frame 1 of picture 0 of 1'),
    });
    const single = createCaptioner(tinyCaptioner());
    await expect(single.greedy([film])).rejects.toMatchObject({ code: 'SHAPE_MISMATCH' });
    model.dispose();
    single.dispose();
  });

  it('leave the parameters of models of single pictures as they were', () => {
    const keysOf = (config: CaptionerConfig): string[] => {
      const model = createCaptioner(config);
      const keys = Object.entries(model.parameters).map(([key, { shape }]) => `${key} [${shape}]`);
      model.dispose();
      return keys;
    };
    const single = keysOf(tinyCaptioner());
    expect(single).toContain('encoder/0/kernel [27,8]');
    expect(keysOf(tinyCaptioner({}, { frames: 1 }))).toEqual(single);
    const film = keysOf(tinyCaptioner({}, { frames: 3 }));
    expect(film.filter((key) => !single.includes(key))).toEqual(['encoder/frames [3,16]', 'encoder/0/kernel [54,8]']);
  });
});

const grey = (value: number): Pixels => ({ width: 1, height: 1, channels: 1, data: Uint8Array.of(value) });

describe('what isn’t right is refused', () => {
  const model = (): Captioner => createCaptioner(tinyCaptioner());
  const item = { picture: drawn([['red', 0]]), language: 'en', target: ['red'] };

  it.each<[string, unknown, string]>([
    ['no picture', { ...item, picture: undefined }, 'INVALID_ARGUMENT'],
    ['nothing', undefined, 'INVALID_ARGUMENT'],
    ['numbers that are no bytes', { ...item, picture: { ...item.picture, data: [1, 2, 3] } }, 'INVALID_ARGUMENT'],
    ['another size', { ...item, picture: { ...item.picture, width: 8 } }, 'SHAPE_MISMATCH'],
    ['too few bytes', { ...item, picture: { ...item.picture, data: new Uint8Array(5) } }, 'SHAPE_MISMATCH'],
    ['an alpha channel without its bytes', { ...item, picture: { ...item.picture, channels: 4 } }, 'SHAPE_MISMATCH'],
    ['an unknown language', { ...item, language: 'fr' }, 'INVALID_ARGUMENT'],
  ])('%s', async (_, given, code) => {
    const one = model();
    const before = tf.memory().numTensors;
    const wrong = given as Captioned;
    expect(() => one.loss([wrong])).toThrow(expect.objectContaining({ code }));
    expect(() => one.teach([wrong])).toThrow(expect.objectContaining({ code }));
    await expect(one.greedy([wrong])).rejects.toMatchObject({ code });
    await expect(one.beam([wrong])).rejects.toMatchObject({ code });
    await expect(one.watch(wrong).next()).rejects.toMatchObject({ code });
    expect(tf.memory().numTensors).toBe(before);
    one.dispose();
  });

  it('an unknown word, nothing to learn, a model that is gone', async () => {
    const one = model();
    expect(() => one.loss([{ ...item, target: ['mauve'] }])).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    );
    expect(() => one.loss([])).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
    one.dispose();
    expect(() => one.loss([item])).toThrow(expect.objectContaining({ code: 'DISPOSED' }));
    await expect(one.greedy([item])).rejects.toMatchObject({ code: 'DISPOSED' });
  });

  it.each<[string, Partial<CaptionerConfig>]>([
    [
      'a size that patches don’t divide',
      { encoder: { kind: 'patches', patch: 5, layers: 1, heads: 2, feedForwardWidth: 8 } },
    ],
    ['more halvings than the size has', { size: 12, encoder: { kind: 'convolutional', filters: [4, 4, 4] } }],
    [
      'heads that don’t divide the width',
      { decoder: { kind: 'transformer', heads: 3, layers: 1, feedForwardWidth: 8, tiedEmbeddings: true } },
    ],
    ['five channels', { channels: 5 }],
    ['no frames', { frames: 0 }],
    ['half a frame', { frames: 1.5 }],
    ['evenness of nothing', tinyCaptioner({ attention: { kind: 'none' }, evenness: 1 })],
    ['no languages', { languages: [] }],
  ])('a configuration with %s', (_, changes) => {
    expect(() => createCaptioner({ ...tinyCaptioner(), ...changes })).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID' }),
    );
  });
});
