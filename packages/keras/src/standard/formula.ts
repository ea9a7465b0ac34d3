import type { Tensor } from '@tensorflow/tfjs-core';
import type { Json } from '../files/read-json.js';
import type { CallArguments } from '../layers/keras-layer.js';
import type { LayerConfig } from './layer-config.js';
import type { LayerTable } from './make-layer.js';
import { StandardLayer } from './standard-layer.js';

/** What a layer without weights computes. */
interface Formula {
  run(inputs: Tensor, given: CallArguments): Tensor;
  /** Names of the arguments; one by default, `inputs`. */
  readonly argumentNames?: readonly string[];
  /** Whether the output carries the mask of the input. */
  readonly keepsMask?: boolean;
  /** Mask of the output, where it isn't that of the input. */
  mask?(inputs: Tensor | Tensor[], mask: Tensor | (Tensor | null)[] | null): Tensor | null;
}

/** Makes a formula from a layer's configuration. */
export type MakeFormula = (config: LayerConfig) => Formula;

/** A layer without weights. */
class FormulaLayer extends StandardLayer {
  override readonly argumentNames: readonly string[];
  readonly #className: string;
  readonly #formula: Formula;

  constructor(className: string, config: Json, make: MakeFormula) {
    super(className, config);
    this.#className = className;
    this.#formula = make(this.config);
    this.argumentNames = this.#formula.argumentNames ?? ['inputs'];
    this.supportsMasking = this.#formula.keepsMask === true || this.#formula.mask !== undefined;
  }

  override computeMask(inputs: Tensor | Tensor[], mask?: Tensor | Tensor[]): Tensor | Tensor[] {
    const { mask: find } = this.#formula;
    // Its types know no null here, and its code expects it.
    return find === undefined ? super.computeMask(inputs, mask) : (find(inputs, mask ?? null) as Tensor);
  }

  override getClassName(): string {
    return this.#className;
  }

  override run(given: CallArguments): Tensor {
    return this.#formula.run(this.inputOf(given), given);
  }
}

/** Layers without weights by the names of their classes. */
export const byFormula = (formulas: Readonly<Record<string, MakeFormula>>): LayerTable =>
  Object.fromEntries(
    Object.entries(formulas).map(([className, make]) => [
      className,
      (config: Json) => new FormulaLayer(className, config, make),
    ]),
  );
