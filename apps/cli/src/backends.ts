import {
  anywhereFirst,
  findBackend,
  lazy,
  takersOf,
  type Backend,
  type BackendSettings,
  type WholeNumberSetting,
} from '@heed/backends';
import { WITH_COMPOSED } from '@heed/backends/composed';
import type { AttentionBackend, BackendFactory } from '@heed/core';
import { typed, UsageError } from './usage-error.js';

/** What flags say of the backend to use. */
interface BackendChoice {
  readonly backend?: string;
  readonly threads?: number;
  readonly browser?: string;
}

/** Where a backend's work is done. */
export type Place =
  /** In this process, where Heed alone runs it, or an npm package brings what it needs of a page. */
  | { readonly inPage: false; readonly by?: string }
  /** In a page of a browser, and why not in this process, where that might have been. */
  | { readonly inPage: true; readonly because?: string };

/** What is asked for by name may be computed on the processor, rather than not at all. */
const ASKED_FOR: BackendSettings = { software: true };

/** The backends that `--backend` chooses among: Heed's, or a list with others besides. */
export class Backends {
  /** First those that run in this process, the best at the head. */
  readonly list: readonly Backend[];
  /** Names in this order. */
  readonly names: readonly string[];
  /** Those that run in this process. */
  readonly here: readonly string[];
  /** Those that need a page of a browser, or what an npm package brings instead, and run only when they are asked for by name. */
  readonly inPage: readonly string[];
  /** Those that can be told how many threads to take. */
  readonly withThreads: readonly string[];
  /** How many these may be told to take, some of them perhaps fewer. */
  readonly threads: WholeNumberSetting;

  /** @param list the best first */
  constructor(list: readonly Backend[]) {
    this.list = anywhereFirst(list);
    this.names = namesOf(this.list);
    this.here = namesOf(this.list.filter(({ runsIn }) => runsIn === 'anywhere'));
    this.inPage = namesOf(this.list.filter(({ runsIn }) => runsIn === 'page'));
    const threaded = takersOf('threads', this.list);
    this.withThreads = namesOf(threaded);
    const ranges = threaded.map(({ settings }) => settings.threads);
    this.threads = {
      ...ranges[0],
      least: Math.min(...ranges.map(({ least }) => least)),
      most: Math.max(...ranges.map(({ most }) => most)),
    };
  }

  /** @throws UsageError for an unknown name */
  named(name: string): Backend {
    return typed(() => findBackend(name, this.list));
  }

  /**
   * Where a backend's work is to be done: in this process if it can run there, and in a page if it can't or a browser is named.
   *
   * @throws UsageError for an unknown name
   */
  async placeOf(name: string, browser?: string): Promise<Place> {
    const { runsIn, inNodeBy } = this.named(name);
    if (runsIn === 'anywhere') return { inPage: false };
    if (inNodeBy === undefined || browser !== undefined) return { inPage: true };
    const [because] = await (await this.load(name)).unavailableReasons();
    return because === undefined ? { inPage: false, by: inNodeBy } : { inPage: true, because };
  }

  /** @throws UsageError for an unknown name, and for flags that the named backend has no use for */
  check({ backend, threads, browser }: BackendChoice): void {
    const chosen = backend === undefined ? undefined : this.named(backend);
    if (browser !== undefined && chosen?.runsIn !== 'page')
      throw new UsageError(`--browser is for --backend ${this.inPage.join(' or ')}`);
    if (threads !== undefined && chosen !== undefined && chosen.settings.threads === undefined)
      throw new UsageError(
        `--threads is for --backend ${this.withThreads.join(' or ')}, and ${chosen.name} has none to choose`,
      );
    const range = chosen?.settings.threads;
    if (threads !== undefined && range !== undefined && (threads < range.least || threads > range.most))
      throw new UsageError(`--threads of ${chosen!.name} is from ${range.least} to ${range.most}`);
  }

  /** @throws UsageError for an unknown name */
  async load(name: string, settings: BackendSettings = {}): Promise<BackendFactory> {
    const backend = this.named(name);
    await silenceTensorFlow();
    return backend.load({ ...ASKED_FOR, ...settings });
  }

  /** The name of the best that can run in this process; the first one where none can, so that its reason comes up. */
  async best(): Promise<string> {
    for (const name of this.here) {
      if ((await (await this.load(name)).unavailableReasons()).length === 0) return name;
    }
    return this.here[0];
  }

  /**
   * Selects the named backend, or the best that can run in this process.
   *
   * @throws UsageError for an unknown name; HeedError BACKEND_UNAVAILABLE
   */
  async use({ backend, threads }: BackendChoice): Promise<AttentionBackend> {
    const chosen = (backend === undefined ? this.here : [backend]).map((name) => this.named(name));
    await silenceTensorFlow();
    const { selectBackend } = await import('@heed/core');
    return selectBackend(chosen.map((one) => lazy(one, { ...ASKED_FOR, threads })));
  }
}

const namesOf = (list: readonly Backend[]): readonly string[] => list.map(({ name }) => name);

/** Heed's own. */
export const BACKENDS = new Backends(WITH_COMPOSED);

/** Its advice to install another package would land among the output. */
async function silenceTensorFlow(): Promise<void> {
  const { enableProdMode } = await import('@tensorflow/tfjs-core');
  enableProdMode();
}
