import {
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactNode,
} from 'react';
import { components } from '@/words';
import { Icon } from './Icon';
import { Name } from './Name';

export interface Option {
  value: string;
  label: string;
  detail?: string;
  /** What it means, below its label. */
  hint?: string;
  /** The heading under which it stands until something is typed; options of one group follow each other. */
  group?: string;
  disabled?: boolean;
  /** Further words by which it is found. */
  keywords?: string;
}

interface Props {
  label: string;
  options: Option[];
  selected: string[];
  onPick: (value: string) => void;
  multi?: boolean;
  /** Shows a search field; its text filters label, value and detail. */
  searchable?: boolean;
  placeholder?: string;
  empty?: string;
  /** Hears what is typed, to look for more options. */
  onSearch?: (text: string) => void;
  /** Says that more options are on their way. */
  busy?: string;
}

const MAX_SHOWN = 200;
const words = components.options;

/** How well an option fits: it, or a further word for it, begins with the text, a word of it does, or the text is somewhere in it. */
function rankOf(option: Option, text: string): number {
  const label = option.label.toLowerCase();
  const further = option.keywords?.toLowerCase().split(' ') ?? [];
  if (label.startsWith(text) || further.includes(text)) return 0;
  return label.split(/[\s/_-]+/).some((word) => word.startsWith(text)) ? 1 : 2;
}

/** The options with every word of a text, the best ones first; without a text, all as they are. */
export function matching(options: Option[], text: string): Option[] {
  const wanted = text.toLowerCase().trim();
  if (wanted === '') return options;
  const parts = wanted.split(/\s+/);
  const hits = options.filter((option) => {
    const { label, value, detail = '', group = '', keywords = '' } = option;
    const hay = `${label} ${value} ${detail} ${group} ${keywords}`.toLowerCase();
    return parts.every((part) => hay.includes(part));
  });
  return hits.sort((a, b) => rankOf(a, wanted) - rankOf(b, wanted));
}

/** Options under their headings, as long as they are in the order of their groups. */
function runsOf(options: Option[], grouped: boolean): { group?: string; options: Option[] }[] {
  const runs: { group?: string; options: Option[] }[] = [];
  for (const option of options) {
    const group = grouped ? option.group : undefined;
    const last = runs.at(-1);
    if (last && last.group === group) last.options.push(option);
    else runs.push({ group, options: [option] });
  }
  return runs;
}

/** A list to choose from with the arrow keys, by typing or with the pointer. Follows the ARIA listbox pattern. */
export function OptionList(props: Props): ReactNode {
  const { options, selected, onPick, multi, searchable } = props;
  const [text, setText] = useState('');
  const hits = useMemo(() => matching(options, text), [options, text]);
  const shown = hits.slice(0, MAX_SHOWN);
  const [active, setActive] = useState(() =>
    Math.max(
      0,
      shown.findIndex((option) => selected.includes(option.value)),
    ),
  );
  const id = useId();
  const list = useRef<HTMLUListElement>(null);
  const at = Math.min(active, Math.max(0, shown.length - 1));

  useEffect(() => {
    list.current?.querySelector('[data-active=true]')?.scrollIntoView({ block: 'nearest' });
  }, [at]);

  const onKeyDown = (event: KeyboardEvent): void => {
    const moves: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      Home: 0,
      End: shown.length - 1,
    };
    const next = moves[event.key];
    if (next !== undefined && !(searchable && (event.key === 'Home' || event.key === 'End'))) {
      event.preventDefault();
      setActive((next + shown.length) % Math.max(1, shown.length));
    }
    const option = shown[at];
    if (
      (event.key === 'Enter' || (event.key === ' ' && !searchable)) &&
      option &&
      !option.disabled
    ) {
      event.preventDefault();
      onPick(option.value);
    }
  };

  const activeId = shown[at] ? `${id}-${at}` : undefined;
  return (
    <div className="flex max-h-80 w-72 max-w-full flex-col">
      {searchable && (
        <input
          role="combobox"
          aria-expanded="true"
          aria-label={props.label}
          aria-controls={id}
          aria-activedescendant={activeId}
          value={text}
          placeholder={props.placeholder ?? words.search}
          onChange={(event) => {
            setText(event.target.value);
            props.onSearch?.(event.target.value);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
          className="m-1.5 mb-0 h-8 shrink-0 rounded-md border bg-surface px-2"
        />
      )}
      <ul
        ref={list}
        id={id}
        role="listbox"
        aria-label={props.label}
        aria-multiselectable={multi || undefined}
        tabIndex={searchable ? -1 : 0}
        aria-activedescendant={searchable ? undefined : activeId}
        onKeyDown={searchable ? undefined : onKeyDown}
        className="overflow-auto p-1.5 outline-none empty:hidden"
      >
        {runsOf(shown, text === '').map(({ group, options: run }) => (
          <OptionGroup key={group ?? run[0]?.value} name={group}>
            {run.map((option) => {
              const index = shown.indexOf(option);
              return (
                <OptionRow
                  key={option.value}
                  id={`${id}-${index}`}
                  option={option}
                  chosen={selected.includes(option.value)}
                  active={index === at}
                  onHover={() => setActive(index)}
                  onPick={onPick}
                />
              );
            })}
          </OptionGroup>
        ))}
      </ul>
      {props.busy && (
        <p role="status" className="px-3.5 py-2 text-xs text-ink-3">
          {props.busy}
        </p>
      )}
      {hits.length > shown.length && (
        <p className="border-t px-3.5 py-2 text-xs text-ink-3">
          {words.cut(shown.length, hits.length)}
        </p>
      )}
      {shown.length === 0 && !props.busy && (
        <p role="status" className="px-3.5 py-2.5 text-ink-3">
          {props.empty ?? words.none}
        </p>
      )}
    </div>
  );
}

/** Options under a heading; without one, just the options. */
function OptionGroup({ name, children }: { name: string | undefined; children: ReactNode }) {
  if (name === undefined) return children;
  return (
    <li role="presentation">
      <div role="group" aria-label={name}>
        <div aria-hidden="true" className="px-2 pt-2 pb-1 text-xs font-medium text-ink-3">
          {name}
        </div>
        <ul role="presentation">{children}</ul>
      </div>
    </li>
  );
}

function OptionRow(props: {
  id: string;
  option: Option;
  chosen: boolean;
  active: boolean;
  onHover: () => void;
  onPick: (value: string) => void;
}): ReactNode {
  const { option, chosen, active } = props;
  return (
    // The list itself handles the keys, as the listbox pattern requires.
    // eslint-disable-next-line jsx-a11y/click-events-have-key-events
    <li
      id={props.id}
      role="option"
      aria-selected={chosen}
      aria-disabled={option.disabled}
      data-active={active}
      onPointerMove={props.onHover}
      onClick={() => !option.disabled && props.onPick(option.value)}
      className="flex min-h-8 cursor-pointer items-center gap-2 rounded px-2 aria-disabled:cursor-not-allowed aria-disabled:opacity-45 data-[active=true]:bg-sunken pointer-coarse:min-h-10"
    >
      <span className={chosen ? 'text-accent' : 'invisible'}>
        <Icon name="check" size={14} />
      </span>
      <span className="min-w-0 flex-1">
        <Name of={option.label} />
        {option.hint && <span className="block pb-1 text-xs text-ink-3">{option.hint}</span>}
      </span>
      {option.detail && <span className="text-xs text-ink-3">{option.detail}</span>}
    </li>
  );
}
