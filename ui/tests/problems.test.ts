/** Every code that the core can refuse with has a sentence, or at least its area has one. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tMaybe } from '$lib/i18n/index.svelte';

const crates = join(import.meta.dirname, '../../crates');

function rust(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return rust(path);
    return entry.name.endsWith('.rs') ? [path] : [];
  });
}

/** Codes as `code()` functions and `Problem::new` write them. Findings in forms have their own sentences. */
function codes(): Set<string> {
  const found = new Set<string>();
  const written = /(?:=> |Problem::new\()"([a-z]+\.[a-z_-]+)"/g;
  for (const name of ['app', 'ipc', 'vault', 'oplog', 'record', 'sync', 'office', 'forms']) {
    for (const path of rust(join(crates, name, 'src'))) {
      const text = readFileSync(path, 'utf8');
      if (!/fn code\(|Problem::new/.test(text)) continue;
      for (const match of text.matchAll(written)) if (match[1]) found.add(match[1]);
    }
  }
  return found;
}

describe('problems', () => {
  it('are found in the core', () => expect(codes().size).toBeGreaterThan(100));

  it('all have a sentence', () => {
    const silent = [...codes()].filter((code) => {
      const area = code.split('.')[0];
      return tMaybe(`problem.${code}`) === undefined && tMaybe(`problem.${area}.any`) === undefined;
    });
    expect(silent.sort()).toEqual([]);
  });
});
