import { loadG2p } from '@heed/datasets';
import { createSeq2Seq, presets, recurrent } from '@heed/networks';
import { createTrainer } from '@heed/nn';
import { atLeast, type BenchCase } from './case.js';
import { contest } from '../contest.js';
import type { Engine, Engines } from './engines.js';
import type { System } from './system.js';
import { COMPOSED, HEED } from './systems.js';

export type Preset = keyof typeof presets;

/** System that trains a model of pronunciations, several steps in a run, since batches differ in length. Results are the losses. */
export async function trainingSystem(name: string, { enter }: Engine, preset: Preset, steps: number): Promise<System> {
  const { train, sourceSymbols, targetSymbols } = await loadG2p({ seed: 1 });
  const { model: shape, training } = presets[preset];
  await enter();
  const model = createSeq2Seq({ ...shape, sourceSymbols, targetSymbols, seed: 1 });
  const trainer = createTrainer(recurrent, model, { train, validation: [] }, { ...training, seed: 1 });
  return {
    name,
    enter,
    run: async () => {
      const losses: number[] = [];
      await trainer.run({ maxSteps: steps, onProgress: ({ loss }) => losses.push(loss!) });
      return [Float32Array.from(losses)];
    },
    dispose: async () => {
      await enter();
      model.dispose();
    },
  };
}

/** Case of a training step: both systems take the same steps in the same rounds, and must have the same losses. */
export function training(preset: Preset, steps: number, target: number): BenchCase {
  const name = `g2p-${preset}`;
  const title = `${steps} steps of training on g2p, presets.${preset}`;
  return {
    name,
    title,
    async run(engines: Engines, rounds) {
      const systems = [
        await trainingSystem(HEED, engines.heed(1)!, preset, steps),
        await trainingSystem(COMPOSED, engines.plain, preset, steps),
      ];
      const standings = await contest(systems, rounds);
      for (const system of systems) await system.dispose();
      const { ratio, interval } = standings[1];
      const targets = [atLeast(`${name}: times ${COMPOSED}`, target, ratio, '×', interval)];
      return { case: name, title, standings, targets, leftOut: [] };
    },
  };
}
