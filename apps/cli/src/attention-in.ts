interface Holder {
  readonly kind?: unknown;
  readonly attention?: { readonly kind?: unknown } | null;
  readonly decoder?: Holder | null;
}

/** The part of a model's settings that says its attention: of a captioner its decoder. */
const holderOf = (model: object): Holder => {
  const { kind, decoder } = model as Holder;
  return kind === 'captioner' ? (decoder ?? {}) : (model as Holder);
};

/** The kind of a model's attention, of those that have one to choose. */
export function attentionIn(model: object): string | undefined {
  const { attention } = holderOf(model);
  return typeof attention?.kind === 'string' ? attention.kind : undefined;
}

/** Whether a model's attention may be any mechanism: of recurrent encoder–decoders, and of captioners whose decoder is recurrent. */
export const choosesAttention = (model: object): boolean =>
  attentionIn(model) !== undefined && holderOf(model).kind === 'recurrent';

/** Settings that go with a kind of attention: a width that it needs, and what is made of its weights. */
const OF_ATTENTION = {
  model: new Set(['attention', 'decoderUnits']),
  decoder: new Set(['attention', 'units', 'gate', 'evenness']),
};

const without = (settings: object, keys: ReadonlySet<string>): object =>
  Object.fromEntries(Object.entries(settings).filter(([key]) => !keys.has(key)));

/** A model's settings without its attention and what goes with that, each as text. */
export function asideFromAttention(model: object): Readonly<Record<string, string>> {
  const holder = holderOf(model);
  const others =
    holder === model
      ? without(model, OF_ATTENTION.model)
      : { ...model, decoder: without(holder, OF_ATTENTION.decoder) };
  return Object.fromEntries(Object.entries(others).map(([key, value]) => [key, JSON.stringify(value)]));
}

/** A model's attention with its options, as text. */
export const attentionAsText = (model: object): string => JSON.stringify(holderOf(model).attention);
