import { describeLayers, describeTotal, type KerasModel } from '@heed/keras';
import type { Output } from '../host.js';

const axes = (shape: readonly (number | null)[]): string => `[${shape.map((length) => length ?? '·').join(', ')}]`;

/** Width of a terminal that nobody has made wider; --json has everything. */
const COLUMNS = 80;

const shortened = (text: string, most: number): string =>
  text.length <= most
    ? text
    : `${text.slice(0, Math.max(most - 1, 0)).replace(/[\s[,]*(?:\[[^\]]*)?$/, '')} …`.trimStart();

/** Says what is in a model. */
export function describe(output: Output, path: string, model: KerasModel): void {
  const layers = describeLayers(model.graph);
  const inputs = model.inputs.map(({ shape, dtype }, n) => ({ name: model.graph.spec.inputs[n]!.layer, shape, dtype }));
  const outputs = model.outputs.map(({ shape }) => ({ shape }));
  const { parameters, trainable } = describeTotal(model.graph);
  const attention = model.attentionLayers;
  output.event({ event: 'model', path, name: model.name, inputs, outputs, parameters, trainable, attention, layers });
  if (output.json) return;
  const { paint } = output;
  const line = (label: string, text: string): void => output.print(`${paint.dim(label.padEnd(10))}${text}`);
  line('model', paint.bold(model.name));
  for (const { name, shape, dtype } of inputs) line('input', `${name} ${axes(shape)} ${dtype}`);
  for (const [n, { shape }] of outputs.entries()) line('output', `${n} ${axes(shape)}`);
  line('weights', `${parameters.toLocaleString('en')} (${trainable.toLocaleString('en')} trainable)`);
  line('attention', attention.length === 0 ? 'none of its layers can show any' : attention.join(', '));
  output.print('');
  const names = layers.map(({ path }) => `${'  '.repeat(path.length - 1)}${path.at(-1)}`);
  const width = Math.min(34, Math.max(5, ...names.map(({ length }) => length)) + 2);
  const kind = Math.min(28, Math.max(...layers.map(({ className }) => className.length)) + 2);
  for (const [n, { className, parameters, weights }] of layers.entries()) {
    const shapes = weights.map(({ shape }) => axes(shape)).join(' ');
    const count = parameters === 0 ? '' : parameters.toLocaleString('en');
    const row = `${names[n]!.padEnd(width)}${className.padEnd(kind)}${count.padStart(9)}  `;
    output.print(`${row}${paint.dim(shortened(shapes, COLUMNS - row.length))}`.trimEnd());
  }
}
