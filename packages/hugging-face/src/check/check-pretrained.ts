import { HeedError, checkOptions, type OptionNames } from '@heed/base';
import type { Family } from '../families/family.js';
import { Config } from '../config.js';
import type { PretrainedFiles } from '../files/pretrained-files.js';
import { loadPretrained } from '../load-pretrained.js';
import { readTokenizer } from '../tokens/read-tokenizer.js';
import { checkGenerate } from './check-generate.js';
import { checkRun, type ExpectedRun } from './check-run.js';
import { checkTokens } from './check-tokens.js';
import { entriesOf, readExpected, type Expected } from './expected.js';
import type { CheckResult } from './result.js';

export interface CheckPretrainedOptions {
  /** Largest difference of logits, states and attention weights; 1e-4 by default. */
  readonly tolerance?: number;
  /** Families besides Heed's, as `loadPretrained` takes them. */
  readonly families?: readonly Family[];
}

const OPTIONS: OptionNames<CheckPretrainedOptions> = { tolerance: true, families: true };
const TOLERANCE = 1e-4;

/** How a folder's models agree with what transformers computed with them. */
export interface PretrainedReport {
  readonly family: string;
  readonly results: readonly CheckResult[];
  readonly passed: boolean;
}

/**
 * Holds a folder to the numbers in its `expected.json` and `expected.safetensors`: tokens; logits, states and attention weights of real
 * tokens; continuations; of its own model, with other configurations, of variants of a base that are stored otherwise, and a base's own model to
 * what onnxruntime computed with exports of it.
 *
 * @param open files of the folder by its path from this one: '' itself, a variant's name, '../base'
 * @throws HeedError as `loadPretrained`; FILE_ACCESS when there are no numbers; FILE_INVALID when nothing in them is of a model
 */
export async function checkPretrained(
  open: (path: string) => Promise<PretrainedFiles>,
  options: CheckPretrainedOptions = {},
): Promise<PretrainedReport> {
  checkOptions('checkPretrained', options, OPTIONS);
  const { tolerance = TOLERANCE, families = [] } = options;
  const how: How = { tolerance, families };
  const files = await open('');
  const expected = await readExpected(files);
  const { json } = expected;
  const results: CheckResult[] = [];
  if (json.has('base')) {
    const baseFiles = await open(`../${json.text('base')}`);
    const base = await readExpected(baseFiles);
    for (const [name, variant] of entriesOf(json, 'variants')) {
      const runs = runsOfVariant(name, variant, expected, base);
      results.push(...(await checkModel(await open(name), runs, how)));
    }
    const exported = runsOfExports(expected);
    if (exported.length > 0) results.push(...(await checkModel(baseFiles, exported, how)));
  } else {
    const tokenizer = await readTokenizer(files);
    if (tokenizer !== undefined && json.has('tokenization')) {
      results.push(checkTokens(tokenizer, json.section('tokenization')));
    }
    const runs = entriesOf(json, 'runs').map(([name, run]) => ({
      model: '',
      name,
      run,
      prefix: name,
      inputTensors: expected.tensors,
      tensors: expected.tensors,
    }));
    results.push(...(await checkModel(files, runs, how, { continuations: expected })));
    for (const [name, other] of entriesOf(json, 'other_configs')) {
      results.push(...(await checkOther(files, name, other, expected, how)));
    }
  }
  if (results.length === 0) {
    throw new HeedError('FILE_INVALID', {
      message: 'expected.json has nothing that the model could be held to: no tokens, runs or variants',
      hint: 'see the folders in vectors/hugging-face',
    });
  }
  return { family: json.text('family', ''), results, passed: results.every(({ passed }) => passed) };
}

type How = Required<CheckPretrainedOptions>;

interface OfModel {
  /** Name of its configuration; `config.json` by default. */
  readonly config?: string;
  /** Numbers whose continuations are compared too. */
  readonly continuations?: Expected;
}

async function checkModel(
  files: PretrainedFiles,
  runs: readonly ExpectedRun[],
  { tolerance, families }: How,
  { config, continuations }: OfModel = {},
): Promise<CheckResult[]> {
  const model = await loadPretrained(files, { families, ...(config !== undefined && { config }) });
  try {
    const results: CheckResult[] = [];
    for (const run of runs) results.push(...(await checkRun(model, run, tolerance)));
    for (const [name, generate] of continuations === undefined ? [] : entriesOf(continuations.json, 'generate')) {
      results.push(...(await checkGenerate(model, name, generate, continuations!, tolerance)));
    }
    return results;
  } finally {
    model.dispose();
  }
}

/** Runs of a variant: with the inputs of its base, and with the base's numbers where it is the same model. */
function runsOfVariant(name: string, variant: Config, own: Expected, base: Expected): readonly ExpectedRun[] {
  const isSame = variant.flag('same_as_base', false);
  return variant.texts('runs').map((run) => ({
    model: name,
    name: run,
    run: base.json.section('runs').section(run),
    prefix: isSame ? run : `${name}.${run}`,
    inputTensors: base.tensors,
    tensors: isSame ? base.tensors : own.tensors,
  }));
}

/** Runs of a base's model that was exported: their inputs as they are, and onnxruntime's numbers. */
const runsOfExports = ({ json, tensors }: Expected): readonly ExpectedRun[] =>
  entriesOf(json, 'runs').map(([name, inputs]) => ({
    model: 'onnxruntime',
    name,
    run: new Config({ inputs: inputs.json }, inputs.what),
    prefix: `onnxruntime.${name}`,
    inputTensors: {},
    tensors,
  }));

/** The same weights with another configuration, whose numbers may be those of `config.json` or of a third one. */
async function checkOther(
  files: PretrainedFiles,
  name: string,
  other: Config,
  { json, tensors }: Expected,
  how: How,
): Promise<readonly CheckResult[]> {
  const file = other.text('file');
  const numbersOf = other.has('same_as') ? other.text('same_as') : name;
  const described = other.has('same_as') ? json.section('other_configs').section(numbersOf) : other;
  const run = described.text('run');
  const prefix = described.flag('same_as_config_json', false) ? run : `config_${numbersOf}.${run}`;
  const expectedRun: ExpectedRun = {
    model: file,
    name: run,
    run: json.section('runs').section(run),
    prefix,
    inputTensors: tensors,
    tensors,
  };
  return checkModel(files, [expectedRun], how, { config: file });
}
