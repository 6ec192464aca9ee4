/** English: the source of the keys. One file per area, so that areas can be written side by side. */
import common from './common/en';
import entry from './entry/en';
import field from './field/en';
import form from './form/en';
import hq from './hq/en';
import problems from './problems/en';

export default { ...common, ...entry, ...field, ...form, ...hq, ...problems };
