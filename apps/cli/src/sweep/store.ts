import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parser } from '@heed/attention/schema';
import * as v from 'valibot';
import { accessError, readBytes, writeOnce, writeWhole } from '../io/files.js';
import { nameOf, type Limits } from './limits.js';

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

/** A folder in which sweeps keep what they have: results by the ids of trainings, and the runs that gave them. Any number of processes may share it. */
export class Store {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** Folder of a training's run. */
  runOf = ({ id }: Named): string => join(this.path, 'runs', id);

  /** Makes the folder, and writes down which trainings there are, for those who look at it. */
  async open(plan: object): Promise<void> {
    try {
      await mkdir(join(this.path, RESULTS), { recursive: true });
      await mkdir(join(this.path, 'runs'), { recursive: true });
    } catch (error) {
      throw accessError('write', this.path, error);
    }
    await writeWhole(join(this.path, 'sweep.json'), `${JSON.stringify({ formatVersion: 1, ...plan }, undefined, 2)}\n`);
  }

  /**
   * The result of a training, if it has one.
   *
   * @param limits what may have ended it before its settings did
   * @throws HeedError FILE_INVALID for a file that is no result of it; FILE_ACCESS
   */
  async result(job: Named, limits: Limits = {}): Promise<Result | undefined> {
    const file = await this.#fileOf(job, limits);
    const bytes = await readBytes(file, MOST_BYTES).catch((error: { details?: { code?: string } }) => {
      if (error.details?.code === 'ENOENT') return undefined;
      throw error;
    });
    if (bytes === undefined) return undefined;
    const { formatVersion: _, ...result } = parse(file, RESULT, jsonOf(bytes));
    return result;
  }

  /** Keeps a result. Of several that compute the same, the first is kept: nothing is ever there by halves, or twice. */
  async keep(result: Result, limits: Limits): Promise<void> {
    const content = JSON.stringify({ formatVersion: 1, ...result }, undefined, 2);
    await writeOnce(await this.#fileOf(result, limits), `${content}\n`);
  }

  /** What a run has come to so far: its step and the seconds that it took; undefined before its first save. */
  async progress(job: Named): Promise<{ readonly step: number; readonly seconds: number } | undefined> {
    try {
      const { progress } = JSON.parse(await readFile(join(this.runOf(job), 'run.json'), 'utf8')) as Saved;
      return { step: progress.step, seconds: progress.seconds };
    } catch {
      return undefined; // not there yet
    }
  }

  async #fileOf({ id }: Named, limits: Limits): Promise<string> {
    const name = await nameOf(limits);
    return join(this.path, RESULTS, name === undefined ? `${id}.json` : `${id}-${name}.json`);
  }
}

const RESULTS = 'results';

interface Saved {
  readonly progress: { readonly step: number; readonly seconds: number };
}

/** Undefined for what is no JSON, which is no result either. */
function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
