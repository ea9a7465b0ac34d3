import type { Strings } from './strings.js';

/** Chinese texts of the heads that can be switched off. */
export const zhHeads: Strings['heads'] = {
  title: (off) => (off === 0 ? '关掉一些头' : `关掉的头：${off} 个`),
  lead: '每一层都用几个头来关注。关掉的头不再为模型接下来的计算添加任何内容，所以它的回答、后面各层看的地方都可能改变；也有许多头关掉以后没有影响。有的图是一层各个头的平均（有些模型也按这个平均来复制），只算开着的头。回答有多可信，只对完整的模型才知道。',
  layer: (key) => {
    const [, part, n, kind] = /^(encoder|decoder|layers)\/(\d+)\/(\w+)$/.exec(key) ?? [];
    const at = Number(n) + 1;
    if (key === 'attention') return '写：看输入';
    if (part === 'layers') return `第 ${at} 层：每个字母看它前面的字母`;
    if (part === 'encoder') return `读，第 ${at} 层：输入的每个片段看其他片段`;
    if (kind === 'self_attention') return `写，第 ${at} 层：看以前写出的内容`;
    return part === undefined ? key : `写，第 ${at} 层：看输入`;
  },
  head: (layer, n) => `${layer}；第 ${n} 个头`,
  all: '全部打开',
};
