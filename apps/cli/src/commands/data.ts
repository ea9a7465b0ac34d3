import { checkName } from '@heed/base';
import { guessKind, KINDS, surveyFiles, type Kind, type KindSettings } from '@heed/datasets';
import { describeSummary, describeSurvey } from '../data/describe.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { refuseFlags } from '../flag-names.js';
import type { Host } from '../host.js';
import { taskNamed, tasksOf } from '../known.js';
import { SETTING_FLAGS } from '../own/own-flags.js';
import { settingsOf } from '../own/settings-of.js';
import { either } from '../mechanism-names.js';
import { openOwn, ownKind } from '../own/task-source.js';
import { reading } from '../train/read-data.js';
import { typed, UsageError } from '../usage-error.js';
import type { DataFlags } from './data-command.js';

export async function data(host: Host, what: readonly string[], flags: DataFlags): Promise<ExitCode> {
  const { output } = host;
  if (what.length === 0) list(host);
  else await tell(host, what, flags);
  output.event({ event: 'done' });
  return EXIT.ok;
}

function list(host: Host): void {
  const { output } = host;
  for (const { name, title, description, example } of Object.values(tasksOf(host))) {
    output.event({ event: 'task', name, title, description, example });
    output.print(`${output.paint.bold(name)}  ${title}\n  ${description}\n  try: heed data ${name}`);
  }
  output.print('Of your own files: heed data FILE');
}

/** Describes the data of a task, or of files; what is neither was to be one of them. */
async function tell(host: Host, what: readonly string[], flags: DataFlags): Promise<void> {
  const [name] = what;
  if (what.length === 1 && Object.hasOwn(tasksOf(host), name)) {
    refuseFlags(flags, ['as', 'validation', 'test', ...SETTING_NAMES], `for ${name}, which has its own data`);
    const dataset = await taskNamed(name, host).load({ seed: flags.seed, files: host.packageFiles });
    const summary = dataset.describe();
    host.output.event({ event: 'data', ...summary });
    host.output.print(describeSummary(host.output, summary));
    return;
  }
  if (ownKind(name) !== undefined) {
    throw new UsageError(`${name} is learnt from your own files`, `heed data FILE --as ${name}`);
  }
  if (what.length === 1 && !/[\\/.]/.test(name)) {
    typed(() => checkName('task', name, Object.keys(tasksOf(host))));
  }
  await tellFiles(host, what, flags);
}

async function tellFiles(host: Host, paths: readonly string[], flags: DataFlags): Promise<void> {
  const { output } = host;
  const { as = await guessKind(await host.dataFile(paths[0])) } = flags;
  const name = typed(() => checkName('kind', as, KINDS)) as Kind;
  const kind = ownKind(name)!;
  const files = await openOwn(host, kind, { data: paths, validation: flags.validation, test: flags.test });
  output.note(
    `${paths.join(', ')}: ${flags.as === undefined ? `looks like ${name}; --as ${others(name)} if it isn’t` : name}`,
  );
  const settings = { ...settingsOf(kind, flags), seed: flags.seed } as KindSettings[Kind];
  const survey = await surveyFiles(name, files, settings, { onProgress: reading(output) });
  output.endProgress();
  output.event({ event: 'data', ...survey.summary, ...survey });
  output.print(`${describeSummary(output, survey.summary)}\n${describeSurvey(output, survey)}`);
}

const SETTING_NAMES = Object.keys(SETTING_FLAGS) as (keyof typeof SETTING_FLAGS)[];

const others = (kind: Kind): string => either(KINDS.filter((name) => name !== kind));
