import type { About } from './en.js';
import type { PlainError } from '../engine/protocol.js';
import { lookUp } from './look-up.js';
import { inChinese } from './zh-library.js';

type Details = PlainError['details'];

const list = (values: unknown): string => (values as readonly unknown[]).join('、');
const megabytes = (bytes: unknown): string => `${(Number(bytes) / 2 ** 20).toFixed(1)} MB`;
const quoted = (text: unknown): string => {
  const whole = String(text);
  return `“${whole.length > 60 ? `${whole.slice(0, 60)}…` : whole}”`;
};

/** Sentences about the details of an error: the details that a sentence needs, and its text. All that fit are used. */
const SENTENCES: readonly (readonly [keys: readonly string[], say: (details: Details) => string])[] = [
  [['character'], ({ character }) => `字符${quoted(character)}不能使用。`],
  [['letter'], ({ letter }) => `字母${quoted(letter)}不能使用。`],
  [['symbol'], ({ symbol }) => `模型的词表里没有${quoted(symbol)}。`],
  [['length', 'most'], ({ length, most }) => `共 ${String(length)} 个字符，最多 ${String(most)} 个。`],
  [['words', 'most'], ({ words, most }) => `共 ${String(words)} 个词，最多 ${String(most)} 个。`],
  [
    ['what', 'size', 'most'],
    ({ what, size, most }) => `${inChinese(String(what)) ?? '数目'}是 ${String(size)}，模型接受 1 到 ${String(most)}。`,
  ],
  [['code', 'languages'], ({ code, languages }) => `不能译成${quoted(code)}；可以译成的语言有 ${list(languages)}。`],
  [['sentence', 'forms'], ({ sentence }) => `${quoted(sentence)}不是训练数据中有的句式。`],
  [['size', 'maxBytes'], ({ size, maxBytes }) => `大小是 ${megabytes(size)}，上限是 ${megabytes(maxBytes)}。`],
  [
    ['width', 'height', 'limit'],
    ({ width, height, limit }) =>
      `图片是 ${String(width)} × ${String(height)} 像素，上限是 ${Number(limit).toLocaleString('zh')} 个像素。`,
  ],
  [['parameter', 'index'], ({ parameter, index }) => `参数${quoted(parameter)}没有第 ${Number(index) + 1} 个数。`],
  [['kind', 'command'], ({ command }) => `网页读不了它所需的其他文件，请用命令：${String(command)}。`],
  [['file'], ({ file }) => `文件：${quoted(file)}。`],
  [['line'], ({ line }) => `第 ${String(line)} 行。`],
  [['column', 'columns'], ({ column, columns }) => `没有${quoted(column)}这一列；有的列是 ${list(columns)}。`],
  [['label'], ({ label }) => `标签：${quoted(label)}。`],
  [
    ['step', 'loss'],
    ({ step, loss }) => `在第 ${String(step)} 步，损失变成了 ${String(loss)}。请降低学习率，重新训练。`,
  ],
  [['problem'], ({ problem, told }) => lookUp(PROBLEMS, String(problem))?.(told) ?? ''],
  [['known'], ({ known }) => `可以用的名称有 ${list(known)}。`],
  [
    ['reasons'],
    ({ reasons }) => {
      const known = Object.values(reasons as Readonly<Record<string, readonly string[]>>)
        .flat()
        .map(inChinese);
      return known.every((reason) => reason !== undefined) ? `${known.join('；')}。` : '';
    },
  ],
];

/** Problems of a module that somebody brings, by name, with what is told of each. */
const PROBLEMS: Readonly<Record<string, (told: unknown) => string>> = {
  address: (told) => `${quoted(told)}不能作为模块的地址；地址要以 https:// 或 http://localhost 开头。`,
  fetch: (told) => `地址：${quoted(told)}。服务器必须允许其他网页读取它（Access-Control-Allow-Origin: *）。`,
  text: (told) => `${quoted(told)}不是 UTF-8 文本，所以不是 ES 模块。`,
  import: (told) => `模块导入了${quoted(told)}，页面不提供它；请把它打包进模块。`,
  export: () => '模块必须有默认导出，或者只有一个导出：后端的工厂，或创建工厂的函数。',
  factory: (told) => `模块的导出${quoted(told)}不是后端的工厂，也不是创建工厂的函数。`,
  throws: (told) => `模块出错：${quoted(told)}。`,
  sandbox: () => '这个浏览器不能在沙箱里启动代码。在隔离的页面里，Safari 就不能；Chromium 和 Firefox 可以。',
  answer: () => '模块对其后端的说明没有意义。',
};

/** Advice for an error, by its code. */
const ADVICE: Readonly<Record<string, string>> = {
  BACKEND_UNAVAILABLE: '请使用其他后端。',
  CONTEXT_LOST: '重试会重新启动引擎。',
  DEVICE_ERROR: '重试会重新启动引擎；这是内核的错误，请向我们报告。',
  OUT_OF_MEMORY: '请减小尺寸，或关闭一些标签页后重试。',
  FILE_INVALID: '请选择一次训练的 model.safetensors（也可以带上 run.json），或整个训练的 .zip 文件。',
  CHECKPOINT_INVALID: '文件可能已损坏、不完整，或由另一个版本写出。',
  CONFIG_INVALID: '文件可能由另一个版本写出。',
  FILE_ACCESS: '请检查网络连接；如果选择的是文件夹，请改选其中的文件。',
};

/** Advice for an error about files of the reader's own data. */
const ADVICE_OF_DATA: Readonly<Record<string, string>> = {
  FILE_INVALID: '请检查文件的内容，或者在下方改选数据的种类、列、格式或单位；英文原文说明了具体的原因。',
  INVALID_ARGUMENT: '请修改设置或文件；英文原文说明了具体的原因。',
  FILE_TOO_LARGE: '页面的内存有限；更大的文件请用 heed train 命令训练。',
};

/** Advice for an error about a picture. */
const ADVICE_OF_PICTURE: Readonly<Record<string, string>> = {
  FILE_INVALID: '请选择一张完整的 PNG、JPEG 或 WebP 图片；动画和其他格式请先另存为 PNG。',
  FILE_TOO_LARGE: '请先缩小图片。',
};

/** Advice for an error about attention maps that somebody brings. */
const ADVICE_OF_MAPS: Readonly<Record<string, string>> = {
  FILE_INVALID: '请给出由数字组成的行（JSON 或 CSV），或 Heed 保存的图；英文原文说明了具体的原因。',
  SHAPE_MISMATCH: '每行的数字要一样多，标签的个数要与行数、列数相同。',
  NOT_FINITE: '权重必须是有限的数；被掩盖的格子请留空，或写“null”。',
  INVALID_ARGUMENT: '标题、轴的名称和标签必须是文字。',
};

const ADVICE_ABOUT: Readonly<Record<About, Readonly<Record<string, string>>>> = {
  data: ADVICE_OF_DATA,
  picture: ADVICE_OF_PICTURE,
  maps: ADVICE_OF_MAPS,
};

/** Explanation of an error in Chinese, from its code and details, since its message is English. */
export function explainInChinese({ code, details }: PlainError, about?: About): string {
  const said = SENTENCES.flatMap(([keys, say]) =>
    keys.every((key) => Object.hasOwn(details, key)) ? [say(details)] : [],
  );
  const advice = (about && lookUp(ADVICE_ABOUT[about], code)) ?? lookUp(ADVICE, code);
  return [...said, advice ?? ''].join('');
}
