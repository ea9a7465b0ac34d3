/**
 * Chinese for the English texts of the tasks that are learnt from somebody's own files, and of what the page shows of such files. The
 * English text is the key; a test checks that no text of these tasks is missing, and that none here is unused.
 */
export const OWN_TASKS: Readonly<Record<string, string>> = {
  'Pairs of texts': '成对的文本',
  'Give a source, get its target as the pairs of your files have it, and see which parts each part came from.':
    '给出源文本，得到你文件里那样的目标文本，并看到每一部分来自哪些部分。',
  'It was judged on pairs of the same files, which are like those that it learnt from.':
    '它是用同一批文件里的文本对评估的，与训练用的相似。',
  'It knows what its files show, and nothing else.': '它只知道文件里有的，别的一概不知。',
  pairs: '文本对',
  'symbol error': '符号错误率',
  chrF2: 'chrF2',
  BLEU: 'BLEU',

  'Texts with labels': '带标签的文本',
  'Give a text, get the label that texts like it have in your files, and see which sentences, and which words in them, decided.':
    '给出一段文本，得到你文件里同类文本的标签，并看到哪些句子、句子里的哪些词起了决定作用。',
  'It knows what its files show, and nothing else: of any text it says one of their labels.':
    '它只知道文件里有的：无论什么文本，它都会给出其中的一个标签。',
  'It was judged on texts of the same files, which are like those that it learnt from.':
    '它是用同一批文件里的文本评估的，与训练用的相似。',

  'Plain text': '纯文本',
  'Begin a text, and it is written on, character by character, in the manner of your files; the maps show which characters each was made of.':
    '写出开头，它就仿照你的文件逐字符续写；注意力图显示每个字符由前面哪些字符得来。',
  'It writes in the manner of its files; a sentence seldom means anything, and nothing in it is a fact.':
    '它仿照文件的写法来写；句子很少有意义，其中没有任何事实。',
  'What it writes may be parts of its files, word by word.': '它写出的可能就是文件里的原文。',

  'Pictures with captions': '带描述的图片',
  'Give a picture, get a caption as your pictures have them, and see for each word where the model looked, and whether it looked at all.':
    '给出一张图片，得到你的图片那样的描述，并看到模型写每个词时看了哪里、有没有看图片。',
  'It knows what its pictures show, and nothing else: of any picture it says what its captions say.':
    '它只知道训练图片里有的：无论什么图片，它说的都是训练描述里的话。',
  'It was judged on pictures of the same folder, which are like those that it learnt from.':
    '它是用同一个文件夹里的图片评估的，与训练用的相似。',
  'It sees 64 by 64 pixels: what is smaller in a picture, it cannot tell.':
    '它看到的是 64 × 64 像素：图片里更小的东西，它分辨不出。',
  captions: '描述',
  'CIDEr-D, mean': 'CIDEr-D，平均',
  'attention on what is drawn': '落在所画部分上的注意力',
  'drawn part': '所画部分的比例',
  'sentinel, words of content': '实词不看图片的份额',
  'sentinel, function words and signs': '虚词和符号不看图片的份额',

  // Presets
  'additive attention': '加性注意力',
  'adaptive attention with a visual sentinel': '带视觉哨兵的自适应注意力',
  'soft attention, gated and even': '带门控、看得均匀的软注意力',
  'transformer of patches': '图块 Transformer',
  "Luong's general attention": 'Luong 的一般式注意力',
  'additive attention, copying and coverage': '带复制和覆盖的加性注意力',
  transformer: 'Transformer',
  'no attention': '没有注意力',
  'hierarchical attention': '层次注意力',
  'means of both levels, no attention': '两层都取平均，没有注意力',
  'last states of both levels, no attention': '两层都取最后的状态，没有注意力',
  'mean of the words, no attention': '取词的平均，没有注意力',
  'causal self-attention': '因果自注意力',
  'no attention (LSTM)': '没有注意力（LSTM）',
  'LSTM with attention to its earlier states': '对自己先前的状态有注意力的 LSTM',
};

/** Numbers that are counted in somebody's own files, by name. */
export const COUNTS: Readonly<Record<string, string>> = {
  rows: '行',
  blankLines: '空行',
  duplicates: '重复的行',
  sources: '源文本',
  targets: '目标文本',
  sourcesWithSeveralTargets: '有多个目标的源文本',
  groups: '组',
  largestGroup: '最大的组',
  train: '用于训练',
  validation: '用于验证',
  test: '用于测试',
  sourceSymbols: '源文本的符号',
  targetSymbols: '目标文本的符号',
  leftOutOfTraining: '不用于训练',
  tooLongForTraining: '太长而不用于训练',
  heldOutWithUnknownSource: '验证和测试中有未知源符号的',
  heldOutWithUnknownTarget: '验证和测试中有未知目标符号的',
  contradictions: '标签互相矛盾的文本',
  wordless: '没有词的文本',
  texts: '文本',
  documents: '文档',
  blocks: '块',
  trainDocuments: '用于训练的文档',
  validationDocuments: '用于验证的文档',
  testDocuments: '用于测试的文档',
  trainCharacters: '用于训练的字符',
  symbols: '符号',
  rareCharacters: '罕见的字符',
  pairs: '文本对',
};

/** Values of the settings of somebody's own data. */
export const VALUES: Readonly<Record<string, string>> = {
  characters: '字符',
  words: '词',
  pieces: '词片段',
  file: '一个文件',
  'blank-lines': '空行之间的文字',
  none: '保持原样',
  tsv: 'TSV',
  csv: 'CSV',
  jsonl: 'JSON Lines',
  parallel: '两个平行的文件',
  true: '是',
  false: '否',
};
