/** The core names an icon; the interface draws the ones that it has. */
import { icons, type IconName } from '$lib/shared';

export function iconOf(name: string): IconName {
  return name in icons ? (name as IconName) : 'note';
}
