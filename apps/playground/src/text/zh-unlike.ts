import type { Unlike } from '@heed/tasks';

/** A way in which an input is unlike those that a model learnt from, in Chinese. */
export function unlikeInChinese(one: Unlike): string {
  switch (one.kind) {
    case 'unknown-characters':
      return `它不认识字符 ${one.characters.join('、')}`;
    case 'longer':
      return `比它学过的任何文本都长（${one.length} 个字符，最长的有 ${one.longest} 个）`;
    case 'improbable':
      return `比 ${100 * one.share} % 的验证文本更不可能`;
  }
}
