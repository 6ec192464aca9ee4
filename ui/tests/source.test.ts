/** Rules that no single screen can break unseen: direction, storage, markup from text, words outside the catalogues. */
import { describe, expect, it } from 'vitest';

const files = import.meta.glob<string>('../src/**/*.{svelte,ts,css}', {
  eager: true,
  query: '?raw',
  import: 'default',
});

/** Places as `file:line`, comments left out. */
function places(pattern: RegExp, of: (name: string) => boolean = () => true): string[] {
  return Object.entries(files)
    .filter(([name]) => of(name))
    .flatMap(([name, text]) =>
      text.split('\n').flatMap((line, index) => {
        if (/^\s*(\/\/|\*|\/\*|<!--)/.test(line)) return [];
        return pattern.test(line) ? [`${name}:${index + 1}: ${line.trim().slice(0, 80)}`] : [];
      }),
    );
}

const styled = (name: string) => /\.(css|svelte)$/.test(name);

describe('the source', () => {
  it('is read at all', () => expect(Object.keys(files).length).toBeGreaterThan(60));

  it('uses logical properties only', () => {
    const sided =
      /(^|[\s;{])((margin|padding|border|inset)-(left|right)\b|(left|right)\s*:|text-align:\s*(left|right)\b|float:\s*(left|right)\b)/;
    // `left:` is also a key of catalogues and objects; those are not styles.
    expect(places(sided, (name) => name.endsWith('.css'))).toEqual([]);
    expect(
      places(/(margin|padding|border|inset)-(left|right)\b|text-align:\s*(left|right)\b/, styled),
    ).toEqual([]);
  });

  it('stores nothing in the webview', () => {
    expect(places(/\b(localStorage|sessionStorage|indexedDB|document\.cookie|caches\.)/)).toEqual([]);
  });

  it('makes no markup from text', () => {
    expect(places(/\{@html|\.innerHTML|insertAdjacentHTML|\beval\(|new Function\(/)).toEqual([]);
  });

  it('reaches nobody but the desk', () => {
    const carriers = (name: string) => !name.endsWith('/ipc/call.ts');
    expect(places(/\bfetch\(|XMLHttpRequest|WebSocket\(|EventSource\(|sendBeacon/, carriers)).toEqual([]);
    expect(places(/https?:\/\/(?!www\.w3\.org\/|[a-z.]*\.example\b|127\.0\.0\.1)/)).toEqual([]);
  });
});
