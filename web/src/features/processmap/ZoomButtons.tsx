import type { ReactNode } from 'react';
import { Button } from '@/components/Button';
import { processmap as words } from '@/words';
import { useMapSearch, useSetMap } from './state';
import type { MapControl } from './control';

/** The buttons that scale the map. */
export function ZoomButtons({ control }: { control: MapControl }): ReactNode {
  const { full } = useMapSearch();
  const setMap = useSetMap();
  const buttons = [
    { label: words.zoom.in, path: 'M12 5v14M5 12h14', press: () => control.zoomIn() },
    { label: words.zoom.out, path: 'M5 12h14', press: () => control.zoomOut() },
    {
      label: words.zoom.fit,
      path: 'M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5',
      press: () => control.fit(),
    },
    {
      label: full ? words.zoom.small : words.zoom.large,
      path: full ? 'M9 4v5H4M15 4v5h5M9 20v-5H4M15 20v-5h5' : 'M4 4h16v16H4zM4 9h16',
      press: () => setMap({ full: full ? undefined : 'on' }),
    },
  ];
  return (
    <div className="absolute right-2 bottom-2 flex gap-1">
      {buttons.map(({ label, path, press }) => (
        <Button
          key={label}
          aria-label={label}
          title={label}
          onClick={press}
          className="w-8 px-0! pointer-coarse:w-10"
        >
          <svg
            aria-hidden="true"
            width={16}
            height={16}
            viewBox="0 0 24 24"
            fill="none"
            stroke="currentColor"
            strokeWidth={1.8}
          >
            <path d={path} />
          </svg>
        </Button>
      ))}
    </div>
  );
}
