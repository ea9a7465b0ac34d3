import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { takesGradients } from '../engine.js';
import { activeBackend } from '../selections.js';
import { during, recordedCall, type Advance, type Limit } from './current.js';
import type { Recorded, Recorder } from './recorder.js';

/** Tensors by name. */
type Named = Readonly<Record<string, Tensor>>;

/** A function of tensors that is called again and again. */
export interface Replayable {
  /** Tensors in, which are borrowed, and tensors out, which are the caller's. */
  (inputs: Named): Record<string, Tensor>;
  /** Lets go of what was recorded; the function can still be called. */
  dispose(): void;
}

/** Recordings that a function keeps, each for inputs of other shapes. */
const MOST = 32;

/** After so many failures in a row, a recording is still tried now and then. */
const MOST_DOUBLINGS = 8;

/** Whether the selected backend does anything again. */
export const canReplay = (): boolean => activeBackend()?.recorder !== undefined;

/**
 * A function whose calls, after two with inputs of the same shapes, a backend does again without TensorFlow.js where it can. The results
 * have the same bits; what goes is the time for a hundred small ops.
 *
 * What it does must depend on the shapes of its inputs alone, and on what it tells of by `advances`: it doesn't look at numbers. Other
 * tensors that it uses, such as parameters, are the same ones in each call. A function that asks for more simply runs.
 */
export function replayable(run: (inputs: Named) => Named): Replayable {
  const calls = new Map<string, Calls>();
  let owner: Recorder | undefined;
  const dispose = (): void => {
    for (const one of calls.values()) one.forget();
    calls.clear();
  };
  const call = (inputs: Named): Record<string, Tensor> => {
    const recorder = activeBackend()?.recorder;
    if (recorder === undefined || recordedCall() !== undefined || takesGradients()) return plainly(run, inputs);
    if (recorder !== owner) dispose();
    owner = recorder;
    const key = Object.entries(inputs)
      .map(([name, { shape, dtype }]) => `${name}: ${dtype}[${shape}]`)
      .join();
    const alike = calls.get(key) ?? new Calls(recorder, run);
    calls.delete(key);
    calls.set(key, alike); // the last one used is the last to go
    if (calls.size > MOST) {
      const [oldest, first] = calls.entries().next().value!;
      first.forget();
      calls.delete(oldest);
    }
    return alike.call(inputs);
  };
  return Object.assign(call, { dispose });
}

/** Calls with inputs of the same shapes. */
class Calls {
  #recorded: Recorded | undefined;
  #advances: readonly Advance[] = [];
  #limits: readonly Limit[] = [];
  #conditions: readonly (() => boolean)[] = [];
  /** How often in a row a recording came to nothing, and for how many calls none is tried. */
  #failures = 0;
  #pause = 0;
  readonly #recorder: Recorder;
  readonly #run: (inputs: Named) => Named;
  /** Names of the results, as they are recorded. */
  #names: readonly string[] = [];

  constructor(recorder: Recorder, run: (inputs: Named) => Named) {
    this.#recorder = recorder;
    this.#run = run;
  }

  call(inputs: Named): Record<string, Tensor> {
    if (this.#recorded !== undefined && !(this.#recorded.isAlive() && this.#conditions.every((holds) => holds()))) {
      this.forget();
      this.#fail();
    }
    if (this.#recorded?.isComplete) {
      const ahead = this.#advances.every(({ of, by }) => of.canAdvance(by)) ? aheadOf(this.#advances) : undefined;
      if (ahead !== undefined && this.#limits.every(({ count, limit }) => count + ahead < limit))
        return this.#replay(this.#recorded, inputs, ahead);
      this.forget();
    }
    if (this.#pause > 0) {
      this.#pause--;
      return plainly(this.#run, inputs);
    }
    return this.#record(inputs);
  }

  forget(): void {
    this.#recorded?.dispose();
    this.#recorded = undefined;
    this.#advances = [];
  }

  #fail(): void {
    this.#pause = 2 ** Math.min(this.#failures, MOST_DOUBLINGS) - 1; // 0, 1, 3, …
    this.#failures++;
  }

  #replay(recorded: Recorded, inputs: Named, ahead: number): Record<string, Tensor> {
    this.#failures = 0;
    const outputs = recorded.replay(Object.values(inputs), ahead);
    for (const { of, by } of this.#advances) of.advance(by);
    return this.#named(outputs);
  }

  #record(inputs: Named): Record<string, Tensor> {
    // Two recordings with the same counts wouldn't tell which of them grow.
    if (this.#advances.length > 0 && !((aheadOf(this.#advances) ?? 0) > 0)) this.forget();
    const before = this.#advances;
    const recording = this.#recorder.begin(Object.values(inputs), this.#recorded);
    this.#recorded = undefined;
    const [advances, limits]: [Advance[], Limit[]] = [[], []];
    const conditions: (() => boolean)[] = [];
    let outputs: TensorInfo[] = [];
    try {
      tf.tidy(() => {
        const names = Object.keys(inputs);
        const given = Object.fromEntries(recording.inputs.map((info, n) => [names[n]!, asTensor(info)]));
        const made = during({ recording, advances, limits, conditions }, () => this.#run(given));
        this.#names = Object.keys(made);
        outputs = recording.copies(Object.values(made));
      });
    } catch (error) {
      recording.spoil('an error');
      recording.end(0);
      throw error;
    }
    const ended = recording.end(movedSince(before, advances) ?? 0);
    if (typeof ended === 'string') {
      this.#advances = [];
      this.#fail();
    } else {
      this.#recorded = ended;
      this.#advances = advances;
      this.#limits = limits;
      this.#conditions = conditions;
    }
    return this.#named(outputs);
  }

  #named(outputs: readonly TensorInfo[]): Record<string, Tensor> {
    return Object.fromEntries(this.#names.map((name, n) => [name, asTensor(outputs[n]!)]));
  }
}

const plainly = (run: (inputs: Named) => Named, inputs: Named): Record<string, Tensor> =>
  tf.tidy(() => ({ ...run(inputs) }));

const asTensor = (info: TensorInfo): Tensor => tf.engine().makeTensorFromTensorInfo(info);

/** How far all of them are ahead of where they were recorded; undefined where they differ. */
const aheadOf = (advances: readonly Advance[]): number | undefined =>
  common(advances.map(({ of, from }) => of.at() - from));

/** How far the same things moved on between two recordings; undefined where they aren't the same. */
function movedSince(before: readonly Advance[], now: readonly Advance[]): number | undefined {
  if (before.length !== now.length || before.some(({ of, by }, n) => of !== now[n]!.of || by !== now[n]!.by))
    return undefined;
  return common(now.map(({ from }, n) => from - before[n]!.from));
}

const common = ([first = 0, ...rest]: readonly number[]): number | undefined =>
  rest.every((one) => one === first) ? first : undefined;
