import { parser } from '@heed/attention/schema';
import * as v from 'valibot';
import type { Ended } from '../jobs/job.js';
import { nameOf, type Limits } from './limits.js';
import { openPlace } from './places/open-place.js';
import type { Place, RunHere } from './places/place.js';

/** A training, by what it computes. */
interface Named {
  readonly id: string;
}

/** What a training came to: the same for the same job, whoever computed it and when. */
export interface Result {
  readonly id: string;
  readonly steps: number;
  readonly backend: string;
  /** Build of the backend's kernels: each rounds in its own way. */
  readonly simd: string;
  /** The evaluation whose model is kept; null where the data have no validation part. */
  readonly best: Evaluated | null;
  readonly evaluations: readonly Evaluated[];
  /** It was stopped early, others having done better. */
  readonly stopped?: true;
}

/** An evaluation on the validation part. */
export interface Evaluated {
  readonly step: number;
  readonly trainingLoss: number;
  readonly error: number;
  readonly figures: Readonly<Record<string, number>>;
}

/** A figure of an evaluation by its name; 'error' is the one that decides which model a run keeps. */
export const figureOf = (one: Evaluated, name: string): number | undefined =>
  name === 'error' ? one.error : one.figures[name];

const finite = v.pipe(v.number(), v.finite());
const evaluated = v.object({
  step: finite,
  trainingLoss: finite,
  error: finite,
  figures: v.record(v.string(), finite),
});
const RESULT = v.strictObject({
  formatVersion: v.literal(1),
  id: v.string(),
  steps: finite,
  backend: v.string(),
  simd: v.string(),
  best: v.nullable(evaluated),
  evaluations: v.array(evaluated),
  stopped: v.optional(v.literal(true)),
});

const parse = parser('FILE_INVALID');
const MOST_BYTES = 2 ** 26;

/** What sweeps keep: results by the ids of trainings, and the runs that gave them. */
export class Store {
  readonly #place: Place;

  private constructor(place: Place) {
    this.#place = place;
  }

  /**
   * @param path a folder, or 's3://bucket/prefix'
   * @throws UsageError
   */
  static async at(path: string): Promise<Store> {
    return new Store(await openPlace(path));
  }

  get path(): string {
    return this.#place.path;
  }

  /** Has work done on the run of a training; see `Place`. */
  inRun({ id }: Named, work: (run: RunHere) => Promise<Ended>): Promise<Ended> {
    return this.#place.inRun(id, work);
  }

  /**
   * Writes down which trainings there are, for those who look at it.
   *
   * @throws HeedError FILE_ACCESS
   */
  async open(plan: object): Promise<void> {
    await this.#place.open();
    await this.#place.write('sweep.json', `${JSON.stringify({ formatVersion: 1, ...plan }, undefined, 2)}\n`);
  }

  /**
   * The result of a training, if it has one.
   *
   * @param limits what may have ended it before its settings did
   * @throws HeedError FILE_INVALID for a file that is no result of it; FILE_ACCESS
   */
  async result(job: Named, limits: Limits = {}): Promise<Result | undefined> {
    const name = await fileOf(job, limits);
    const bytes = await this.#place.read(name, MOST_BYTES);
    if (bytes === undefined) return undefined;
    const { formatVersion: _, ...result } = parse(`${this.path}/${name}`, RESULT, jsonOf(bytes));
    return result;
  }

  /** Keeps a result. Of several that compute the same, the first is kept: nothing is ever there by halves, or twice. */
  async keep(result: Result, limits: Limits): Promise<void> {
    const content = JSON.stringify({ formatVersion: 1, ...result }, undefined, 2);
    await this.#place.writeOnce(await fileOf(result, limits), `${content}\n`);
  }

  /** What a run has come to so far: its step and the seconds that it took; undefined before its first save. */
  async progress({ id }: Named): Promise<{ readonly step: number; readonly seconds: number } | undefined> {
    const bytes = await this.#place.runInfo(id);
    const info = v.safeParse(RUN, bytes === undefined ? undefined : jsonOf(bytes));
    return info.success ? info.output.progress : undefined;
  }
}

const RUN = v.object({ progress: v.object({ step: finite, seconds: finite }) });

async function fileOf({ id }: Named, limits: Limits): Promise<string> {
  const name = await nameOf(limits);
  return `results/${name === undefined ? id : `${id}-${name}`}.json`;
}

/** Undefined for what is no JSON, which is no result either. */
function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
