/** A script in pieces that can be said in one breath: at its own line breaks, else after one or two sentences. */

const breath = 150;

export function paragraphs(text: string): string[] {
  const own = text
    .split(/\n\s*\n|\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return own.flatMap(inBreaths);
}

function inBreaths(line: string): string[] {
  const sentences = line.split(/(?<=[.!?\u061f\u06d4\u2026][»”"')]?)\s+/u);
  const pieces: string[] = [];
  for (const sentence of sentences) {
    const before = pieces.at(-1);
    if (before !== undefined && before.length + sentence.length < breath)
      pieces[pieces.length - 1] = `${before} ${sentence}`;
    else pieces.push(sentence);
  }
  return pieces;
}
