import type { Reporter, TestModule, TestSpecification, Vitest } from 'vitest/node';
import { keepDurations, keyOf, readDurations, type Durations } from './durations.js';
import { describeProgress, describeTime, progressOf } from './progress.js';

const EVERY = 30_000; // ms

/** Says every half minute how far the tests are and how long they will go on, and at the end how long they took. */
export default class ProgressReporter implements Reporter {
  #vitest: Vitest | undefined;
  #timer: NodeJS.Timeout | undefined;
  #files: readonly string[] = [];
  #earlier: Durations = {};
  #started = 0;
  readonly #done = new Map<string, number>();

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  onTestRunStart(specifications: readonly TestSpecification[]): void {
    this.#files = specifications.map(({ project, moduleId }) => keyOf(project, moduleId));
    this.#earlier = readDurations();
    this.#started = performance.now();
    this.#timer = setInterval(() => this.#say(), EVERY);
  }

  onTestModuleEnd(module: TestModule): void {
    // Not prepareDuration: of a page it counts how long the file waited for those before it.
    const { environmentSetupDuration, collectDuration, setupDuration, duration } = module.diagnostic();
    const all = environmentSetupDuration + collectDuration + setupDuration + duration;
    this.#done.set(keyOf(module.project, module.moduleId), Math.round(all));
  }

  onTestRunEnd(): void {
    clearInterval(this.#timer);
    keepDurations(Object.fromEntries(this.#done));
    this.#log(`All test files in ${describeTime(performance.now() - this.#started)}`);
  }

  #say(): void {
    const elapsed = performance.now() - this.#started;
    this.#log(describeProgress(progressOf(this.#files, new Set(this.#done.keys()), this.#earlier, elapsed)));
  }

  #log(line: string): void {
    this.#vitest?.logger.log(`▸ ${line}`);
  }
}
