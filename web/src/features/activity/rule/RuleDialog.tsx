import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState, type ReactNode } from 'react';
import { saveRule } from '@/api/activity';
import { Dialog } from '@/components/Dialog';
import { TextField } from '@/components/form/fields';
import { Values } from '@/components/form/values';
import { activity } from '@/words';
import type { View } from '../../view';
import { PARTS } from '../parts';
import { ruleFrom, type Rule } from './rank';
import { RankPreview, type RankFrame } from './RankPreview';

const words = activity.engagement;
const SAID = words.editor;
const TARGETS = ['daysPerWeek', 'minutesPerDay', 'features'] as const;
/** The most that the API takes. */
const MOST = { daysPerWeek: 7, minutesPerDay: 1440, features: 10_000 };

/** Changes the weights and targets of scores, beside the ranking that they lead to. */
export function RuleDialog(props: {
  view: View;
  frame: RankFrame;
  rule: Rule;
  onClose: () => void;
}): ReactNode {
  const { view, rule: before } = props;
  const client = useQueryClient();
  const fields = useRef<HTMLDivElement>(null);
  const [rule, setRule] = useState<Rule | null>(before);
  const read = (): void => {
    const form = fields.current?.closest('form');
    if (!form) return;
    const values = new Values(form);
    setRule(ruleFrom((name) => values.text(name)));
  };
  return (
    <Dialog
      title={SAID.title}
      lead={SAID.lead}
      action={SAID.save}
      open
      disabled={!rule}
      onClose={props.onClose}
      onSubmit={async () => {
        if (!rule) return;
        await saveRule(view.project.id, rule);
        props.onClose();
        await Promise.all(
          ['pages', 'query'].map((kind) =>
            client.invalidateQueries({ queryKey: [kind, view.project.id] }),
          ),
        );
      }}
      aside={<RankPreview view={view} frame={props.frame} rule={rule} />}
    >
      <div ref={fields} onChange={read} className="flex flex-col gap-4">
        <fieldset>
          <legend className="mb-1 text-xs text-ink-3">{SAID.weights}</legend>
          <div className="grid grid-cols-2 gap-2">
            {PARTS.map((part) => (
              <NumberField
                key={part}
                name={part}
                label={words.parts[part]}
                of={before.weights[part]}
              />
            ))}
          </div>
        </fieldset>
        <fieldset>
          <legend className="mb-1 text-xs text-ink-3">{SAID.targets}</legend>
          <div className="flex flex-col gap-2">
            {TARGETS.map((target) => (
              <NumberField
                key={target}
                name={target}
                label={SAID[target]}
                of={before.targets[target]}
                most={MOST[target]}
              />
            ))}
          </div>
        </fieldset>
      </div>
    </Dialog>
  );
}

function NumberField(props: { name: string; label: string; of: number; most?: number }): ReactNode {
  return (
    <TextField
      name={props.name}
      label={props.label}
      type="number"
      inputMode="decimal"
      min={0}
      max={props.most}
      step="any"
      autoComplete="off"
      defaultValue={props.of}
    />
  );
}
