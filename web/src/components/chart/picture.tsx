import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import type { ReactNode } from 'react';
import { rangeLabel } from '@/lib/range';
import { Plotted } from './Drawing';
import type { Exported } from './export';
import type { Series } from './model';

const SIZE = { width: 960, plot: 360, head: 72 };
const HEIGHT = SIZE.head + SIZE.plot + 12;
/** Pixels per unit: sharp on dense screens and in print. */
const SCALE = 2;
const LEGEND_GAP = 18;
/** The width of a character of the legend, in pixels. */
const CHARACTER = 6.4;

interface Size {
  width: number;
  height: number;
}

interface Picture extends Exported {
  log: boolean;
}

/** Where each name of the legend begins. */
function placesOf(series: Series[]): number[] {
  let x = 16;
  return series.map(({ label }) => {
    const here = x;
    x += 16 + label.length * CHARACTER + LEGEND_GAP;
    return here;
  });
}

/** The ground of a picture, its title and its range. */
export function Head(
  props: Size & { title: string; range: { from: number; to: number }; zone: string },
): ReactNode {
  const { range, zone, width, height } = props;
  return (
    <>
      <rect width={width} height={height} fill="var(--surface)" />
      <text x={16} y={26} fontSize={15} fontWeight={600} fill="var(--ink)">
        {props.title}
      </text>
      <text x={width - 16} y={26} textAnchor="end" fill="var(--ink-3)">
        {`${rangeLabel({ kind: 'absolute', ...range }, zone)}, ${zone.replaceAll('_', ' ')}`}
      </text>
    </>
  );
}

function Whole({ title, data, markers, log }: Picture): ReactNode {
  const places = placesOf(data.series);
  return (
    <>
      <Head title={title} range={data.range} zone={data.zone} width={SIZE.width} height={HEIGHT} />
      {data.series.map((series, index) => (
        <g key={series.id}>
          <rect
            x={places[index]}
            y={44}
            width={10}
            height={series.kind === 'line' ? 3 : 10}
            transform={series.kind === 'line' ? 'translate(0 4)' : undefined}
            fill={series.comparison ? 'var(--compare)' : `var(${series.token})`}
          />
          <text x={(places[index] ?? 0) + 15} y={53} fill="var(--ink-2)">
            {series.label}
          </text>
        </g>
      ))}
      <g transform={`translate(0 ${SIZE.head})`}>
        <Plotted data={data} width={SIZE.width} height={SIZE.plot} log={log} markers={markers} />
      </g>
    </>
  );
}

/** Replaces `var(--name)` by the value that the page's theme gives it: a picture has no page around it. */
function coloured(markup: string): string {
  const theme = getComputedStyle(document.documentElement);
  return markup.replaceAll(/var\((--[\w-]+)\)/g, (_, name: string) =>
    theme.getPropertyValue(name).trim(),
  );
}

function markupOf(content: ReactNode, { width, height }: Size): string {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('width', String(width));
  svg.setAttribute('height', String(height));
  svg.setAttribute('font-family', getComputedStyle(document.body).fontFamily);
  svg.setAttribute('font-size', '11');
  const root = createRoot(svg);
  flushSync(() => root.render(content));
  const markup = new XMLSerializer().serializeToString(svg);
  root.unmount();
  return coloured(markup);
}

/** A chart as a PNG file. */
export const toPng = (picture: Picture): Promise<Blob> =>
  pngOf(<Whole {...picture} />, { width: SIZE.width, height: HEIGHT });

/** What an `svg` element of a size contains, as a PNG file in the colours of the page. Fails if the browser cannot draw it. */
export async function pngOf(content: ReactNode, size: Size): Promise<Blob> {
  const image = new Image();
  // The content security policy allows images of `data:`, not of `blob:`.
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(markupOf(content, size))}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = size.width * SCALE;
  canvas.height = size.height * SCALE;
  const context = canvas.getContext('2d');
  if (!context) throw new Error('This browser cannot draw.');
  context.scale(SCALE, SCALE);
  context.drawImage(image, 0, 0);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob) resolve(blob);
      else reject(new Error('This browser cannot write pictures.'));
    }, 'image/png');
  });
}
