import type { Shape } from '../types';
import type en from './en';

const catalogue: Shape<typeof en> = {
  problem: {
    unknown: 'Haikufaulu. Ulichoandika kimehifadhiwa. Mwambie msimamizi wako namba hii: {code}.',
  },
};
export default catalogue;
