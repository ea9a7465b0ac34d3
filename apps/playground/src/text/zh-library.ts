import { lookUp } from './look-up.js';
import { OWN_TASKS } from './zh-own.js';

/**
 * Chinese for the English texts of Heed's packages: of tasks, models and data, of attention maps, of backends. The English text is
 * the key, so a changed text has no translation: tests check that no text of tasks and cards is missing, and that no entry here
 * is unused.
 */
export const CARDS: Readonly<Record<string, string>> = {
  // g2p
  'Spell an English word, get its sounds in ARPAbet, and see which letters each sound came from.':
    '输入一个英文单词，得到用 ARPAbet 写出的读音，并看到每个音素来自哪些字母。',
  'It knows North American English as one dictionary has it; names and loanwords are often wrong.':
    '它只会一部词典里的北美英语；人名和外来词常常读错。',
  'About every fourth word that it never saw has a wrong phoneme: it shows how attention works, and is no pronunciation guide.':
    '没见过的单词里，大约每四个就有一个含有错误的音素：它用来展示注意力如何工作，不能当作发音指南。',
  'Letters a to z, apostrophe, hyphen and full stop; one word at a time.':
    '只接受字母 a 到 z、撇号、连字符和句点；一次一个单词。',
  words: '单词',
  'word error': '单词错误率',
  'phoneme error': '音素错误率',
  'order of attention': '注意力的顺序性',
  'CMU Pronouncing Dictionary': 'CMU 发音词典',
  'ISC (package); BSD-2-Clause, © Carnegie Mellon University (dictionary)':
    'ISC（软件包）；BSD-2-Clause，© Carnegie Mellon University（词典）',
  "Bahdanau's additive attention": 'Bahdanau 的加性注意力',

  // dates
  'Write a date as one of 40 locales does, get it as YYYY-MM-DD, and see which characters each digit came from.':
    '按 40 种地区写法之一写出日期，得到 YYYY-MM-DD 的形式，并看到每一位数字来自哪些字符。',
  'It reads the formats of 40 locales as CLDR has them, in the Gregorian calendar, years 1900 to 2099 in four digits.':
    '它能读 CLDR 收录的 40 种地区格式，限于公历，年份为 1900 到 2099 的四位数。',
  "It can't know more than the text: 4/3/2024 needs its locale, as in 'en-US: 4/3/2024'.":
    '它只知道文本里写了什么：4/3/2024 要写明地区，例如“en-US: 4/3/2024”。',
  'It was shown no misspellings, no other words around a date, and no relative dates; and it answers anything with some date.':
    '训练时没有拼写错误，日期前后没有其他的词，也没有“昨天”这样的相对日期；而且无论输入什么，它都会回答一个日期。',
  dates: '日期',
  'exact match': '完全正确',
  'character error': '字符错误率',
  'alignment error': '对齐错误率',
  'most attended is right': '最受关注的位置正确',
  'Dates as 40 locales write them': '40 种地区写法的日期',

  // translate
  'Type an English menu item, title or message, get it in French, German (de:) or Chinese (zh:), and see which pieces of words each piece came from.':
    '输入英文的菜单项、标题或消息，得到法语（fr:）、德语（de:）或中文（zh:）译文，并看到每个词片段来自哪些词片段。',
  'It learnt the language of one editor: buttons, titles and messages of VS Code in at most 24 pieces of words. Other English comes out as something about files, editors and extensions.':
    '它学的是一个编辑器的语言：VS Code 的按钮、标题和消息，最多 24 个词片段。别的英文会被译成与文件、编辑器和扩展有关的话。',
  'It makes mistakes of meaning and grammar, and leaves things out or says them twice: read what it writes before anybody else does.':
    '它会弄错意思和语法，会漏译或重复：译文要先自己读过，再给别人看。',
  'References were made by people and machines, and differ in style from text to text.':
    '参考译文有人译的，也有机器译的，风格并不统一。',
  texts: '文本',
  'BLEU, mean': 'BLEU，平均',
  'chrF2, mean': 'chrF2，平均',
  'BLEU, French': 'BLEU，法语',
  'chrF2, French': 'chrF2，法语',
  'BLEU, German': 'BLEU，德语',
  'chrF2, German': 'chrF2，德语',
  'BLEU, Chinese': 'BLEU，中文',
  'chrF2, Chinese': 'chrF2，中文',
  'same as a reference': '与参考相同',
  'User interface texts of VS Code in French, German and Chinese': 'VS Code 界面文本的法语、德语和中文译文',

  // sentiment
  'Give the definition of a word, get whether the word is positive or negative, and see which words of the definition decided.':
    '给出一个词的英文释义，得到这个词是褒义还是贬义，并看到释义中的哪些词起了决定作用。',
  'It knows the style of WordNet: a few words that define another one. Of reviews or conversation it has read nothing.':
    '它熟悉 WordNet 的文体：用几个词解释另一个词。评论和对话它没有读过。',
  'It says positive or negative of anything, also of what is neither.':
    '无论什么它都会判为褒义或贬义，哪怕两者都不是。',
  'Labels are of words, given in product reviews; a definition may be of a sense that the label was not meant for.':
    '标签是根据产品评论给单词的；释义说的可能是标签并不针对的另一个义项。',
  'It overlooks negation that it saw too rarely, and knows about 4,000 English words; of others it has but their letters.':
    '见得太少的否定说法会被它忽略；它认识约 4000 个英文单词，其他的词只能看字母。',
  definitions: '释义',
  accuracy: '准确率',
  'macro F1': '宏平均 F1',
  'F1 of positive': '褒义的 F1',
  'Opinion words and their definitions': '褒贬词及其释义',

  // spam
  'Give the text of a mail, get whether it is spam, and see which sentences, and which words in them, decided.':
    '给出一封邮件的正文，得到它是不是垃圾邮件，并看到哪些句子、句子里的哪些词起了决定作用。',
  'It knows mails of 2002: mailing lists of programmers as ham, bulk mail of that year as spam. No filter for mail of today.':
    '它只见过 2002 年的邮件：正常邮件来自程序员的邮件列表，垃圾邮件是当年的群发邮件。不能用来过滤今天的邮件。',
  'English only, and the text only: no headers, links or attachments.': '只懂英文，只看正文：不看邮件头、链接和附件。',
  'The ham that it takes for spam is mostly newsletters and offers that somebody had asked for.':
    '被它误判为垃圾邮件的，大多是有人订阅的简报和优惠信息。',
  'It reads the subject and about the first 300 words.': '它读主题和正文的前 300 个词左右。',
  mails: '邮件',
  'F1 of spam': '垃圾邮件的 F1',
  "SpamAssassin's public mail corpus": 'SpamAssassin 公开邮件语料库',

  // qa
  'Tell some facts, ask about them, and see which fact each hop of attention looked at to find the answer.':
    '用英文说几个事实，再就它们提问，并看到注意力的每一跳看了哪个事实来找答案。',
  'It reads sentences of the forms of its data alone; names in them are free, and mean nothing to it beyond their story.':
    '它只能读训练数据中有的句式；句中的名称可以随意取，除了这个故事之外，名称对它没有意义。',
  'It knows nothing of the world: what the facts don’t say it can’t answer, and it answers all the same.':
    '它对世界一无所知：事实里没有说的，它答不出来，但照样会给出回答。',
  'At most 20 facts with 24 different names; it is sure of itself in longer stories than it learnt from, and often wrong.':
    '最多 20 个事实、24 个不同的名称；故事比训练时的更长，它依然自信，却常常答错。',
  stories: '故事',
  'one fact': '一个事实',
  'two facts': '两个事实',
  'three facts': '三个事实',
  counting: '计数',
  'yes or no': '是或否',
  lists: '列表',
  countries: '国家',
  'top fact supports': '权重最大的事实是依据',
  'weight on support': '依据所得的权重',
  'Stories of small worlds, and facts about countries': '小世界里的故事，以及关于各国的事实',

  // generate
  'Begin a speech, and it is written on, character by character, in the manner of the State of the Union addresses; the maps show which characters each was made of.':
    '写出英文演说的开头，它就仿照美国国情咨文的口吻逐字符续写；注意力图显示每个字符由前面哪些字符得来。',
  'It writes words and phrases, not thoughts: a sentence seldom means anything, and nothing in it is a fact.':
    '它写的是词和短语，不是思想：句子很少有意义，其中没有任何事实。',
  'It has read what presidents said from 1790 to 2021, with the views of their times.':
    '它读的是 1790 年到 2021 年历任总统的讲话，带有各自时代的观点。',
  'It sees the last 192 characters and knows 80 of them: letters, digits, space and common punctuation.':
    '它只看最近 192 个字符，只认识 80 种字符：字母、数字、空格和常用标点。',
  windows: '窗口',
  'bits per character': '每字符比特数',
  'perplexity per character': '每字符困惑度',
  'State of the Union addresses': '美国国情咨文',

  // names
  'Begin a first name, or nothing, and it is finished letter by letter; the maps show which letters each was made of.':
    '写出名字的开头，或者什么都不写，它就逐个字母把名字写完；注意力图显示每个字母由哪些字母得来。',
  'It was given first names of English-speaking countries as one list of 2002 has them, most of them of women.':
    '训练数据是 2002 年的一份名单上英语国家的名字，多数是女名。',
  'Many of the names it writes are in no list; some are, as it was trained on them.':
    '它写出的名字很多不在任何名单里；有些则在训练过的名单里。',
  'Letters a to z and the hyphen, in lower case.': '只有小写字母 a 到 z 和连字符。',
  names: '名字',
  'First names (Moby Word II)': '英文名（Moby Word II）',

  // caption; its other figures are those of pictures with captions of one's own
  'Give a picture, get its name in English, German, French or Chinese, and see for each word where the model looked, and whether it looked at all.':
    '给出一张图片，得到它的英语、德语、法语或中文名称，并看到模型写每个词时看了哪里、有没有看图片。',
  'It learnt from emoji in two styles of drawing, and nothing else: of a photograph it says the emoji that its colours remind it of.':
    '它只学过两种画风的表情符号：对照片，它会说出颜色让它想起的那个表情符号。',
  'What it has never seen it names after what looks alike: most names of concepts that are new to it are wrong.':
    '从未见过的事物，它会按相像的东西来称呼：对它来说是新事物的名称大多是错的。',
  'Names are those of CLDR, with what they say about people: a skin tone, a gender, a role.':
    '名称是 CLDR 的，连同其中关于人的说法：肤色、性别、角色。',
  'same, English': '与参考相同，英语',
  'CIDEr-D, English': 'CIDEr-D，英语',
  'BLEU, English': 'BLEU，英语',
  'chrF2, English': 'chrF2，英语',
  'same, German': '与参考相同，德语',
  'CIDEr-D, German': 'CIDEr-D，德语',
  'same, French': '与参考相同，法语',
  'CIDEr-D, French': 'CIDEr-D，法语',
  'same, Chinese': '与参考相同，中文',
  'CIDEr-D, Chinese': 'CIDEr-D，中文',
  'Pictures of emoji and their names in English, German, French and Chinese':
    '表情符号的图片及其英语、德语、法语和中文名称',
};

/** Words of answers, attention maps and backends. */
const WORDS: Readonly<Record<string, string>> = {
  // Axes and labels of maps
  output: '输出',
  input: '输入',
  written: '写出的',
  'read before': '此前读到的',
  class: '类别',
  word: '词',
  sentence: '句子',
  hop: '跳',
  fact: '事实',
  '(no fact)': '（不看任何事实）',
  attention: '注意力',
  // Test sets
  concepts: '新的事物',
  combinations: '新的组合',
  'style-seen': '新的画风',
  'style-unseen': '新的事物和画风',
  // Classes
  positive: '褒义',
  negative: '贬义',
  spam: '垃圾邮件',
  ham: '正常邮件',
  // Measure of a story
  'the number of facts': '事实的个数',
  'the number of words of the question': '问题的词数',
  'the number of different names': '不同名称的个数',
  // Notes of backends, and reasons why one can't run
  'relaxed SIMD: fused multiply–add, where the processor has it': '宽松 SIMD：处理器支持时使用融合乘加',
  'plain SIMD: WebAssembly here has no relaxed SIMD, or it was not asked for':
    '普通 SIMD：这里的 WebAssembly 没有宽松 SIMD，或没有要求使用它',
  'one thread: the machine has one, or one was asked for': '单线程：机器只有一个线程，或只要求了一个',
  'one thread: memory is shared only in pages that are isolated by the headers Cross-Origin-Opener-Policy and Cross-Origin-Embedder-Policy':
    '单线程：只有用响应头 Cross-Origin-Opener-Policy 和 Cross-Origin-Embedder-Policy 隔离的页面才能共享内存',
  'JavaScript has no SIMD and one thread; sums are float64': 'JavaScript 没有 SIMD，只有一个线程；求和用 float64',
  '32-bit floats in textures': '纹理中是 32 位浮点数',
  '16-bit floats in textures, as the device draws to no others: scores are good to 3 digits, and end at ±65504':
    '纹理中是 16 位浮点数，因为设备只能绘制这一种：得分约有 3 位有效数字，最大到 ±65504',
  'WebAssembly here has no SIMD, which the kernels are made of': '这里的 WebAssembly 没有 SIMD，而内核全靠它',
  'there is no WebGL 2 here. Hint: open the page in a browser with WebGL 2; in Node, take the wasm or cpu backend':
    '这里没有 WebGL 2；请用支持 WebGL 2 的浏览器打开本页，或改用其他后端',
  'there is no WebGPU here. Hint: open the page in a browser with WebGPU, over https or from localhost':
    '这里没有 WebGPU；请用支持 WebGPU 的浏览器，通过 https 或从 localhost 打开本页',
  'there is no adapter. Hint: the system has no driver for WebGPU, or the browser refuses the one it has':
    '没有可用的显卡：系统没有 WebGPU 的驱动，或浏览器拒绝使用它',
};

/** Texts with variable parts: a pattern of the English text, and a function that gives the Chinese one. */
const PATTERNS: readonly (readonly [RegExp, (...parts: readonly string[]) => string])[] = [
  [/^head (\d+) of (\d+), last layer$/, (head, heads) => `最后一层，第 ${head} 个头（共 ${heads} 个）`],
  [/^hop (\d+)$/, (hop) => `第 ${hop} 跳`],
  [/^sentence (\d+): words$/, (n) => `第 ${n} 句：词`],
  // What follows the name of a class
  [/^, ([\d.]+ %)$/, (share) => `，${share}`],
  [/^, ([\d.]+ %): sentences$/, (share) => `，${share}：句子`],
  [/^the number of words of fact (\d+)$/, (n) => `第 ${n} 个事实的词数`],
  [/^(\d+) threads over the engine's shared heap$/, (threads) => `${threads} 个线程，使用引擎的共享堆`],
  [
    /^(\d+) threads over a shared memory to which large requests are copied$/,
    (threads) => `${threads} 个线程，较大的问题复制到共享内存中计算`,
  ],
  [
    /^drawn by (.+), textures of up to (\d+) × (\d+)$/,
    (renderer, width, height) => `由“${renderer}”绘制，纹理最大 ${width} × ${height}`,
  ],
  [/^computed by (.+)$/, (adapter) => `由“${adapter}”计算`],
];

/** Text of a package in Chinese; undefined when it isn't known here. */
export function inChinese(english: string): string | undefined {
  const whole = lookUp(CARDS, english) ?? lookUp(OWN_TASKS, english) ?? lookUp(WORDS, english);
  if (whole !== undefined) return whole;
  for (const [pattern, say] of PATTERNS) {
    const found = pattern.exec(english);
    if (found !== null) return say(...found.slice(1));
  }
  return undefined;
}
