/**
 * What a family is defined of: the blocks that Heed's own are of, for those of somebody else. `loadPretrained(source, { families: [mine] })` and
 * `families` of a configuration file take them.
 */
export type { Config } from '../config.js';
export type { Build, Family } from './family.js';
export { activationOf } from '../layers/activation.js';
export { attention, type Attention, type AttentionParts } from '../layers/attention.js';
export type { Block, Stack } from '../layers/block.js';
export { blocksOf, classicBlock, type BlockNames, type ClassicOptions } from '../layers/classic-block.js';
export { feedForward, gatedFeedForward } from '../layers/feed-forward.js';
export {
  after,
  embedding,
  inTurn,
  layerNorm,
  linear,
  product,
  rmsNorm,
  type Embedding,
  type Layer,
  type LinearOptions,
  type RowNumbers,
  type Rows,
} from '../layers/layer.js';
export { packed, packedMemory, separate, type Project } from '../layers/project.js';
export { encoderDecoder, textEncoder } from '../networks/encoder-decoder.js';
export type { Network } from '../networks/network.js';
export { towerNetwork, type Head } from '../networks/tower-network.js';
export { firstOf, lastOf, type EmbeddedTokens, type Pool, type Tower } from '../networks/tower.js';
export type { Parameter, ParameterTree } from '../parameters.js';
export { labelsOf } from './labels.js';
