import { HeedError } from '@heed/base';
import type { PictureLike } from '@heed/pictures';
import type { Inputs } from '../networks/network.js';
import type { Sound } from '../sounds/sound.js';
import type { FeatureExtractor } from './feature-extractor.js';
import type { ImageProcessor } from './image-processor.js';

/** What is made into inputs, and by what: one of them, as a model's configuration has it. */
export interface ProcessorParts {
  readonly images?: ImageProcessor;
  readonly audio?: FeatureExtractor;
  /** How many seconds of a sound are heard at once, of a model of sounds. */
  readonly seconds?: number;
}

type Taken = 'images' | 'audio';

/** Makes inputs of a model from pictures or sounds, as its folder's `preprocessor_config.json` or `processor_config.json` says. */
export class Processor {
  readonly #parts: ProcessorParts;

  constructor(parts: ProcessorParts) {
    this.#parts = parts;
  }

  /** What it takes. */
  get takes(): readonly Taken[] {
    return (['images', 'audio'] as const).filter((name) => this.#parts[name] !== undefined);
  }

  /** How many seconds a sound may last; undefined of a processor of pictures. */
  get seconds(): number | undefined {
    return this.#parts.seconds;
  }

  /**
   * Pictures as pixel values, [B, 3, height, width].
   *
   * @throws HeedError INVALID_ARGUMENT for what is no picture, and of a model that takes sounds; SHAPE_MISMATCH
   */
  images(pictures: readonly PictureLike[]): Required<Pick<Inputs, 'pixelValues'>> {
    return this.#part('images')(pictures);
  }

  /**
   * Sounds as spectrograms, [B, bands, frames]. A sound may last as long as the model hears at once, and is followed by silence.
   *
   * @throws HeedError INVALID_ARGUMENT for what is no sound or lasts longer, and of a model that takes pictures; SHAPE_MISMATCH, NOT_FINITE
   */
  audio(sounds: readonly Sound[]): Required<Pick<Inputs, 'inputFeatures'>> {
    return this.#part('audio')(sounds);
  }

  #part<Name extends Taken>(name: Name): NonNullable<ProcessorParts[Name]> {
    const part = this.#parts[name];
    if (part !== undefined) return part;
    throw new HeedError('INVALID_ARGUMENT', {
      message: `the model takes no ${name}`,
      hint: `its processor takes ${this.takes.join(', ')}`,
    });
  }
}
