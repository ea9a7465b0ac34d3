import { join } from 'node:path';
import { sample } from '@heed/base';
import { encodeModel, type Graph } from '@heed/nn';
import type { Reading } from '@heed/tasks/readings';
import { EXIT, type ExitCode } from '../exit-codes.js';
import type { Checked } from '../export/check.js';
import { assertNoFiles, makeFolder } from '../export/new-folder.js';
import { graphsOf, fileOf, onnxOf, partOf } from '../export/parts.js';
import { programFor, readingOf } from '../export/program.js';
import { readmeOfOnnx, readmeOfParameters } from '../export/readme.js';
import { samplingOf, settingsOf, vocabularyOf } from '../export/settings.js';
import type { Host } from '../host.js';
import { dataOf, openModelOn, type OpenModel } from '../model.js';
import { UsageError } from '../usage-error.js';
import { CHECKED, type ExportFlags } from './export-command.js';

/** Marks `config.json`, and says how to read it. */
const FORMAT = 'heed-export/1';
/** Which examples a check takes. */
const SEED = 1;
/** Numbers of ONNX Runtime and of Heed that differ by more aren't the same. */
const TOLERANCE = 1e-4;

type Files = Readonly<Record<string, string | Uint8Array>>;

export async function exportRun(host: Host, runOrTask: string, flags: ExportFlags): Promise<ExitCode> {
  const { out, to, check } = flags;
  if (out === undefined) throw new UsageError('--out is missing', `heed export ${runOrTask} --out FOLDER`);
  if (check !== undefined && to !== 'onnx') throw new UsageError(`--check is for --to onnx: ${to} doesn't run`);
  if (flags.overwrite !== true) await assertNoFiles(out);
  const runtime = check === undefined ? undefined : await (await import('../export/onnx-runtime.js')).onnxRuntime();
  const { backend, opened } = await openModelOn(host, {}, runOrTask);
  try {
    if (to === 'safetensors') {
      await write(host, flags, parameterFiles(opened));
      return EXIT.ok;
    }
    const graphs = graphsOf(opened);
    const reading = readingOf(opened.task.name);
    if (check !== undefined && reading === undefined)
      throw new UsageError(`--check answers texts, and no program reads those of '${opened.task.name}'`);
    // What can't be checked is said before anything is made.
    const examples =
      check === undefined ? [] : sample((await dataOf(host, opened)).test, check === true ? CHECKED : check, SEED);
    const models = await onnxModels(host, opened, graphs, flags.longest);
    await write(host, flags, await onnxFiles(opened, reading, graphs, models, flags.longest));
    if (runtime === undefined) return EXIT.ok;

    const { answered, checkExport } = await import('../export/check.js');
    const sampling = reading?.kind === 'text' ? samplingOf(reading, flags.longest) : undefined;
    const texts = await answered(opened, examples, sampling);
    const checked = await checkExport({ folder: out, graphs, models }, runtime, texts, (done) =>
      host.output.progress({ done, total: texts.length, unit: 'text' }),
    );
    host.output.endProgress();
    return tell(host, checked);
  } finally {
    opened.model.dispose();
    await backend.dispose();
  }
}

async function onnxModels(
  host: Host,
  { model }: OpenModel,
  graphs: readonly Graph[],
  longest: number,
): Promise<Record<string, Uint8Array>> {
  const models: Record<string, Uint8Array> = {};
  for (const graph of graphs) {
    models[graph.name] = await onnxOf(graph, model, longest);
    host.output.note(`${fileOf(graph)}: ${models[graph.name].length.toLocaleString('en')} bytes`);
  }
  return models;
}

async function onnxFiles(
  opened: OpenModel,
  reading: Reading | undefined,
  graphs: readonly Graph[],
  models: Readonly<Record<string, Uint8Array>>,
  longest: number,
): Promise<Files> {
  const parts = Object.fromEntries(graphs.map((graph) => [graph.name, partOf(graph)]));
  const config = {
    ...configOf(opened),
    parts,
    longest,
    ...(reading?.kind === 'text' && { sampling: samplingOf(reading, longest) }),
    ...(opened.calibration?.confidence && { confidence: opened.calibration.confidence }),
  };
  return {
    ...Object.fromEntries(graphs.map((graph) => [fileOf(graph), models[graph.name]])),
    ...jsonFiles(opened, config),
    ...(reading && (await programFor(opened.task.name, reading))),
    ...(reading && { 'package.json': jsonOf(packageOf(opened)) }),
    'README.md': readmeOfOnnx(opened, parts, reading !== undefined),
  };
}

const parameterFiles = (opened: OpenModel): Files => ({
  'model.safetensors': encodeModel(opened.model),
  ...jsonFiles(opened, configOf(opened)),
  'README.md': readmeOfParameters(opened),
});

const configOf = ({ model, info }: OpenModel) => ({
  format: FORMAT,
  task: info.task,
  data: info.dataVersion,
  model: settingsOf(model.config),
});

const jsonFiles = (opened: OpenModel, config: object): Files => ({
  'config.json': jsonOf(config),
  'vocabulary.json': jsonOf(vocabularyOf(opened)),
});

const packageOf = ({ task }: OpenModel) => ({
  name: `heed-${task.name}`,
  private: true,
  type: 'module',
  dependencies: { 'onnxruntime-node': ONNX_RUNTIME },
});

/** The versions that read opset 23. */
const ONNX_RUNTIME = '^1.23.0';

const jsonOf = (value: object): string => `${JSON.stringify(value, undefined, 2)}\n`;

async function write(host: Host, { out }: ExportFlags, files: Files): Promise<void> {
  await makeFolder(out!);
  for (const [name, content] of Object.entries(files)) await host.writeFile(join(out!, name), content);
  host.output.event({ event: 'exported', folder: out, files: Object.keys(files) });
  host.output.print(`written to ${out}: ${Object.keys(files).join(', ')}`);
}

function tell(host: Host, { worst, where, others, texts }: Checked): ExitCode {
  const { output } = host;
  const agrees = others.length === 0 && worst <= TOLERANCE;
  output.event({ event: 'checked', texts, worst: Number.isFinite(worst) ? worst : null, where, others, agrees });
  output.print(
    `${agrees ? 'agrees' : 'differs'}: ${texts - others.length} of ${texts} texts have the same answer; numbers differ by at most ${worst.toExponential(1)}${where === '' ? '' : ` (${where})`}`,
  );
  for (const { text, expected, found } of others.slice(0, MOST_TOLD))
    output.note(`${JSON.stringify(text)}: ${JSON.stringify(found)}, of Heed ${JSON.stringify(expected)}`);
  return agrees ? EXIT.ok : EXIT.failure;
}

/** Answers that are told, of those that differ. */
const MOST_TOLD = 5;
