import type { ParameterTree } from '../parameters.js';
import { activationOf } from './activation.js';
import { attention } from './attention.js';
import type { Block } from './block.js';
import { feedForward } from './feed-forward.js';
import { layerNorm, linear, type Layer } from './layer.js';
import { separate } from './project.js';

/** Names of a layer of attention and its norm. */
interface AttentionNames {
  readonly query: string;
  readonly key: string;
  readonly value: string;
  readonly output: string;
  readonly norm: string;
}

/** Names that a family has for the parts of its blocks. */
export interface BlockNames {
  readonly attention: AttentionNames;
  /** Attention to an encoder, where blocks have it. */
  readonly cross?: AttentionNames;
  readonly feedForward: { readonly up: string; readonly down: string; readonly norm: string };
}

export interface ClassicOptions {
  readonly width: number;
  readonly heads: number;
  /** Width inside the feed-forward layer. */
  readonly between: number;
  readonly activation: string;
  readonly epsilon: number;
  /** Where the norms are: before parts, or after what these give was added. */
  readonly norms: 'before' | 'after';
  readonly names: BlockNames;
  readonly causal?: boolean;
  /** Whether keys have a bias; true by default. */
  readonly keyBias?: boolean;
  /** Whether queries and values have one; true by default. */
  readonly bias?: boolean;
}

/**
 * A block of the first kind: layer norms, heads of one width, biases, a feed-forward layer of two.
 *
 * @see Vaswani et al. 2017, arXiv:1706.03762, §3.1 to 3.3
 */
export function classicBlock(weights: ParameterTree, options: ClassicOptions): Block {
  const { width, heads, between, names, epsilon, bias = true, keyBias = bias } = options;
  const norm = (name: string): { readonly before: Layer } | { readonly sum: Layer } => {
    const layer = layerNorm(weights.at(name), width, epsilon);
    return options.norms === 'before' ? { before: layer } : { sum: layer };
  };
  const to = (name: string, bias = true): Layer => linear(weights.at(name), width, width, { bias });
  const attend = ({ query, key, value, output, norm: around }: AttentionNames, causal: boolean) => ({
    layer: attention({
      heads,
      headWidth: width / heads,
      project: separate(to(query, bias), to(key, keyBias), to(value, bias)),
      output: to(output),
      causal,
    }),
    ...norm(around),
  });
  const { up, down, norm: around } = names.feedForward;
  return {
    attention: attend(names.attention, options.causal === true),
    ...(names.cross !== undefined && { cross: attend(names.cross, false) }),
    feedForward: {
      layer: feedForward(
        linear(weights.at(up), width, between),
        activationOf(options.activation),
        linear(weights.at(down), between, width),
      ),
      ...norm(around),
    },
  };
}

/** Blocks of a stack, each under the name that its number makes. */
export const blocksOf = (count: number, blockOf: (n: number) => Block): readonly Block[] =>
  Array.from({ length: count }, (_, n) => blockOf(n));
