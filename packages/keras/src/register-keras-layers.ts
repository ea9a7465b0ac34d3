import { serialization } from '@tensorflow/tfjs-core';
import { KerasModel } from './graph/keras-model.js';
import { AdditiveAttention } from './layers/attention/additive-attention.js';
import { Attention } from './layers/attention/attention.js';
import { BahdanauAttention } from './layers/attention/bahdanau-attention.js';
import { GroupQueryAttention } from './layers/attention/group-query-attention.js';
import { MechanismLayer } from './layers/attention/mechanism-layer.js';
import { MultiHeadAttention } from './layers/attention/multi-head-attention.js';
import { Relay } from './layers/graph/relay.js';

/**
 * Registers the layers of this package, and `KerasModel`, with TensorFlow.js, so that `tf.loadLayersModel` finds those of a saved model in a program that has made
 * none of them yet. Making one registers its class too.
 */
export function registerKerasLayers(): void {
  const classes = [
    Attention,
    AdditiveAttention,
    MultiHeadAttention,
    GroupQueryAttention,
    BahdanauAttention,
    MechanismLayer,
    Relay,
    KerasModel,
  ];
  for (const cls of classes) serialization.registerClass(cls);
}
