import type { GraphTensor } from '@heed/nn';
import { shellQuote } from '../io/shell-quote.js';
import type { OpenModel } from '../model.js';
import { parametersOf } from './parameters.js';
import type { Part } from './parts.js';

type Named = Pick<OpenModel, 'task' | 'info'>;

const heading = ({ task }: Named): string[] => [`# ${task.title}`, '', task.description, ''];

const limits = ({ task }: Named): string[] => ['## Limits', '', ...task.limits.map((limit) => `- ${limit}`), ''];

const shapeOf = ({ shape, dtype }: GraphTensor): string => `${dtype} [${shape.join(', ')}]`;

const rowsOf = (verb: string, tensors: Part['inputs']): string =>
  Object.entries(tensors)
    .map(([name, tensor]) => `| ${verb} | \`${name}\` | ${shapeOf(tensor)} |`)
    .join('\n');

/** What is in a folder of ONNX files, and how it is run. */
export function readmeOfOnnx(opened: Named, parts: Readonly<Record<string, Part>>, runs: boolean): string {
  const run = [
    '```bash',
    'npm install --ignore-scripts',
    `node run.mjs ${shellQuote(opened.task.example)}`,
    '```',
    '',
    '`run.mjs` prints each text and its answer; it needs onnxruntime-node and nothing else. `text.mjs` is how texts are cut and joined,',
    '`parts.mjs` what all such programs have in common, and `vocabulary.json` says which number stands for which symbol.',
    '',
  ];
  const tables = Object.entries(parts).map(([name, { file, inputs, outputs }]) => {
    const head = `### ${name} (\`${file}\`)\n\n| | name | shape |\n|---|---|---|`;
    return `${head}\n${rowsOf('takes', inputs)}\n${rowsOf('gives', outputs)}\n`;
  });
  return [
    ...heading(opened),
    ...(runs ? run : []),
    '## Parts',
    '',
    'ONNX models, opset 23. Axes with a name are free; texts of a batch have one length. `memory/…` and `state/…` of the encoder are what the',
    'first step takes, and `next/…` of a step is `state/…` of the next one. A state that no other part gives begins as zeros, with a length of 0',
    "along 'past'.",
    '',
    ...tables,
    ...limits(opened),
  ].join('\n');
}

/** What is in a folder of parameters. */
export const readmeOfParameters = (opened: Named & Pick<OpenModel, 'model'>): string =>
  [
    ...heading(opened),
    'Parameters of a model in `model.safetensors`, float32; `config.json` is its configuration, and `vocabulary.json` says which number stands for',
    'which symbol. Products are x·W with W [in, out].',
    '',
    '| name | shape | what it is |',
    '|---|---|---|',
    ...parametersOf(opened.model).map(({ name, shape, what }) => `| \`${name}\` | [${shape.join(', ')}] | ${what} |`),
    '',
    ...limits(opened),
  ].join('\n');
