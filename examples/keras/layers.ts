import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { initializers, layers, sequential, type LayerVariable, type Shape } from '@tensorflow/tfjs-layers';
import {
  BahdanauAttention,
  KerasLayer,
  multiHeadAttention,
  type CallArguments,
  type CallShapes,
  type LayerArgs,
  type LayerClass,
} from '@heed/keras';

interface AdditivePoolArgs extends LayerArgs {
  readonly units: number;
}

/** [B, T, D] → [B, D]: e = tanh(x·W + b)·u; the sum of x over time by the softmax of e, without steps that are masked. */
class AdditivePool extends KerasLayer {
  static readonly className = 'AdditivePool';
  readonly argumentNames = ['x', 'mask'];
  override supportsMasking = true;
  private readonly units: number;
  private parameters: readonly LayerVariable[] = [];

  constructor(args: AdditivePoolArgs) {
    super(args);
    this.units = args.units;
  }

  override buildFor({ x }: CallShapes): void {
    const { units } = this;
    const glorot = initializers.glorotUniform({});
    const normal = initializers.randomNormal({ stddev: 0.05 });
    this.parameters = [
      this.addWeight('W', [(x as Shape).at(-1)!, units], 'float32', glorot),
      this.addWeight('b', [units], 'float32', initializers.zeros()),
      this.addWeight('u', [units], 'float32', normal),
    ];
  }

  override run({ x, mask }: CallArguments): Tensor {
    const steps = x as tf.Tensor3D;
    const [batch, time, width] = steps.shape;
    const [w, b, u] = this.parameters.map((weight) => weight.read());
    const rows = tf.reshape(steps, [batch * time, width]);
    const hidden = tf.tanh(tf.add(tf.matMul(rows, w as tf.Tensor2D), b!));
    const energies = tf.reshape(tf.sum(tf.mul(hidden, u!), -1), [batch, time]);
    const kept = mask === undefined ? energies : tf.where(mask as Tensor, energies, tf.sub(energies, 1e9));
    return tf.sum(tf.mul(steps, tf.expandDims(tf.softmax(kept), -1)), 1);
  }

  override outputShapes({ x }: CallArguments): Shape {
    const [batch, , width] = x as Shape;
    return [batch!, width!];
  }

  override computeMask(): Tensor {
    return null as unknown as Tensor; // the types of TensorFlow.js know no null here
  }
}

interface PositionalEmbeddingArgs extends LayerArgs {
  readonly maxLen: number;
}

/** [B, T, D] → x + the first T rows of a table [maxLen, D]. */
class PositionalEmbedding extends KerasLayer {
  static readonly className = 'PositionalEmbedding';
  readonly argumentNames = ['x'];
  override supportsMasking = true;
  private readonly maxLen: number;
  private table: LayerVariable | undefined;

  constructor(args: PositionalEmbeddingArgs) {
    super(args);
    this.maxLen = args.maxLen;
  }

  override buildFor({ x }: CallShapes): void {
    const shape = [this.maxLen, (x as Shape).at(-1)!];
    this.table = this.addWeight('table', shape, 'float32', initializers.randomNormal({ stddev: 0.05 }));
  }

  override run({ x }: CallArguments): Tensor {
    const steps = x as tf.Tensor3D;
    return tf.add(steps, tf.slice(this.table!.read(), 0, steps.shape[1]));
  }

  override outputShapes({ x }: CallArguments): Shape {
    return x as Shape;
  }
}

interface TokenAndPositionEmbeddingArgs extends LayerArgs {
  readonly maxLen: number;
  readonly vocabSize: number;
  readonly embedDim: number;
  readonly maskZero?: boolean;
}

/** [B, T] tokens → [B, T, E]: the embedding of each token and of its place; tokens of 0 are masked where `maskZero` says so. */
class TokenAndPositionEmbedding extends KerasLayer {
  static readonly className = 'TokenAndPositionEmbedding';
  readonly argumentNames = ['tokens'];
  override supportsMasking = true;
  private readonly token: layers.Layer;
  private readonly position: layers.Layer;

  constructor(private readonly args: TokenAndPositionEmbeddingArgs) {
    super(args);
    const { vocabSize, maxLen, embedDim } = args;
    this.token = this.track('token_emb', layers.embedding({ inputDim: vocabSize, outputDim: embedDim }));
    this.position = this.track('pos_emb', layers.embedding({ inputDim: maxLen, outputDim: embedDim }));
  }

  override buildFor({ tokens }: CallShapes): void {
    this.buildSublayer(this.token, tokens as Shape);
    this.buildSublayer(this.position, tokens as Shape);
  }

  override run({ tokens }: CallArguments): Tensor {
    const { shape } = tokens as tf.Tensor2D;
    const places = tf.range(0, shape[1], 1, 'int32');
    return tf.add(this.token.apply(tokens as Tensor) as Tensor, this.position.apply(places) as Tensor);
  }

  override computeMask(tokens: Tensor): Tensor {
    return (this.args.maskZero === true ? tf.notEqual(tokens, 0) : null) as Tensor;
  }

  override outputShapes({ tokens }: CallArguments): Shape {
    return [...(tokens as Shape), this.args.embedDim];
  }
}

interface TransformerBlockArgs extends LayerArgs {
  readonly embedDim: number;
  readonly numHeads: number;
  readonly ffDim: number;
  readonly rate?: number;
}

/** [B, T, E] → [B, T, E]: a = norm(x + attention(x, x)), then norm(a + dense(relu(dense(a)))). */
class TransformerBlock extends KerasLayer {
  static readonly className = 'TransformerBlock';
  readonly argumentNames = ['x', 'training'];
  private readonly att: KerasLayer;
  private readonly ffn: layers.Layer;
  private readonly norms: readonly layers.Layer[];
  private readonly dropouts: readonly layers.Layer[];

  constructor({ embedDim, numHeads, ffDim, rate = 0.1, ...args }: TransformerBlockArgs) {
    super(args);
    this.att = this.track('att', multiHeadAttention({ numHeads, keyDim: Math.floor(embedDim / numHeads) }));
    const hidden = layers.dense({ units: ffDim, activation: 'relu', inputShape: [null, embedDim] });
    this.ffn = this.track('ffn', sequential({ layers: [hidden, layers.dense({ units: embedDim })] }));
    this.norms = [1, 2].map((n) => this.track(`layernorm${n}`, layers.layerNormalization({ epsilon: 1e-6 })));
    this.dropouts = [1, 2].map((n) => this.track(`dropout${n}`, layers.dropout({ rate })));
  }

  override buildFor({ x }: CallShapes): void {
    const shape = x as Shape;
    this.buildSublayer(this.att, shape, shape);
    this.buildSublayer(this.ffn, shape);
    for (const layer of [...this.norms, ...this.dropouts]) this.buildSublayer(layer, shape);
  }

  override run({ x, training }: CallArguments): Tensor {
    const input = x as Tensor;
    const dropped = (n: number, y: Tensor): Tensor => this.dropouts[n]!.apply(y, { training }) as Tensor;
    const normed = (n: number, y: Tensor): Tensor => this.norms[n]!.apply(y) as Tensor;
    const a = normed(0, tf.add(input, dropped(0, this.att.apply([input, input], { training }) as Tensor)));
    return normed(1, tf.add(a, dropped(1, this.ffn.apply(a) as Tensor)));
  }

  override outputShapes({ x }: CallArguments): Shape {
    return x as Shape;
  }
}

/** The sum over time of values [B, T, D] by weights [B, T, 1]: a layer of one of the public models. */
class AttentionSum extends KerasLayer {
  static readonly className = 'AttentionSum';
  readonly argumentNames = ['inputs'];

  override byPosition<T>(tensors: readonly T[]): Readonly<Record<string, readonly T[]>> {
    return { inputs: tensors };
  }

  override buildFor(): void {}

  override run({ inputs }: CallArguments): Tensor {
    const [weights, values] = inputs as [Tensor, Tensor];
    return tf.sum(tf.mul(weights, values), 1);
  }

  override outputShapes({ inputs }: CallArguments): Shape {
    const [batch, , width] = (inputs as Shape[])[1]!;
    return [batch!, width!];
  }
}

/** The layers of `custom_layers.py` by the names that files have for them. */
export const LAYERS: Readonly<Record<string, LayerClass>> = {
  AdditivePool,
  AttentionSum,
  'heed>BahdanauAttention': BahdanauAttention,
  'heed>PositionalEmbedding': PositionalEmbedding,
  'heed>TokenAndPositionEmbedding': TokenAndPositionEmbedding,
  TransformerBlock,
};
