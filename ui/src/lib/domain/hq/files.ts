/** Files that a person picked, as commands take them. */
import type { FileView, Paper, Picked, PlaceView } from '$lib/ipc/types';

/** Base64 in pieces: one call with all bytes of a large file as arguments would overflow the stack. */
export function base64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 0x8000) {
    text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  }
  return btoa(text);
}

export interface NamedFile {
  name: string;
  file: Picked;
}

export function pickedBytes(name: string, bytes: Uint8Array): NamedFile {
  return { name, file: { bytes: { name, data: base64(bytes) } } };
}

export function pickedPath(file: Pick<FileView, 'path' | 'name'>): NamedFile {
  return { name: file.name, file: { path: file.path } };
}

export function paperFile(bytes: Uint8Array): Paper {
  return { file: base64(bytes) };
}

/** Places with their files of one kind; places without any stay, so that a person sees that they were looked at. */
export function withKind(places: readonly PlaceView[], kind: string): PlaceView[] {
  return places.map((place) => ({ ...place, files: place.files.filter((file) => file.kind === kind) }));
}

/** "12.4 GB", "640 MB": enough to choose a place by. */
export function room(bytes: number): string {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(1)} GB`;
  return `${Math.max(1, Math.round(bytes / 1e6))} MB`;
}
