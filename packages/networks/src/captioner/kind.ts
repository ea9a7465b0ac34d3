import { errorRates, outputErrors } from '@heed/metrics';
import type { Network } from '@heed/nn';
import { createCaptioner, type Captioned, type Captioner, type CaptionerOptions, type Pictured } from './captioner.js';
import { parseCaptioner, type CaptionerConfig } from './config.js';
import { costOfCaptioner } from './cost.js';
import { openTo } from '../with-mechanisms.js';

/** A picture with the captions that are right in its language. */
export interface CaptionExample extends Pictured {
  readonly targets: readonly (readonly string[])[];
}

/**
 * Captioners: each caption of an example is learnt, and the error is that of symbols against the nearest caption.
 *
 * @param options the mechanisms that their attention may be, and how pictures are augmented in training
 */
export const captionerOf = (options: CaptionerOptions): CaptionerNetwork =>
  openTo(networkOf(options), options, (mechanisms) => networkOf({ ...options, mechanisms }));

type CaptionerNetwork = Network<CaptionerConfig, Captioner, CaptionExample, Captioned>;

const networkOf = (options: CaptionerOptions): CaptionerNetwork => ({
  kind: 'captioner',
  parse: (value) => parseCaptioner('captioner', value),
  create: (config, given) => createCaptioner(config, given, options),
  cost: (config, sizes) => costOfCaptioner(config, sizes, options),
  items: (example) => example.targets.map((target) => itemOf(example, target)),
  lengths: ({ target }) => ({ source: 1, target: target.length }),
  together: (item) => ('value' in Object.getOwnPropertyDescriptor(item, 'picture')! ? item.picture : undefined),
  async validate(model, examples) {
    const captions = await model.greedy(examples);
    const errors = captions.map(({ output }, n) => outputErrors(output, examples[n].targets));
    const { tokenErrorRate, sequenceErrorRate } = errorRates(errors);
    return { error: tokenErrorRate, figures: { tokenErrorRate, sequenceErrorRate } };
  },
});

/** An item whose picture is asked for when it is needed, where it is made only then, as frames of films may be. */
function itemOf(example: CaptionExample, target: readonly string[]): Captioned {
  const { language } = example;
  const own = Object.getOwnPropertyDescriptor(example, 'picture');
  if (own !== undefined && 'value' in own) return { picture: example.picture, language, target };
  return {
    get picture() {
      return example.picture;
    },
    language,
    target,
  };
}

/** Captioners with the mechanisms of `@heed/attention`, of pictures as they are. */
export const captioner = captionerOf({});
