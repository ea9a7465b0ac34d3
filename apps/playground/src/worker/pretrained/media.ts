import { HeedError } from '@heed/base';
import { decodeWav, seenPicture, type Inputs, type PretrainedModel, type RgbPicture } from '@heed/hugging-face';

// A minute of stereo at 48 kHz has 12 MB, a photograph 20 MB.
const LARGEST = 2 ** 28;

/** What a model sees or hears of a file. */
export interface Media {
  readonly inputs: Inputs;
  /** The picture as the model sees it: cut, and of its size. */
  readonly picture?: RgbPicture;
  /** Seconds that the model hears at once, and how many of them the sound lasts. */
  readonly sound?: { readonly window: number; readonly seconds: number };
}

/**
 * Makes numbers of a picture or a sound, as the model's folder says.
 *
 * @throws HeedError FILE_INVALID, FILE_TOO_LARGE; INVALID_ARGUMENT for a sound that lasts too long, and without a processor
 */
export async function readMedia({ processor }: PretrainedModel, file: File): Promise<Media> {
  if (processor === undefined) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: 'there is no preprocessor_config.json',
      hint: 'it says how pictures and sounds are made into numbers',
    });
  }
  if (file.size > LARGEST) {
    throw new HeedError('FILE_TOO_LARGE', {
      message: `${file.name} has ${file.size} bytes, the limit is ${LARGEST}`,
      details: { file: file.name, size: file.size, maxBytes: LARGEST },
    });
  }
  if (processor.takes.includes('images')) {
    const inputs = processor.images([await pixelsOf(file)]);
    return { inputs, picture: seenPicture(inputs.pixelValues) };
  }
  const sound = decodeWav(new Uint8Array(await file.arrayBuffer()));
  const seconds = sound.channels[0]!.length / sound.sampleRate;
  return { inputs: processor.audio([sound]), sound: { window: processor.seconds ?? seconds, seconds } };
}

/** Pixels of a picture of any kind that the browser knows. */
async function pixelsOf(file: File): Promise<ImageData> {
  const bitmap = await createImageBitmap(file, { premultiplyAlpha: 'none', colorSpaceConversion: 'none' }).catch(
    (cause: unknown) => {
      throw new HeedError('FILE_INVALID', {
        message: `${file.name} is no picture that this browser can read`,
        details: { file: file.name },
        cause,
      });
    },
  );
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext('2d')!;
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return context.getImageData(0, 0, width, height);
}
