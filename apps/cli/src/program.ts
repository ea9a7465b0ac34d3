import { createRequire } from 'node:module';
import { MECHANISM_FACTS } from '@heed/attention/facts';
import { Command, Option } from 'commander';
import {
  names,
  number,
  seconds,
  wholeNumber,
  wholeNumbers,
  windowSides,
  withBackend,
  withBrowser,
  withCommon,
  withSeed,
  withUnused,
} from './flags.js';
import { BACKEND_NAMES } from './backends.js';
import type { OnBackend } from './commands/on-backend.js';
import type { ExitCode } from './exit-codes.js';
import { kebab } from './flag-names.js';
import type { Host } from './host.js';
import { RUNNABLE } from './runnable.js';

/** What a command's own module exports; it is loaded when the command runs, so that help and mistakes answer at once. */
type Handler<Arguments extends unknown[]> = (host: Host, ...given: Arguments) => Promise<ExitCode>;

/** Names of the mechanisms, as flags take them. */
const KINDS = MECHANISM_FACTS.map(({ kind }) => kebab(kind));

/** 'a, b or c' */
const oneOf = (names: readonly string[]): string => `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;

/** Runs commands' handlers: given by main, which reports errors and sets the exit code. */
export interface Runner {
  here: <Arguments extends unknown[]>(
    load: () => Promise<Handler<Arguments>>,
  ) => (...given: Arguments) => Promise<void>;
  onBackend: (name: OnBackend) => (...given: unknown[]) => Promise<void>;
}

export function createProgram(run: Runner): Command {
  const { version } = createRequire(import.meta.url)('../package.json') as { version: string };
  const program = new Command('heed')
    .description('Attention models from the terminal: train, run, evaluate and compare them on any backend.')
    .version(version, '--version', 'print the version')
    .helpOption('--help', 'show this help')
    .helpCommand('help [command]', 'show the help of a command')
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .addHelpText('after', '\nExample:\n  $ heed run g2p attention\n  $ heed train g2p && heed run runs/g2p attention');
  addTrain(program, run);
  addRun(program, run);
  addEval(program, run);
  addAttend(program, run);
  addBackends(program, run);
  addConformance(program, run);
  addCompare(program, run);
  addBench(program, run);
  addCost(program, run);
  addData(program, run);
  addTasks(program, run);
  return program;
}

function addTrain(program: Command, run: Runner): void {
  const command = program
    .command('train <task>')
    .description('Train a model on real data. Ctrl-C saves it; --resume goes on where it stopped, to the same bits.')
    .option('--out <folder>', 'folder of the run (default: runs/<task>)')
    .option('--preset <name>', 'a setting of the task’s, see heed tasks (default: its first)')
    .option('--attention <kind>', `of a recurrent model: ${oneOf([...KINDS, 'none'])} (default: the preset’s)`)
    .option('--steps <number>', 'length of the run (default: the preset’s)', wholeNumber({ least: 1 }))
    .option('--batch-size <number>', 'examples a step (default: the preset’s)', wholeNumber({ least: 1 }))
    .option('--learning-rate <number>', 'of Adam (default: the preset’s)', number({ above: 0 }))
    .option('--max-time <time>', 'stop after so long, saved: 90s, 2m, 1h30m', seconds)
    .option('--resume', 'go on with the run in the folder, or start it when there is none')
    .option('--overwrite', 'replace the run in the folder');
  withSeed(command, 'of the data’s split, the first parameters and all chance in training (default: 1)');
  withCommon(
    withBackend(command),
    'heed train g2p --seed 7 --steps 2000 --out runs/first\nheed train g2p --backend webgl --resume',
  );
  command.action(run.onBackend('train'));
}

function addRun(program: Command, run: Runner): void {
  const command = program
    .command('run <run> [inputs...]')
    .description(
      'Run a model, of a run’s folder or the one that is shipped for a task, and show what it attends to.\n' +
        'Inputs come from the arguments, from --file or standard input, or, on a terminal, are asked for one by one.\n' +
        'A file is one input where inputs have lines, as mails and stories have; elsewhere each of its lines is one.',
    )
    .option('--interactive', 'ask for inputs')
    .option('--file <path...>', 'read inputs from files; - is standard input')
    .option('--lines', 'each line is an input, also where inputs may have several')
    .option('--null', 'inputs end with NUL instead, and may have any lines')
    .option('--json-lines', 'each line is an input as JSON: "text" or {"input": "text"}')
    .option(
      '--sample <number>',
      'take so many examples of the test split, which the model never saw',
      wholeNumber({ least: 1 }),
    )
    .option(
      '--beam <width>',
      'search with so many hypotheses (default: 1, greedy)',
      wholeNumber({ least: 1, most: 64 }),
    )
    .option('--temperature <number>', 'of tasks that sample: 0 takes the most probable symbol', number({ least: 0 }))
    .option('--top-k <number>', 'sample among so many symbols', wholeNumber({ least: 1 }))
    .option(
      '--top-p <share>',
      'sample among the most probable symbols that make up this share',
      number({ above: 0, most: 1 }),
    )
    .option('--length <number>', 'sample so many symbols at most', wholeNumber({ least: 1, most: 4096 }))
    .option('--out <file>', 'write the attention maps to a .svg, .png, .html, .csv or .json file')
    .option('--no-maps', 'show no attention maps in the terminal');
  command.addHelpText('after', `\nCome with Heed (heed tasks says more):\n  ${RUNNABLE.join(', ')}`);
  withSeed(command, 'which examples --sample takes, and of sampling', 1);
  withCommon(
    withBackend(command),
    'heed run g2p attention mechanism\nheed run use "the cat sat" "a cat was sitting"\necho attention | heed run runs/g2p --json\nheed run spam --file *.eml --no-maps\nheed run runs/g2p attention --out map.svg',
  );
  command.action(run.onBackend('run'));
}

function addEval(program: Command, run: Runner): void {
  const command = program
    .command('eval <run>')
    .description(
      'How good a model is, of a run’s folder or the one that is shipped for a task, beside the simplest guesses.',
    )
    .addOption(new Option('--split <name>', 'which examples').choices(['test', 'validation', 'train']).default('test'))
    .option('--limit <number>', 'only so many examples, chosen by the seed', wholeNumber({ least: 1 }))
    .option(
      '--beam <width>',
      'search with so many hypotheses (default: 1, greedy)',
      wholeNumber({ least: 1, most: 64 }),
    );
  withSeed(command, 'which examples --limit takes', 1);
  withCommon(withBackend(command), 'heed eval g2p\nheed eval runs/g2p --limit 1000 --beam 4');
  command.action(run.onBackend('eval'));
}

function addAttend(program: Command, run: Runner): void {
  const command = program
    .command('attend')
    .description('Attention over your own queries, keys and values, from .npy files or JSON of nested lists.')
    .option('--query <file>', '[T, D], [B, T, D] or [B, H, T, D]')
    .option('--key <file>', 'keys (default: the queries)')
    .option('--value <file>', 'values (default: the keys)')
    .option('--scores <file>', 'scores [Tq, Tk], [B, Tq, Tk] or [B, H, Tq, Tk] of your own, instead of query and key')
    .option('--mechanism <kind>', `${oneOf(KINDS)} (default: scaled-dot-product)`)
    .option('--config <json>', 'more options of the mechanism: \'{"heads":4,"bias":false}\'')
    .option('--parameters <file>', 'parameters of the mechanism, safetensors (default: from the seed)')
    .option('--causal', 'attend to no later position')
    .option('--align <how>', 'where queries sit when there are fewer or more than keys: top-left or bottom-right')
    .option(
      '--offset <number>',
      'key position of the first query, instead of --align',
      wholeNumber({ least: -(2 ** 29) }),
    )
    .option('--window <left,right>', 'attend to so many positions before and after, or all: 2,0', windowSides)
    .option('--lengths <list>', 'how many keys of each batch row take part: 3,5', wholeNumbers)
    .option('--mask <file>', 'bools (or 0 and 1) that broadcast to [B, H, Tq, Tk]; true = attend')
    .option('--mask-axes <letters>', 'which of b, h, q, k its axes are: bqk (default: counted from the right)')
    .option('--bias <file>', 'numbers added to the scores, that broadcast to [B, H, Tq, Tk]')
    .option('--bias-axes <letters>', 'which of b, h, q, k its axes are')
    .option('--alibi', 'add linear biases by distance')
    .option('--scale <number>', 'of the scores (default: 1/√D)', number())
    .option('--soft-cap <number>', 'scores become cap·tanh(score / cap)', number({ above: 0 }))
    .option('--normalizer <name>', 'softmax, sparsemax, entmax15, sigmoid or hard (default: softmax)')
    .option('--dropout <rate>', 'drop weights at this rate, by the seed', number({ least: 0, below: 1 }))
    .option('--returns <list>', 'context, weights, logSumExp (default: context,weights)')
    .option('--row-labels <list>', 'names of the queries: the,cat,sat')
    .option('--column-labels <list>', 'names of the keys')
    .option('--out <file>', 'maps to .svg, .png, .html, .csv or .json; tensors to .npy or .safetensors');
  withSeed(command, 'of the mechanism’s parameters and of dropout', 1);
  withCommon(
    withBackend(command),
    'heed attend --query q.npy --key k.npy --value v.npy --causal --align bottom-right\n' +
      'heed attend --query q.json --mechanism additive --window 2,0 --out map.svg',
  );
  command.action(run.onBackend('attend'));
}

function addBackends(program: Command, run: Runner): void {
  const command = program
    .command('backends')
    .description('Which backends there are, which can run here, and what each can do.');
  withUnused(withBrowser(command.option('--backend <name>', 'only this one')), '--seed');
  withCommon(command, 'heed backends');
  command.action(run.here(async () => (await import('./commands/backends.js')).backends));
}

function addConformance(program: Command, run: Runner): void {
  const command = program
    .command('conformance')
    .description('Hold a backend against the float64 oracle, case by case. Exit code 3 when a case fails.')
    .option('--group <name...>', 'only these groups')
    .option('--case <id...>', 'only these cases')
    .option('--onnx <folder>', 'instead, the ONNX backend node tests of Attention and RotaryEmbedding in this folder')
    .option('--out <file>', 'write the report too, as .html to look at or as .json')
    .option('--with <file...>', 'reports written before, to set beside this one in the page');
  withUnused(command, '--seed');
  withCommon(withBackend(command), 'heed conformance --backend cpu\nheed conformance --backend wasm --threads 2');
  command.action(run.onBackend('conformance'));
}

function addCompare(program: Command, run: Runner): void {
  const command = program
    .command('compare <problem>')
    .description(
      'How far backends are from the truth and from each other. Exit code 3 when one is past what is allowed.\n' +
        'The problem is a task (a new recurrent encoder–decoder of it), a case of heed conformance, or the folder of a run.',
    )
    .option('--backends <list>', `some of ${BACKEND_NAMES.join(',')} (default: all that need no browser)`, names)
    .option(
      '--words <number>',
      'how many texts a model is given, chosen by the seed',
      wholeNumber({ least: 1, most: 4096 }),
      8,
    )
    .option('--preset <name>', 'of a new model (default: the task’s first)')
    .option('--attention <kind>', `of a new model: ${oneOf([...KINDS, 'none'])} (default: the preset’s)`)
    .option('--out <file>', 'write maps of the differences to a .svg, .png, .html, .csv or .json file')
    .option('--threads <number>', 'of the wasm backend', wholeNumber({ least: 1, most: 64 }));
  withSeed(withBrowser(command), 'of a new model, and of which words it is given', 1);
  withCommon(
    command,
    'heed compare g2p --backends cpu,wasm,webgl\nheed compare runs/g2p --out differences.html\nheed compare masks/dot/causal-top-left --json',
  );
  command.action(run.here(async () => (await import('./commands/compare.js')).compare));
}

function addBench(program: Command, run: Runner): void {
  const size = wholeNumber({ least: 1, most: 2 ** 20 });
  const command = program
    .command('bench')
    .description('Time the backends that can run here on the same problems, taking turns.')
    .option('--batch <number>', 'B', size, 1)
    .option('--heads <number>', 'H', size, 8)
    .option('--length <number>', 'T, of queries and of keys', size, 256)
    .option('--width <number>', 'D, or U of additive attention', size, 64)
    .option('--rounds <number>', 'turns of each backend that count', size, 5);
  withSeed(command, 'of the numbers', 1);
  withCommon(withBackend(command), 'heed bench --length 512\nheed bench --backend wasm --threads 1 --json');
  command.action(run.onBackend('bench'));
}

function addCost(program: Command, run: Runner): void {
  const size = wholeNumber({ least: 1, most: 2 ** 20 });
  const command = program
    .command('cost <problem>')
    .description(
      'What attention adds: parameters, FLOPs and bytes by formula, time and peak memory as measured, with it and without.\n' +
        'The problem is a task (its model on a typical batch), or an op: dot-product or additive.',
    )
    .option('--preset <name>', 'of a task (default: its first)')
    .option('--attention <kind>', `of a recurrent model: ${oneOf([...KINDS, 'none'])} (default: the preset’s)`)
    .option('--batch-size <number>', 'examples of a task at once (default: the preset’s)', size)
    .option('--batch <number>', 'B of an op (default: 1)', size)
    .option('--heads <number>', 'H of dot-product (default: 8)', size)
    .option('--length <number>', 'T of an op, of queries and of keys (default: 256)', size)
    .option('--width <number>', 'D of dot-product, U of additive (default: 64)', size)
    .option('--rounds <number>', 'how often each is measured', size, 5);
  withSeed(command, 'of the data’s split and the first parameters', 1);
  withCommon(withBackend(command), 'heed cost translate\nheed cost dot-product --heads 8 --length 512 --width 64');
  command.action(run.onBackend('cost'));
}

function addData(program: Command, run: Runner): void {
  const command = program
    .command('data [task]')
    .description('What a task’s data is: source, licence, counts, and how it was cleaned and split.');
  withUnused(withSeed(command, 'of the split', 1), '--backend');
  withCommon(command, 'heed data g2p');
  command.action(run.here(async () => (await import('./commands/data.js')).data));
}

function addTasks(program: Command, run: Runner): void {
  const command = program
    .command('tasks')
    .description('What there is to learn: data, licence, presets, and the trained model that comes with Heed.');
  withUnused(withUnused(command, '--seed'), '--backend');
  withCommon(command, 'heed tasks --json');
  command.action(run.here(async () => (await import('./commands/tasks.js')).listTasks));
}
