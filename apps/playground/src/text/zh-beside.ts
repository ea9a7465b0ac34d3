import { short } from './numbers.js';
import type { Strings } from './strings.js';

/** Chinese texts of two attentions side by side. */
export const zhBeside: Strings['beside'] = {
  title: '并排比较',
  with: '并排比较的对象',
  nothing: '不比较',
  mechanism: '另一种机制',
  backend: '另一个后端',
  ofMechanisms: '词、向量、掩码和设置都相同。第二种机制的参数由同一个种子产生；对参数的修改只用于第一种机制。',
  ofBackends: '同样的注意力，由另一个后端再算一遍。',
  weights: (name) => `权重 α，${name}`,
  difference: (second, first) => `${second} 减 ${first}`,
  note: '大于 0 的格子，第二个看得更多；小于 0 的，第一个看得更多',
  most: (most) => (most === 0 ? '权重完全相同，一位不差。' : `权重之差最多为 ${short(most)}。`),
};
