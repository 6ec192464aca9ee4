// Chance that can be repeated: the same seed gives the same throws.
export class Dice {
  constructor(seed) {
    this.state = seed >>> 0;
  }

  /** In [0, 1). Mulberry32 by Tommy Ettinger, public domain. */
  next() {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  between(low, high) {
    return low + Math.floor(this.next() * (high - low));
  }

  chance(part) {
    return this.next() < part;
  }

  pick(list) {
    return list[this.between(0, list.length)];
  }
}
