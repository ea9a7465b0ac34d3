import type { Strings } from './strings.js';

/** Chinese texts of the numbers behind a cell. */
export const zhWorked: Strings['worked'] = {
  title: (query, memory) => `“${query}”与“${memory}”背后的数`,
  hint: '点击一个格子，或在格子上按回车键，就能看到它背后的数。',
  product: '逐项计算得分',
  dimension: '维',
  sum: '和',
  term: '乘积',
  divided: (by, sum, divisor, score) => `除以 ${by}：${sum} / ${divisor} = ${score}`,
  is: (score) => `和就是得分：${score}`,
  ofMore: '这种机制的得分不只是两个向量的乘积之和，还取决于别的，例如之前各步看了哪里；上面的公式说明它怎样得出。',
  softmax: '这一行的 softmax',
  memory: '记忆',
  score: (isChanged) => (isChanged ? 'ẽ' : 'e'),
  exp: (isChanged) => (isChanged ? 'exp(ẽ − m)' : 'exp(e − m)'),
  weight: 'α',
  masked: '被掩盖',
  greatest: (greatest) => `先从每个得分中减去最大的得分 m = ${greatest}，这样 exp 不会太大；各份额不变。`,
  share: (exp, sum, weight) => `这个格子：${exp} / ${sum} = ${weight}`,
  nothing: '这一行全部被掩盖，所以权重都是 0。',
  entropy: (bits, places) => `这一行的熵是 ${bits} 比特：看得像平均看 ${places} 处那样宽。`,
};
