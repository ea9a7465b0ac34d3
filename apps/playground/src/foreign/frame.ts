/** A frame that is open, and the port to what runs in it. */
export interface Frame {
  readonly port: MessagePort;
  /** Ends all that runs in the frame, workers included. */
  close(): void;
}

/**
 * Opens a hidden frame without the rights of this page: its origin is its own, so that it has no storage, no cookies, and no way to
 * the page but the port. Its script says to the page that it is ready, and gets the port with the message.
 */
export function openFrame(content: { readonly src: string } | { readonly srcdoc: string }, message: unknown): Frame {
  const { port1, port2 } = new MessageChannel();
  const frame = document.createElement('iframe');
  // Nothing else: 'allow-same-origin' would give it all that this page stores.
  frame.sandbox.add('allow-scripts');
  frame.hidden = true;
  // A frame's load event may be that of the empty document before, so the script itself says when it listens.
  const whenReady = ({ source }: MessageEvent): void => {
    if (source !== frame.contentWindow) return;
    removeEventListener('message', whenReady);
    // Its origin has no name, so the message can't be meant for one; nothing but our own script is in the frame yet.
    frame.contentWindow?.postMessage(message, '*', [port2]);
  };
  addEventListener('message', whenReady);
  Object.assign(frame, content);
  document.body.append(frame);
  return {
    port: port1,
    close: () => {
      removeEventListener('message', whenReady);
      port1.close();
      frame.remove();
    },
  };
}
