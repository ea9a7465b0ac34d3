import type { ModelOf, Network } from '@heed/nn';
import type { Calibration } from '@heed/tasks';
import { fetchBytes } from '../state/fetch-bytes.js';
import { HeldModel, type Change } from './held-model.js';
import { beforeSwitch } from './session.js';

/** URLs of the files of a model that the page ships. */
export interface ShippedFiles {
  readonly model: string;
  readonly calibration: string;
}

interface Held<N extends Network> {
  readonly url: string;
  readonly model: HeldModel<N>;
  readonly calibration: Calibration;
}

/** The model that the page ships and that was asked last. Its file stays in memory when the backend changes. */
export class ShippedModel<N extends Network> {
  #held: Held<N> | undefined;

  constructor() {
    beforeSwitch(() => this.#held?.model.dispose());
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
            return { url: model, model: new HeldModel(bytes, { networks }), calibration: parsed };
          });
    await selected; // which disposes of a model that another backend holds
    if (this.#held !== next) {
      this.#held?.model.dispose();
      this.#held = next;
    }
    return { model: next.model.open(change), calibration: next.calibration };
  }
}

export interface Waiting {
  readonly selected: Promise<unknown>;
  readonly progress: (share: number) => void;
  readonly signal: AbortSignal;
}
