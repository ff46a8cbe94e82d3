import { useCallback, useEffect, useMemo, useState, type ReactNode } from 'react';
import type { ProcessMap, VariantComparison } from '@/api/processMap';
import { Card } from '@/components/Card';
import { QueryContent, type QueryState } from '@/components/QueryContent';
import { EmptyNote, Skeleton } from '@/components/states';
import { processmap as words } from '@/words';
import { useTableSwitch } from '../tableSwitch';
import { EdgeTable } from './EdgeTable';
import { Legend } from './Legend';
import { comparedLooks, usualLooks } from './looks';
import { DetailSlider, MotionSwitch, OverlayChoice } from './MapControls';
import { MapDrawing } from './MapDrawing';
import { shownOf, type Picture } from './picture';
import type { Path } from './paths';
import { openOf, opened, useMapSearch, useSetMap, type Open } from './state';
import { roomFor } from './viewport';

interface Props {
  query: QueryState<ProcessMap>;
  /** The answer laid out; null if it is empty. */
  picture: Picture | null;
  /** The colours of the steps. */
  colors: Map<string, number>;
  /** The path that is emphasised. */
  lit: Path | null;
  comparison: VariantComparison | undefined;
}

/** The process map of a workflow, as a drawing or as a list. */
export function MapCard({ query, picture, colors, lit, comparison }: Props): ReactNode {
  const [asTable, tableSwitch] = useTableSwitch('map');
  const search = useMapSearch();
  const { tint: overlay = 'frequency', full } = search;
  // What is open stands beside the map.
  const whole = `fixed inset-0 z-40 rounded-none! ${openOf(search) ? 'max-md:pb-[50dvh] md:pr-80' : ''}`;
  return (
    <Card
      title={words.title}
      testId="process-map"
      className={full ? whole : ''}
      actions={
        <>
          {!asTable && (
            <>
              <OverlayChoice
                overlay={overlay}
                cost={picture?.graph.nodes.some(({ step }) => step?.cost != null) ?? false}
              />
              <MotionSwitch />
            </>
          )}
          {tableSwitch}
        </>
      }
    >
      <QueryContent what={words.what} query={query} skeleton={<Skeleton className="m-4 h-72" />}>
        {({ omitted }) =>
          picture ? (
            <>
              <Content
                picture={picture}
                colors={colors}
                lit={lit}
                comparison={comparison}
                asTable={asTable}
              />
              {omitted.nodes + omitted.edges > 0 && (
                <p className="border-t px-4 py-2 text-xs text-ink-3">
                  {words.someOmitted(omitted.nodes, omitted.edges)}
                </p>
              )}
            </>
          ) : (
            <EmptyNote>{words.none}</EmptyNote>
          )
        }
      </QueryContent>
    </Card>
  );
}

/** After how many milliseconds without a change the level of detail is written to the URL. */
const SETTLE_MS = 250;

/** The level of detail. While the slider is moved, it is ahead of the URL, which follows when the slider rests. */
function useDetail(usual: number): [number, (detail: number) => void] {
  const { detail } = useMapSearch();
  const setMap = useSetMap();
  const [ahead, setAhead] = useState<{ detail: number; of: number | undefined } | null>(null);
  useEffect(() => {
    if (!ahead || ahead.of !== detail) return;
    const timer = setTimeout(() => setMap({ detail: ahead.detail }, { replace: true }), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [ahead, detail, setMap]);
  const now = ahead?.of === detail ? ahead?.detail : detail;
  return [now ?? usual, (next) => setAhead({ detail: next, of: detail })];
}

/** Escape closes what is open, then the full window. */
function useEscape(open: Open, full: boolean): void {
  const setMap = useSetMap();
  useEffect(() => {
    if (!open && !full) return;
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      setMap(open ? opened(null) : { full: undefined });
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [open, full, setMap]);
}

function Content(props: {
  picture: Picture;
  colors: Map<string, number>;
  lit: Path | null;
  comparison: VariantComparison | undefined;
  asTable: boolean;
}): ReactNode {
  const { picture, colors, lit, comparison } = props;
  const search = useMapSearch();
  const { tint: overlay = 'frequency', full, motion } = search;
  const setMap = useSetMap();
  const [detail, setDetail] = useDetail(picture.usual);
  const open = useMemo(() => openOf(search), [search]);
  useEscape(open, full === 'on');
  const shown = useMemo(() => shownOf(picture, detail), [picture, detail]);
  const drawn = useMemo(() => withPath(picture, shown, lit), [picture, shown, lit]);
  const looks = useMemo(() => {
    const usual = usualLooks(picture, overlay, colors);
    return comparison ? comparedLooks(usual, comparison) : usual;
  }, [picture, overlay, colors, comparison]);
  const onOpen = useCallback((next: Open) => setMap(opened(next)), [setMap]);
  if (props.asTable) return <EdgeTable picture={picture} onOpen={onOpen} />;
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 px-4 pb-1">
        <p className="text-xs text-ink-3" data-testid="map-shown">
          {words.shown(shown.edges.size, picture.graph.edges.length, shown.coverage)}
        </p>
        <DetailSlider detail={detail} onChange={setDetail} />
      </div>
      <MapDrawing
        picture={picture}
        shown={drawn}
        overlay={overlay}
        looks={looks}
        lit={lit}
        open={open}
        motion={motion === 'on'}
        onOpen={onOpen}
        room={full ? undefined : roomFor(picture.layout, 'var(--most)')}
        className={full ? 'min-h-0 flex-1' : '[--most:25.25rem] max-md:[--most:21.25rem]'}
      />
      <Legend
        waits={picture.waits}
        overlay={overlay}
        compared={comparison !== undefined}
        back={[...drawn.edges].some((key) => picture.layout.routes.get(key)?.course === 'back')}
      />
    </>
  );
}

/** What is shown, and the path that is emphasised, even where it is rarer. */
function withPath(picture: Picture, shown: Path, lit: Path | null): Path {
  if (!lit) return shown;
  const edges = picture.graph.edges.flatMap(({ key }) => (lit.edges.has(key) ? key : []));
  const nodes = picture.graph.nodes.flatMap(({ key }) => (lit.nodes.has(key) ? key : []));
  return {
    nodes: new Set([...shown.nodes, ...nodes]),
    edges: new Set([...shown.edges, ...edges]),
  };
}
