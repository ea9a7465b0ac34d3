/**
 * Script of the sandbox's frame. It starts a worker of the text that it gets, and passes messages between worker and page. The worker
 * is of the frame's own origin, so it has none of the page's storage either. It is a classic worker, made as strict and as closed as a
 * module: Chromium starts no module worker from a blob of an origin without a name. The frame holds both, as a browser may collect an idle
 * worker that nothing holds.
 */
export const SANDBOX_SCRIPT = `let held;
addEventListener('message', ({ data, ports: [port] }) => {
  if (port === undefined) return;
  const script = new Blob(['"use strict";{', data, '\\n}'], { type: 'text/javascript' });
  const worker = new Worker(URL.createObjectURL(script));
  worker.onmessage = ({ data }) => port.postMessage({ said: data });
  worker.onerror = ({ message }) => port.postMessage({ broke: message });
  port.onmessage = ({ data }) => worker.postMessage(data);
  held = { port, worker };
});
parent.postMessage('ready', '*');`;

/** Hash of the script, by which the policies of the page and of the frame know it. */
export const SANDBOX_HASH = 'sha256-F0tHLNSEN7cWJ391lLYaqwfeGThvMZ0+3nSzmJrnXpQ=';

/**
 * Policy of the frame and its worker: code from texts that they have already, and no network at all. It comes on top of the page's
 * own, which the frame inherits.
 */
const POLICY = `default-src 'none'; script-src '${SANDBOX_HASH}' 'wasm-unsafe-eval' blob:; worker-src blob:; connect-src blob:`;

/** Document of the frame. */
export const SANDBOX = `<!doctype html><meta http-equiv="Content-Security-Policy" content="${POLICY}"><script>${SANDBOX_SCRIPT}</script>`;
