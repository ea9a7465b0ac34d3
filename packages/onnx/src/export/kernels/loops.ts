import { SCAN_KERNEL } from '@heed/core/model-ops';
import type { Port } from '../graph-writer.js';
import type { Call, CallBody, Writers } from './kernel.js';

/** Loops. */
export const LOOPS: Writers = {
  [SCAN_KERNEL]: {
    write(call) {
      const { write, inputs, outputs, attribute } = call;
      const states = attribute<number>('states');
      const step = call.body();
      const given = inputs.slice(0, step.parameters.length).map(({ name }) => name);
      const parameters = portsOf(call, step.parameters, 'given');
      const results = portsOf(call, step.results, 'made');
      const { nodes } = write.block(() => {
        const made = step.write(parameters.map(({ name }) => name));
        made.forEach((name, n) => write.rename(name, results[n].name));
      });
      const body = { name: 'step', nodes, inputs: parameters, outputs: results };
      const attributes = { body: { graph: body }, num_scan_inputs: given.length - states };
      return write.ops('Scan', given, attributes, outputs.length);
    },
  },
};

const portsOf = ({ write }: Call, values: CallBody['parameters'], name: string): readonly Port[] =>
  values.map(({ dtype, shape }) => ({
    name: write.nameFor(name),
    type: dtype,
    shape: shape.map((size) => write.describe(size)),
  }));
