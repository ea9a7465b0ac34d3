import type { Strings } from './strings.js';

/** Chinese texts of the view of maps that somebody brings. */
export const zhMaps: Strings['maps'] = {
  title: '你自己的权重',
  lead: '给它任何来源的注意力权重：用 JSON 或 CSV 写的一行行数字，或本页保存过的图。数据只留在本页，不会发送到任何地方。',
  text: '权重，JSON 或 CSV',
  help: 'JSON：[[0.9, 0.1], [0.2, 0.8]]，外面还可以再套列表，表示层和头；“null”是被掩盖的格子。CSV：只有数字，或者第一行是列标签、每行前有行标签；空字段是被掩盖的格子。短文本会写进链接。',
  own: '你自己的文件',
  drop: '把 .json 或 .csv 文件拖到本视图的任何地方，或选择一个。',
  choose: '选择文件',
  example: '示例',
  file: (name) => `来自文件“${name}”`,
  maps: '图',
  map: (n) => `第 ${n} 张图`,
  more: (shown, all) => `共 ${all} 张图，这里是前 ${shown} 张。`,
  rows: (name) => `${name}的各行`,
  row: '行',
  most: '最关注',
  weight: '权重',
  entropy: '熵',
  width: '相当于',
  places: (count) => `${count} 处`,
  bits: (bits) => `${bits} 比特`,
  none: '–',
  meaning:
    '只看一处的行，熵是 0；处处一样看时，熵最大。2 的熵次方，是以同样的熵平均地看时的处数：它说明看得多宽，或多集中。和不是 1 的行没有熵。',
};
