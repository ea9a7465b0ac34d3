import { decodeSafetensors } from '@heed/formats';
import { describe, expect, it } from 'vitest';
import { filesIn } from '../../test/folders.js';
import { bytesOf, difference, frontEnds } from '../../test/vectors.js';
import { Config } from '../config.js';
import type { Values } from '../networks/values.js';
import { decodeWav } from '../sounds/wav.js';
import { makeProcessor, readProcessorConfig } from './read-processor.js';

const numbers = ({ data }: Exclude<Values, { dispose(): void }>): ArrayLike<number> => data as ArrayLike<number>;

const processorOf = async (name: string, changed: Parameters<typeof filesIn>[1] = {}) =>
  makeProcessor((await readProcessorConfig(filesIn(name, changed)))!);

const json = (name: string, file = 'preprocessor_config.json'): object =>
  JSON.parse(new TextDecoder().decode(filesIn(name)[file]!)) as object;

/** Pictures of a folder of vectors, and the pixel values that transformers made of them. */
function picturesOf(name: string) {
  const { images_uint8: stored, pixel_values: wanted } = decodeSafetensors(filesIn(name)['expected.safetensors']!)
    .tensors as Record<string, { shape: readonly number[]; data: Float32Array }>;
  const [count, height, width] = stored!.shape as [number, number, number];
  const size = stored!.data.length / count;
  const pictures = Array.from({ length: count }, (_, n) => ({
    width,
    height,
    data: stored!.data.subarray(n * size, (n + 1) * size),
  }));
  return { pictures, wanted: wanted!.data };
}

describe('images', () => {
  it.each(['vit', 'clip'])('of %s are the pixel values of transformers', async (name) => {
    const { pictures, wanted } = picturesOf(name);
    const { pixelValues } = (await processorOf(name)).images(pictures);
    expect(pixelValues.shape).toEqual([3, 3, 32, 32]);
    expect(difference(numbers(pixelValues as never), wanted)).toBeLessThan(1e-6);
  });

  it('of configurations that say the same otherwise are the same', async () => {
    const { pictures, wanted } = picturesOf('clip');
    const own = json('clip');
    const others = [
      { ...own, image_processor_type: 'CLIPImageProcessorFast', size: 32, crop_size: 32 },
      {
        ...own,
        image_processor_type: undefined,
        feature_extractor_type: 'CLIPFeatureExtractor',
        image_mean: undefined,
      },
    ];
    const changes = [
      ...others.map((other) => ({ 'preprocessor_config.json': JSON.stringify(other) })),
      {
        'preprocessor_config.json': undefined,
        'processor_config.json': JSON.stringify({ image_processor: own, processor_class: 'CLIPProcessor' }),
      },
    ];
    for (const changed of changes) {
      const { pixelValues } = (await processorOf('clip', changed)).images(pictures);
      expect(difference(numbers(pixelValues as never), wanted)).toBeLessThan(1e-6);
    }
  });

  it('are made smaller and cut as CLIP’s are', () => {
    const { source, clip } = frontEnds<{
      source: { width: number; height: number; rgb: string };
      clip: { shortest_edge: number; crop: number; rgb: string };
    }>('pictures.json');
    const processor = makeProcessor(
      new Config({
        image_processor_type: 'CLIPImageProcessor',
        size: { shortest_edge: clip.shortest_edge },
        crop_size: { height: clip.crop, width: clip.crop },
        do_rescale: false,
        do_normalize: false,
      }),
    );
    const { pixelValues } = processor.images([{ ...source, data: bytesOf(source.rgb) }]);
    const wanted = bytesOf(clip.rgb);
    const area = clip.crop ** 2;
    const planes = Array.from(wanted, (_, n) => wanted[(n % area) * 3 + Math.floor(n / area)]!);
    expect(Array.from(numbers(pixelValues as never))).toEqual(planes);
  });

  it.each([
    ['none', [], 'INVALID_ARGUMENT'],
    ['what is no picture', [{ width: 2, height: 2 }], 'INVALID_ARGUMENT'],
    ['sides that are no sizes', [{ width: -1, height: 1.5, data: [] }], 'INVALID_ARGUMENT'],
    ['too few pixels', [{ width: 2, height: 2, data: [1, 2, 3] }], 'SHAPE_MISMATCH'],
    ['one that is far too narrow', [{ width: 1, height: 2e5, data: new Uint8Array(2e5) }], 'INVALID_ARGUMENT'],
  ])('refuses %s', async (_, pictures, code) => {
    const processor = await processorOf('clip');
    expect(() => processor.images(pictures as never)).toThrow(expect.objectContaining({ code }));
  });

  it('of several sizes that stay so are refused', () => {
    const processor = makeProcessor(new Config({ image_processor_type: 'ViTImageProcessor', do_resize: false }));
    const picture = (width: number) => ({ width, height: 1, data: new Uint8Array(width) });
    expect(processor.images([picture(2)]).pixelValues.shape).toEqual([1, 3, 1, 2]);
    expect(() => processor.images([picture(2), picture(3)])).toThrow(
      expect.objectContaining({ code: 'SHAPE_MISMATCH' }),
    );
  });
});

describe('audio', () => {
  it('of WAV files are the features of transformers', async () => {
    const files = filesIn('whisper');
    const sounds = [0, 1, 2].map((n) => decodeWav(files[`audio-${n}.wav`]!));
    const { inputFeatures } = (await processorOf('whisper')).audio(sounds);
    const wanted = decodeSafetensors(files['expected.safetensors']!).tensors.input_features!;
    expect(inputFeatures.shape).toEqual(wanted.shape);
    // Transformers' own are of a Fourier transform in float32.
    expect(difference(numbers(inputFeatures as never), wanted.data as Float32Array)).toBeLessThan(5e-5);
  });

  it('that lasts longer than the model hears is refused, and pictures are', async () => {
    const processor = await processorOf('whisper');
    const sound = { sampleRate: 8000, channels: [new Float32Array(8001)] };
    expect(() => processor.audio([sound])).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining('1.0 s') as string }),
    );
    expect(() => processor.images([])).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
    expect(processor.takes).toEqual(['audio']);
  });
});

it.each([
  ['a kind that isn’t known', { image_processor_type: 'BlipImageProcessor' }, 'UNKNOWN_NAME'],
  ['no kind', {}, 'CONFIG_INVALID'],
  ['a filter that there is not', { image_processor_type: 'ViTImageProcessor', resample: 6 }, 'CONFIG_INVALID'],
  [
    'a size that is none',
    { image_processor_type: 'ViTImageProcessor', size: { height: 0, width: 3 } },
    'CONFIG_INVALID',
  ],
  ['a gigantic size', { image_processor_type: 'ViTImageProcessor', size: 1e9 }, 'CONFIG_INVALID'],
  ['a mean of two colours', { image_processor_type: 'ViTImageProcessor', image_mean: [0, 1] }, 'CONFIG_INVALID'],
  ['a deviation of 0', { image_processor_type: 'ViTImageProcessor', image_std: [0, 1, 1] }, 'CONFIG_INVALID'],
  ['noise', { feature_extractor_type: 'WhisperFeatureExtractor', dither: 0.1 }, 'CONFIG_INVALID'],
  ['gigantic frames', { feature_extractor_type: 'WhisperFeatureExtractor', n_fft: 1e9 }, 'CONFIG_INVALID'],
  ['a day', { feature_extractor_type: 'WhisperFeatureExtractor', chunk_length: 86_400 }, 'CONFIG_INVALID'],
])('a configuration with %s is refused', (_, config, code) => {
  expect(() => makeProcessor(new Config(config))).toThrow(expect.objectContaining({ code }));
});
