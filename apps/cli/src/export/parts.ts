import { HeedError } from '@heed/base';
import { outputsOf, type Graph, type GraphTensor } from '@heed/nn';
import { exportGraph } from '@heed/onnx/export';
import type { OpenModel } from '../model.js';

/** A part of a model as a file, with what it takes and gives. */
export interface Part {
  readonly file: string;
  readonly inputs: Readonly<Record<string, GraphTensor>>;
  readonly outputs: Readonly<Record<string, GraphTensor>>;
}

export const fileOf = ({ name }: Pick<Graph, 'name'>): string => `${name}.onnx`;

/**
 * What a model computes, in parts.
 *
 * @throws HeedError INVALID_ARGUMENT for a model that doesn't say it; CONFIG_INVALID
 */
export function graphsOf({ model }: Pick<OpenModel, 'model'>): readonly Graph[] {
  const graphs = model.graphs?.();
  if (graphs !== undefined) return graphs;
  throw new HeedError('INVALID_ARGUMENT', {
    message: `a model of kind '${model.config.kind}' doesn't say what it computes`,
    hint: 'a network that is to be exported has graphs(), see docs/guides/export.md; --to safetensors writes its parameters',
    details: { kind: model.config.kind },
  });
}

/** A part in words. */
export const partOf = (graph: Graph): Part => ({
  file: fileOf(graph),
  inputs: graph.inputs,
  outputs: outputsOf(graph),
});

/**
 * The ONNX model of a part, whose tables of positions are as long as the longest text. Whole texts are no longer than the window of a language
 * model: it would be another computation.
 */
export function onnxOf(
  graph: Graph,
  { config }: Pick<OpenModel['model'], 'config'>,
  longest: number,
): Promise<Uint8Array> {
  const axes = new Set(Object.values(graph.inputs).flatMap(({ shape }) => shape));
  const { window = Infinity } = config as { readonly window?: number };
  const most: Readonly<Record<string, number>> = { time: Math.min(longest, window) };
  const free = [...axes].filter((axis) => typeof axis === 'string' && axis !== 'batch');
  return exportGraph(graph, {
    longest: Object.fromEntries(free.map((axis) => [axis, most[axis] ?? longest])),
    // Nothing is past at first.
    ...(axes.has('past') && { shortest: { past: 0 } }),
  });
}
