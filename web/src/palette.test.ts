import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** The colours of a theme by name, from the stylesheet itself. */
function colours(selector: string): Record<string, string> {
  const css = readFileSync(new URL('./styles.css', import.meta.url), 'utf8');
  const block = css.slice(css.indexOf(`\n${selector} {`)).split('}')[0] ?? '';
  return Object.fromEntries(
    [...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name = '', value = '']) => [
      name,
      value,
    ]),
  );
}

type Triple = [number, number, number];

const channel = (hex: string, at: number): number => parseInt(hex.slice(at, at + 2), 16) / 255;

/** sRGB without its gamma (IEC 61966-2-1). */
const linear = (hex: string): Triple =>
  [1, 3, 5].map((at) => {
    const value = channel(hex, at);
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as Triple;

/** The contrast ratio of WCAG 2.2. */
function contrast(one: string, other: string): number {
  const luminance = (hex: string): number => {
    const [r, g, b] = linear(hex);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

const times = (matrix: Triple[], [a, b, c]: Triple): Triple =>
  matrix.map(([x, y, z]) => x * a + y * b + z * c) as Triple;

/** How eyes see linear sRGB, at full severity (G. M. Machado, M. M. Oliveira, L. A. F. Fernandes, IEEE TVCG 15(6), 2009). */
const EYES: Record<string, Triple[]> = {
  usual: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** Oklab (B. Ottosson, 2020), in which equal distances look about equal. */
function oklab(rgb: Triple): Triple {
  const cones = times(
    [
      [0.4122214708, 0.5363325363, 0.0514459929],
      [0.2119034982, 0.6806995451, 0.1073969566],
      [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    rgb.map((value) => Math.min(1, Math.max(0, value))) as Triple,
  );
  return times(
    [
      [0.2104542553, 0.793617785, -0.0040720468],
      [1.9779984951, -2.428592205, 0.4505937099],
      [0.0259040371, 0.7827717662, -0.808675766],
    ],
    cones.map(Math.cbrt) as Triple,
  );
}

/** How far apart two colours look to these eyes; black and white are 100 apart. */
function distance(one: string, other: string, eyes: Triple[]): number {
  const [a, b] = [one, other].map((hex) => oklab(times(eyes, linear(hex)))) as [Triple, Triple];
  return 100 * Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

const SERIES = Array.from({ length: 8 }, (_, index) => `series-${index + 1}`);
const STATUSES = ['completed', 'failed', 'crashed', 'canceled', 'waiting', 'started'];

/** The pairs of a palette that look closer than this to some eyes. */
function alike(theme: Record<string, string>, names: string[], least: number): string[] {
  return names.flatMap((one, index) =>
    names.slice(0, index).flatMap((other) =>
      Object.entries(EYES).flatMap(([name, eyes]) => {
        const apart = distance(theme[one] ?? '', theme[other] ?? '', eyes);
        return apart >= least ? [] : [`${one} and ${other}, ${name}: ${apart.toFixed(1)}`];
      }),
    ),
  );
}

/** Text and what it stands on. */
const TEXTS: [string, string[]][] = [
  ['ink', ['page', 'surface', 'raised', 'sunken', 'accent-soft']],
  ['ink-2', ['page', 'surface', 'raised', 'sunken']],
  ['ink-3', ['page', 'surface', 'raised', 'sunken']],
  ['accent', ['page', 'surface', 'raised', 'sunken', 'accent-soft']],
  ['accent-ink', ['accent']],
  ['good', ['page', 'surface', 'raised', 'sunken']],
  ['bad', ['page', 'surface', 'raised', 'sunken', 'bad-soft']],
  ['warn', ['page', 'surface', 'raised', 'sunken', 'warn-soft']],
  ['surface', ['bad']],
];

describe.each([':root', '.dark'])('the palette of %s', (selector) => {
  const theme = colours(selector);

  it('text has a contrast of at least 4.5 to what it stands on (WCAG 1.4.3)', () => {
    const faint = TEXTS.flatMap(([text, grounds]) =>
      grounds.flatMap((ground) => {
        const ratio = contrast(theme[text] ?? '', theme[ground] ?? '');
        return ratio >= 4.5 ? [] : [`${text} on ${ground}: ${ratio.toFixed(2)}`];
      }),
    );
    expect(faint).toEqual([]);
  });

  it('what charts draw has a contrast of at least 3 to their card (WCAG 1.4.11)', () => {
    const faint = [...SERIES, ...STATUSES, 'compare', 'accent', 'bad', 'warn'].flatMap((name) => {
      const ratio = contrast(theme[name] ?? '', theme.surface ?? '');
      return ratio >= 3 ? [] : [`${name}: ${ratio.toFixed(2)}`];
    });
    expect(faint).toEqual([]);
  });

  it('the eight series look different to all eyes', () => {
    expect(alike(theme, SERIES, 8)).toEqual([]);
  });

  it('statuses look different to all eyes; some only just, and each has its icon', () => {
    expect(alike(theme, STATUSES, 4)).toEqual([]);
  });
});
