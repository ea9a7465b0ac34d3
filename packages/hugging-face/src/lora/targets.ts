import { HeedError, show } from '@heed/base';
import type { ModelParts } from '../model.js';
import { isHead } from '../new-head.js';
import type { Parameter } from '../parameters.js';

const WEIGHT = '.weight';

/** The matrix of a layer, by the name of that layer's module in transformers. */
export interface Target {
  readonly module: string;
  readonly weight: Parameter;
  readonly inputs: number;
  readonly outputs: number;
}

/** Names that families have for what makes queries and values, which peft adapts where nothing is said. */
const QUERIES_AND_VALUES = ['query', 'value', 'q_proj', 'v_proj', 'q_lin', 'v_lin', 'q', 'v', 'c_attn'];

/** All layers that can be adapted: matrices that rows are multiplied by, and that aren't a table of embeddings besides. */
export function adaptable({ built, nameInFile }: Pick<ModelParts, 'built' | 'nameInFile'>): readonly Target[] {
  return built.parameters.flatMap((weight) => {
    const name = nameInFile(weight.name);
    if (weight.stored === undefined || weight.isTable || !name.endsWith(WEIGHT)) return [];
    const [rows, columns] = weight.shape as [number, number];
    const [inputs, outputs] = weight.stored === 'outputs by inputs' ? [columns, rows] : [rows, columns];
    return [{ module: name.slice(0, -WEIGHT.length), weight, inputs, outputs }];
  });
}

/**
 * The layers that names tell: whole names of modules, or ends of them. 'all-linear' are all but those of the head.
 *
 * @throws HeedError INVALID_ARGUMENT for names that no layer has
 */
export function targetsOf(
  parts: Pick<ModelParts, 'built' | 'nameInFile'>,
  names: readonly string[] | 'all-linear' | undefined,
): readonly Target[] {
  const all = adaptable(parts);
  if (names === 'all-linear') return all.filter(({ weight }) => !isHead(weight.name));
  if (names === undefined) {
    const usual = all.filter(({ module }) => QUERIES_AND_VALUES.some((name) => isNamed(module, name)));
    if (usual.length > 0) return usual;
    throw unknown(names, all);
  }
  const areNames = Array.isArray(names) && names.every((name) => all.some(({ module }) => isNamed(module, name)));
  if (!areNames || names.length === 0) throw unknown(names, all);
  return all.filter(({ module }) => names.some((name) => isNamed(module, name)));
}

/** The parameters of modules that are trained as a whole. */
export function wholeModules(
  { built, nameInFile }: Pick<ModelParts, 'built' | 'nameInFile'>,
  names: readonly string[],
): readonly Parameter[] {
  const trained = built.parameters.filter(({ made }) => made === undefined);
  const under = (name: string): Parameter[] =>
    trained.filter((parameter) => `.${nameInFile(parameter.name)}`.includes(`.${name}.`));
  const strange = names.find((name) => under(name).length === 0);
  if (strange === undefined) return [...new Set(names.flatMap(under))];
  throw new HeedError('INVALID_ARGUMENT', {
    message: `lora: the model has no module ${show(strange)} to train as a whole`,
    hint: `names of model.parameters tell the modules: that of ${nameInFile(trained.at(-1)!.name)} is its beginning`,
    details: { modulesToSave: names },
  });
}

const isNamed = (module: string, name: unknown): boolean =>
  module === name || (typeof name === 'string' && name !== '' && module.endsWith(`.${name}`));

const unknown = (names: unknown, all: readonly Target[]): HeedError =>
  new HeedError('INVALID_ARGUMENT', {
    message: `lora: targetModules are ${show(names)}, and not all of these are layers of the model`,
    hint: `'all-linear', or names among ${[...new Set(all.map(({ module }) => module.split('.').at(-1)!))].join(', ')}`,
    details: { targetModules: names },
  });
