import { checkOptions } from '@heed/core';
import { within } from '../state/shapes.js';
import type { ModuleDefinition } from './definition.js';
import type { WeightsAsked } from './attend.js';
import { layoutOf } from './layout.js';
import {
  DECODER,
  ENCODER,
  masksIn,
  runnerOf,
  TRANSFORMER,
  type DecoderCall,
  type DecoderCallOptions,
  type EncoderCall,
  type EncoderCallOptions,
  type TransformerCall,
  type TransformerCallOptions,
} from './transformer-calls.js';
import {
  blockOf,
  isLayer,
  layerShapes,
  transformerSchema,
  type TransformerOptions,
  type TransformerSettings,
} from './transformer-layer.js';
import { isStack, stackOf, stackShapes, type Stack } from './transformer-stack.js';

type Definition<Kind extends string, Call> = ModuleDefinition<Kind, TransformerOptions, TransformerSettings, Call>;

/** How many layers a module has: one by itself, or a stack of them. */
interface Form {
  readonly recognises: typeof isStack;
  readonly shapes: typeof stackShapes;
  readonly bind: typeof stackOf;
}

const LAYER: Form = {
  recognises: isLayer,
  shapes: layerShapes,
  bind: (state, side, settings) => ({ blocks: [blockOf(state, side, settings)] }),
};
const STACK: Form = { recognises: isStack, shapes: stackShapes, bind: stackOf };

const widthOf = ({ blocks }: Stack): number => blocks[0]!.attention.mechanism.queryWidth;

const encoder = <Kind extends string>(kind: Kind, form: Form): Definition<Kind, EncoderCall> => ({
  kind,
  schema: transformerSchema,
  recognises: (shapes) => form.recognises(shapes, 'encoder'),
  expects: (shapes, settings) => form.shapes(kind, shapes, 'encoder', settings),
  create:
    (state, settings) =>
    (src, options = {}) => {
      checkOptions<EncoderCallOptions<WeightsAsked | undefined>>(`${kind}: call`, options, ENCODER);
      const stack = form.bind(state, 'encoder', settings);
      const layout = layoutOf(`${kind}: src`, src, settings.batchFirst);
      const { run, shown } = runnerOf(layout, options.weights);
      const { output, weights } = run(stack, layout.sequences(`${kind}: src`, src, widthOf(stack)), options);
      return { output: layout.back(output), weights: shown(weights) };
    },
});

const decoder = <Kind extends string>(kind: Kind, form: Form): Definition<Kind, DecoderCall> => ({
  kind,
  schema: transformerSchema,
  recognises: (shapes) => form.recognises(shapes, 'decoder'),
  expects: (shapes, settings) => form.shapes(kind, shapes, 'decoder', settings),
  create:
    (state, settings) =>
    (tgt, memory, options = {}) => {
      checkOptions<DecoderCallOptions<WeightsAsked | undefined>>(`${kind}: call`, options, DECODER);
      const masks = masksIn(`${kind}: memory`, options.memory);
      const stack = form.bind(state, 'decoder', settings);
      const layout = layoutOf(`${kind}: tgt`, tgt, settings.batchFirst);
      const { run, shown } = runnerOf(layout, options.weights);
      const x = layout.sequences(`${kind}: tgt`, tgt, widthOf(stack));
      const source = layout.sequences(`${kind}: memory`, memory, widthOf(stack));
      const { output, weights, crossWeights } = run(stack, x, options, { source, masks });
      return { output: layout.back(output), weights: shown(weights), crossWeights: shown(crossWeights) };
    },
});

export const transformerEncoderLayer = encoder('TransformerEncoderLayer', LAYER);
export const transformerEncoder = encoder('TransformerEncoder', STACK);
export const transformerDecoderLayer = decoder('TransformerDecoderLayer', LAYER);
export const transformerDecoder = decoder('TransformerDecoder', STACK);

/** `torch.nn.Transformer`. */
export const transformer: Definition<'Transformer', TransformerCall> = {
  kind: 'Transformer',
  schema: transformerSchema,
  recognises: (shapes) => isStack(shapes.under('encoder'), 'encoder') && isStack(shapes.under('decoder'), 'decoder'),
  expects: (shapes, settings) => ({
    ...within('encoder', stackShapes('Transformer', shapes.under('encoder'), 'encoder', settings)),
    ...within('decoder', stackShapes('Transformer', shapes.under('decoder'), 'decoder', settings)),
  }),
  create:
    (state, settings) =>
    (src, tgt, options = {}) => {
      checkOptions<TransformerCallOptions<WeightsAsked | undefined>>('Transformer: call', options, TRANSFORMER);
      const masks = {
        src: masksIn('Transformer: src', options.src),
        tgt: masksIn('Transformer: tgt', options.tgt),
        memory: masksIn('Transformer: memory', options.memory),
      };
      const encoders = stackOf(state.under('encoder'), 'encoder', settings);
      const decoders = stackOf(state.under('decoder'), 'decoder', settings);
      const layout = layoutOf('Transformer: src', src, settings.batchFirst);
      const { run, shown } = runnerOf(layout, options.weights);
      const x = layout.sequences('Transformer: src', src, widthOf(encoders));
      const y = layout.sequences('Transformer: tgt', tgt, widthOf(decoders));
      const encoded = run(encoders, x, masks.src);
      const decoded = run(decoders, y, masks.tgt, { source: encoded.output, masks: masks.memory });
      return {
        output: layout.back(decoded.output),
        memory: layout.back(encoded.output),
        encoderWeights: shown(encoded.weights),
        weights: shown(decoded.weights),
        crossWeights: shown(decoded.crossWeights),
      };
    },
};
