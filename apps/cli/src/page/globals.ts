/** What Node and a page call each other by; the texts are of `message.ts`. */
export interface PageGlobals {
  /** In Node: one of `HostCalls`, by its name and arguments. */
  heedHost(text: string): Promise<string>;
  /** In the page: a job, with what it has to know of the host. */
  heedRun(text: string): Promise<string>;
  /** In the page: Ctrl-C, for work that can be saved. */
  heedInterrupt(): void;
}

/** What a job is told at its start. */
export interface JobMessage {
  readonly job: string;
  /** The backend that it runs on. */
  readonly backend: string;
  readonly args: readonly unknown[];
  readonly terminal: TerminalFacts;
}

export interface TerminalFacts {
  readonly json: boolean;
  /** Colours of standard output, as a level of ansis. */
  readonly colors: number;
  readonly stdinIsTerminal: boolean;
}
