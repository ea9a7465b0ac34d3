import { loadG2p } from '@heed/datasets';
import { createLanguageModel, createSeq2Seq, language, presets, recurrent } from '@heed/networks';
import { createTrainer, type Trainer } from '@heed/nn';
import { generate } from '@heed/tasks';
import { contest, ratiosOf } from '../contest.js';
import { atLeast, atMost } from '../figure.js';
import { collectGarbage } from '../garbage.js';
import type { BenchCase } from './case.js';
import type { Engine, Engines } from './engines.js';
import type { System } from './system.js';
import { COMPOSED, HEED } from './systems.js';

/** What is trained. */
interface Subject {
  readonly title: string;
  /** Steps of a run: several where batches differ in length, and where what goes with a run, such as bringing its state there and back, would count. */
  readonly steps: number;
  /** How many times faster than the composed form a step must be; null when the ratio is only reported. */
  readonly target: number | null;
  /** Makes a model on the engine in use, with its trainer; the caller's to dispose. */
  open(): Promise<{ readonly trainer: Trainer; dispose(): void }>;
}

export const SUBJECTS = {
  'train-g2p-small': g2p('small', 25, 6),
  'train-g2p': g2p('standard', 2, 15),
  'train-generate': generation(),
} as const satisfies Readonly<Record<string, Subject>>;

function g2p(preset: keyof typeof presets, steps: number, target: number): Subject {
  return {
    title: `a model of pronunciations, presets.${preset} of @heed/networks`,
    steps,
    target,
    async open() {
      const { train, sourceSymbols, targetSymbols } = await loadG2p({ seed: 1 });
      const { model: shape, training } = presets[preset];
      const model = createSeq2Seq({ ...shape, sourceSymbols, targetSymbols, seed: 1 });
      const trainer = createTrainer(recurrent, model, { train, validation: [] }, { ...training, seed: 1 });
      return { trainer, dispose: () => model.dispose() };
    },
  };
}

function generation(): Subject {
  const { transformer } = generate.presets;
  const { layers, window } = transformer.model;
  return {
    title: `a transformer that writes, ${layers} layers, T ${window}, B ${transformer.training.batchSize}`,
    steps: 4,
    target: null,
    async open() {
      const data = await generate.load({ seed: 1 });
      const model = createLanguageModel(generate.configure(transformer, data, 1));
      const trainer = createTrainer(
        language,
        model,
        { train: data.train, validation: [] },
        { ...transformer.training, seed: 1 },
      );
      return { trainer, dispose: () => model.dispose() };
    },
  };
}

/** System that trains; its results are the losses, and its times of a step. */
export async function trainingSystem(name: string, { enter }: Engine, { steps, open }: Subject): Promise<System> {
  await enter();
  const { trainer, dispose } = await open();
  return {
    name,
    // A step leaves much garbage, and what one system left isn't for the other to collect. Short runs pay more for what goes with it.
    enter: async () => {
      await enter();
      collectGarbage();
    },
    count: steps,
    run: async () => {
      const losses: number[] = [];
      await trainer.run({ maxSteps: steps, onProgress: ({ loss }) => losses.push(loss!) });
      return [Float32Array.from(losses)];
    },
    dispose: async () => {
      await enter();
      dispose();
    },
  };
}

/** Cases of training steps: both systems take the same steps in the same rounds, and must have the same losses. */
export const training: readonly BenchCase[] = Object.entries<Subject>(SUBJECTS).map(([name, subject]) => {
  const title = `a step of training ${subject.title}`;
  return {
    name,
    title,
    async run(engines: Engines, rounds) {
      const systems = [
        await trainingSystem(HEED, engines.heed(1)!, subject),
        await trainingSystem(COMPOSED, engines.plain, subject),
      ];
      const standings = await contest(systems, rounds);
      for (const system of systems) await system.dispose();
      const [heed, composed] = standings;
      const figures = [
        atLeast(`${name}: times ${COMPOSED}`, subject.target, ratiosOf(composed, heed), '×'),
        atMost(`${name}: milliseconds a step`, null, heed.rounds, 'ms'),
      ];
      return { case: name, title, standings, figures, leftOut: [] };
    },
  };
});
