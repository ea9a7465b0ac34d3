import * as v from 'valibot';

/**
 * What entries of a configuration file must have for commands to work with them. What they return, and whether they compute what
 * they say, only their own tests can tell.
 */
const text = v.pipe(v.string(), v.minLength(1, 'it must not be empty'));
const call = v.custom<(...given: never[]) => unknown>((value) => typeof value === 'function', 'it must be a function');
const lines = v.array(v.string());

/** A name that people can type in lists, as part of paths, and without quotes. */
const name = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9][\w.-]*$/, 'a name is made of letters, digits and - _ . and begins with one of the first two'),
);
/** A kind of mechanism, which flags take as 'multi-head'. */
const camelCase = v.pipe(
  v.string(),
  v.regex(/^[a-z][A-Za-z0-9]*$/, "a kind is a name in camel case, as 'multiHead' is"),
);

export const backendFactory = v.looseObject({ name, unavailableReasons: call, create: call });

export const backendEntry = v.looseObject({
  name,
  description: text,
  runsIn: v.pipe(
    v.string(),
    v.check((place) => place === 'anywhere', "what a configuration brings runs in Node, so it must be 'anywhere'"),
  ),
  settings: v.looseObject({
    threads: v.optional(
      v.looseObject({
        kind: v.literal('whole number'),
        least: v.pipe(v.number(), v.integer()),
        most: v.pipe(v.number(), v.integer()),
        otherwise: text,
      }),
    ),
  }),
  load: call,
});

export const mechanism = v.looseObject({
  kind: camelCase,
  title: text,
  formula: v.looseObject({ text, score: text, papers: v.array(v.looseObject({})) }),
  schema: v.looseObject({ kind: v.literal('schema'), type: v.string() }),
  fit: v.looseObject({ comparesAsIs: v.boolean(), options: call }),
  suggest: v.optional(call),
  widths: call,
  positional: v.optional(call),
  parameters: call,
  bind: call,
  state: v.optional(v.looseObject({ shapes: call, next: call })),
  cost: call,
});

export const network = v.looseObject({
  kind: name,
  parse: call,
  create: call,
  items: call,
  lengths: call,
  validate: call,
});

/** A class, which is a function: what it makes shows when a model names it. */
export const layer = v.pipe(
  v.custom<(...given: never[]) => unknown>((value) => typeof value === 'function', 'it must be a class'),
  v.check(
    (value) => typeof (value as { className?: unknown }).className === 'string',
    'its static className must be a text',
  ),
);

export const family = v.looseObject({
  prefix: v.string(),
  classes: v.pipe(
    v.record(v.string(), call),
    v.check((classes) => Object.keys(classes).length > 0, 'a family names at least one class'),
  ),
});

export const task = v.looseObject({
  name,
  networks: v.pipe(v.array(network), v.minLength(1, 'a task names the networks that learn it')),
  title: text,
  description: text,
  limits: lines,
  unit: text,
  example: v.string(),
  multiline: v.boolean(),
  presets: v.pipe(
    v.record(
      v.string(),
      v.looseObject({ title: text, model: v.looseObject({ kind: v.string() }), training: v.looseObject({}) }),
    ),
    v.check((presets) => Object.keys(presets).length > 0, 'a task has at least one preset'),
  ),
  plain: v.optional(v.string()),
  options: v.array(v.picklist(['beam', 'sampling'])),
  metrics: v.array(
    v.looseObject({
      key: text,
      label: text,
      format: v.picklist(['share', 'number']),
      better: v.picklist(['lower', 'higher']),
    }),
  ),
  load: call,
  configure: call,
  judge: call,
  outcomes: call,
  figures: call,
  baselines: v.array(v.looseObject({ title: text, judge: call })),
  parse: call,
  write: call,
  expected: call,
  answer: call,
});
