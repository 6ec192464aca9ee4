/** Kiswahili, not yet reviewed. */
import common from './common/sw';
import entry from './entry/sw';
import field from './field/sw';
import form from './form/sw';
import hq from './hq/sw';
import problems from './problems/sw';

export default { ...common, ...entry, ...field, ...form, ...hq, ...problems };
