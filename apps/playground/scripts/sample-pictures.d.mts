import type { Picture } from '@heed/pictures';

export interface SamplePicture {
  readonly name: string;
  /** Test set that it is of. */
  readonly set: string;
  readonly style: string;
  readonly names: Readonly<Record<'en' | 'zh', string>>;
  /** 64 by 64 pixels, RGBA. */
  readonly picture: Picture;
}

export declare function samplePictures(): Promise<SamplePicture[]>;
