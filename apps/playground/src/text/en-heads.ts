/** Texts of the heads that can be switched off. */
export const enHeads = {
  title: (off: number) => (off === 0 ? 'Switch heads off' : `Heads switched off: ${off}`),
  lead: 'Each layer attends with several heads. One that is switched off adds nothing to what the model goes on with, so that its answer, and where later layers look, may change; many a head isn’t missed. A map that is the mean of a layer’s heads, by which some models also copy, is that of the heads that are on. How far an answer can be trusted is known of the whole model alone.',
  /** What a layer's heads look at, by the key of its parameters; a recurrent model has one, 'attention'. */
  layer: (key: string): string => {
    const [, part, n, kind] = /^(encoder|decoder|layers)\/(\d+)\/(\w+)$/.exec(key) ?? [];
    const at = Number(n) + 1;
    if (key === 'attention') return 'Writing: to the input';
    if (part === 'layers') return `Layer ${at}: from each letter to those before it`;
    if (part === 'encoder') return `Reading, layer ${at}: from each piece of the input to the others`;
    if (kind === 'self_attention') return `Writing, layer ${at}: to what was written before`;
    return part === undefined ? key : `Writing, layer ${at}: to the input`;
  },
  head: (layer: string, n: number) => `${layer}; head ${n}`,
  all: 'All on',
};
