import {
  pretrainedClassifier,
  pretrainedLanguage,
  type PretrainedLanguage,
  type PretrainedModel,
} from '@heed/hugging-face';
import type { Network, TrainingConfig } from '@heed/nn';
import { defineTask, type Answer, type AnswerOptions } from '@heed/tasks';
import type { Host } from '../host.js';
import type { AnyTask } from '../known.js';
import { loadFolder } from '../open/load-folder.js';
import { UsageError } from '../usage-error.js';
import { writeOn } from './write-on.js';

type TunedNetwork = ReturnType<typeof pretrainedClassifier | typeof pretrainedLanguage>;

/** What has a task learnt by a pretrained model. */
export interface Tuning {
  /** What its tasks are learnt by. */
  readonly networks: readonly TunedNetwork[];
  /** @throws UsageError for a task that pretrained models don't learn */
  task(task: AnyTask): AnyTask;
  /** Reads the pretrained model, once a backend was chosen. */
  load(host: Host): Promise<void>;
  dispose(): void;
}

/** A few passes over little data: what is learnt already is to be kept. */
const TRAINING: Omit<TrainingConfig, 'seed'> = {
  steps: 300,
  batchSize: 8,
  learningRate: 5e-5,
  warmupSteps: 20,
  schedule: 'linear',
  clipNorm: 1,
  labelSmoothing: 0,
  evaluateEvery: 50,
  validationExamples: 200,
  patience: 0,
};
/** An adapter begins as nothing, and is trained faster. */
const ADAPTER_RATE = 1e-3;

/**
 * Training on of the model in a folder.
 *
 * @param lora rank of an adapter; 0 where all parameters are trained
 */
export function tuning(from: string, lora = 0): Tuning {
  let loaded: PretrainedModel | undefined;
  const base = (): PretrainedModel => {
    if (loaded === undefined) throw new Error('the pretrained model is asked for before it was loaded');
    return loaded;
  };
  const classifier = pretrainedClassifier(base);
  const language = pretrainedLanguage(base);
  const training = { ...TRAINING, ...(lora > 0 && { learningRate: ADAPTER_RATE }) };
  const learntBy = (task: AnyTask, network: Network, changes: Partial<AnyTask> = {}): AnyTask => {
    // There is no such model without attention.
    const { plain: _, ...rest } = task;
    const title = lora > 0 ? 'pretrained model with an adapter' : 'pretrained model, trained on';
    return defineTask({
      ...rest,
      networks: [network],
      presets: { pretrained: { title, model: { kind: network.kind }, training } },
      configure: ({ model }, data, seed) => ({
        ...model,
        seed,
        lora,
        ...('classes' in data && { classes: data.classes }),
      }),
      ...changes,
    });
  };
  return {
    networks: [classifier, language],
    task(task) {
      const kinds = new Set(task.networks.map(({ kind }) => kind));
      if (kinds.has('classifier')) return learntBy(task, classifier);
      if (kinds.has('language')) {
        return learntBy(task, language, {
          answer: (model, inputs, options) =>
            answers(model as PretrainedLanguage, inputs as readonly { readonly text: string }[], options),
        });
      }
      throw new UsageError(
        `${task.name} is not learnt by a pretrained model`,
        '--from is for texts with labels, and for plain text: heed train labels, heed train text',
      );
    },
    async load(host) {
      loaded = await loadFolder(host, from);
    },
    dispose: () => loaded?.dispose(),
  };
}

async function answers(
  model: PretrainedLanguage,
  inputs: readonly { readonly text: string }[],
  options: AnswerOptions = {},
): Promise<Answer[]> {
  const found: Answer[] = [];
  for (const { text } of inputs) found.push(await writeOn(model, text, options));
  return found;
}
