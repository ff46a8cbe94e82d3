import { useMemo, useRef, useState, type ReactNode } from 'react';
import type { ProcessMap as Answer, Variant, Variants as Listed } from '@/api/processMap';
import { useCoverPage } from '@/lib/coverPage';
import { LOCALE } from '@/words/locale';
import { useWorkflow } from '../workflow/context';
import { colorsOf } from './colors';
import { Comparison } from './Comparison';
import { Conformance } from './Conformance';
import { Details } from './Details';
import { stepName } from './graph';
import { MapCard } from './MapCard';
import { pathOfVariants, type Path } from './paths';
import { pictureOf, type Picture } from './picture';
import { useComparison, useMapAnswer, useVariants } from './read';
import { openOf, useMapSearch, useSetMap } from './state';
import { Summary } from './Summary';
import { FEW_VARIANTS, MORE_VARIANTS } from './variantPages';
import { Variants } from './Variants';
import './processmap.css';

const LEFT = 'col-span-full min-w-0 xl:col-span-8';
/** Beside everything else on wide screens, below the map on others. */
const SIDE = 'col-span-full xl:col-span-4 xl:col-start-9 xl:row-span-3 xl:row-start-1';
/** Beside a map that fills the window; on a phone, over its lower half. */
const BESIDE_FULL =
  'fixed inset-y-0 right-0 z-40 w-80 overflow-y-auto rounded-none! border-y-0! border-r-0! max-md:top-1/2 max-md:w-full max-md:border-t! max-md:border-l-0!';

/** The process map of a workflow, its variants, and its conformance rules. */
export function ProcessMap(): ReactNode {
  const { id, view } = useWorkflow();
  const search = useMapSearch();
  const setMap = useSetMap();
  const { listed = FEW_VARIANTS } = search;
  const [hovered, setHovered] = useState<Variant | null>(null);
  const map = useMapAnswer(view, id);
  const variants = useVariants(view, id, listed);
  const comparison = useComparison(view, id, search);
  const picture = usePicture(map.data);
  const lit = useLit(hovered, variants.data);
  const open = useMemo(() => openOf(search), [search]);
  const colors = useMemo(() => stepColors(map.data), [map.data]);
  const steps = useMemo(() => stepChoices(map.data), [map.data]);
  // What a map that fills the window covers is out of reach of the keyboard, too.
  const covered = search.full === 'on';
  const grid = useRef<HTMLDivElement>(null);
  useCoverPage(grid, covered);
  return (
    <div className="flex flex-col gap-3">
      <Summary map={map.data} variants={variants.data} />
      <div ref={grid} className="grid grid-cols-12 items-start gap-3 xl:grid-rows-[auto_auto_1fr]">
        <div className={LEFT}>
          <MapCard
            query={map}
            picture={picture}
            colors={colors}
            lit={lit}
            comparison={comparison.data}
          />
        </div>
        {open && picture ? (
          <Details picture={picture} open={open} className={covered ? BESIDE_FULL : SIDE} />
        ) : (
          <div className={SIDE} inert={covered}>
            <Variants
              query={variants}
              colors={colors}
              onHover={setHovered}
              onMore={() => setMap({ listed: listed + MORE_VARIANTS })}
            />
          </div>
        )}
        <div className={LEFT} inert={covered}>
          <Comparison variants={variants.data} query={comparison} colors={colors} />
        </div>
        <div className={LEFT} inert={covered}>
          <Conformance steps={steps} />
        </div>
      </div>
    </div>
  );
}

/** The map laid out; null while there is none. */
function usePicture(map: Answer | undefined): Picture | null {
  return useMemo(() => (map && map.nodes.length > 0 ? pictureOf(map) : null), [map]);
}

/** The path that is emphasised: of the variant that is pointed at, otherwise of those that are selected. */
function useLit(hovered: Variant | null, variants: Listed | undefined): Path | null {
  const { variants: selected } = useMapSearch();
  return useMemo(() => {
    const chosen = (variants?.rows ?? []).filter(({ id }) => selected?.includes(id));
    if (hovered) return pathOfVariants([hovered]);
    return chosen.length > 0 ? pathOfVariants(chosen) : null;
  }, [hovered, variants, selected]);
}

/** The steps that rules can name, by name. */
const stepChoices = (map: Answer | undefined): { id: string; name: string }[] =>
  (map?.nodes ?? [])
    .map(({ step }) => ({ id: step.id, name: stepName(step) }))
    .sort((a, b) => a.name.localeCompare(b.name, LOCALE, { numeric: true }));

const stepColors = (map: Answer | undefined): Map<string, number> =>
  colorsOf((map?.nodes ?? []).map(({ step, runs }) => ({ id: step.id, runs })));
