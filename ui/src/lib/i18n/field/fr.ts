import type { Shape } from '../types';
import type en from './en';

const catalogue: Shape<typeof en> = {};
export default catalogue;
