import { cpu } from '@heed/backend-cpu';
import { selectBackend } from '@heed/core';
import { captionSymbols } from '@heed/datasets';
import { createCaptioner, type Captioner } from '@heed/networks';
import { encodeModel } from '@heed/nn';
import type { Picture } from '@heed/pictures';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';

const SIDE = 16;

/** A square of a colour in a clear picture, from a place on. */
function square(colour: readonly [number, number, number], [left, top]: readonly [number, number]): Picture {
  const data = new Uint8Array(SIDE * SIDE * 4);
  for (let y = 0; y < SIDE / 2; y++) {
    for (let x = 0; x < SIDE / 2; x++) data.set([...colour, 255], ((top + y) * SIDE + left + x) * 4);
  }
  return { width: SIDE, height: SIDE, channels: 4, data };
}

export const RED = square([221, 46, 68], [0, 0]);
export const BLUE = square([47, 127, 209], [8, 8]);

/** Pictures with what they are called. */
const KNOWN: readonly (readonly [Picture, Readonly<Record<string, string>>])[] = [
  [RED, { en: 'red square', de: 'rotes Quadrat', fr: 'carré rouge', zh: '红色方块' }],
  [BLUE, { en: 'blue square', de: 'blaues Quadrat', fr: 'carré bleu', zh: '蓝色方块' }],
];

// As many as the words are learnt in, with room to spare.
const STEPS = 120;

export interface TinyCaptioner {
  readonly model: Captioner;
  /** model.safetensors */
  readonly file: Buffer;
}

/** A captioner of two pictures with a visual sentinel, the same every time. Its backend stays selected. */
export async function tinyCaptioner(): Promise<TinyCaptioner> {
  await selectBackend(cpu());
  const items = KNOWN.flatMap(([picture, captions]) =>
    Object.entries(captions).map(([language, text]) => ({ picture, language, target: captionSymbols(text, language) })),
  );
  const model = createCaptioner({
    kind: 'captioner',
    targetSymbols: [...new Set(items.flatMap(({ target }) => target))].toSorted(),
    languages: Object.keys(KNOWN[0][1]),
    seed: 1,
    size: SIDE,
    channels: 3,
    width: 16,
    encoder: { kind: 'convolutional', filters: [8, 16] },
    decoder: {
      kind: 'recurrent',
      architecture: 'luong',
      cell: 'gru',
      embeddingWidth: 12,
      units: 24,
      outputUnits: 24,
      attention: { kind: 'visualSentinel', units: 16 },
    },
    dropout: 0,
  });
  const optimizer = tf.train.adam(0.01);
  for (let step = 0; step < STEPS; step++) optimizer.minimize(() => model.loss(items));
  optimizer.dispose();
  return { model, file: Buffer.from(encodeModel(model)) };
}
