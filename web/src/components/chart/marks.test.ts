import { describe, expect, it } from 'vitest';
import { annotationsAt, markersIn, marksOf, nextMarked } from './marks';
import { bucketAt, MARGIN, positionOf, type ChartData, type Marker } from './model';

const HOUR = 3_600_000;
const WIDTH = MARGIN.left + MARGIN.right + 300;

const data: ChartData = {
  starts: [0, HOUR, 2 * HOUR],
  end: 3 * HOUR,
  granularity: 'hour',
  zone: 'UTC',
  unit: 'count',
  series: [],
  completeUntil: null,
  range: { from: 0, to: 3 * HOUR },
};

const release = (at: number, label = 'Version 2'): Marker => ({ at, label, kind: 'release' });
const texts = (markers: Marker[]) =>
  marksOf(markers, data, WIDTH).flatMap(({ label }) => label?.text ?? []);

describe('where an instant is', () => {
  it('is in the bucket that began last, and outside of the chart in none', () => {
    expect([-1, 0, HOUR - 1, HOUR, 3 * HOUR - 1, 3 * HOUR].map((at) => bucketAt(data, at))).toEqual(
      [-1, 0, 0, 1, 2, -1],
    );
  });

  it('is as far into the bucket as it is into its time', () => {
    expect(positionOf(data, 1.5 * HOUR, WIDTH)).toBe(MARGIN.left + 150);
    expect(positionOf(data, 4 * HOUR, WIDTH)).toBeNull();
  });
});

describe('the marks of a chart', () => {
  it('a moment is a line, a stretch of time a band that ends with the chart', () => {
    const [line, band] = marksOf(
      [release(HOUR), { at: 2 * HOUR, until: 9 * HOUR, label: 'Down', kind: 'incident' }],
      data,
      WIDTH,
    );
    expect(line).toMatchObject({ x: MARGIN.left + 100, to: MARGIN.left + 100, kind: 'release' });
    expect(band?.x).toBe(MARGIN.left + 200);
    expect(band?.to).toBeCloseTo(MARGIN.left + 300, 2);
  });

  it('what began before the chart is drawn from its start, and what was over is not drawn', () => {
    const before = (until: number): Marker => ({
      at: -HOUR,
      until,
      label: 'Down',
      kind: 'incident',
    });
    expect(marksOf([before(HOUR)], data, WIDTH)[0]).toMatchObject({ x: MARGIN.left });
    expect(marksOf([before(-1)], data, WIDTH)).toEqual([]);
    expect(marksOf([release(3 * HOUR)], data, WIDTH)).toEqual([]);
  });

  const down = (at: number, label = 'hubspot down'): Marker => ({ at, label, kind: 'incident' });

  it('marks too close to distinguish become one, with their names and the most serious kind', () => {
    const [mark, ...rest] = marksOf([release(HOUR), down(HOUR + 60_000)], data, WIDTH);
    expect(rest).toEqual([]);
    expect(mark).toMatchObject({ kind: 'incident', label: { text: 'Version 2, hubspot down' } });
  });

  it('where their names do not fit, the most serious one and the number of others stand for them', () => {
    const three = [release(HOUR), release(HOUR + 1, 'Version 3'), down(HOUR + 2)];
    expect(texts(three)).toEqual(['Version 2, Version 3, hubspot down']);
    expect(marksOf(three, data, WIDTH - 200).map(({ label }) => label?.text)).toEqual([
      'hubspot down +2',
    ]);
    const long = [release(HOUR), down(HOUR, 'hubspot, salesforce and stripe are down')];
    expect(texts([...long, release(HOUR, 'Version 3 of the nightly')])).toEqual([
      'hubspot, salesforce and s… +2',
    ]);
  });

  it('a label with several names takes no room that the label of another mark needs', () => {
    const two = [release(HOUR / 2), down(HOUR / 2)];
    expect(texts([...two, release(1.8 * HOUR, 'Version 3')])).toEqual([
      'hubspot down +1',
      'Version 3',
    ]);
  });

  it('each mark opens the annotations that it stands for, and no others', () => {
    const noted = (at: number, annotation?: string): Marker => ({
      at,
      label: 'Noted',
      kind: 'note',
      annotation,
    });
    const early: Marker = { ...noted(-HOUR, 'early'), until: HOUR / 2 };
    const markers = [noted(HOUR, 'a'), noted(HOUR + 60_000, 'b'), noted(2 * HOUR), early];
    const marks = marksOf(markers, data, WIDTH);
    expect(marks.map((_, index) => annotationsAt(marks, index, markers, data, WIDTH))).toEqual([
      ['early'],
      ['a', 'b'],
      [],
    ]);
    expect(marks[0]?.kind).toBe('note');
  });

  it('labels never cover each other, and the mark that led here keeps its own', () => {
    const change: Marker = { at: HOUR, label: 'Slower since here', kind: 'change' };
    expect(texts([release(0.8 * HOUR), change, release(1.2 * HOUR)])).toEqual([
      // To the left of its line, where there is room; the third finds none.
      'Version 2',
      'Slower since here',
    ]);
    const wide = marksOf([release(0), release(1.5 * HOUR)], data, WIDTH);
    expect(wide.map(({ label }) => label?.text)).toEqual(['Version 2', 'Version 2']);
  });

  it('a label at the right edge stands to the left of its mark', () => {
    const [mark] = marksOf([release(2.9 * HOUR, 'Version of the morning')], data, WIDTH);
    expect(mark?.label?.anchor).toBe('end');
  });
});

describe('marks by bucket', () => {
  it('a bucket has the moments within it and the stretches that touch it', () => {
    const down: Marker = { at: HOUR / 2, until: 2.5 * HOUR, label: 'Down', kind: 'incident' };
    const all = [release(HOUR), down];
    const labels = [0, 1, 2].map((index) => markersIn(all, data, index).map(({ kind }) => kind));
    expect(labels).toEqual([['incident'], ['release', 'incident'], ['incident']]);
  });

  it('the next one to either side is found', () => {
    const all = [release(0), release(2 * HOUR)];
    expect(nextMarked(all, data, 0, 1)).toBe(2);
    expect(nextMarked(all, data, 2, -1)).toBe(0);
    expect(nextMarked(all, data, 2, 1)).toBeNull();
  });
});
