import type { DataFacts, DataKinds, DataSettings, OwnSettings, PresetFacts } from '../engine/jobs.js';
import { plainError } from '../engine/plain-error.js';
import { trainingWorker } from '../engine/workers.js';
import { Activity } from './activity.svelte.js';
import { app } from './app.svelte.js';

/** Files of the reader's own, what was found in them, and what shall be learnt from them. */
export class OwnData {
  files: readonly File[] = $state.raw([]);
  /** Names of the kinds of data that there are, with those of their settings. */
  kinds: DataKinds['kinds'] = $state.raw({});
  /** Name of the kind of data, as it was guessed or chosen. */
  kind = $state('');
  /** Settings of the data that the reader chose; the others are decided by the data. */
  settings: DataSettings = $state.raw({});
  seed = $state(1);
  facts: DataFacts | undefined = $state.raw();
  /** Share of the files that has been read; undefined while nothing is read. */
  share: number | undefined = $state();
  /** Seconds that a step takes; undefined while it isn't measured. */
  secondsPerStep: number | undefined = $state();
  preset = $state('');
  steps = $state(1);
  batchSize = $state(1);
  learningRate = $state(0.001);
  readonly reading = new Activity();
  readonly timing = new Activity();
  /** What the time was measured of. */
  #timed = '';

  /** Files that were dropped or chosen. Their kind is guessed. */
  async take(given: Promise<readonly File[]>): Promise<void> {
    try {
      this.files = await given;
    } catch (error) {
      this.reading.error = plainError(error);
      return;
    }
    this.settings = {};
    this.facts = undefined;
    const asked = { backend: app.backend, files: this.files };
    const found = await this.reading.run(trainingWorker.run('guessData', asked));
    if (found === undefined) return;
    ({ guess: this.kind, kinds: this.kinds } = found);
    await this.#read();
  }

  /** Reads the files as data of another kind. */
  async as(task: string): Promise<void> {
    this.settings = {};
    this.kind = task;
    await this.#read();
  }

  /** Reads the files again, with a setting that the reader has changed; undefined lets the data decide. */
  async set(name: string, value: string | number | boolean | undefined): Promise<void> {
    const { [name]: _, ...others } = this.settings;
    this.settings = value === undefined ? others : { ...others, [name]: value };
    await this.#read();
  }

  choose(name: string): void {
    const preset = this.chosen(name);
    if (preset === undefined) return;
    this.preset = name;
    ({ steps: this.steps, batchSize: this.batchSize, learningRate: this.learningRate } = preset);
  }

  chosen(name = this.preset): PresetFacts | undefined {
    return this.facts?.presets.find((one) => one.name === name);
  }

  /** Settings of a training; undefined while there are no data for it. */
  training(): OwnSettings | undefined {
    const { facts, seed, steps, batchSize, learningRate, preset, settings } = this;
    if (facts === undefined) return undefined;
    return { kind: 'own', task: facts.task.name, preset, data: settings, seed, steps, batchSize, learningRate };
  }

  /** Measures how long a step takes, unless that is known. */
  async time(): Promise<void> {
    const settings = this.training();
    if (settings === undefined) return;
    const { backend } = app;
    const { task, data, preset, batchSize } = settings;
    const timed = JSON.stringify([
      backend,
      task,
      data,
      preset,
      batchSize,
      this.files.map(({ name, size }) => [name, size]),
    ]);
    if (timed === this.#timed) return;
    this.#timed = timed;
    this.secondsPerStep = undefined;
    const job = trainingWorker.run('timeTraining', { backend, settings, files: this.files });
    const seconds = await this.timing.run(job);
    if (timed !== this.#timed) return;
    this.secondsPerStep = seconds;
    if (seconds === undefined) this.#timed = ''; // it is measured anew when it is asked for
  }

  async #read(): Promise<void> {
    const { files, settings, seed, kind } = this;
    this.timing.stop();
    this.timing.error = undefined;
    this.share = 0;
    const asked = { backend: app.backend, task: kind, files, settings, seed };
    const facts = await this.reading.run(trainingWorker.run('readData', asked, ({ share }) => (this.share = share)));
    if (!this.reading.busy) this.share = undefined;
    if (facts === undefined) {
      // What was found before belongs to other settings.
      if (this.reading.error !== undefined) this.facts = undefined;
      return;
    }
    const isSame = facts.task.name === this.facts?.task.name;
    this.facts = facts;
    this.choose(isSame && this.chosen() !== undefined ? this.preset : facts.suggested);
  }
}
