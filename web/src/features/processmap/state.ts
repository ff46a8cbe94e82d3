import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import type { MapSearch } from './search';

/** The state of the process map in the URL. */
export function useMapSearch(): MapSearch {
  return useSearch({ strict: false });
}

/** What is open beside the map: a node or an arrow, by the keys of nodes; null if nothing is. */
export type Open = { node: string } | { from: string; to: string } | null;

/** Changes the state of the process map in the URL. */
export function useSetMap() {
  const navigate = useNavigate();
  return useCallback(
    (patch: Partial<MapSearch>, options: { replace?: boolean } = {}) =>
      void navigate({
        to: '.',
        search: (previous) => ({ ...previous, ...patch }),
        replace: options.replace ?? false,
        resetScroll: false,
      }),
    [navigate],
  );
}

/** What the URL says is open. */
export function openOf({ step, fromStep, toStep }: MapSearch): Open {
  if (fromStep !== undefined && toStep !== undefined) return { from: fromStep, to: toStep };
  return step === undefined ? null : { node: step };
}

/** The parameters that say what is open. */
export function opened(open: Open): Pick<MapSearch, 'step' | 'fromStep' | 'toStep'> {
  return {
    step: open && 'node' in open ? open.node : undefined,
    fromStep: open && 'from' in open ? open.from : undefined,
    toStep: open && 'to' in open ? open.to : undefined,
  };
}
