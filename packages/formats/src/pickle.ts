/** How to convert what `torch.save` writes, for errors that refuse it. */
export const PICKLE_HINT =
  'pickled files can hold code and are not read: in Python, save_pretrained(FOLDER) of a transformers model, or ' +
  'safetensors.torch.save_file(torch.load(FILE, weights_only=True), NEW_FILE), writes safetensors';

/** Whether the name is one that pickled weights have. */
export const isPickleName = (name: string): boolean => /\.(bin|pt|pth|ckpt|pkl)$/.test(name);

/** Whether a file begins as those of `torch.save` do: as a zip archive, or in old ones as a pickle of protocol 2 to 5. */
export const beginsAsPickle = ([first, second, third, fourth]: Uint8Array): boolean =>
  (first === 0x50 && second === 0x4b && third === 3 && fourth === 4) ||
  (first === 0x80 && second !== undefined && second >= 2 && second <= 5);
