import type { Strings } from './strings.js';

/** Chinese texts of a transformer, step by step. */
export const zhBlocks: Strings['blocks'] = {
  lead: '一个小 Transformer，学会了一个字母接一个字母地写名字。每个位置带着一行数 x；每一块都把各个头在前面的位置找到的内容、以及前馈层由此得出的内容加到 x 上。最后一行说明接下来写什么。',
  text: '名字的开头',
  steps: 'Transformer 的步骤',
  where: (step, steps) => `第 ${step} 步，共 ${steps} 步`,
  title: {
    embedded: () => '各个字母的向量',
    heads: (block) => `第 ${block} 块：各个头看哪里`,
    attended: (block) => `第 ${block} 块：加上各个头的内容之后的 x`,
    fed: (block) => `第 ${block} 块：加上前馈层的内容之后的 x`,
    next: () => '接下来写什么',
  },
  meaning: {
    embedded: '每个字母都有一个学到的向量，也就是 V 中的一行；第一个位置是开头。x 从这里开始。',
    heads:
      '每个头把每个位置的查询与到它为止各位置的键相比较（按距离旋转），softmax 把得分变成权重。后面的位置被掩码遮住。',
    attended: '各个头的上下文首尾相接，经过 Wₒ，再加到 x 上：原有的内容保留。这就是残差连接。',
    fed: '前馈层对每个位置单独计算，得出的内容也加到 x 上。',
    next: 'x 的最后一行归一化之后，与每个字母以及结束的向量相比较，softmax 把它们变成概率。',
  },
  head: (n) => `第 ${n} 个头`,
  x: '这一步之后的 x',
  added: '加上的内容',
  place: '位置',
  lens: '假如现在就要写',
  said: '它接下来写的',
};
