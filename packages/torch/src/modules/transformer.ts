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
  blockParameters,
  isLayer,
  layerShapes,
  under,
  transformerSchema,
  type TransformerOptions,
  type TransformerSettings,
} from './transformer-layer.js';
import { inside, isStack, stackOf, stackParameters, stackShapes, type Stack } from './transformer-stack.js';

type Definition<Kind extends string, Call> = ModuleDefinition<Kind, TransformerOptions, TransformerSettings, Call>;

/** How many layers a module has: one by itself, or a stack of them. */
interface Form {
  readonly recognises: typeof isStack;
  readonly shapes: typeof stackShapes;
  readonly convert: typeof stackParameters;
  readonly bind: typeof stackOf;
}

const LAYER: Form = {
  recognises: isLayer,
  shapes: layerShapes,
  convert: blockParameters,
  bind: (converted, side, settings) => ({ blocks: [blockOf(converted, side, settings)] }),
};
const STACK: Form = { recognises: isStack, shapes: stackShapes, convert: stackParameters, bind: stackOf };

const widthOf = ({ blocks }: Stack): number => blocks[0]!.attention.mechanism.queryWidth;

const encoder = <Kind extends string>(kind: Kind, form: Form): Definition<Kind, EncoderCall> => ({
  kind,
  schema: transformerSchema,
  recognises: (shapes) => form.recognises(shapes, 'encoder'),
  expects: (shapes, settings) => form.shapes(kind, shapes, 'encoder', settings),
  convert: (state) => form.convert(state, 'encoder'),
  create(converted, settings, shapes) {
    const stack = form.bind(converted, 'encoder', settings, shapes);
    return (src, options = {}) => {
      checkOptions<EncoderCallOptions<WeightsAsked | undefined>>(`${kind}: call`, options, ENCODER);
      const layout = layoutOf(`${kind}: src`, src, settings.batchFirst);
      const { run, shown } = runnerOf(layout, options.weights);
      const { output, weights } = run(stack, layout.sequences(`${kind}: src`, src, widthOf(stack)), options);
      return { output: layout.back(output), weights: shown(weights) };
    };
  },
});

const decoder = <Kind extends string>(kind: Kind, form: Form): Definition<Kind, DecoderCall> => ({
  kind,
  schema: transformerSchema,
  recognises: (shapes) => form.recognises(shapes, 'decoder'),
  expects: (shapes, settings) => form.shapes(kind, shapes, 'decoder', settings),
  convert: (state) => form.convert(state, 'decoder'),
  create(converted, settings, shapes) {
    const stack = form.bind(converted, 'decoder', settings, shapes);
    return (tgt, memory, options = {}) => {
      checkOptions<DecoderCallOptions<WeightsAsked | undefined>>(`${kind}: call`, options, DECODER);
      const masks = masksIn(`${kind}: memory`, options.memory);
      const layout = layoutOf(`${kind}: tgt`, tgt, settings.batchFirst);
      const { run, shown } = runnerOf(layout, options.weights);
      const x = layout.sequences(`${kind}: tgt`, tgt, widthOf(stack));
      const source = layout.sequences(`${kind}: memory`, memory, widthOf(stack));
      const { output, weights, crossWeights } = run(stack, x, options, { source, masks });
      return { output: layout.back(output), weights: shown(weights), crossWeights: shown(crossWeights) };
    };
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
  convert: (state) => ({
    ...under('encoder', stackParameters(state.under('encoder'), 'encoder')),
    ...under('decoder', stackParameters(state.under('decoder'), 'decoder')),
  }),
  create(converted, settings, shapes) {
    const encoders = stackOf(inside('encoder', converted), 'encoder', settings, shapes.under('encoder'));
    const decoders = stackOf(inside('decoder', converted), 'decoder', settings, shapes.under('decoder'));
    return (src, tgt, options = {}) => {
      checkOptions<TransformerCallOptions<WeightsAsked | undefined>>('Transformer: call', options, TRANSFORMER);
      const masks = {
        src: masksIn('Transformer: src', options.src),
        tgt: masksIn('Transformer: tgt', options.tgt),
        memory: masksIn('Transformer: memory', options.memory),
      };
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
    };
  },
};
