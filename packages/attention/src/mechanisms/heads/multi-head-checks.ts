import type { MultiHeadConfig } from './multi-head-options.js';
import { isWhole, NOT_WHOLE } from './place.js';

/** What goes together in multi-head attention, each with what is said where it doesn't. */
export const MULTI_HEAD_CHECKS: readonly (readonly [holds: (config: MultiHeadConfig) => boolean, message: string])[] = [
  [isWhole, NOT_WHOLE],
  [({ heads, keyHeads }) => heads % keyHeads === 0, 'keyHeads must divide heads'],
  [
    ({ rotary, headWidth }) =>
      rotary === undefined || ((rotary.width ?? headWidth) <= headWidth && (rotary.width ?? headWidth) % 2 === 0),
    'rotary needs an even width, at most headWidth',
  ],
  [
    ({ alibi, heads }) => alibi?.slopes === undefined || alibi.slopes.length === heads,
    'alibi needs one slope per head',
  ],
  [
    ({ qkNorm, scale }) => qkNorm !== 'l2' || scale === undefined,
    "qkNorm 'l2' learns its scale, so scale can't be given",
  ],
  [
    ({ qkNorm, qkNormEpsilon }) => qkNormEpsilon === undefined || qkNorm === 'head' || qkNorm === 'full',
    "qkNormEpsilon needs qkNorm 'head' or 'full'",
  ],
  [({ normalizer, alpha }) => alpha === undefined || normalizer === 'entmax', "alpha needs normalizer 'entmax'"],
  [
    ({ normalizer, sigmoidBias }) => sigmoidBias === undefined || normalizer === 'sigmoid',
    "sigmoidBias needs normalizer 'sigmoid'",
  ],
  // A sink is one more exponential in a sum, and a span a factor of exponentials: other normalisers have none.
  [(config) => !config.sinks || isSoftmax(config), "sinks need normalizer 'softmax'"],
  [
    (config) => !(config.learnedPosition || config.zeroPosition) || isSoftmax(config),
    "learnedPosition and zeroPosition need normalizer 'softmax'",
  ],
  [(config) => config.span === undefined || isSoftmax(config), "span needs normalizer 'softmax'"],
  // Heads of the softmax are others than those that parameters are of.
  [
    (config) =>
      config.talkingHeads === undefined || (isSoftmax(config) && !hasOwnPositions(config) && config.span === undefined),
    "talkingHeads need normalizer 'softmax', without sinks, learnedPosition, zeroPosition and span",
  ],
  // Distances in the text aren't those in the cache, and what was evicted has none.
  [
    ({ streaming, alibi, relative, span }) =>
      streaming === undefined || (alibi === undefined && relative === undefined && span === undefined),
    "streaming doesn't go with alibi, relative and span",
  ],
  [
    ({ streaming, rotary }) => streaming?.positions === undefined || rotary !== undefined,
    'streaming.positions needs rotary',
  ],
];

const isSoftmax = ({ normalizer = 'softmax' }: MultiHeadConfig): boolean => normalizer === 'softmax';

const hasOwnPositions = ({ sinks, learnedPosition, zeroPosition }: MultiHeadConfig): boolean =>
  [sinks, learnedPosition, zeroPosition].includes(true);
