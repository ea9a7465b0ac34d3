import type { Strings } from './strings.js';

/** Chinese texts of the tour. */
export const zhTour: Strings['tour'] = {
  label: '导览',
  offer: '第一次来？一分钟的导览，从训练好的模型在看什么，走到一个格子背后的公式。',
  start: '开始导览',
  no: '不用了',
  where: (step, steps) => `第 ${step} 步，共 ${steps} 步`,
  back: '上一步',
  next: '下一步',
  leave: '离开导览',
  done: '完成',
  steps: {
    read: '一个训练好的模型逐个音素地读出单词。图的每一行是它写出的一个音素，每一列是它读到的一个字母：格子越亮，模型越看那里。',
    map: '这样的图就是这样得来的。左边的每个词提问，上面的每个词被问到，一行权重说明回答怎样分配：每行的和是 1。',
    cell: '这是其中一个格子背后的数。两个词的向量逐项相乘再相加，就是得分。softmax 把一行得分变成权重。',
    formula:
      '这就是全部的公式：得分 e，权重 α，以及上下文 c，也就是模型接着要用的平均。指向一个符号，它的部分就会亮起来。在“训练”视图里，可以看一个模型学会看哪里。',
  },
};
