import type { Jobs } from '../engine/jobs.js';
import type { Args, JobName, Result } from '../engine/protocol.js';
import { KEEPER } from '../offline/first-visit.js';
import { keepWhatIsLoaded } from '../offline/kept-files.js';
import { breathe } from './breathe.js';
import { serve, type Context } from './serve.js';

// Modules that a job needs are loaded at its first call, so that a page waits only for this file.

if (self.name === KEEPER) keepWhatIsLoaded(new URL('./', self.location.href).href);

type Handler<J extends JobName> = (args: Args<J>, context: Context<J>) => Promise<Result<J>>;

/**
 * Handler of a job on the backend that it names. What the job needs besides is loaded while the backend starts: a page waits for its
 * first answer as long as for the slower of the two.
 */
function on<J extends JobName, Needs>(
  _job: J,
  load: (args: Args<J>, context: Context<J>) => Promise<Needs>,
  run: (needs: Needs, args: Args<J>, context: Context<J>) => Promise<Result<J>>,
): Handler<J> {
  return async (args, context) => {
    const start = async (): Promise<void> => {
      const { useBackend } = await import('./session.js');
      await useBackend(args.backend);
    };
    const [needs] = await Promise.all([load(args, context), start()]);
    return run(needs, args, context);
  };
}

const model = () => import('./model.js');
const train = () => import('./train.js');
const keras = () => import('./keras.js');
const pretrained = () => import('./pretrained/run.js');

serve<Jobs>(
  {
    status: async ({ backend }) => (await import('./session.js')).statusOf(backend),
    attend: on(
      'attend',
      ({ setup }, { signal }) => {
        const needsWords = setup.queryVectors === 'words' || setup.memoryVectors === 'words';
        const words = needsWords ? import('./words.js').then(({ loadWords }) => loadWords(signal)) : undefined;
        return Promise.all([import('./attend.js'), words]);
      },
      async ([{ attend }, words], { setup }) => attend(setup, words),
    ),
    watch: on(
      'watch',
      () => import('./watch.js'),
      ({ watch }, { setup }, { report, signal }) =>
        watch(setup, async (step) => {
          report(step);
          await breathe();
          return !signal.aborted;
        }),
    ),
    load: on('load', model, ({ load }, { files }) => load(files)),
    beam: on('beam', model, ({ beam }, { word, width, penalty }) => beam(word, width, penalty)),
    answer: on(
      'answer',
      () => import('./answer.js'),
      ({ answer }, asked, { report, signal }) => answer(asked, (share) => report({ share }), signal),
    ),
    guessData: async ({ files }) => (await import('./own-data.js')).guessData(files),
    readData: on(
      'readData',
      () => import('./own-data.js'),
      ({ readData }, asked, { report }) => readData(asked, (share) => report({ share })),
    ),
    timeTraining: on('timeTraining', train, ({ timeTraining }, asked) => timeTraining(asked)),
    prepareTraining: on('prepareTraining', train, ({ prepareTraining }, asked, { report }) =>
      prepareTraining(asked, (share) => report({ share })),
    ),
    train: on('train', train, ({ train: run }, settings, { signal, report }) => run(settings, signal, report)),
    runFiles: async () => (await train()).runFiles(),
    openKeras: on('openKeras', keras, ({ openKeras }, { files }) => openKeras(files)),
    runKeras: on('runKeras', keras, ({ runKeras }, { inputs }) => runKeras(inputs)),
    openPretrained: on(
      'openPretrained',
      () => import('./pretrained/model.js'),
      ({ openPretrained }, { files }) => openPretrained(files),
    ),
    runPretrained: on('runPretrained', pretrained, ({ runPretrained }, { input }) => runPretrained(input)),
    pretrainedMap: async ({ run, place }) => (await pretrained()).pretrainedMap(run, place),
    compare: async ({ setup }, { report, signal }) => (await import('./compare.js')).compare(setup, report, signal),
    conform: async ({ backend, groups }, { report, signal }) => {
      const { factoryOf, leaveBackend } = await import('./session.js');
      const { conform } = await import('./conform.js');
      const { loadGradients } = await import('./load-gradients.js');
      await Promise.all([leaveBackend(), loadGradients()]);
      return conform(await factoryOf(backend), groups, report, signal);
    },
  },
  // A stopped training is paused, and has a result.
  new Set(['train']),
);
