import { OPS } from '@heed/core';
import type { MalformedCall } from '../case.js';
import { drawBias, drawMask } from '../draw.js';
import { biasTensors } from '../oracle/biases.js';
import { outputsOf, type BiasValue, type Instance, type MaskValue, type TensorValue } from '../example.js';
import { formulasOf, type HookedExample } from '../hooks.js';
import { opOf, scoreSizes } from '../ops/table.js';
import { Random } from '../random.js';

/** A value as JavaScript source: plain objects, arrays, strings, numbers of any kind. Undefined entries are left out. */
export function literal(value: unknown): string {
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  if (ArrayBuffer.isView(value)) return literal([...(value as unknown as Iterable<number>)]);
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'undefined';
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
  return entries.length === 0 ? '{}' : `{ ${entries.map(([key, entry]) => `${key}: ${literal(entry)}`).join(', ')} }`;
}

// Enough digits to read the same float32 again.
const FLOAT32_DIGITS = 9;

/** Source that makes a tensor: `make(shape, values)`. */
function tensorCode({ shape, values }: TensorValue): string {
  const digits = Array.from(values, (x) => Number(Math.fround(x).toPrecision(FLOAT32_DIGITS)));
  return `make(${literal(shape)}, ${literal(digits)})`;
}

/** Declarations of the tensors of a call; those in `borrowed` have names elsewhere. */
export function declarations(instance: Instance, borrowed: Readonly<Record<string, string>>): string[] {
  return Object.entries({ ...instance.inputs, ...biasTensors(instance.bias) }).map(
    ([name, value]) => `const ${name} = ${borrowed[name] ?? tensorCode(value)};`,
  );
}

/** Names of an instance's inputs, in the order of their gradients. */
export function inputNames(instance: Instance): string[] {
  return Object.keys({ ...instance.inputs, ...biasTensors(instance.bias) });
}

/** Source of the call, with variables named like the inputs. */
export function callCode({ example, inputs, mask, bias }: Instance): string {
  const outputs = outputsOf(example);
  const { optional = [] } = opOf(example);
  const options = [
    ...Object.keys(inputs).filter((name) => optional.includes(name)),
    ...(mask ? [`mask: ${maskCode(mask)}`] : []),
    ...(bias ? [`bias: ${biasCode(bias)}`] : []),
    ...hooksCode(example),
    ...optionsCode({
      causal: example.causal,
      dropout: example.dropout,
      ...opOf(example).options(example),
      returnWeights: outputs.includes('weights') || undefined,
      returnLogSumExp: outputs.includes('logSumExp') || undefined,
      returnState: outputs.includes('state') || undefined,
    }),
  ];
  const named = Object.keys(inputs).filter((name) => name in OPS[example.op].inputs && !optional.includes(name));
  return `heed.${example.op}(${[...named, `{ ${options.join(', ')} }`].join(', ')})`;
}

/** Hooks with the source of their formulas. */
function hooksCode(example: HookedExample): string[] {
  const sizes = scoreSizes(example);
  return formulasOf(example).map(({ kind, f, captures }) => {
    const names = Object.keys(captures?.(sizes) ?? {});
    return `${kind}: heed.${kind}(${f.toString()}, { ${names.join(', ')} })`;
  });
}

function optionsCode(options: object): string[] {
  return Object.entries(options).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}: ${literal(value)}`],
  );
}

export function maskCode(mask: MaskValue): string {
  switch (mask.kind) {
    case 'padding':
      return `heed.padding(${literal(mask.lengths)})`;
    case 'segments':
      return `heed.segments(${[mask.query, mask.key]
        .filter((ids) => ids !== undefined)
        .map(literal)
        .join(', ')})`;
    case 'dense':
      return `heed.dense(make(${literal(mask.shape)}, ${literal(mask.values)}, 'bool'), ${literal({ axes: mask.axes })})`;
    case 'both':
      return `heed.both(${mask.masks.map(maskCode).join(', ')})`;
    default: {
      const { kind, ...options } = mask;
      return `heed.${kind}(${literal(options)})`;
    }
  }
}

function biasCode(bias: BiasValue): string {
  switch (bias.kind) {
    case 'dense':
      return `heed.dense(bias, ${literal({ axes: bias.axes })})`;
    case 'relativePosition':
      return `heed.relativePosition(table, ${literal({ align: bias.align, offset: bias.offset })})`;
    case 'sum':
      return `heed.sumOf(${bias.biases.map(biasCode).join(', ')})`;
    case 'alibi':
      return `heed.alibi(${literal({ slopes: bias.slopes, align: bias.align, offset: bias.offset })})`;
  }
}

/** Source of a call that must be refused; its tensors are zeros. */
export function malformedCode({ op, tensors, disposed = [], options = {}, mask, bias }: MalformedCall): string {
  const zeros = (name: string): string => {
    const made = `zeros(${literal(tensors[name].shape)}, '${tensors[name].dtype ?? 'float32'}')`;
    return disposed.includes(name) ? `gone(${made})` : made;
  };
  const random = new Random(0);
  const value = bias && drawBias(bias, random);
  const given = [
    ...optionsCode(options),
    ...['mask', 'bias', ...(opOf({ op }).optional ?? [])].flatMap((name) =>
      name in tensors ? [`${name}: ${zeros(name)}`] : [],
    ),
    ...('table' in tensors ? [`bias: heed.relativePosition(${zeros('table')}, { align: 'top-left' })`] : []),
    ...(mask ? [`mask: ${maskCode(drawMask(mask, random))}`] : []),
    ...(value ? [`bias: ${withTensors(value)}`] : []),
  ];
  return `heed.${op}(${[...argumentsOf(op).map(zeros), `{ ${given.join(', ')} }`].join(', ')})`;
}

/** Names of an op's tensors, in the order of its arguments. */
function argumentsOf(name: MalformedCall['op']): string[] {
  const op = opOf({ op: name });
  return Object.keys(op.inputs(op.plain));
}

/** Source of a bias whose tensors are made inline, since there may be several of a kind. */
function withTensors(bias: BiasValue): string {
  if (bias.kind === 'sum') return `heed.sumOf(${bias.biases.map(withTensors).join(', ')})`;
  const [tensor] = Object.entries(biasTensors(bias));
  const code = biasCode(bias);
  return tensor === undefined ? code : code.replace(tensor[0], `zeros(${literal(tensor[1].shape)})`);
}
