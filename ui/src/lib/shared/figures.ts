/** Figures of other scripts, typed on their own keyboards, become ASCII figures. */

const zeros = [0x0660, 0x06f0, 0x0966, 0x09e6, 0x1e950];

export function asciiFigures(text: string): string {
  return [...text]
    .map((sign) => {
      const code = sign.codePointAt(0) ?? 0;
      const zero = zeros.find((z) => code >= z && code <= z + 9);
      if (zero !== undefined) return String(code - zero);
      return code === 0x066b ? '.' : sign;
    })
    .join('');
}
