import { decodeModel, type ModelOf, type Network } from '@heed/nn';
import type { Calibration } from '@heed/tasks';
import { fetchBytes } from '../state/fetch-bytes.js';
import { beforeSwitch } from './session.js';

/** URLs of the files of a model that the page ships. */
export interface ShippedFiles {
  readonly model: string;
  readonly calibration: string;
}

/** Change of a model before it computes. */
export interface Change<N extends Network> {
  /** Name of the change, so that a model that has it already is used again. */
  readonly id: string;
  apply(model: ModelOf<N>): void;
}

interface Held<N extends Network> {
  readonly url: string;
  readonly bytes: Uint8Array;
  readonly calibration: Calibration;
  model: ModelOf<N> | undefined;
  /** Name of the change that the model has; empty without one. */
  change: string;
}

/** The model that the page ships and that was asked last. Its file stays in memory when the backend changes. */
export class ShippedModel<N extends Network> {
  #held: Held<N> | undefined;

  constructor() {
    beforeSwitch(() => {
      this.#held?.model?.dispose();
      if (this.#held !== undefined) this.#held.model = undefined;
    });
  }

  /**
   * The model of some files, which are fetched when they are first needed.
   *
   * @param change what is changed of it; by default nothing
   * @param selected what the model waits for: its files are fetched while the backend starts
   * @param progress gets the share of the model's file that has been loaded
   * @throws HeedError FILE_ACCESS, and what is wrong with the files
   */
  async open(
    { model, calibration }: ShippedFiles,
    networks: readonly N[],
    { selected, progress, signal }: Waiting,
    change: Change<N> | undefined = undefined,
  ): Promise<{ readonly model: ModelOf<N>; readonly calibration: Calibration }> {
    const next =
      this.#held?.url === model
        ? this.#held
        : await Promise.all([
            fetchBytes(model, signal, progress),
            fetchBytes(calibration, signal),
            import('@heed/tasks'),
          ]).then(([bytes, kept, { parseCalibration }]): Held<N> => {
            const parsed = parseCalibration(new TextDecoder().decode(kept));
            return { url: model, bytes, calibration: parsed, model: undefined, change: '' };
          });
    await selected; // which disposes of a model that another backend holds
    if (this.#held !== next) {
      this.#held?.model?.dispose();
      this.#held = next;
    }
    if (next.change !== (change?.id ?? '')) {
      next.model?.dispose();
      next.model = undefined;
    }
    next.model ??= changed(decodeModel(next.bytes, { networks }), change);
    next.change = change?.id ?? '';
    return { model: next.model, calibration: next.calibration };
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

export interface Waiting {
  readonly selected: Promise<unknown>;
  readonly progress: (share: number) => void;
  readonly signal: AbortSignal;
}
