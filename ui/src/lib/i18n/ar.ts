/** العربية, not yet reviewed. */
import common from './common/ar';
import entry from './entry/ar';
import field from './field/ar';
import form from './form/ar';
import hq from './hq/ar';
import problems from './problems/ar';

export default { ...common, ...entry, ...field, ...form, ...hq, ...problems };
