import type { Shape } from '../types';
import type en from './en';

const catalogue: Shape<typeof en> = {
  problem: {
    unknown: 'لم ينجح ذلك. ما كتبته محفوظ. أخبر المسؤول بهذا الرمز: {code}.',
  },
};
export default catalogue;
