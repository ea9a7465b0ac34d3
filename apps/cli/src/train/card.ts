import type { ModelCard } from '@heed/models/card';
import { openRun, type RunFolder } from '@heed/nn';
import { judgeConfidence, type Judgement, type JudgeOptions } from '@heed/tasks';
import { reliabilityOf } from '../calibration/describe.js';
import { keptCalibration } from '../calibration/kept.js';
import { examplesOf, limited } from '../eval/examples-of.js';
import type { Host } from '../host.js';
import { sha256 } from '../io/sha256.js';
import { networksFor, type AnyData, type AnyTask } from '../known.js';
import { modelTitle } from '../model.js';
import { ownKind } from '../own/task-source.js';
import { commandOf } from './command-of.js';

/** The file of a run's card, beside its model. */
export const CARD_FILE = 'card.json';

// Enough for a figure of two digits, few enough to wait for; `heed eval` takes all.
const MOST_JUDGED = 500;
// Time that judging their confidence may take.
const MOST_SECONDS = 10;

interface About {
  readonly task: AnyTask;
  readonly data: AnyData;
  /** Name of the backend that trained the model. */
  readonly backend: string;
}

/**
 * Writes the card of a finished run into its folder: its data with their fingerprint and counts, figures and calibration error on
 * some test examples (or validation ones, where there is no test), seed, command, limits and versions.
 *
 * @returns undefined where the signal cut it short; nothing is written then
 */
export async function writeCard(
  host: Host,
  folder: RunFolder,
  { task, data, backend }: About,
  options: Pick<JudgeOptions, 'signal' | 'onProgress'>,
): Promise<ModelCard | undefined> {
  const { model, info } = await openRun(folder, { networks: networksFor(task, host) });
  try {
    const split = data.test.length > 0 ? 'test' : 'validation';
    const sets = limited(examplesOf(data, split), MOST_JUDGED, info.model.seed);
    const calibration = await keptCalibration(folder);
    const outputs = calibration?.outputs;
    const evaluations: ModelCard['evaluations'] = [];
    for (const { name, examples } of sets) {
      const judged =
        examples.length === 0
          ? NOTHING
          : await task.judge(model, examples, { ...options, ...(outputs && { outputs }) });
      evaluations.push({ split, ...(sets.length > 1 && { testSet: name }), beam: 1, ...judged });
    }
    const [{ examples }] = sets;
    const reliability =
      calibration && (await judgeConfidence(task, model, examples, calibration, { ...options, seconds: MOST_SECONDS }));
    if (options.signal?.aborted === true) return undefined;
    const { title, url, licence, version, counts } = data.describe();
    const bytes = await folder.read(MODEL_FILE, LARGEST);
    const { core } = await host.versionsOf(backend);
    const card: ModelCard = {
      formatVersion: 2,
      name: task.name,
      task: task.name,
      title: task.title,
      description: task.description,
      limits: [...task.limits],
      // Of somebody's own data the model is theirs to give away.
      licence: ownKind(task.name) === undefined ? 'Apache-2.0' : 'not stated',
      data: { title, ...(url !== '' && { url }), licence: licence === '' ? 'not stated' : licence, version, counts },
      architecture: modelTitle(task, model.config),
      parameters: model.parameterCount,
      seed: info.model.seed,
      steps: info.progress.step,
      bestStep: info.progress.best?.step ?? info.progress.step,
      trainingSeconds: Math.round(info.progress.seconds),
      versions: { heed: core },
      command: commandOf(task, info, backend),
      file: { name: MODEL_FILE, bytes: bytes.length, sha256: await sha256(bytes) },
      unit: task.unit,
      example: data[split].length > 0 ? task.write(data[split][0]) : task.example,
      options: [...task.options],
      metrics: task.metrics.map(({ meaning: _meaning, ...metric }) => metric),
      evaluations,
      ...(reliability && { confidence: { split, ...reliabilityOf(reliability) } }),
      baselines: [],
    };
    await folder.write(CARD_FILE, new TextEncoder().encode(`${JSON.stringify(card, undefined, 2)}\n`));
    return card;
  } finally {
    model.dispose();
  }
}

const NOTHING: Judgement = { examples: 0, figures: {} };
const MODEL_FILE = 'model.safetensors';
const LARGEST = 2 ** 31;
