import { useEffect, useRef, type ReactNode } from 'react';
import { Button } from '@/components/Button';
import { Icon } from '@/components/Icon';
import { Name } from '@/components/Name';
import { processmap as words } from '@/words';
import { EdgeDetails } from './EdgeDetails';
import { NodeDetails } from './NodeDetails';
import { nameOfNode, type Picture } from './picture';
import { opened, useSetMap, type Open } from './state';

/** What is known of the node or arrow that is open. */
export function Details(props: {
  picture: Picture;
  open: NonNullable<Open>;
  className: string;
}): ReactNode {
  const { picture, open } = props;
  const setMap = useSetMap();
  const panel = useRef<HTMLElement>(null);
  const subject = JSON.stringify(open);
  useEffect(() => {
    // On a narrow screen the panel is below the map, where nobody would see that it has opened.
    panel.current?.scrollIntoView({ block: 'nearest' });
  }, [subject]);
  const node = 'node' in open ? nodeOf(picture, open.node) : undefined;
  const edge =
    'from' in open
      ? picture.graph.edges.find(({ from, to }) => from === open.from && to === open.to)
      : undefined;
  const kind = edge
    ? words.details.arrow
    : node?.kind === 'step'
      ? words.details.step
      : words.details.end;
  const onOpen = (next: Open): void => setMap(opened(next));
  return (
    <section
      ref={panel}
      aria-label={kind}
      data-testid="map-details"
      className={`flex min-w-0 flex-col rounded-lg border bg-surface ${props.className}`}
    >
      <header className="flex items-start gap-2 px-4 pt-2.5 pb-2">
        <div className="min-w-0 flex-1">
          <p className="text-xs text-ink-3">{kind}</p>
          <h2 className="text-sm font-semibold wrap-anywhere">
            {edge ? (
              <>
                <Name of={nameAt(picture, edge.from)} /> → <Name of={nameAt(picture, edge.to)} />
              </>
            ) : (
              node && <Name of={nameOfNode(node)} />
            )}
          </h2>
        </div>
        <Button
          kind="quiet"
          aria-label={words.details.close}
          title={words.details.closeHint}
          onClick={() => onOpen(null)}
        >
          <Icon name="cross" size={14} />
        </Button>
      </header>
      {edge && <EdgeDetails edge={edge} picture={picture} onOpen={onOpen} />}
      {node && <NodeDetails node={node} picture={picture} onOpen={onOpen} />}
      {!edge && !node && <p className="px-4 pb-4 text-ink-3">{words.details.gone}</p>}
    </section>
  );
}

const nodeOf = ({ graph }: Picture, key: string) => graph.nodes.find((node) => node.key === key);

/** The name of the node with a key. */
export function nameAt(picture: Picture, key: string): string {
  const node = nodeOf(picture, key);
  return node ? nameOfNode(node) : key;
}
