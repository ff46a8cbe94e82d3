import { useContext, useMemo, type ReactNode } from 'react';
import { chart as words } from '@/words';
import { annotationsAt, marksOf } from './marks';
import { MARGIN, type ChartData, type Marker } from './model';
import { TimelineContext } from './timeline';

/** The average width of a character of a label, in pixels. */
const CHARACTER = 5.9;
/** The least that is large enough to hit, in pixels. */
const LEAST = 24;

/**
 * Opens the annotations behind the labels of marks. The keyboard opens them from the chart itself, so that a page with
 * six charts has no dozens of stops more.
 */
export function MarkButtons(props: {
  markers: Marker[];
  data: ChartData;
  width: number;
}): ReactNode {
  const { markers, data, width } = props;
  const timeline = useContext(TimelineContext);
  const marks = useMemo(() => marksOf(markers, data, width), [markers, data, width]);
  if (!timeline) return null;
  return marks.map((mark, index) => {
    const annotations = annotationsAt(marks, index, markers, data, width);
    if (!mark.label || annotations.length === 0) return null;
    const room = Math.max(LEAST, mark.label.text.length * CHARACTER);
    const left = mark.label.anchor === 'start' ? mark.x - 1 : mark.x + 1 - room;
    return (
      <button
        key={`${mark.kind} ${mark.x}`}
        type="button"
        tabIndex={-1}
        title={words.openMark(mark.label.text)}
        aria-label={words.openMark(mark.label.text)}
        className="absolute z-10 cursor-pointer rounded hover:bg-ink/8"
        style={{ left, width: room, top: MARGIN.top - LEAST + 4, height: LEAST }}
        onClick={() => timeline.show(annotations)}
      />
    );
  });
}
