import { useMemo, useState, type ReactNode } from 'react';
import type { ProcessMap as Answer, Variant, Variants as Listed } from '@/api/processMap';
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
import { FEW_VARIANTS, useComparison, useMapAnswer, useVariants } from './read';
import { openOf, useMapSearch } from './state';
import { Summary } from './Summary';
import { Variants } from './Variants';
import './processmap.css';

const SIDE = 'col-span-full xl:col-span-4';

/** The process map of a workflow, its variants, and its conformance rules. */
export function ProcessMap(): ReactNode {
  const { id, view } = useWorkflow();
  const search = useMapSearch();
  const [limit, setLimit] = useState(FEW_VARIANTS);
  const [hovered, setHovered] = useState<Variant | null>(null);
  const map = useMapAnswer(view, id);
  const variants = useVariants(view, id, limit);
  const comparison = useComparison(view, id, search);
  const picture = usePicture(map.data);
  const lit = useLit(hovered, variants.data);
  const open = useMemo(() => openOf(search), [search]);
  const colors = useMemo(() => stepColors(map.data), [map.data]);
  const steps = useMemo(() => stepChoices(map.data), [map.data]);
  return (
    <div className="flex flex-col gap-3">
      <Summary map={map.data} variants={variants.data} />
      <div className="grid grid-cols-12 items-start gap-3">
        <div className="col-span-full flex min-w-0 flex-col gap-3 xl:col-span-8">
          <MapCard
            query={map}
            picture={picture}
            colors={colors}
            lit={lit}
            comparison={comparison.data}
          />
          <Comparison variants={variants.data} query={comparison} colors={colors} />
          <Conformance steps={steps} />
        </div>
        {open && picture ? (
          <Details picture={picture} open={open} className={SIDE} />
        ) : (
          <Variants
            query={variants}
            colors={colors}
            onHover={setHovered}
            onMore={() => setLimit((before) => before + FEW_VARIANTS)}
            className={SIDE}
          />
        )}
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
