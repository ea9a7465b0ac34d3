import { HeedError } from '@heed/base';
import { byFormula, type MakeFormula } from './formula.js';
import type { LayerTable } from './make-layer.js';

const CLASSES = [
  'AugMix',
  'RandAugment',
  'RandomBrightness',
  'RandomColorDegeneration',
  'RandomColorJitter',
  'RandomContrast',
  'RandomElasticTransform',
  'RandomErasing',
  'RandomFlip',
  'RandomGaussianBlur',
  'RandomGrayscale',
  'RandomHue',
  'RandomInvert',
  'RandomPerspective',
  'RandomPosterization',
  'RandomRotation',
  'RandomSaturation',
  'RandomSharpness',
  'RandomShear',
  'RandomTranslation',
  'RandomZoom',
];

/** Leaves its inputs as they are, as Keras does outside of training, and refuses to train: other images would be learnt from than in Keras. */
const outsideOfTraining =
  (className: string): MakeFormula =>
  (config) => ({
    argumentNames: ['inputs', 'training'],
    run(x, { training }) {
      if (training !== true) return x;
      throw new HeedError('INVALID_ARGUMENT', {
        message: `layer ${String(config.values['name'])} is a ${className}, which changes images at random while training, and that isn't supported`,
        hint: 'change the images before they come to the model, and take the layer off; what is trained without it can be put behind it again',
        details: { className },
      });
    },
  });

/** Layers that change images at random while training. */
export const AUGMENTING_LAYERS: LayerTable = byFormula(
  Object.fromEntries(CLASSES.map((name) => [name, outsideOfTraining(name)])),
);
