/** A value of a flag of `heed train`: a number, a name, several names, or true for a flag that takes none. */
export type SettingValue = number | string | true | readonly string[];

/** Settings of a training by the names of `heed train`'s flags, as one would write them in code: `{ batchSize: 64, attention: 'additive' }`. */
export type Settings = Readonly<Record<string, SettingValue>>;

/** Where random values come from: a list, each as likely, or an interval, evenly or evenly by its logarithm. */
export type Draw =
  | { readonly among: readonly SettingValue[] }
  | {
      readonly from: number;
      readonly to: number;
      readonly scale?: 'linear' | 'log';
      /** Whole numbers alone, both ends among them. */
      readonly whole?: boolean;
    };

/**
 * A sweep: trainings of one task that differ in settings and seeds, told apart by what they are and not by when they ran. Each entry of `list`
 * goes with each combination of `grid` and each draw of `random`, and each of those with every seed.
 */
export interface Sweep {
  /** What `heed train` is to learn. */
  readonly task: string;
  /** Settings of every training. */
  readonly settings?: Settings;
  /** Values of settings, of which each goes with each. */
  readonly grid?: Readonly<Record<string, readonly SettingValue[]>>;
  /** Settings that go together. */
  readonly list?: readonly Settings[];
  /** Settings by lot, the same for the same seed. */
  readonly random?: { readonly draws: number; readonly seed: number; readonly from: Readonly<Record<string, Draw>> };
  /** Seeds of each training's data, parameters and chance; [1] by default. */
  readonly seeds?: readonly number[];
  /** Figure of the validation whose mean over seeds is to be small, as `heed train` names it; 'error' by default, which every task has. */
  readonly minimise?: string;
  /** Figure that is to be large instead. */
  readonly maximise?: string;
  /** Successive halving: all train to the first number of steps, the better share of the settings to the next, and so on (Jamieson and Talwalkar 2016). */
  readonly halving?: { readonly steps: readonly number[]; readonly keep?: number };
  /**
   * The rule of the median: some are trained to the end, `startup` of them (5 by default), and each other one only until an evaluation, not before
   * the step `after`, by which its best figure is worse than the median of their running averages (Golovin et al. 2017).
   */
  readonly median?: { readonly startup?: number; readonly after?: number };
  /** When to leave the rest for another time: after so many trainings have ended, or so much time ('90s', '2h'). */
  readonly budget?: { readonly jobs?: number; readonly time?: string };
}
