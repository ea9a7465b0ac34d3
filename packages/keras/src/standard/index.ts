import { HeedError } from '@heed/base';
import { AUGMENTING_LAYERS } from './augmenting.js';
import { CONVOLUTION_LAYERS } from './convolution/layers.js';
import { Dense } from './dense.js';
import { EinsumDense } from './einsum-dense.js';
import { ACTIVATION_LAYERS } from './elementwise.js';
import { Embedding } from './embedding.js';
import { byClassName, type LayerTable } from './make-layer.js';
import { Masking } from './masking.js';
import { MERGE_LAYERS } from './merging/layers.js';
import { NOISE_LAYERS } from './noise.js';
import { BatchNormalization } from './normalization/batch-normalization.js';
import { LayerNormalization } from './normalization/layer-normalization.js';
import { GroupNormalization } from './normalization/group-normalization.js';
import { Normalization } from './normalization/normalization.js';
import { RMSNormalization } from './normalization/rms-normalization.js';
import { UnitNormalization } from './normalization/unit-normalization.js';
import { POOLING_LAYERS } from './pooling.js';
import { PREPARING_LAYERS } from './preparing.js';
import { Bidirectional } from './recurrent/bidirectional.js';
import { RECURRENT_LAYERS } from './recurrent/layers.js';
import { SHAPE_LAYERS } from './shapes.js';
import { TimeDistributed } from './time-distributed.js';

/** Keras's layers, but for those of attention, by the names of their classes. */
export const STANDARD_LAYERS: LayerTable = {
  ...byClassName(Dense, EinsumDense, Embedding, Masking, Bidirectional, TimeDistributed),
  ...ACTIVATION_LAYERS,
  ...RECURRENT_LAYERS,
  ...byClassName(
    LayerNormalization,
    RMSNormalization,
    BatchNormalization,
    GroupNormalization,
    UnitNormalization,
    Normalization,
  ),
  ...PREPARING_LAYERS,
  ...AUGMENTING_LAYERS,
  ...NOISE_LAYERS,
  ...MERGE_LAYERS,
  ...SHAPE_LAYERS,
  ...POOLING_LAYERS,
  ...CONVOLUTION_LAYERS,
  Lambda: (config) => {
    throw new HeedError('CONFIG_INVALID', {
      message: `layer ${String(config['name'])} is a Lambda, whose code in the file is never run`,
      hint: 'write what it computes as a layer of your own, and give it in place of Lambda',
    });
  },
};
