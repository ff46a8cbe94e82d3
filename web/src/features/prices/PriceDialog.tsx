import { useMemo, useRef, useState, type ReactNode } from 'react';
import { changePrices, type Price, type PriceBook, type PricesChanged } from '@/api/settings';
import { Dialog } from '@/components/Dialog';
import { TextField } from '@/components/form/fields';
import { Values } from '@/components/form/values';
import { prices as words } from '@/words';
import { useZone } from '../zone';
import { priceFrom, RATES, withoutPrice, withPrice, type Draft } from './book';
import { rate } from './columns';
import { dayAt } from './days';
import { EffectNote, useEffectOf } from './Effect';
import { KnownPrices } from './KnownPrices';

const SAID = words.editor;

interface Props {
  projectId: string;
  book: PriceBook;
  onClose: () => void;
  /** The change is saved. */
  onDone: (changed: PricesChanged) => Promise<void>;
}

const typed = (of: number | null | undefined): string => (of == null ? '' : rate(of));

/** The field of a rate, which may stay empty. */
function RateField(props: {
  name: string;
  label: string;
  of: number | null | undefined;
}): ReactNode {
  return (
    <TextField
      name={props.name}
      label={props.label}
      type="number"
      inputMode="decimal"
      min={0}
      step="any"
      required={false}
      autoComplete="off"
      defaultValue={typed(props.of)}
    />
  );
}

/** Adds a price, or changes the one with an id; it says what that would do to stored costs before it is saved. */
export function PriceDialog(props: Props & { before: Draft }): ReactNode {
  const { projectId, book, before } = props;
  const zone = useZone();
  const fields = useRef<HTMLDivElement>(null);
  const [draft, setDraft] = useState(() =>
    priceFrom({ text: (name) => textOf(before, name, zone) }, before, zone),
  );
  const [model, setModel] = useState({
    provider: before.provider ?? '',
    model: before.model ?? '',
  });
  const id = before.id ?? undefined;
  const list = useMemo(() => draft && withPrice(book.prices, draft, id), [book, draft, id]);
  const effect = useEffectOf(projectId, book.version, list);
  const read = (): void => {
    const form = fields.current?.closest('form');
    if (!form) return;
    const values = new Values(form);
    setDraft(priceFrom(values, before, zone));
    setModel({ provider: values.text('provider'), model: values.text('model') });
  };
  return (
    <Dialog
      title={id ? SAID.changeTitle : SAID.addTitle}
      action={SAID.save}
      open
      disabled={!effect.known}
      onClose={props.onClose}
      onSubmit={async () => {
        if (!list) return;
        const { version } = book;
        await props.onDone(await changePrices(projectId, { prices: list, version }));
      }}
      aside={
        <div className="flex min-w-0 flex-col gap-4">
          <EffectNote effect={effect} />
          <KnownPrices book={book} of={model} />
        </div>
      }
    >
      <div ref={fields} onChange={read} className="flex flex-col gap-4">
        <Fields before={before} zone={zone} />
      </div>
    </Dialog>
  );
}

/** What the field of a name has at first. */
function textOf(before: Draft, name: string, zone: string): string {
  if (name === 'from') return before.effectiveFrom ? dayAt(before.effectiveFrom, zone) : '';
  const value = before[name as keyof Draft];
  return typeof value === 'number' ? typed(value) : typeof value === 'string' ? value : '';
}

function Fields({ before, zone }: { before: Draft; zone: string }): ReactNode {
  const tiers = before.tiers?.length ?? 0;
  const { currency } = before;
  return (
    <>
      <TextField
        name="provider"
        label={SAID.provider}
        autoComplete="off"
        defaultValue={before.provider}
      />
      <TextField
        name="model"
        label={SAID.model}
        hint={SAID.modelHint}
        required={false}
        autoComplete="off"
        defaultValue={before.model ?? ''}
      />
      <TextField
        name="from"
        label={SAID.from}
        type="date"
        hint={SAID.fromHint(zone)}
        defaultValue={textOf(before, 'from', zone)}
      />
      <fieldset className="flex flex-col gap-2">
        <legend className="mb-1 text-xs text-ink-3">
          {currency && currency !== 'USD' ? SAID.perMillionIn(currency) : SAID.perMillion}
        </legend>
        <div className="grid grid-cols-2 gap-2">
          {RATES.map(([name]) => (
            <RateField key={name} name={name} label={words.rates[name]} of={before[name]} />
          ))}
        </div>
        {tiers > 0 && <p className="text-xs text-ink-3">{SAID.tiers(tiers)}</p>}
      </fieldset>
      <fieldset className="flex flex-col gap-2">
        <legend className="mb-1 text-xs text-ink-3">{SAID.others}</legend>
        <div className="grid grid-cols-2 gap-2">
          <RateField name="perCall" label={SAID.perCall} of={before.perCall} />
          <RateField name="perUnit" label={SAID.perUnit} of={before.perUnit} />
        </div>
        <TextField
          name="unit"
          label={SAID.unit}
          required={false}
          autoComplete="off"
          defaultValue={before.unit ?? ''}
        />
      </fieldset>
    </>
  );
}

/** Asks before a price is removed, and says what that would do to stored costs. */
export function RemovePrice(props: Props & { price: Price }): ReactNode {
  const { projectId, book, price } = props;
  const list = useMemo(() => withoutPrice(book.prices, price.id), [book, price]);
  const effect = useEffectOf(projectId, book.version, list);
  return (
    <Dialog
      danger
      title={SAID.removeTitle(price.model ?? price.provider)}
      lead={SAID.removeLead}
      action={SAID.removeAction}
      open
      disabled={!effect.known}
      onClose={props.onClose}
      onSubmit={async () => {
        const { version } = book;
        await props.onDone(await changePrices(projectId, { prices: list, version }));
      }}
    >
      <EffectNote effect={effect} />
    </Dialog>
  );
}
