declare module 'simple-bitmap-font' {
  export default class BitmapFont {
    getBitmap_byUnicodeLetter(letter: string): number[][];
  }
}
