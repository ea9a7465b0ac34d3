import type { ConformanceReport } from '@heed/conformance';
import { JobWorker, Stopped, type RunningJob } from '../engine/job-worker.js';
import type { SuiteProgress } from '../engine/jobs.js';
import { WorkerError } from '../engine/plain-error.js';
import type { Args, JobName, Report, Result } from '../engine/protocol.js';
import { fetchBytes } from '../state/fetch-bytes.js';
import { readFacts, readReport } from './answers.js';
import type { ForeignFacts, ForeignJobs, ForeignModule } from './jobs.js';
import { NOT_STARTED, Sandbox } from './sandbox.js';
// oxlint-disable-next-line import/default -- Vite makes it, because of the query
import workerAddress from './worker/foreign-worker.ts?worker&url';

/**
 * The backend of a module that somebody brings, in a sandbox that starts with the first job. Stopping a job ends the sandbox, since
 * the code in it needn't listen; the next job starts another.
 */
export class ForeignBackend {
  readonly #module: ForeignModule;
  /** Text of the sandbox's worker, once it is loaded. */
  #script = '';
  readonly #worker = new JobWorker<ForeignJobs>(() => new Sandbox(this.#script));

  constructor(module: ForeignModule) {
    this.#module = module;
  }

  /** Runs the module for the first time, and gives facts about its backend. */
  inspect(): RunningJob<ForeignFacts> {
    return this.#run('inspect', { module: this.#module }, readFacts);
  }

  /** Runs the conformance suite on the backend of this name: the given groups, or all when none is given. */
  conform(
    name: string,
    groups: readonly string[],
    report: (progress: SuiteProgress) => void,
  ): RunningJob<ConformanceReport> {
    return this.#run('conform', { module: this.#module, groups }, (json) => readReport(json, name), report);
  }

  /** Ends all that runs of the module. */
  end(): void {
    this.#worker.restart();
  }

  #run<J extends JobName<ForeignJobs>, R>(
    job: J,
    args: Args<J, ForeignJobs>,
    read: (result: Result<J, ForeignJobs>) => R | Promise<R>,
    report?: (report: Report<J, ForeignJobs>) => void,
  ): RunningJob<R> {
    const stopping = new AbortController();
    const answered = async (): Promise<R> => {
      if (this.#script === '') {
        const bytes = await fetchBytes(workerAddress, stopping.signal);
        this.#script = new TextDecoder().decode(bytes);
      }
      stopping.signal.throwIfAborted();
      return read(await this.#worker.run(job, args, report).result);
    };
    const result = answered().catch((error: unknown) => {
      if (stopping.signal.aborted) throw new Stopped('stopped');
      throw error instanceof WorkerError && error.code === 'UNEXPECTED' ? brokenBy(error) : error;
    });
    return {
      result,
      stop: () => {
        stopping.abort();
        this.end();
      },
    };
  }
}

/** Error for a worker that broke: by the module's code, or since the browser doesn't start it. */
const brokenBy = ({ message }: WorkerError): WorkerError =>
  message === NOT_STARTED
    ? new WorkerError({
        code: 'UNEXPECTED',
        message:
          'This browser starts no code in the sandbox. Safari doesn’t in an isolated page; Chromium and Firefox do.',
        details: { problem: 'sandbox' },
      })
    : new WorkerError({ code: 'BACKEND_INVALID', message, details: { problem: 'throws', told: message } });
