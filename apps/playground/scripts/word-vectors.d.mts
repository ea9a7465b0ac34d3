/** Words, and [words, 16] bytes from 1 to 255 for numbers from −1 to 1. */
export declare function wordVectors(): Promise<{ readonly words: string[]; readonly vectors: Uint8Array }>;
