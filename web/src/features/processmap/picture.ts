import type { ProcessMap } from '@/api/processMap';
import { compact, duration, percent } from '@/lib/format';
import { figures, processmap as words } from '@/words';
import { coverageOf, shownAt, usualDetail, type Shown } from './detail';
import { graphOf, stepName, type MapEdge, type MapGraph, type MapNode } from './graph';
import { layoutOf } from './layout';
import { byWeight, type Layout } from './layout/model';
import { waitScale, type WaitScale } from './scale';
import type { Overlay } from './search';

/** A map, and where everything is on it. */
export interface Picture {
  graph: MapGraph;
  layout: Layout;
  /** The level of detail at which the map opens. */
  usual: number;
  waits: WaitScale;
  /** The runs of the most frequent arrow. */
  most: number;
}

/** How many arrows carry a text without being pointed at. */
const LABELLED = 10;

/** Lays out an answer. */
export function pictureOf(map: ProcessMap): Picture {
  const graph = graphOf(map);
  return {
    graph,
    layout: layoutOf(graph),
    usual: usualDetail(graph),
    waits: waitScale(
      graph.edges.flatMap(({ flow }) => flow?.waitP50 ?? []),
      Math.max(0, ...map.nodes.map(({ durationP50 }) => durationP50 ?? 0)),
    ),
    most: Math.max(0, ...graph.edges.map(({ weight }) => weight)),
  };
}

/** What a level of detail shows of a picture, and how much of the process that is. */
export function shownOf({ graph }: Picture, detail: number): Shown & { coverage: number } {
  const shown = shownAt(graph, detail);
  return { ...shown, coverage: coverageOf(graph, shown) };
}

/** What stands at an arrow: what it waits if the map is about time, otherwise how often it is taken. */
export function edgeText(edge: MapEdge, overlay: Overlay): string {
  const wait = edge.flow?.waitP50 ?? null;
  if (overlay === 'time') return wait === null || wait < 1 ? '' : duration(wait);
  return compact(edge.weight);
}

/** The arrows that carry a text: the ten most frequent of those shown. */
export function labelledEdges({ graph }: Picture, shown: Shown, overlay: Overlay) {
  return graph.edges
    .filter(({ key }) => shown.edges.has(key))
    .toSorted(byWeight)
    .slice(0, LABELLED)
    .map((edge) => ({ edge: edge.key, text: edgeText(edge, overlay) }))
    .filter(({ text }) => text !== '');
}

/** The name of a node for people. */
export function nameOfNode({ kind, step }: MapNode): string {
  if (step) return stepName(step.step);
  return kind === 'step' ? '' : words[kind];
}

/** An arrow in one line. */
export function edgeSummary(edge: MapEdge, names: (key: string) => string): string {
  const wait = edge.flow?.waitP50 ?? null;
  const parts = [
    `${names(edge.from)} → ${names(edge.to)}`,
    `${figures.times(compact(edge.weight))} · ${words.details.shareOf(percent(edge.share))}`,
    ...(wait === null ? [] : [`${words.details.waitMedian.toLowerCase()} ${duration(wait)}`]),
  ];
  return parts.join('\n');
}
