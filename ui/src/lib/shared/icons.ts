/** Icons as data: 24 grid, 2 px stroke, round ends. `paper` parts are filled with the ground of a control. */

export interface IconShape {
  line?: string;
  paper?: string;
  solid?: string;
  dash?: string;
  thick?: string;
}

export const icons = {
  today: { line: 'M3 18h18M6 14a6 6 0 0 1 12 0M12 3v2M4.2 7.2l1.4 1.4M19.8 7.2l-1.4 1.4' },
  records: { line: 'M5 4h14M5 9h14M5 14h14M5 19h8' },
  promise: { line: 'M4 5h16v11h-8l-4 4v-4H4zM8.5 10.5l2.5 2.5 4.5-4.5' },
  hand: {
    line: 'M4 5h4a1.5 1.5 0 0 1 1.5 1.5v11a1.5 1.5 0 0 1 -1.5 1.5h-4a1.5 1.5 0 0 1 -1.5 -1.5v-11a1.5 1.5 0 0 1 1.5 -1.5zM16 5h4a1.5 1.5 0 0 1 1.5 1.5v11a1.5 1.5 0 0 1 -1.5 1.5h-4a1.5 1.5 0 0 1 -1.5 -1.5v-11a1.5 1.5 0 0 1 1.5 -1.5zM7 12h10M14.5 9.5L17 12l-2.5 2.5',
  },
  lock: {
    line: 'M6.5 11h11a1.5 1.5 0 0 1 1.5 1.5v6a1.5 1.5 0 0 1 -1.5 1.5h-11a1.5 1.5 0 0 1 -1.5 -1.5v-6a1.5 1.5 0 0 1 1.5 -1.5zM8 11V8a4 4 0 0 1 8 0v3',
  },
  bell: { line: 'M6.5 17v-6a5.5 5.5 0 0 1 11 0v6l2 2h-15zM10 21.5h4M12 3v2.5' },
  phone: {
    line: 'M6 3.5h3l1.5 4.5-2 1.5a11 11 0 0 0 6 6l1.5-2 4.5 1.5v3c0 1.2-1 2-2 2C10.5 20 4 13.5 4 5.5c0-1 .8-2 2-2z',
  },
  group: {
    line: 'M10 4.5a2 2 0 1 0 4 0a2 2 0 1 0 -4 0zM2.8 9.7a2 2 0 1 0 4 0a2 2 0 1 0 -4 0zM17.2 9.7a2 2 0 1 0 4 0a2 2 0 1 0 -4 0zM5.5 18a2 2 0 1 0 4 0a2 2 0 1 0 -4 0zM14.5 18a2 2 0 1 0 4 0a2 2 0 1 0 -4 0z',
  },
  survey: {
    line: 'M4 6h16M4 12h16M4 18h16',
    paper:
      'M6.8 6a2.2 2.2 0 1 0 4.4 0a2.2 2.2 0 1 0 -4.4 0zM13.8 12a2.2 2.2 0 1 0 4.4 0a2.2 2.2 0 1 0 -4.4 0zM4.8 18a2.2 2.2 0 1 0 4.4 0a2.2 2.2 0 1 0 -4.4 0z',
  },
  patrol: {
    line: 'M3 19a2 2 0 1 0 4 0a2 2 0 1 0 -4 0zM17 5a2 2 0 1 0 4 0a2 2 0 1 0 -4 0z',
    dash: 'M7 19h6a3 3 0 0 0 0-7h-2a3 3 0 0 1 0-7h6',
  },
  request: { line: 'M4 4h16v12H11l-4 4v-4H4zM12 7.5v5M12 7.5l-2.5 2.5M12 7.5l2.5 2.5' },
  more: {
    solid:
      'M3.6 12a1.4 1.4 0 1 0 2.8 0a1.4 1.4 0 1 0 -2.8 0zM10.6 12a1.4 1.4 0 1 0 2.8 0a1.4 1.4 0 1 0 -2.8 0zM17.6 12a1.4 1.4 0 1 0 2.8 0a1.4 1.4 0 1 0 -2.8 0z',
  },
  back: { line: 'M15 5l-7 7 7 7' },
  next: { line: 'M9 5l7 7-7 7' },
  down: { line: 'M5 9l7 7 7-7' },
  speak: { line: 'M4 10v4h3l5 4V6L7 10zM15.5 9a4 4 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11' },
  pause: { thick: 'M8 5v14M16 5v14' },
  plus: { line: 'M12 5v14M5 12h14' },
  minus: { line: 'M5 12h14' },
  check: { line: 'M4.5 12.5l5 5 10-11' },
  cross: { line: 'M6 6l12 12M18 6L6 18' },
  pen: { line: 'M4 20l1-4L16 5l3 3L8 19z' },
  bin: { line: 'M4 7h16M9 7V4h6v3M6.5 7l1 13h9l1-13' },
  card: { line: 'M6 3h8l4 4v14H6zM10 6v3M13 6v3' },
  hub: {
    line: 'M12 12v9M8 21h8M10.2 10a1.8 1.8 0 1 0 3.6 0a1.8 1.8 0 1 0 -3.6 0zM7.5 14a6 6 0 0 1 0-8M16.5 14a6 6 0 0 0 0-8M4.5 16.5a10 10 0 0 1 0-13M19.5 16.5a10 10 0 0 0 0-13',
  },
  near: {
    line: 'M4.5 6h5a1.5 1.5 0 0 1 1.5 1.5v10a1.5 1.5 0 0 1 -1.5 1.5h-5a1.5 1.5 0 0 1 -1.5 -1.5v-10a1.5 1.5 0 0 1 1.5 -1.5zM14.5 6h5a1.5 1.5 0 0 1 1.5 1.5v10a1.5 1.5 0 0 1 -1.5 1.5h-5a1.5 1.5 0 0 1 -1.5 -1.5v-10a1.5 1.5 0 0 1 1.5 -1.5zM9.5 3a6 6 0 0 1 5 0',
  },
  info: { line: 'M3 12a9 9 0 1 0 18 0a9 9 0 1 0 -18 0zM12 11v6M12 7.4v.2' },
  warn: { line: 'M12 3.5L22 20H2zM12 10v4.5M12 17.3v.2' },
  clock: { line: 'M3 12a9 9 0 1 0 18 0a9 9 0 1 0 -18 0zM12 7v5l3.5 2' },
  eye: {
    line: 'M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM9.2 12a2.8 2.8 0 1 0 5.6 0a2.8 2.8 0 1 0 -5.6 0z',
  },
  print: { line: 'M7 8V3h10v5M7 17H4V8h16v9h-3M7 14h10v7H7z' },
  filter: { line: 'M3 5h18l-7 8v6l-4 2v-8z' },
  search: { line: 'M4 10.5a6.5 6.5 0 1 0 13 0a6.5 6.5 0 1 0 -13 0zM15.5 15.5L21 21' },
  'down-tray': { line: 'M12 3v11M7.5 10l4.5 4.5L16.5 10M4 20h16' },
  key: { line: 'M3.5 14.5a4 4 0 1 0 8 0a4 4 0 1 0 -8 0zM10.5 11.5L20 3M16 7l3 3' },
  user: { line: 'M8.4 8a3.6 3.6 0 1 0 7.2 0a3.6 3.6 0 1 0 -7.2 0zM4.5 20c.6-4 3.6-6 7.5-6s6.9 2 7.5 6' },
  device: { line: 'M8 3h8a2 2 0 0 1 2 2v14a2 2 0 0 1 -2 2h-8a2 2 0 0 1 -2 -2v-14a2 2 0 0 1 2 -2zM11 18h2' },
  inbox: { line: 'M4 13l3-9h10l3 9v7H4zM4 13h5l1 3h4l1-3h5' },
  table: { line: 'M3 5h18v14H3zM3 10h18M3 14.5h18M9 5v14' },
  chart: { line: 'M4 20V4M4 20h16M8 14h9M12.5 12v4M10 8h7M13.5 6v4' },
  matrix: { line: 'M4 4h6.5v6.5H4zM13.5 4H20v6.5h-6.5zM4 13.5h6.5V20H4zM13.5 13.5H20V20h-6.5z' },
  map: { line: 'M9 5L3 7.5V20l6-2.5 6 2.5 6-2.5V5l-6 2.5zM9 5v12.5M15 7.5V20' },
  merge: { line: 'M5 4v4c0 4 7 4 7 8v4M19 4v4c0 4-7 4-7 8' },
  ask: {
    line: 'M4 5h16v11h-8l-4 4v-4H4zM10 8.8c.3-1 1-1.5 2-1.5 1.2 0 2.1.7 2.1 1.8 0 1.4-2 1.5-2 3M12.1 14v.1',
  },
  text: { line: 'M4 7V5h16v2M12 5v14M9 19h6' },
  sun: {
    line: 'M8 12a4 4 0 1 0 8 0a4 4 0 1 0 -8 0zM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M18.7 5.3l-1.4 1.4M6.7 17.3l-1.4 1.4',
  },
  house: { line: 'M3.5 12L12 4l8.5 8M6 10v10h12V10M10 20v-5h4v5' },
  well: { line: 'M12 3.5c3.5 4.5 5.5 7 5.5 10a5.5 5.5 0 0 1-11 0c0-3 2-5.5 5.5-10z' },
  wood: { line: 'M3 16l13-9M5 20l15-10M8 8l12 10' },
  road: { line: 'M7 3L4 21M17 3l3 18M12 4v3M12 10.5v3M12 17v3' },
  market: {
    line: 'M3 9l2-5h14l2 5zM5 9v11h14V9M3 9c0 3 4.5 3 4.5 0 0 3 4.5 3 4.5 0 0 3 4.5 3 4.5 0 0 3 4.5 3 4.5 0',
  },
  crop: { line: 'M12 21V8M12 12c-4 0-6-2-6-6 4 0 6 2 6 6zM12 15c4 0 6-2 6-6-4 0-6 2-6 6z' },
  attack: { line: 'M12 2.5l2 5.5 5.5-2-2.5 5 5 2.5-5.5 1.5 1 5.5-4.5-3.5-4 4v-5.5L3.5 14 8 11.5 5 6l5 2.5z' },
  taken: {
    line: 'M5.4 6a2.6 2.6 0 1 0 5.2 0a2.6 2.6 0 1 0 -5.2 0zM3.5 20v-4c0-3 2-4.5 4.5-4.5 1.5 0 2.5.5 3.3 1.3M12 17h9M17.5 13.5L21 17l-3.5 3.5',
  },
  block: { line: 'M4 20V9M20 20V9M2.5 9h19v5h-19zM7 14l4-5M13 14l4-5' },
  fire: {
    line: 'M12 3c1 4 5.5 5.5 5.5 11a5.5 5.5 0 0 1-11 0c0-2.5 1.5-3.5 2-5.5 1.5.7 2 1.5 2.3 2.8C12 9 12.5 6 12 3z',
  },
  cattle: {
    line: 'M4 5c0 3 2 4 4 4h8c2 0 4-1 4-4M7 9v6c0 3 2.5 5.5 5 5.5s5-2.5 5-5.5V9M10 16.5h.1M14 16.5h.1',
  },
  care: { line: 'M12 20S4 15 4 9.5A4 4 0 0 1 12 8a4 4 0 0 1 8 1.5C20 15 12 20 12 20z' },
  flag: { line: 'M5 21V4h13l-3 4.5 3 4.5H5' },
  moon: { line: 'M19.5 14.5A8.5 8.5 0 0 1 9.5 4.5a8.5 8.5 0 1 0 10 10z' },
  note: { line: 'M6 3h12v18H6zM9 8h6M9 12h6M9 16h3' },
  undo: { line: 'M8 5L4 9l4 4M4 9h9a6 6 0 0 1 0 12H9' },
} as const satisfies Record<string, IconShape>;

export type IconName = keyof typeof icons;

/** These point along the line of reading, so they turn round with it. Ticks, clocks, rings and the bell do not. */
export const mirrored: ReadonlySet<IconName> = new Set<IconName>([
  'back',
  'hand',
  'next',
  'records',
  'request',
  'speak',
  'taken',
  'undo',
]);
