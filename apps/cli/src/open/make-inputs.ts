import { decodeWav, seenPicture, type Inputs, type PretrainedModel, type RgbPicture } from '@heed/hugging-face';
import { decodePicture } from '@heed/pictures';
import type { Host } from '../host.js';
import { ofFile } from '../io/of-file.js';
import { processorOf, type Given } from './given.js';

/** Most bytes of a file of a picture or a sound. */
const LARGEST = 2 ** 28;

/** Inputs of a model, and what their positions are called in maps. */
export interface MadeInputs {
  readonly inputs: Inputs;
  /** Tokens of each text. */
  readonly tokens: readonly (readonly string[])[];
  /** The pictures as the model sees them. */
  readonly pictures?: readonly RgbPicture[];
  /** Which share of what the model hears the sound lasts. */
  readonly heard?: number;
}

/** Makes what was given into inputs, and says what it is. */
export async function makeInputs(
  host: Host,
  model: PretrainedModel,
  given: Given,
  pair: string | undefined,
): Promise<MadeInputs> {
  const texts = readTexts(host, model, given.texts, pair);
  const [pictures, sounds] = [await readPictures(host, model, given), await readSounds(host, model, given)];
  return {
    ...texts,
    ...pictures,
    ...sounds,
    inputs: { ...texts.inputs, ...pictures?.inputs, ...sounds?.inputs },
  };
}

function readTexts(
  { output }: Host,
  { tokenizer, takes }: PretrainedModel,
  texts: readonly string[],
  pair: string | undefined,
): MadeInputs {
  if (texts.length === 0 || tokenizer === undefined) return { inputs: {}, tokens: [] };
  const isPrompt = !takes.includes('inputIds');
  const encodings = texts.map((text) =>
    tokenizer.encode(text, { ...(pair !== undefined && { pair }), specialTokens: !isPrompt }),
  );
  for (const { tokens, ids } of encodings) {
    output.event({ event: 'tokens', tokens, ids });
    output.print(tokens.join(' '));
  }
  const tokens = encodings.map(({ tokens }) => tokens);
  const ids = encodings.map(({ ids }) => ids);
  if (isPrompt) return { inputs: { decoderInputIds: ids }, tokens };
  if (texts.length > 1) {
    const { inputIds, attentionMask } = tokenizer.encodeBatch(texts);
    return { inputs: { inputIds, attentionMask }, tokens };
  }
  const typeIds = encodings.map(({ typeIds }) => typeIds);
  return { inputs: { inputIds: ids, ...(takes.includes('tokenTypeIds') && { tokenTypeIds: typeIds }) }, tokens };
}

async function readPictures(host: Host, model: PretrainedModel, { pictures: files }: Given) {
  if (files.length === 0) return undefined;
  const processor = processorOf(model);
  const pictures = [];
  for (const file of files) {
    const bytes = await host.readFile(file, LARGEST);
    const picture = await ofFile(file, () => decodePicture(bytes));
    const { width, height } = picture;
    host.output.event({ event: 'picture', file, width, height });
    host.output.print(`${file}: ${width} by ${height} pixels`);
    pictures.push(picture);
  }
  const inputs = processor.images(pictures);
  return { inputs, pictures: pictures.map((_, n) => seenPicture(inputs.pixelValues, n)) };
}

async function readSounds(host: Host, model: PretrainedModel, { sounds: [file] }: Given) {
  if (file === undefined) return undefined;
  const processor = processorOf(model);
  const bytes = await host.readFile(file, LARGEST);
  const sound = await ofFile(file, () => decodeWav(bytes));
  const { sampleRate, channels } = sound;
  const seconds = channels[0]!.length / sampleRate;
  host.output.event({ event: 'sound', file, seconds, sampleRate, channels: channels.length });
  host.output.print(`${file}: ${seconds.toFixed(2)} s at ${sampleRate} Hz`);
  return { inputs: processor.audio([sound]), heard: seconds / processor.seconds! };
}
