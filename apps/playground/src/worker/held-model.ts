import { decodeModel, type DecodeModelOptions, type ModelOf, type Network } from '@heed/nn';

/** Change of a model before it computes. */
export interface Change<N extends Network> {
  /** Name of the change, so that a model that has it already is used again. */
  readonly id: string;
  apply(model: ModelOf<N>): void;
}

/** A model file, and the model that was made of it last. On another engine, or with another change, it is made again. */
export class HeldModel<N extends Network> {
  readonly #bytes: Uint8Array;
  readonly #options: DecodeModelOptions<N>;
  #model: ModelOf<N> | undefined;
  /** Name of the change that the model has; empty without one. */
  #change = '';

  /** @param model what the file holds, where it has been decoded already */
  constructor(bytes: Uint8Array, options: DecodeModelOptions<N>, model?: ModelOf<N>) {
    this.#bytes = bytes;
    this.#options = options;
    this.#model = model;
  }

  /**
   * The model, which stays this class's own.
   *
   * @param change what is changed of it; by default nothing
   * @throws HeedError what is wrong with the file or the change
   */
  open(change?: Change<N>): ModelOf<N> {
    const id = change?.id ?? '';
    if (this.#change !== id) this.dispose();
    this.#model ??= changed(decodeModel(this.#bytes, this.#options), change);
    this.#change = id;
    return this.#model;
  }

  /** Frees the model; the file stays. */
  dispose(): void {
    this.#model?.dispose();
    this.#model = undefined;
  }
}

function changed<N extends Network>(model: ModelOf<N>, change: Change<N> | undefined): ModelOf<N> {
  try {
    change?.apply(model);
    return model;
  } catch (error) {
    model.dispose();
    throw error;
  }
}
