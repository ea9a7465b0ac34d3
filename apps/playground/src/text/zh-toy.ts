import type { Strings } from './strings.js';

/** Chinese texts of the toy tasks. */
export const zhToy: Strings['toy'] = {
  lead: '一个很小的模型在这里从零学起，把一行字母重新写出来。按“播放”：几秒之内，它的注意力就会找到该写的字母。',
  choose: '学什么',
  names: { copy: '照抄', reverse: '倒写', sort: '排序' },
  looks: {
    copy: '照抄时，写出的每个字母看同一位置的字母：一条对角线。',
    reverse: '倒写时，写出的第一个字母看读到的最后一个：另一条对角线。',
    sort: '排序时，写出的每个字母看字母表里下一个字母所在的位置。',
  },
  play: '播放',
  pause: '暂停',
  step: '走一步',
  again: '换一些字母，重新开始',
  map: '注意力',
  at: (step, steps) => `第 ${step} 步之后，共 ${steps} 步`,
  written: '写出',
  read: '读入',
  source: '它读到',
  target: '应该写',
  output: '它写出',
  nothing: '（什么也没写）',
  aligned: (share) => `${share} 的注意力落在正确的字母上`,
  right: (share) => `从未见过的字母行中，${share} 写对了`,
  loss: (loss) => `损失 ${loss}`,
  done: '在这里能学的，它都学会了。',
  loading: '正在建立模型',
};
