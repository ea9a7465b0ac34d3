import { models, type BundledModel } from '@heed/models';

/** Task of the captioner that comes with the page, whose inputs are pictures and nothing that one types. */
export const OF_PICTURES = 'caption';

/** The captioner that comes with the page, where there is one. */
export const shippedCaptioner: BundledModel | undefined = Object.hasOwn(models, OF_PICTURES)
  ? models[OF_PICTURES]
  : undefined;
