/** Chinese texts about a task that aren't in its card. */
interface TaskText {
  /** Name of the task, on its button. */
  readonly name: string;
  /** Inputs that the task accepts, shown when one is refused. */
  readonly accepts: string;
  /** Example that replaces that of the card, when the task accepts Chinese. */
  readonly example?: string;
}

/** Chinese texts of the tasks, by name. A test checks that every task is here. */
export const TASKS: Readonly<Record<string, TaskText>> = {
  g2p: {
    name: '单词读音',
    accepts: '请输入一个英文单词：只能有字母 a 到 z、撇号、连字符和句点，并且至少有一个字母。',
  },
  dates: {
    name: '日期',
    accepts:
      '请输入一个日期，年份为 1900 到 2099 之间的四位数。像 4/3/2024 这样有两种读法的日期，前面要写明地区，例如“en-US: 4/3/2024”。',
    example: '2024年4月3日星期三',
  },
  translate: {
    name: '界面翻译',
    accepts:
      '请输入不超过 200 个字符的英文，前面写明要译成的语言：fr（法语）、de（德语）或 zh（中文），例如“zh: Open Folder”。',
    example: 'zh: Open Folder',
  },
  sentiment: {
    name: '词义褒贬',
    accepts: '请用几个英文单词写出一条释义。',
  },
  spam: {
    name: '垃圾邮件',
    accepts: '请输入一封英文邮件的正文，至少要有一个单词。',
  },
  qa: {
    name: '事实问答',
    accepts:
      '请用英文先写几个事实，最后写一个问题，例如“Mary went to the garden. John took the ball. Where is Mary?”。句子必须是训练数据中有的句式。',
  },
  generate: {
    name: '续写演说',
    accepts: '请输入英文开头，只能有字母、数字、空格和常用标点，最多 1000 个字符；也可以留空。',
  },
  names: {
    name: '续写人名',
    accepts: '请输入人名的开头，只能有字母 a 到 z 和连字符，最多 64 个字符；也可以留空。',
  },
  caption: {
    name: '图片描述',
    accepts: '请给出一张图片，并写明描述的语言：en、de、fr 或 zh。',
  },
  video: {
    name: '短片问答',
    accepts: '请给出一段短片的各帧，并写明问题：what changed（变了什么）或 which frame（在哪一帧）。',
  },
  // Learnt from somebody's own files
  pairs: { name: '成对的文本', accepts: '请输入一条源文本，最多 4000 个字符。' },
  labels: { name: '带标签的文本', accepts: '请输入一段文本，至少要有一个词。' },
  captions: { name: '带描述的图片', accepts: '请给出一张图片，并写明描述的语言。' },
  text: { name: '纯文本', accepts: '请输入开头，最多 1000 个字符；也可以留空。' },
};
