import type { Shape } from '../types';
import type en from './en';

const catalogue: Shape<typeof en> = {
  problem: {
    unknown:
      'Cela n’a pas marché. Ce que vous avez écrit est gardé. Donnez ce code à votre responsable : {code}.',
  },
};
export default catalogue;
