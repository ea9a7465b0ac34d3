import { HeedError } from '@heed/base';
import { Config } from '../config.js';
import { readJson, type PretrainedFiles } from '../files/pretrained-files.js';
import { whisperFeatureExtractor } from './feature-extractor.js';
import { imageProcessor, type ImageDefaults } from './image-processor.js';
import { Processor, type ProcessorParts } from './processor.js';

/** Numbers of PIL's filters. */
const [BILINEAR, BICUBIC] = [2, 3];

const HALVES = [0.5, 0.5, 0.5];

const images =
  (defaults: ImageDefaults) =>
  (config: Config): ProcessorParts => ({ images: imageProcessor(config, defaults) });

/** By the beginning of the class's name in transformers. */
const KINDS: ReadonlyMap<string, (config: Config) => ProcessorParts> = new Map<
  string,
  (config: Config) => ProcessorParts
>([
  ['ViT', images({ size: 224, bySide: 'both', resample: BILINEAR, mean: HALVES, std: HALVES })],
  ['DeiT', images({ size: 256, bySide: 'both', resample: BICUBIC, crop: 224, mean: HALVES, std: HALVES })],
  [
    'CLIP',
    images({
      size: 224,
      bySide: 'shorter',
      resample: BICUBIC,
      crop: 224,
      mean: [0.481_454_66, 0.457_827_5, 0.408_210_73],
      std: [0.268_629_54, 0.261_302_58, 0.275_777_11],
    }),
  ],
  ['Whisper', whisperFeatureExtractor],
]);

/** ViTImageProcessor, ViTImageProcessorFast, ViTImageProcessorPil, and ViTFeatureExtractor of older files. */
const CLASS = /^(\w+?)(ImageProcessor(Fast|Pil)?|FeatureExtractor)$/;

/**
 * The configuration of a folder's processor: `preprocessor_config.json`, or the part of transformers 5's `processor_config.json`; undefined
 * where a folder has neither.
 *
 * @throws HeedError FILE_INVALID, FILE_TOO_LARGE
 */
export async function readProcessorConfig(files: PretrainedFiles): Promise<Config | undefined> {
  const own = await readJson(files, 'preprocessor_config.json');
  if (own !== undefined) return new Config(own, 'preprocessor_config.json');
  const shared = await readJson(files, 'processor_config.json');
  if (shared === undefined) return undefined;
  const whole = new Config(shared, 'processor_config.json');
  const name = ['image_processor', 'feature_extractor'].find((name) => whole.has(name));
  return name === undefined ? undefined : whole.section(name);
}

/**
 * The processor of a configuration.
 *
 * @throws HeedError UNKNOWN_NAME for a kind that isn't known, with those that are; CONFIG_INVALID
 */
export function makeProcessor(config: Config): Processor {
  const name = config.text(config.has('image_processor_type') ? 'image_processor_type' : 'feature_extractor_type');
  const make = KINDS.get(CLASS.exec(name)?.[1] ?? '');
  if (make !== undefined) return new Processor(make(config));
  throw new HeedError('UNKNOWN_NAME', {
    message: `${config.what}: there is no processor ${JSON.stringify(name)}`,
    hint: `the known ones are those of ${[...KINDS.keys()].join(', ')}; or give the model's inputs as numbers`,
    details: { name },
  });
}
