import { useNarrow } from '@/lib/media';

/** The height of the charts of a page in pixels: on a phone, the main one fits above the fold. */
export const useChartHeight = (): number => (useNarrow() ? 180 : 260);
