import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import type { LayerVariable, Shape } from '@tensorflow/tfjs-layers';
import type { Json } from '../../files/read-json.js';
import type { CallShapes } from '../../layers/keras-layer.js';
import type { Activation } from '../activations.js';
import { LoopedCell } from './cell.js';
import { dropoutOf, times } from './steps.js';

/** Whether gates are those that core's fused cells have, σ and tanh. */
const FUSED = { activation: 'tanh', recurrent: 'sigmoid' };

/** What Keras's cells share: kernels for inputs and state, a bias, dropout of both. */
export abstract class GatedCell extends LoopedCell {
  readonly units: number;
  readonly outputWidth: number;
  protected readonly activation: Activation;
  protected readonly recurrentActivation: Activation;
  /** Whether core's fused steps compute the same. */
  protected readonly isFused: boolean;
  readonly #gates: number;
  readonly #useBias: boolean;
  readonly #dropout: number;
  readonly #recurrentDropout: number;
  #kernel!: LayerVariable;
  #recurrentKernel!: LayerVariable;
  #bias: LayerVariable | undefined;

  constructor(className: string, config: Json, gates: number) {
    super(className, config);
    this.units = this.config.count('units');
    this.outputWidth = this.units;
    this.activation = this.config.activation('activation', 'tanh');
    this.recurrentActivation = this.config.activation('recurrent_activation', 'sigmoid');
    this.isFused =
      this.config.activationName('activation', FUSED.activation) === FUSED.activation &&
      this.config.activationName('recurrent_activation', FUSED.recurrent) === FUSED.recurrent;
    this.#gates = gates;
    this.#useBias = this.config.flag('use_bias', true);
    this.#dropout = this.config.rate('dropout', 0);
    this.#recurrentDropout = this.config.rate('recurrent_dropout', 0);
  }

  override buildFor({ inputs }: CallShapes): void {
    const columns = this.#gates * this.units;
    this.#kernel = this.weightOf('kernel', 'kernel', [(inputs as Shape).at(-1)!, columns], 'glorot_uniform');
    this.#recurrentKernel = this.weightOf('recurrent', 'recurrent_kernel', [this.units, columns], 'orthogonal');
    if (this.#useBias) this.#bias = this.makeBias();
  }

  protected makeBias(): LayerVariable {
    return this.weightOf('bias', 'bias', [this.#gates * this.units], 'zeros');
  }

  protected get kernels(): {
    readonly kernel: Tensor2D;
    readonly recurrent: Tensor2D;
    readonly bias: Tensor2D | undefined;
  } {
    return {
      kernel: this.#kernel.read() as Tensor2D,
      recurrent: this.#recurrentKernel.read() as Tensor2D,
      bias: this.#bias?.read() as Tensor2D | undefined,
    };
  }

  /** The inputs, and what the state is in products, after their dropouts, which are the same for all steps. */
  protected dropped(x: Tensor3D, training: boolean): { readonly x: Tensor3D; state(h: Tensor2D): Tensor2D } {
    const [batch, , width] = x.shape;
    const ofState = dropoutOf([batch, this.units], this.#recurrentDropout, training);
    return { x: times(x, dropoutOf([batch, 1, width], this.#dropout, training)), state: (h) => times(h, ofState) };
  }
}
