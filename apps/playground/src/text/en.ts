import type { LabelledMap } from '@heed/heatmap';
import { OVERLAY_ENGLISH, type CellDetail } from '@heed/heatmap/element';
import type { ErrorCode } from '@heed/base';
import type { Group } from '@heed/conformance';
import type { KnownNetwork } from '@heed/networks';
import { MECHANISM_FACTS } from '@heed/attention/facts';
import type { BackendName, MechanismKind, Status } from '../engine/jobs.js';
import type { PlainError } from '../engine/protocol.js';
import { enBeside } from './en-beside.js';
import { enBlocks } from './en-blocks.js';
import { enHeads } from './en-heads.js';
import { enMaps } from './en-maps.js';
import { enPicture } from './en-picture.js';
import { enRead } from './en-read.js';
import { enToy } from './en-toy.js';
import { enTour } from './en-tour.js';
import { enWorked } from './en-worked.js';
import { enYourModel } from './en-your-model.js';
import { lookUp } from './look-up.js';
import { percentOf } from '@heed/metrics';
import { quoted, short } from './numbers.js';
import type { Unlike } from '@heed/tasks';
import type { Choice } from '../views/train/data-settings.js';
import type { Measure } from '../views/train/measure.js';

/** Facts about a cell of the maps of scores and weights. */
export interface CellFacts {
  readonly query: string;
  readonly memory: string;
  readonly score: number;
  /** Score after temperature and soft cap; null without them. */
  readonly changed: number | null;
  readonly weight: number;
  /** Weight after dropout; null without it. */
  readonly kept: number | null;
  readonly isMasked: boolean;
}

const s = (count: number): string => (count === 1 ? '' : 's');

/** What an error is about, where that isn't a model: files of the reader's own data, a picture, or attention maps. */
export type About = 'data' | 'picture' | 'maps';

/** All texts of the page. */
export const en = {
  title: 'Heed playground',
  skip: 'Skip to the view',
  language: 'Language',
  theme: 'Switch between light and dark',
  tabs: 'Views',
  views: {
    read: 'Read',
    formula: 'Formula',
    model: 'Model',
    tasks: 'Tasks',
    picture: 'Pictures',
    train: 'Train',
    keras: 'Keras',
    yourModel: 'Your model',
    maps: 'Maps',
    backends: 'Backends',
  },
  footer: 'Everything is computed in your browser; nothing is sent anywhere.',
  notices: 'Licences',
  /** Text of a Heed package in this language; undefined when there is no translation. */
  library: (english: string): string | undefined => english,
  /** Heading above a package's English text, in a page of another language. */
  original: 'In English',
  aboutCode: (code: string) => `About ${code}`,
  comma: ', ',
  semicolon: '; ',
  common: {
    stop: 'Stop',
    close: 'Close',
    restart: 'Try again',
    range: (least: number, most: number, value: number) =>
      `From ${least.toLocaleString('en')} to ${most.toLocaleString('en')}; ${value.toLocaleString('en')} still counts.`,
    yes: 'yes',
    no: 'no',
  },
  offline: {
    part: 'What you have opened works offline.',
    keep: (megabytes: string) => `Keep all of the page (${megabytes} MB more)`,
    loading: 'Loading all of the page',
    all: 'All of the page is kept: it works offline.',
    failed: 'Not everything could be kept. Look at your connection, and at the room on your disk.',
  },
  missing: {
    outdated: {
      title: 'There is a new version of this page.',
      more: 'The file that is needed now belongs to the old one. Reload the page; what is on the screen is in its address.',
    },
    offline: {
      title: 'There is no connection.',
      more: 'The file that is needed now was not opened before, so it is not kept on this device.',
    },
    reload: 'Reload',
  },
  share: {
    button: 'Share',
    copied: 'Link copied',
    inBar: 'The link is in the address bar',
    embed: 'Embed',
    frame: 'Code of a frame with this view copied',
    frameInBar: 'The link of the frame is in the address bar',
    open: 'Open in the playground',
  },
  link: {
    invalid: 'This link doesn’t work; here is the page as it begins.',
    form: 'It isn’t a link that this page made, or it was cut off.',
    version: (version: string) => `It was made by another version of the page (${version}).`,
    field: (key: string) => `Its part “${key}” makes no sense.`,
  },
  backend: {
    name: 'Backend',
    choose: 'Backend that computes',
    loading: (name: BackendName) => `loading ${name} …`,
    ready: ({ capabilities, tensors }: Status) =>
      `${capabilities.threads} thread${s(capabilities.threads)} · ${tensors} tensor${s(tensors)}`,
    instead: (asked: BackendName, now: BackendName) =>
      asked === now ? `${asked} doesn’t answer:` : `${asked} can’t be used, so ${now} computes instead:`,
  },
  errors: {
    UNEXPECTED: 'Something went wrong.',
    SHAPE_MISMATCH: 'Sizes don’t fit together.',
    DTYPE_UNSUPPORTED: 'This type of number is not supported.',
    INVALID_ARGUMENT: 'This input can’t be used.',
    UNKNOWN_OPTION: 'There is no such option.',
    ALIGNMENT_REQUIRED: 'The positions need an alignment.',
    AXES_REQUIRED: 'The axes of the mask must be named.',
    BACKEND_UNAVAILABLE: 'This backend can’t run here.',
    BACKEND_INVALID: 'This backend is broken.',
    DISPOSED: 'This was already closed.',
    GRADIENTS_MISSING: 'The gradients were not loaded.',
    FILE_INVALID: 'This file is not what it should be.',
    FILE_TOO_LARGE: 'This file is too large.',
    FILE_ACCESS: 'A file could not be loaded.',
    RUN_LOCKED: 'Another process is training in this folder.',
    CHECKPOINT_INVALID: 'This is no model that can be used.',
    CONFIG_INVALID: 'The settings don’t make a model.',
    NOT_FINITE: 'Numbers became infinite.',
    UNKNOWN_NAME: 'This name is unknown.',
    ENGINE_INCOMPATIBLE: 'The engine is of another version.',
    OUT_OF_MEMORY: 'There is not enough memory.',
    CONTEXT_LOST: 'The graphics card was taken away.',
    DEVICE_ERROR: 'The graphics card refused a command.',
    SYNCHRONOUS_READ: 'A number on the graphics card was asked for too early.',
    BACKEND_LOST: 'The backend was lost.',
    DATA_MISSING: 'The data are not installed.',
    QUEUE_UNAVAILABLE: 'The queue can’t be reached.',
    JOB_MISMATCH: 'This machine has other data or another version.',
  } satisfies Record<ErrorCode | 'UNEXPECTED', string>,
  /** Explanation of an error, beyond its code. */
  explain: ({ message }: PlainError, _about?: About): string => message,
  axis: {
    query: 'query',
    key: 'key',
    memory: 'memory',
    token: 'token',
    dimension: 'dimension',
    row: 'row',
    column: 'column',
    letter: 'letter',
    sound: 'sound',
    step: 'step',
  },
  /** What an overlay says by itself. */
  overlay: OVERLAY_ENGLISH,
  heatmap: {
    role: 'heatmap',
    keys: 'Arrow keys move over the cells, plus and minus zoom.',
    language: 'en',
    masked: 'masked',
    table: 'Table',
    noTable: 'The table is left out for its size; save CSV or JSON for the numbers.',
    cell: ({ weight, masked, rowLabel, columnLabel }: CellDetail, { rowAxis, columnAxis }: LabelledMap) =>
      `${columnAxis} ${columnLabel} to ${rowAxis} ${rowLabel}, ${masked ? 'masked: it takes no part' : short(weight)}`,
    summary: ({ title, weights, rowAxis, columnAxis }: LabelledMap) =>
      `${title === '' ? '' : `${title}: `}${weights.length} row${s(weights.length)} (${rowAxis}) by ${weights[0]?.length ?? 0} column${s(weights[0]?.length ?? 0)} (${columnAxis})`,
    part: ([top, bottom]: readonly [number, number], [left, right]: readonly [number, number]) =>
      `rows ${top} to ${bottom}, columns ${left} to ${right}`,
  },
  map: {
    table: 'Table',
    asTable: (name: string) => `Table: ${name}`,
    save: 'Save',
    saveAs: (name: string) => `Save: ${name}`,
    larger: (name: string) => `Larger cells: ${name}`,
    smaller: (name: string) => `Smaller cells: ${name}`,
  },
  mechanisms: {
    ...(Object.fromEntries(MECHANISM_FACTS.map(({ kind, title }) => [kind, title])) as Record<MechanismKind, string>),
    none: 'None',
  },
  architectures: { bahdanau: 'Bahdanau’s', luong: 'Luong’s' },
  symbols: {
    s: 'Query vectors s',
    h: 'Memory vectors h',
    W: 'Parameters W, v, b',
    e: 'Scores e',
    α: 'Weights α',
    c: 'Context c',
    y: 'Output y',
  },
  symbolNames: {
    s: 'query',
    h: 'memory',
    W: 'parameters',
    e: 'scores',
    α: 'weights',
    c: 'context',
    y: 'output',
  },
  formula: {
    title: 'What attends to what',
    lead: 'Attention asks, for each item of one sequence, which items of another matter to it, and gives back their weighted mean.',
    beginners: {
      title: 'New to attention? A minute’s introduction',
      paragraphs: [
        'Think of looking something up. You hold a query (“who sat down?”), and there is a memory of things to look at (“the cat sat down”). Attention compares the query with each thing in the memory and gives each comparison a number, its score e. A greater score means a better match.',
        'Softmax turns the scores of one query into weights α: all positive, together 1, like shares of a cake. A score that is a little greater gets a share that is much larger.',
        'The answer is the context c: the mean of all memory vectors, each counted by its weight. So the result is mostly what fits best, with a little of the rest, and as everything is smooth, a network can learn by itself what should fit what.',
        'The mechanisms differ only in how they score: a dot product measures whether two vectors point the same way; Bahdanau’s additive form lets a small network compare them; several heads look for several things at once. Below, words have vectors that a model has learnt, so that words of like meaning are alike; what a mechanism does with them, its parameters, is random and has learnt nothing. Trained models are in the views Model and Train.',
      ],
    },
    mode: 'What to look at',
    modes: {
      attention: 'Attention between two sequences',
      decoder: 'Bahdanau’s decoder, step by step',
      transformer: 'A transformer, step by step',
    },
    query: 'Query sequence',
    memory: 'Memory sequence',
    examples: 'Examples:',
    exampleNames: {
      self: 'A sentence and itself',
      find: 'Find the cats',
      bahdanau: 'Letters and sounds, additive',
      causal: 'No look ahead',
      heads: 'Two heads',
    },
    cut: 'Cut into',
    cuts: { words: 'words', letters: 'letters' },
    vectors: 'Vectors',
    vectorSources: { words: 'of words, learnt', random: 'random, from the seed' },
    vectorNotes: {
      words:
        'Vectors of some 2,000 English words, learnt by the Universal Sentence Encoder Lite and reduced to D numbers: words of like meaning have like vectors, the more so the more numbers there are.',
      random: 'Random vectors, from the seed and the word alone: only the same word is alike.',
    },
    letterVectors: 'Letters have random ones.',
    unknownWords: (words: readonly string[]) =>
      `Not in the table, so with random vectors: ${quoted(words, (word) => `“${word}”`, ', ')}.`,
    mechanism: 'Mechanism',
    heads: 'Heads H',
    width: 'Width D',
    seed: 'Seed',
    vectorSeed: 'Seed of the vectors',
    positions: 'add positions',
    options: 'Temperature, soft cap, dropout, masks',
    temperature: 'Temperature τ',
    softCap: 'soft cap',
    cap: 'Cap γ',
    dropout: 'Dropout rate p',
    dropoutSeed: 'Dropout seed',
    masks: 'Masks',
    causal: 'causal (no later position)',
    window: 'window',
    left: 'before',
    right: 'after',
    padding: 'shorter memory',
    length: 'positions',
    empty: 'Type something into both fields: words between spaces, or a single word for its letters.',
    tooMany: (most: number, left: number) =>
      `Only the first ${most} tokens of a text are used; ${left} ${left === 1 ? 'is' : 'are'} left out.`,
    otherwise: 'otherwise',
    maskMeaning:
      'mask(i) has the positions that query i may look at. All others have the weight 0; a query that may look at nothing has zeros alone.',
    changedScores: 'Scores ẽ',
    keptWeights: 'Weights after dropout, dα',
    /** Name of a state of a mechanism. */
    states: (name: string): string => (name === 'coverage' ? 'Coverage κ' : name),
    formulas: 'Formulas',
    legend: 'Parts of the formula',
    pointAtCell:
      'Point at a cell of the scores or weights, or walk over them with the arrow keys, to see where its number comes from.',
    cellSentence: ({ query, memory, score, changed, weight, kept, isMasked }: CellFacts) => {
      if (isMasked)
        return `The query “${query}” may not look at “${memory}”: it is masked, so its weight is 0, whatever the score ${short(score)} is.`;
      const matches = `The query “${query}” matches “${memory}” with score ${short(score)}${changed === null ? '' : `, which temperature and soft cap make ${short(changed)}`}.`;
      const gets = `Among all scores of its row that is a weight of ${short(weight)}`;
      if (kept !== null) return `${matches} ${gets}, of which dropout makes ${short(kept)}.`;
      return `${matches} ${gets}: ${(100 * weight).toFixed(1)} % of the context for “${query}” is “${memory}”.`;
    },
    head: 'Head',
    headNumber: (n: number) => `Head ${n}`,
    notes: {
      e: 'how well query and memory match, before masks',
      changed: 'after temperature and soft cap, before masks',
      α: (emptyRows: number) =>
        emptyRows === 0
          ? 'rows sum to 1'
          : `rows sum to 1, but for ${emptyRows} that may look at nothing: ${emptyRows === 1 ? 'it is' : 'they are'} 0`,
      states: 'what each query is told by the ones above it',
      kept: 'some are dropped, the others divided by 1 − p: rows needn’t sum to 1',
      c: ({ isKept, heads }: { isKept: boolean; heads: number }) =>
        `${isKept ? 'sums of the memory under the weights after dropout' : 'means of the memory under the weights'}${heads > 0 ? `, ${heads === 1 ? 'projected' : `of all ${heads} heads, projected`}` : ''}`,
    },
    path: {
      fused: (backend: BackendName) => `Computed in one fused kernel of the ${backend} backend.`,
      composed: (backend: BackendName) => `Composed of the engine’s own operations on ${backend}.`,
      empty: () => 'There was nothing to compute.',
    },
  },
  parameters: {
    title: 'Parameters: look and change',
    explanation:
      'They were drawn from the seed. Click a cell (or walk to it and press Enter), then type another number and watch what changes.',
    pick: 'No cell is chosen yet.',
    full: (most: number) => `${most} changes are as many as a link holds: undo some first.`,
    /** Name of a parameter, by key. */
    name: (key: string): string => key,
    value: (name: string, index: number) => `${name}, number ${index + 1}`,
    undo: (count: number) => `Undo ${count} change${s(count)}`,
  },
  decoder: {
    lead: 'Bahdanau’s decoder writes one symbol at a time. Before each, it compares its state with every letter (e), turns that into weights (α), takes their mean (c), and only then decides what to write (y).',
    word: 'Word to read',
    model: 'Model',
    trained: 'trained (the one in the Model view)',
    untrained: 'untrained, from a seed',
    steps: 'Steps of the decoder',
    back: 'Back',
    next: 'Next',
    first: 'First',
    last: 'Last',
    where: (step: number, steps: number, phase: string) => `Output ${step} of ${steps}, ${phase}`,
    phases: [
      'Scores e: how well does the state before this output match each letter?',
      'Weights α: softmax makes shares of the scores, and they sum to 1.',
      'Context c: the mean of the letters’ vectors under these weights.',
      'Output y: from context, state and the symbol before, the most probable symbol is written.',
    ] as readonly string[],
    output: 'Output so far',
    end: '(end)',
    soFar: 'Alignment so far',
    width: (width: number) => `${width} numbers`,
    notADecoder:
      'The model in the Model view has no decoder that goes step by step like this. Take the untrained one, or go back to the model of this page there.',
  },
  model: {
    title: 'A trained model at work',
    lead: 'Type a word: the model spells out how it is said, in ARPAbet, and shows which letters it looked at for each sound.',
    loading: 'Loading the model',
    word: 'Word',
    search: 'Search',
    searches: { greedy: 'Greedy', beam: 'Beam' },
    beamWidth: 'Beam width',
    penalty: 'Length penalty',
    output: 'Output',
    cutOff: '(cut off)',
    replay: 'Watch again',
    alignment: 'Alignment',
    noAttention: 'This model has no attention to show.',
    alternatives: 'Alternatives of the beam',
    probability: 'Probability',
    score: 'Score',
    temperature: 'Temperature',
    length: 'Characters to write',
    unknownTask: (task: string) =>
      `This model was made for a task that this page doesn’t have: “${task}”. What it is can be seen below; it answers where its task is.`,
    noTask:
      'This file doesn’t say what its model was made for, so it can’t be asked anything. Drop it together with its run.json, or the whole folder of its run.',
    own: 'Your own model',
    drop: 'Drop a run on this page: its folder, its .zip file from the Train view, or model.safetensors with run.json, card.json and calibration.json. Whatever kind it is, you can ask it.',
    choose: 'Or choose files …',
    useBundled: 'Back to the model of this page',
  },
  card: {
    title: 'About this model',
    bundled: 'Trained with Heed’s own command and shipped with this page.',
    own: (kind: string, parameters: number) => `Your file: ${kind}, ${parameters.toLocaleString('en')} parameters.`,
    decoder: (architecture: string, attention: string) => `${architecture} decoder, attention: ${attention}`,
    /** Kinds of networks without a mechanism to choose. */
    networks: {
      transformer: 'transformer',
      classifier: 'classifier',
      memory: 'memory network',
      language: 'language model',
      captioner: 'captioner of pictures',
    } satisfies Record<Exclude<KnownNetwork['kind'], 'recurrent'>, string>,
    versions: 'Versions:',
    run: (task: string, step: number, steps: number) => `Task ${task}, step ${step} of ${steps}.`,
    architecture: 'Model',
    parameters: 'Parameters',
    data: 'Data',
    errors: (beam: number) => (beam === 1 ? 'Errors, greedy' : `Errors, beam ${beam}`),
    rates: (words: string, phonemes: string, count: number) =>
      `${words} of words, ${phonemes} of sounds, on ${count.toLocaleString('en')} words it never saw`,
    again: 'Made by',
  },
  tasks: {
    title: 'Attention at work',
    lead: 'Trained models that come with Heed, one for each task. Give one an input, and see what it attended to.',
    choose: 'Task',
    /** Name of a task, on its button. */
    name: (task: string): string => task,
    /** Inputs that a task accepts, for when an error about an input doesn't say it. */
    accepts: (_task: string): string => '',
    /** First input of a task, given the example of its card. */
    exampleOf: (_task: string, example: string): string => example,
    input: 'Input',
    example: 'The example',
    sample: 'Another sample',
    output: 'Output',
    answer: 'Answer',
    loading: 'Loading the model',
    alternatives: 'Also possible',
    limits: 'What not to expect',
    made: (parameters: number, data: string) => `${parameters.toLocaleString('en')} parameters, learnt from: ${data}.`,
    judged: (examples: number, unit: string) => `On ${examples.toLocaleString('en')} ${unit} it never saw:`,
    noMap: 'This answer has no attention map.',
  },
  trust: {
    error: ({ before, after }: { readonly before: number; readonly after: number }) =>
      `Its confidence is ${percentOf(after)} off on average (expected calibration error; ${percentOf(before)} before calibration).`,
    right: (confidence: number) => `Right with a probability of ${percentOf(confidence)}, by validation examples.`,
    unlike: (ways: readonly Unlike[]) =>
      `The input is unlike what the model learnt from: ${ways.map(({ message }) => message).join('; ')}.`,
  },
  keras: {
    title: 'A model of Keras, opened',
    lead: 'Drop a model that Keras or TensorFlow.js has saved, and see what its attention layers attend to. It stays in this page: nothing is sent anywhere.',
    own: 'Your model',
    drop: 'Drop a .keras or .h5 file anywhere on this view, or model.json together with its shards or its .weights.h5, or choose them:',
    choose: 'Choose files',
    open: 'Model',
    facts: (name: string, layers: number, parameters: number) =>
      `“${name}”: ${layers.toLocaleString('en')} layers, ${parameters.toLocaleString('en')} parameters.`,
    attends: (names: readonly string[]) =>
      names.length === 0 ? 'None of its layers can show attention.' : `Its attention layers: ${names.join(', ')}.`,
    input: (name: string, shape: string, dtype: string) => `Input ${name} [${shape}], ${dtype}`,
    inputHelp: 'Nested lists of numbers, as JSON. These are an example in the shape that the model takes.',
    notNumbers: 'That isn’t JSON of nested lists of numbers.',
    output: (n: number, shape: string) => `Output ${n} [${shape}]`,
    answer: 'What it computes',
    map: (layer: string, call: number, head: number, heads: number) =>
      `${layer}${call > 0 ? `, call ${call + 1}` : ''}${heads > 1 ? `, head ${head + 1}` : ''}`,
    more: (shown: number, all: number) => `The first ${shown} of ${all} maps.`,
    query: 'query',
    key: 'key',
  },
  picture: enPicture,
  toy: enToy,
  maps: enMaps,
  worked: enWorked,
  beside: enBeside,
  heads: enHeads,
  blocks: enBlocks,
  read: enRead,
  tour: enTour,
  yourModel: enYourModel,
  train: {
    title: 'Train one yourself',
    lead: 'A small model learns here in the page: a toy, to read words aloud, or whatever your own file shows. Watch its attention: at first it looks everywhere, then where it has to.',
    source: 'What to learn',
    sources: { toy: 'A toy, in seconds', words: 'English words and their sounds', own: 'A file of your own' },
    settings: 'Settings of the training',
    architecture: 'Decoder',
    units: 'Units',
    steps: 'Steps',
    batch: 'Words per step',
    rate: 'Learning rate',
    word: 'Word to watch',
    start: 'Start training',
    again: 'Train again',
    resume: 'Go on',
    keeps:
      'What is paused keeps its settings; its end and the word to watch can be changed. Throw it away to begin with others.',
    pause: 'Pause',
    discard: 'Throw away',
    download: 'Download the run (.zip)',
    preparing: 'Loading the data',
    first: 'First step',
    progress: (step: number, steps: number, seconds: number) =>
      `Step ${step} of ${steps}, about ${seconds} second${s(seconds)} left`,
    facts: (examples: number, unit: string, parameters: number, rate: number) =>
      `${examples.toLocaleString('en')} ${unit} to learn from, ${parameters.toLocaleString('en')} parameters, ${rate} ${unit} a second.`,
    curve: 'How it learns',
    curveLabel: 'Loss and what is still wrong over the steps of the training; the newest numbers are below.',
    lossAxis: 'loss',
    /** What is drawn beside the loss. */
    measures: {
      sounds: 'wrong sounds',
      symbols: 'wrong symbols',
      labels: 'wrong labels',
      bits: 'bits per character',
    } satisfies Record<Measure, string>,
    stepAxis: 'step',
    loss: (loss: string) => `Loss ${loss}`,
    /** @param whole share of the outputs that aren't right as a whole */
    errors: {
      sounds: (tokens: string, whole: string) =>
        `On words it never saw: ${tokens} of sounds and ${whole} of words wrong`,
      symbols: (tokens: string, whole: string) =>
        `On texts it never saw: ${tokens} of symbols and ${whole} of outputs wrong`,
      labels: (wrong: string) => `On texts it never saw: ${wrong} of labels wrong`,
      bits: (bits: string) => `On text it never saw: ${bits} bits per character`,
    } satisfies Record<Measure, (value: string, whole: string) => string>,
    watch: 'Text to watch (empty: an example)',
    sharpening: (input: string) => (input === '' ? 'What it writes' : `Reading “${input}”`),
    afterSteps: (step: number) => `After ${step} step${s(step)}`,
    silent: 'It says nothing yet.',
    right: (outputs: readonly string[]) => `Right would be: ${outputs.join(' or ')}`,
    recalled: 'This training was kept from your last visit. You can go on with it.',
    unkept: 'This browser doesn’t keep the training: it is lost when you close or reload the page.',
    unkeptFiles: (megabytes: number) =>
      `Your files are larger than ${megabytes} MB, so the training isn’t kept: it is lost when you close or reload the page. Download the run to go on with it later.`,
    lookBack: 'Look back',
  },
  own: {
    title: 'Your own data',
    drop: 'Drop a file on this page: pairs of texts (source and target) or texts with labels as .tsv, .csv or .jsonl, or plain text. It stays in this page: nothing is sent anywhere.',
    choose: 'Choose files …',
    reading: 'Reading your files',
    kind: 'What the file holds',
    found: 'What was found',
    /** Name of a number that was counted. */
    count: (name: string): string =>
      name.startsWith('label ')
        ? `label “${name.slice(6)}”`
        : name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`),
    notes: 'How it was read and split',
    settings: 'Columns, units, format',
    settingsHelp: 'Columns are names, or numbers from 1. What is left empty is decided by the data.',
    setting: {
      source: 'Column of the source',
      target: 'Column of the target',
      text: 'Column of the text',
      label: 'Column of the label',
      group: 'Column that keeps rows together',
      sourceUnit: 'Source is cut into',
      targetUnit: 'Target is cut into',
      documents: 'One document is',
      format: 'Format',
      normalForm: 'Unicode form',
      header: 'First row names the columns',
    },
    byTheData: (value: string) => (value === '' ? 'by the data' : `by the data: ${value}`),
    /** Name of a value of a setting. */
    choice: (value: string): string =>
      lookUp<string>(
        {
          file: 'a file',
          'blank-lines': 'what blank lines separate',
          none: 'as it is',
          parallel: 'two parallel files',
          true: 'yes',
          false: 'no',
        } satisfies Partial<Record<Choice | 'true' | 'false', string>>,
        value,
      ) ?? value,
    model: 'Model',
    preset: (title: string, parameters: number) => `${title}, ${parameters.toLocaleString('en')} parameters`,
    batch: 'Examples per step',
    timing: 'Measuring how long a step takes …',
    takes: (minutes: number) =>
      minutes < 1
        ? 'All steps take less than a minute here.'
        : `All steps take about ${Math.ceil(minutes).toLocaleString('en')} minutes here.`,
  },
  backends: {
    title: 'Can you trust the numbers?',
    lead: 'The same attention on three engines: WebAssembly, plain JavaScript, and the graphics card. Compare them yourself.',
  },
  status: {
    title: (name: BackendName) => `Backend ${name}`,
    engine: 'Engine',
    simd: { none: 'none', simd: 'simd', relaxed: 'relaxed' },
    threads: 'Threads',
    notIsolated: 'this page is served without the headers that isolate it, so memory can’t be shared between threads',
    floats: 'Float width',
    bits: (float: number, accumulator: number) => `${float} bits, sums in ${accumulator}`,
    deterministic: 'Same bits every time',
    fused: 'Fused operations',
    none: 'none; composed of the engine’s own',
    masks: 'Parts of masks they take',
    biases: 'Parts of biases',
    normalizers: 'Normalizers',
    options: 'Options',
    tensors: 'Live tensors (formula, model)',
    bytes: 'Bytes',
    notes: 'Notes',
    refresh: 'Look again',
  },
  ops: { dotProductAttention: 'dot-product attention', additiveAttention: 'additive attention' },
  paths: { fused: 'fused', composed: 'composed', empty: '–' },
  compare: {
    title: 'The same inputs on all of them',
    lead: 'Random queries, keys and values from a seed; each backend computes attention, and every number is held against float64 and against the other backends.',
    op: 'Operation',
    batch: 'Batch',
    length: 'Positions T',
    gradients: 'gradients, too',
    run: 'Compare',
    starting: 'Starting',
    on: (name: string) => `Computing on ${name}`,
    times: 'Times',
    time: 'Time (median)',
    path: 'How',
    unavailable: 'can’t run here:',
    fromReference: 'From float64',
    held: (passed: boolean, output: string, ulps: string, allowed: string) =>
      `${passed ? 'agrees' : 'is too far off'}: at most ${ulps} ulp of ${allowed} allowed (${output})`,
    reference: (heads: number, of: number) =>
      `float64 is the oracle of the conformance suite, written from the formulas and slow${heads < of ? `: it computed the first ${heads} of ${of} heads, and what all heads share isn’t held against it` : ''}. Allowed is the greater of 16 ulp and twice the error of the same formulas in naive float32.`,
    allowed: 'allowed',
    largest: 'Largest differences',
    output: 'Output',
    /** Name of an output or gradient. */
    outputs: (name: string): string => name,
    absolute: 'absolute',
    relative: 'relative',
    ulpsMeaning: 'An ulp is one spacing of float32 at the largest number of the output, or at 1.',
    map: (pair: string) => `Difference of the weights, ${pair}`,
    firstHead: 'first head',
  },
  conformance: {
    title: 'Conformance suite',
    lead: 'Hundreds of cases against an oracle in double precision: masks, gradients, NaN under a mask, leaks, and what else could go wrong.',
    group: 'Group',
    groups: {
      manifest: 'manifest',
      shapes: 'shapes',
      empty: 'empty',
      scale: 'scale',
      masks: 'masks',
      'non-finite': 'non-finite',
      'large logits': 'large logits',
      extremes: 'extremes',
      heads: 'heads',
      bias: 'bias',
      hooks: 'hooks',
      dropout: 'dropout',
      outputs: 'outputs',
      additive: 'additive',
      normalizers: 'normalizers',
      linear: 'linear attention',
      differences: 'differences',
      matmul: 'matmul',
      model: 'model ops',
      errors: 'errors',
      leaks: 'leaks',
      ownership: 'ownership',
      determinism: 'determinism',
      dispose: 'dispose',
    } satisfies Record<Exclude<Group, `mechanisms/${string}`>, string>,
    mechanisms: 'mechanisms',
    all: 'all groups',
    run: (name: string) => `Run on ${name}`,
    starting: 'Starting',
    progress: (done: number, total: number, failed: number) => `${done} of ${total} cases, ${failed} failed`,
    result: (backend: string, passed: number, failed: number, skipped: number) =>
      `${backend}: ${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}.`,
    paths: (fused: number, composed: number, seconds: number) =>
      `${fused} ran fused, ${composed} composed, in ${seconds.toFixed(1)} s.`,
    save: (format: string) => `Save the report as ${format}`,
  },
  foreign: {
    title: 'A backend from somebody else',
    lead: 'Take a backend as an ES module, from a file or from an address that you type: see what it can do, and run the suite on it. Nothing of it runs before you say so.',
    how: 'How such a module is made',
    contract: (packages: readonly string[]) =>
      `Its default export, or its only one, is a BackendFactory or a function that makes one. The page gives it ${packages.join(', ')}, which must not be in it; all else must. esbuild makes it in one step:`,
    choose: 'Choose a file …',
    address: 'Address of a module',
    addressMeaning: 'https, or http on localhost. Its server must let other pages read it. The address is in no link.',
    fetch: 'Fetch it',
    fetching: 'Fetching the module',
    ask: 'Run code from somebody else?',
    from: (name: string, kilobytes: string) => `“${name}”, ${kilobytes} kB. It was read, but nothing of it has run.`,
    /** What it means to run foreign code. */
    meaning: [
      'This is a program. The page can’t know what it does, and neither can you unless you read it.',
      'It runs in a sandbox. There it can’t see this page, nor the models and trainings that the page keeps in this browser, and it can’t reach the network.',
      'It can use your processor and memory, and so slow this tab down or crash it. “Stop” and “Remove it” end it at once.',
      'It runs in the same place as the suite, so it can deceive the suite: a report says no more than you trust the code.',
      'A sandbox can have gaps that nobody knows yet. Run only code whose source you trust.',
    ] as readonly string[],
    run: 'Run this code',
    leave: 'Don’t run it',
    loading: 'Loading the module',
    name: (name: string) => `Backend “${name}” (foreign code)`,
    oneThread: 'code in the sandbox shares no memory between threads',
    remove: 'Remove it',
    suite: (name: string) => `Conformance suite on “${name}”`,
  },
};
