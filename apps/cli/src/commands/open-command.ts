import { defineCommand } from '../command.js';
import { flag, toggle, turnsOff, type FlagsOf } from '../flag.js';
import { InvalidValue, number, wholeNumber } from '../flag-values.js';
import { BACKEND_FLAGS, beam, COMMON_FLAGS, UNUSED_SEED } from '../shared-flags.js';

/** Which attention of an encoder–decoder. */
const PARTS = ['cross', 'encoder', 'decoder'] as const;

type Part = (typeof PARTS)[number];

function partOf(text: string): Part {
  const part = PARTS.find((name) => name === text);
  if (part === undefined) throw new InvalidValue(`It must be ${PARTS.join(', ')}.`);
  return part;
}

const headOrMean = (text: string): number | 'mean' => (text === 'mean' ? 'mean' : wholeNumber()(text));

const FLAGS = {
  pair: flag('<text>', 'a second text, of models that take two'),
  layer: flag('<number>', 'show the maps of this layer, from 0; the last by default', wholeNumber()),
  head: flag('<number|mean>', 'show this head, from 0, or the mean of all, as by default', headOrMean),
  part: flag(
    '<part>',
    `of encoder–decoders: ${PARTS.join(', ')}; cross, which is the decoder’s attention to the encoder, by default`,
    partOf,
  ),
  rollout: toggle(
    'show how much of each token each position holds after a layer, as its attention and those before it tell',
  ),
  length: flag('<number>', 'continue with so many tokens at most', wholeNumber({ least: 1, most: 4096 }), 20),
  beam,
  out: flag(
    '<file>',
    'write the maps of all layers and heads, or of those asked for, to .svg, .png, .html, .csv or .json',
  ),
  maps: turnsOff('show no attention maps in the terminal'),
  check: toggle('hold the folder to the numbers in its expected.json'),
  tolerance: flag('<number>', 'of --check: largest difference of a number', number({ above: 0 }), 1e-4),
  ...UNUSED_SEED,
  ...BACKEND_FLAGS,
  ...COMMON_FLAGS,
};

export type OpenFlags = FlagsOf<typeof FLAGS>;

export const OPEN = defineCommand({
  usage: 'open <folder> [inputs...]',
  about:
    'A pretrained transformer in a folder of Hugging Face: config.json, safetensors, tokenizer.json. Says what it is; of a text, a picture (.png, .jpg, .webp) or a sound (.wav), what the model makes of it, and what it attends to. Exit code 3 when --check fails.',
  flags: FLAGS,
  examples: [
    'heed open gpt2 "The old miller" --layer 0 --head 3',
    'heed open bert "A [MASK] red boat." --out maps.html',
    'heed open t5 "The old miller" --part encoder --rollout',
    'heed open vit photo.jpg --layer 3 --head 0',
    'heed open clip photo.jpg "a boat" "a tree"',
    'heed open whisper speech.wav',
    'heed open folder --check',
  ],
  runs: 'on its backend',
  load: async () => (await import('./open.js')).open,
});
