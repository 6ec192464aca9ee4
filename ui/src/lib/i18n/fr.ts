/** Français, not yet reviewed. */
import common from './common/fr';
import entry from './entry/fr';
import field from './field/fr';
import form from './form/fr';
import hq from './hq/fr';
import problems from './problems/fr';

export default { ...common, ...entry, ...field, ...form, ...hq, ...problems };
