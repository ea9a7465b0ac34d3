import { HeedError } from '@heed/base';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { layers, Shape } from '@tensorflow/tfjs-layers';
import { isObject, objectOf, type Json } from '../../files/read-json.js';
import type { CallArguments, CallShapes } from '../../layers/keras-layer.js';
import type { MakeInner } from '../make-layer.js';
import { StandardLayer } from '../standard-layer.js';
import { firstShape, maskOf, RecurrentLayer } from './recurrent-layer.js';

/** How the outputs of both directions become one; null keeps both. */
const MERGES = {
  concat: (forward: Tensor, backward: Tensor) => tf.concat([forward, backward], -1),
  sum: tf.add,
  ave: (forward: Tensor, backward: Tensor) => tf.div(tf.add(forward, backward), 2),
  mul: tf.mul,
} satisfies Readonly<Record<string, (forward: Tensor, backward: Tensor) => Tensor>>;

/**
 * A recurrent layer in both directions: the outputs merged by `merge_mode` (or both, for null), then with `return_state` the states of the forward and of
 * the backward layer. Where a whole sequence is returned, masked steps give 0.
 */
export class Bidirectional extends StandardLayer {
  static readonly className = 'Bidirectional';
  override readonly argumentNames = ['sequences', 'initialState', 'mask', 'training'];
  readonly #forward: RecurrentLayer;
  readonly #backward: RecurrentLayer;
  readonly #merge: keyof typeof MERGES | null;

  /** @throws HeedError CONFIG_INVALID for layers that aren't recurrent, or don't fit together */
  constructor(config: Json, inner: MakeInner) {
    super(Bidirectional.className, config);
    this.supportsMasking = true;
    this.#merge =
      config['merge_mode'] === null
        ? null
        : this.config.choice('merge_mode', Object.keys(MERGES) as (keyof typeof MERGES)[], 'concat');
    const forward = objectOf('the layer of Bidirectional', config['layer']);
    const backward = isObject(config['backward_layer']) ? config['backward_layer'] : reversed(forward);
    this.#forward = this.#recurrent('forward_layer', inner(forward));
    this.#backward = this.#recurrent('backward_layer', inner(backward));
    const fits =
      this.#forward.goesBackwards !== this.#backward.goesBackwards &&
      this.#forward.returnsSequences === this.#backward.returnsSequences &&
      this.#forward.returnsState === this.#backward.returnsState;
    if (!fits) {
      throw new HeedError('CONFIG_INVALID', {
        message: `${this.name}: the layers of both directions don't fit together`,
        hint: 'they differ in go_backwards, and are the same in return_sequences and return_state',
      });
    }
    for (const layer of [this.#forward, this.#backward]) layer.zeroOutputForMask = layer.returnsSequences;
  }

  override byPosition<T>(tensors: readonly T[]): Readonly<Record<string, T | readonly T[]>> {
    return this.#forward.byPosition(tensors);
  }

  override buildFor({ sequences }: CallShapes): void {
    for (const layer of [this.#forward, this.#backward]) this.buildSublayer(layer, firstShape(sequences));
  }

  override run({ sequences, initialState, mask, training }: CallArguments): Tensor | Tensor[] {
    const [x, ...listed] = [sequences].flat() as Tensor[];
    const states = initialState === undefined ? listed : ([initialState].flat(2) as Tensor[]);
    const half = states.length / 2;
    const given = { sequences: x, training, ...(maskOf(mask) !== null && { mask }) };
    const read = (layer: RecurrentLayer, own: readonly Tensor[]): Tensor[] =>
      [layer.run({ ...given, ...(own.length > 0 && { initialState: own }) })].flat();
    const [forward, ...after] = read(this.#forward, states.slice(0, half));
    const [reading, ...afterBackward] = read(this.#backward, states.slice(half));
    const backward = this.#forward.returnsSequences ? tf.reverse(reading, 1) : reading;
    const outputs = this.#merge === null ? [forward, backward] : [MERGES[this.#merge](forward, backward)];
    const all = [...outputs, ...after, ...afterBackward];
    return all.length === 1 ? all[0] : all;
  }

  override outputShapes(given: CallArguments): Shape | Shape[] {
    const [forward, backward] = [this.#forward, this.#backward].map((layer) => {
      const shapes = layer.outputShapes({ sequences: firstShape(given['sequences']) });
      return layer.returnsState ? (shapes as Shape[]) : [shapes as Shape];
    });
    const [one, other] = [forward[0], backward[0]];
    const wide = [...one.slice(0, -1), one.at(-1)! + other.at(-1)!];
    const outputs = this.#merge === null ? [one, other] : [this.#merge === 'concat' ? wide : one];
    const states = [...forward.slice(1), ...backward.slice(1)];
    const all = [...outputs, ...states];
    return all.length === 1 ? all[0] : all;
  }

  override computeMask(_: Tensor | Tensor[], mask?: Tensor | Tensor[]): Tensor | Tensor[] {
    const own = this.#forward.returnsSequences ? maskOf(mask) : null;
    const outputs = this.#merge === null ? [own, own] : [own];
    const states = this.#forward.returnsState ? this.#forward.cell.stateWidths.flatMap(() => [null, null]) : [];
    const all = [...outputs, ...states];
    return (all.length === 1 ? own : all) as Tensor; // its types know no null here, and its code expects it
  }

  #recurrent(attribute: string, layer: layers.Layer): RecurrentLayer {
    if (layer instanceof RecurrentLayer) return this.track(attribute, layer);
    throw new HeedError('CONFIG_INVALID', {
      message: `${this.name}: the layer in Bidirectional is a ${layer.getClassName()}, which isn't recurrent`,
      hint: 'LSTM, GRU, SimpleRNN and RNN are',
    });
  }
}

/** The configuration of the layer that reads the other way. */
function reversed(layer: Json): Json {
  const config = objectOf('the configuration of the layer of Bidirectional', layer['config']);
  return {
    ...layer,
    config: {
      ...config,
      name: `backward_${String(config['name']).replace(/^forward_/, '')}`,
      go_backwards: config['go_backwards'] !== true,
    },
  };
}
