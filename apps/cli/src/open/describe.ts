import type { PretrainedModel } from '@heed/hugging-face';
import type { Output } from '../host.js';

/** Says what a model is. */
export function describe(output: Output, folder: string, model: PretrainedModel): void {
  const { architecture, takes: inputs, unused } = model;
  const tensors = Object.values(model.parameters);
  const parameters = tensors.reduce((sum, { size }) => sum + size, 0);
  output.event({
    event: 'model',
    folder,
    architecture,
    parameters,
    tensors: tensors.length,
    inputs,
    unused,
    embedding: model.embedding,
  });
  const line = (label: string, text: string): void => output.print(`${output.paint.dim(label.padEnd(12))}${text}`);
  line('model', output.paint.bold(architecture));
  line('weights', `${parameters.toLocaleString('en')} in ${tensors.length} tensors`);
  line('inputs', inputs.join(', '));
  line('tokenizer', model.tokenizer === undefined ? 'none' : 'tokenizer.json');
  const { embedding } = model;
  if (embedding !== undefined)
    line(
      'embeddings',
      [...embedding.pooling, ...(embedding.normalize ? ['normalized'] : []), ...embedding.others].join(', '),
    );
  if (unused.length > 0) line('not used', unused.join(', '));
}
