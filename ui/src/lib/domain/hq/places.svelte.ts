/** Cards, sticks and folders, as they are right now. */
import { places } from '$lib/ipc/commands';
import type { PlaceView } from '$lib/ipc/types';

export class PlacesDesk {
  list = $state.raw<readonly PlaceView[] | undefined>(undefined);
  problem = $state.raw<unknown>(undefined);

  async load(): Promise<void> {
    this.problem = undefined;
    try {
      this.list = await places();
    } catch (problem) {
      this.problem = problem;
    }
  }
}
