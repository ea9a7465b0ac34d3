import { HeedError, checkOptions, type AttentionBackend, type BackendFactory, type OptionNames } from '@heed/core';
import { attentionKernels } from './attention-kernels.js';
import { ENGINE, openEngine, type WasmEngine } from './engine.js';
import type { EngineFiles } from './engine-files.js';
import { HookCompiler } from './hooks/compile.js';
import { engineKernels } from './engine-kernels.js';
import { detectSimd, instantiate, isShared, loadModule, type Kernels, type Simd } from './wasm-module.js';
import { NORMALIZER_KINDS } from './request.js';
import { linearKernels } from './linear-kernels.js';
import { createRun } from './run.js';
import { createRecorder } from './recorder/recorder.js';
import { hardwareThreads } from './threads/spawn.js';
import { createTeam, threadsReason, type Team } from './threads/team.js';

export interface WasmOptions {
  /**
   * A folder to load the kernels from, such as a copy of the package's `wasm/` or a build of your own, instead of the bytes
   * that the package holds: simd.wasm, relaxed.wasm, simd-threads.wasm or relaxed-threads.wasm is read, as fits the machine.
   */
  readonly url?: string | URL;
  /** 'simd' leaves out fused multiply–add, whose results depend on the machine. Default: the best there is. */
  readonly simd?: Simd;
  /** Threads, the caller's included. Default: those of the machine, at most 8, where memory can be shared; else 1. */
  readonly threads?: number;
  /**
   * Multiply–adds of a request from which all threads take part. Default: where that was measured to pay, 2²³; and never in a step of
   * decoding whose keys and values would have to be copied for them.
   */
  readonly threadsFrom?: number;
  /**
   * Where the .wasm file of the engine itself comes from in a page: 'embedded' in this package, which is the engine's build
   * without threads of its own, or as 'configured' by you with `setWasmPaths` of @tensorflow/tfjs-backend-wasm. Default:
   * 'embedded'. Has no effect in Node or once the engine has started.
   */
  readonly engineFiles?: EngineFiles;
  /**
   * Whether what `replayable` functions do is recorded and done again without TensorFlow.js: steps of decoding, encoders. False makes every
   * call anew, slower and with the same bits. Default true.
   */
  readonly replays?: boolean;
  /** Engine kernels to leave as they are, by name, such as `['Softmax']`. */
  readonly keep?: readonly string[];
}

const OPTIONS: OptionNames<WasmOptions> = {
  url: true,
  simd: true,
  threads: true,
  threadsFrom: true,
  engineFiles: true,
  replays: true,
  keep: true,
};

/**
 * The wasm backend: SIMD kernels for attention, forward and backward, inside the heap of TensorFlow.js's `wasm` engine,
 * without copies; and fast kernels in place of some of the engine's own.
 *
 * @example
 * const backend = await selectBackend([wasm(), cpu()]);
 */
export function wasm(options: WasmOptions = {}): BackendFactory {
  checkOptions('wasm', options, OPTIONS);
  return {
    name: 'wasm',
    async unavailableReasons() {
      if ((await detectSimd()) === undefined) return ['WebAssembly here has no SIMD, which the kernels are made of'];
      try {
        await openEngine(options.engineFiles);
        return [];
      } catch (error) {
        return [error instanceof Error ? error.message : String(error)];
      }
    },
    async create() {
      const { url } = options;
      const simd = await chooseSimd(options.simd);
      const threads = chooseThreads(options.threads);
      const engine = await openEngine(options.engineFiles);
      const build = isShared(engine.memory) ? (`${simd}-threads` as const) : simd;
      const [kernels, team] = await Promise.all([
        loadModule(build, url).then((module) => instantiate(module, engine.memory)),
        threads > 1 ? createTeam(engine, simd, threads, url) : undefined,
      ]);
      return createBackend(engine, kernels, simd, team, options);
    },
  };
}

/** Kernels that tell of their calls. */
const tellingKernels = (engine: WasmEngine, kernels: Kernels): Kernels =>
  Object.fromEntries(
    Object.entries(kernels).map(([name, kernel]: [string, unknown]) => [
      name,
      typeof kernel === 'function'
        ? (...numbers: number[]) => engine.call(kernel as (...numbers: number[]) => number, numbers)
        : kernel,
    ]),
  ) as unknown as Kernels;

const MOST_THREADS = 8;

async function chooseSimd(wanted?: Simd): Promise<Simd> {
  const best = await detectSimd();
  if (best === undefined || (wanted === 'relaxed' && best !== 'relaxed')) {
    throw new HeedError('BACKEND_UNAVAILABLE', {
      message: `wasm({ simd }): WebAssembly here has no ${best === undefined ? '' : 'relaxed '}SIMD`,
      hint: best === undefined ? 'take another backend' : "leave 'simd' out to get the best that there is",
    });
  }
  return wanted ?? best;
}

function chooseThreads(wanted?: number): number {
  if (wanted !== undefined && !(Number.isInteger(wanted) && wanted >= 1)) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `wasm({ threads }): ${wanted} is not a number of threads`,
      hint: 'a whole number from 1 on',
    });
  }
  return threadsReason() === undefined ? (wanted ?? Math.min(MOST_THREADS, hardwareThreads())) : 1;
}

/** Of `linearAttention`: all but `bidirectional`, which has no steps to pass over. */
const LINEAR_OPTIONS = ['logDecay', 'beta', 'normalize', 'lengths', 'initialState', 'returnState'] as const;

function createBackend(
  engine: WasmEngine,
  kernels: Kernels,
  simd: Simd,
  team: Team | undefined,
  { keep = [], replays = true, threadsFrom }: WasmOptions,
): AttentionBackend {
  const told = tellingKernels(engine, kernels);
  const replaced = engineKernels(engine, told);
  checkNames(
    keep,
    replaced.map(({ kernelName }) => kernelName),
  );
  const used = replaced.filter(({ kernelName }) => !keep.includes(kernelName));
  return {
    specVersion: 1,
    name: 'wasm',
    engine: ENGINE,
    kernels: {
      ...attentionKernels(engine, createRun(engine, told, new HookCompiler(kernels, engine.memory), team, threadsFrom)),
      linearAttention: linearKernels(engine, kernels),
    },
    takes: {
      masks: ['band', 'lengths', 'segments', 'dense'],
      biases: ['dense', 'alibi', 'relative'],
      normalizers: Object.keys(NORMALIZER_KINDS),
      options: ['softCap', 'scoreHook', 'maskHook', 'dropout', 'returnWeights', ...LINEAR_OPTIONS],
    },
    engineKernels: used,
    ...(replays && { recorder: createRecorder(engine) }),
    capabilities: {
      skips: ['band', 'lengths', 'segments'],
      simd,
      threads: team?.pool.threads ?? 1,
      floatBits: 32,
      accumulatorBits: 32,
      deterministic: true,
      replaces: used.map(({ kernelName }) => kernelName),
      notes: [simdNote(simd), threadsNote(engine, team)],
    },
    dispose: () => {
      team?.pool.dispose();
      return Promise.resolve();
    },
  };
}

function simdNote(simd: Simd): string {
  return simd === 'relaxed'
    ? 'relaxed SIMD: fused multiply–add, where the processor has it'
    : 'plain SIMD: WebAssembly here has no relaxed SIMD, or it was not asked for';
}

function threadsNote(engine: WasmEngine, team?: Team): string {
  if (team === undefined) return threadsReason() ?? 'one thread: the machine has one, or one was asked for';
  const where =
    team.heap === engine ? "the engine's shared heap" : 'a shared memory to which large requests are copied';
  return `${team.pool.threads} threads over ${where}`;
}

function checkNames(keep: readonly string[], known: readonly string[]): void {
  const unknown = keep.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new HeedError('UNKNOWN_NAME', {
      message: `wasm({ keep }): ${unknown.join(', ')} isn't replaced`,
      hint: `the names are ${known.join(', ')}`,
    });
  }
}
