import { HeedError } from '@heed/base';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { LayerVariable, Shape } from '@tensorflow/tfjs-layers';
import type { Json } from '../files/read-json.js';
import type { CallArguments, CallShapes } from '../layers/keras-layer.js';
import type { Activation } from './activations.js';
import { einsum } from './einsum.js';
import { StandardLayer } from './standard-layer.js';

/** The letters of an equation 'abc,cd->abd', those of '...' written out. */
interface DenseEquation {
  readonly input: readonly string[];
  readonly kernel: readonly string[];
  readonly output: readonly string[];
}

/** Products summed along the axes that an equation names: 'abc,cde->abde'. */
export class EinsumDense extends StandardLayer {
  static readonly className = 'EinsumDense';
  readonly #activation: Activation;
  #equation!: DenseEquation;
  #lengths!: ReadonlyMap<string, number | null>;
  #kernel!: LayerVariable;
  #bias: LayerVariable | undefined;
  #biasShape: number[] = [];

  constructor(config: Json) {
    super(EinsumDense.className, config);
    this.#activation = this.config.activation();
  }

  override buildFor({ inputs }: CallShapes): void {
    const shape = inputs as Shape;
    this.#equation = this.#read(shape.length);
    this.#lengths = this.#lengthsFor(shape);
    const { kernel, output } = this.#equation;
    this.#kernel = this.weightOf(
      'kernel',
      'kernel',
      kernel.map((letter) => this.#lengths.get(letter)!),
      'glorot_uniform',
    );
    if (!this.config.has('bias_axes')) return;
    const axes = new Set(String(this.config.values['bias_axes']));
    const first = output.findIndex((letter) => axes.has(letter));
    this.#biasShape = output.slice(first).map((letter) => (axes.has(letter) ? this.#lengths.get(letter)! : 1));
    this.#bias = this.weightOf('bias', 'bias', this.#biasShape, 'zeros');
  }

  override run(given: CallArguments): Tensor {
    const x = this.inputOf(given);
    const { input, kernel, output } = this.#equation;
    const result = einsum({ operands: [input, kernel], output }, [x, this.#kernel.read()]);
    return this.#activation(this.#bias === undefined ? result : tf.add(result, this.#bias.read()));
  }

  #read(rank: number): DenseEquation {
    const text = String(this.config.values['equation']).replaceAll(' ', '');
    const found = /^([a-zA-Z.]+),([a-zA-Z]+)->([a-zA-Z.]+)$/.exec(text);
    if (found === null) this.config.refuse('equation', "like 'ab,bc->ac' or '...x,xy->...y'");
    const count = rank - found[1].replace('...', '').length;
    const others = Array.from({ length: count }, (_, n) => `axis${n}`);
    const letters = (part: string): string[] => {
      const [before, after] = part.split('...');
      return after === undefined ? [...before] : [...before, ...others, ...after];
    };
    return { input: letters(found[1]), kernel: [...found[2]], output: letters(found[3]) };
  }

  #lengthsFor(shape: Shape): ReadonlyMap<string, number | null> {
    const { input, kernel, output } = this.#equation;
    const lengths = new Map(input.map((letter, axis) => [letter, shape[axis]]));
    const said = this.config.values['output_shape'];
    const outputShape = (Array.isArray(said) ? said : [said]) as readonly (number | null)[];
    const last = output.slice(output.length - outputShape.length);
    for (const [n, letter] of last.entries())
      if (!lengths.has(letter) && outputShape[n] !== null) lengths.set(letter, outputShape[n]);
    const missing = kernel.filter((letter) => typeof lengths.get(letter) !== 'number');
    if (missing.length === 0) return lengths;
    throw new HeedError('CONFIG_INVALID', {
      message: `EinsumDense ${this.name}: neither the input [${shape}] nor output_shape [${outputShape}] says how long ${missing.join(', ')} is`,
    });
  }
}
