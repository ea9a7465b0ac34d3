import type { PretrainedModel, Processor } from '@heed/hugging-face';
import { UsageError } from '../usage-error.js';

/** What a model is to read: texts, and files of pictures and sounds. */
export interface Given {
  readonly texts: readonly string[];
  readonly pictures: readonly string[];
  readonly sounds: readonly string[];
}

/** Kinds that can't be read, too: their reader says which ones can. */
const PICTURE = /\.(png|jpe?g|webp|gif|bmp|tiff?|avif|heic|svg)$/i;
const SOUND = /\.wav$/i;

/** Arguments by what they are: names that end as files of pictures or sounds do are files, all others texts. */
export function givenOf(inputs: readonly string[]): Given {
  return {
    texts: inputs.filter((input) => !PICTURE.test(input) && !SOUND.test(input)),
    pictures: inputs.filter((input) => PICTURE.test(input)),
    sounds: inputs.filter((input) => SOUND.test(input)),
  };
}

/** Refuses what the model doesn't take, and asks for what it needs. */
export function checkGiven({ architecture, takes, tokenizer }: PretrainedModel, given: Given, pair?: string): void {
  const { texts, pictures, sounds } = given;
  const isOfBoth = takes.includes('inputIds') && takes.includes('pixelValues');
  const isPrompted = takes.includes('decoderInputIds') && !takes.includes('inputIds');
  const kinds = [
    { what: 'text', list: texts, isTaken: takes.includes('inputIds') || isPrompted, most: isOfBoth ? MOST : 1 },
    { what: 'picture', list: pictures, isTaken: takes.includes('pixelValues'), most: isOfBoth ? MOST : 1 },
    { what: 'sound', list: sounds, isTaken: takes.includes('inputFeatures'), most: 1 },
  ];
  const taken = kinds.filter(({ isTaken }) => isTaken).map(({ what }) => `a ${what}`);
  for (const { what, list, isTaken, most } of kinds) {
    if (list.length > 0 && !isTaken) {
      throw new UsageError(`${architecture} reads no ${what}s`, `it takes ${taken.join(' and ')}`);
    }
    if (list.length > most) throw new UsageError(`there are ${list.length} ${what}s`, `give at most ${most}`);
  }
  for (const { what, list, isTaken } of kinds) {
    if (list.length > 0 || !isTaken || (isPrompted && what === 'text')) continue;
    throw new UsageError(`${architecture} takes ${taken.join(' and ')}`, `give a ${what}`);
  }
  if (texts.length > 0 && tokenizer === undefined) {
    throw new UsageError('the folder has no tokenizer.json', 'a text can’t be read without one');
  }
  if (pair !== undefined && (texts.length !== 1 || isOfBoth || isPrompted)) {
    throw new UsageError('--pair is for a text of a model that reads one or two', 'leave it out');
  }
}

const MOST = 64;

/** The folder's processor, without which no files can be read. */
export function processorOf({ processor }: PretrainedModel): Processor {
  if (processor !== undefined) return processor;
  throw new UsageError(
    'the folder has no preprocessor_config.json',
    'it says how pictures and sounds are made into numbers',
  );
}
