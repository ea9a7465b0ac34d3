import { percentOf } from '@heed/metrics';
import type { Strings } from './strings.js';

/** Chinese texts of the first view. */
export const zhRead: Strings['read'] = {
  title: '一个模型在读一句话',
  lead: '一个训练好的小网络把它翻译出来，一个片段接一个片段。每写一个片段之前，它都回头看这句话：看得越多的地方，颜色越深。这样的“看”就是注意力。',
  read: '它读到的',
  written: '它写出的',
  look: (piece, most, weight) => `为了写“${piece}”，它最多看的是“${most}”：占注意力的 ${percentOf(weight)}。`,
  play: '让它在这里读',
  watch: '再看一遍',
  back: '上一个片段',
  next: '下一个片段',
  kept: '这是模型在制作本页时读出的结果。点“让它在这里读”，或者改一改句子，模型就会加载（4.6 MB），并在你的浏览器里读。',
  here: (backend, milliseconds) =>
    `刚刚在你的浏览器里用 ${backend} 读出，用时 ${Math.round(milliseconds).toLocaleString('zh')} 毫秒。`,
  sentence: '英文句子',
  into: '译成',
  languages: { fr: '法语', de: '德语', zh: '中文' },
  example: '最初的句子',
  map: '它看了哪里',
  note: '它写出的每个片段是一行，读到的每个片段是一列；每行之和为 1。这是各个头的平均',
  nothing: '模型什么也没有写。',
  limits:
    '它只学过一个软件的菜单和消息，别的几乎不懂。圆点表示一个词的开头，^ 表示后面是大写字母，开头的标记是要写的语言。',
  onward: '接着看',
  formula: '图中一个格子是怎样算出来的',
  tasks: '其他任务的模型',
  train: '用十秒训练一个',
};
