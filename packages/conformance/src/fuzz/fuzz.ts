import fc from 'fast-check';
import { checkOptions, type BackendFactory, type OptionNames } from '@heed/core';
import { steps } from './arbitraries.js';
import { doStep } from './do-step.js';
import { Program } from './program.js';
import { scriptOf } from './script.js';
import type { Step } from './step.js';

export interface FuzzOptions {
  /** Number of random programs. Default 100. */
  readonly runs?: number;
  /** Seed of the programs. Default: another one each time. */
  readonly seed?: number;
  /** Greatest number of steps of a program. Default 16. */
  readonly maxSteps?: number;
  /** Lines of JavaScript that define `subject`, the factory, in the script that reproduces a failure. */
  readonly setup?: string;
  /** Called after each program, also during the search for a smaller failing program. */
  readonly onRun?: (run: { readonly runs: number; readonly steps: number }) => void;
}

const OPTIONS: OptionNames<FuzzOptions> = { runs: true, seed: true, maxSteps: true, setup: true, onRun: true };

export interface FuzzReport {
  readonly backend: string;
  readonly seed: number;
  /** Number of programs that passed. */
  readonly runs: number;
  /** Number of steps that were done. */
  readonly steps: number;
  readonly failure?: FuzzFailure;
}

export interface FuzzFailure {
  /** Sentence that says what is wrong. */
  readonly message: string;
  /** Number of steps of the smallest failing program. */
  readonly steps: number;
  /** JavaScript that does the same with @heed/core, and throws the same error. */
  readonly script: string;
}

const RUNS = 100;
const MOST_STEPS = 16;

/**
 * Runs random programs over the public API: ops of random sizes, masks, biases and options; their gradients; results that are kept
 * and disposed; backends that are selected, disposed and selected again; malformed calls. After each step it checks that the numbers
 * are the oracle's, that `tf.memory()` is what the program holds, that nothing it holds has changed, and that Heed's kernels are
 * registered exactly while a backend is selected. A failing program is made as small as possible.
 *
 * @throws HeedError BACKEND_UNAVAILABLE, BACKEND_INVALID when the backend can't be selected
 */
export async function fuzz(factory: BackendFactory, options: FuzzOptions = {}): Promise<FuzzReport> {
  checkOptions('fuzz', options, OPTIONS);
  const { runs = RUNS, seed = Date.now() & 0x7fffffff, maxSteps = MOST_STEPS, onRun } = options;
  let done = 0;
  let stepsDone = 0;
  const about = { backend: factory.name, seed };
  // A backend that isn't available is an error here, not a failing program.
  await (await Program.open(factory)).close();
  const programs = fc.commands(
    steps.map((step) => step.map((data) => new Command(data))),
    { maxCommands: maxSteps, size: 'max' },
  );
  const property = fc.asyncProperty(programs, async (commands) => {
    const { failure, steps } = await run(factory, commands);
    stepsDone += steps;
    onRun?.({ runs: ++done, steps: stepsDone });
    if (failure !== undefined) throw failure;
  });
  const details = await fc.check(property, { numRuns: runs, seed });
  if (!details.failed) return { ...about, runs: details.numRuns, steps: stepsDone };

  // The smallest program runs again, to record its steps.
  const [commands] = details.counterexample!;
  const again = await run(factory, commands);
  const error = again.failure ?? details.errorInstance;
  const message = error instanceof Error ? error.message : String(error);
  return {
    ...about,
    runs: details.numRuns - 1,
    steps: stepsDone,
    failure: {
      message,
      steps: again.program.done.length,
      script: scriptOf(again.program.done, message, options.setup),
    },
  };
}

interface Played {
  readonly program: Program;
  readonly steps: number;
  readonly failure?: unknown;
}

async function run(factory: BackendFactory, commands: Iterable<fc.AsyncCommand<Model, Program>>): Promise<Played> {
  const program = await Program.open(factory);
  try {
    // The backend is selected first, so that most steps use it; a program may dispose it and go on without.
    await doStep(program, { kind: 'select', backend: 'subject' });
    await fc.asyncModelRun(() => ({ model: modelOf(program), real: program }), commands);
    return { program, steps: program.done.length };
  } catch (failure) {
    return { program, steps: program.done.length, failure };
  } finally {
    await program.close();
  }
}

/** Model of fast-check's commands: what there is to dispose. */
interface Model {
  tensors: number;
  backends: number;
  active: boolean;
}

function modelOf({ kept, backends, active }: Program): Model {
  return { tensors: kept.length, backends: backends.length, active: active !== undefined };
}

class Command implements fc.AsyncCommand<Model, Program> {
  readonly #step: Step;

  constructor(step: Step) {
    this.#step = step;
  }

  check({ tensors, backends, active }: Readonly<Model>): boolean {
    switch (this.#step.kind) {
      case 'disposeTensor':
        return tensors > 0;
      case 'disposeBackend':
        return backends > 0;
      case 'lateGradients':
        return active;
      default:
        return true;
    }
  }

  async run(model: Model, program: Program): Promise<void> {
    await doStep(program, this.#step);
    Object.assign(model, modelOf(program));
  }

  toString(): string {
    return this.#step.kind;
  }
}
