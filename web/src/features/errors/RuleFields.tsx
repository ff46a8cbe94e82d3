import { useId, type ReactNode } from 'react';
import { ERROR_CLASSES, type ErrorRule } from '@/api/errors';
import { Button } from '@/components/Button';
import { INPUT } from '@/components/form/fields';
import { Icon } from '@/components/Icon';
import { counted } from '@/lib/format';
import { classLabel } from './ClassTag';
import { errors, nouns } from '@/words';

const words = errors.ruleFields;

interface Props {
  number: number;
  rule: ErrorRule;
  disabled: boolean;
  onChange: (rule: ErrorRule) => void;
  /** Absent for the first rule. */
  onUp?: () => void;
  onRemove: () => void;
}

/** One rule: what it matches, and what it does with the errors that match. */
export function RuleFields(props: Props): ReactNode {
  const { rule, disabled, onChange } = props;
  const set = (patch: Partial<ErrorRule>): void => onChange({ ...rule, ...patch });
  const within = rule.within?.length ?? 0;
  return (
    <fieldset disabled={disabled} className="flex flex-col gap-3">
      <legend className="sr-only">{words.rule(props.number)}</legend>
      <div className="flex flex-wrap items-end gap-2">
        <Labelled label={words.field} className="w-28 shrink-0">
          {(id) => (
            <select
              id={id}
              value={rule.on ?? 'message'}
              onChange={(event) => set({ on: event.target.value as ErrorRule['on'] })}
              className={INPUT}
            >
              <option value="message">{words.message}</option>
              <option value="type">{words.type}</option>
            </select>
          )}
        </Labelled>
        <Labelled label={words.matchesExpression} className="min-w-52 flex-1">
          {(id) => (
            <input
              id={id}
              required
              spellCheck={false}
              maxLength={1000}
              value={rule.pattern}
              placeholder={words.orderF}
              onChange={(event) => set({ pattern: event.target.value })}
              className={`${INPUT} font-mono text-xs`}
            />
          )}
        </Labelled>
        {!disabled && (
          <>
            <Button
              kind="quiet"
              className="h-9"
              aria-label={words.moveRuleUp(props.number)}
              disabled={!props.onUp}
              onClick={props.onUp}
            >
              <Icon name="up" size={14} />
            </Button>
            <Button
              kind="quiet"
              className="h-9"
              aria-label={words.removeRule(props.number)}
              onClick={props.onRemove}
            >
              <Icon name="cross" size={14} />
            </Button>
          </>
        )}
      </div>
      <div className="grid gap-2 sm:grid-cols-3">
        <Labelled label={words.replaceMatch}>
          {(id) => (
            <input
              id={id}
              spellCheck={false}
              maxLength={100}
              value={rule.replace ?? ''}
              placeholder={words.order}
              onChange={(event) => set({ replace: event.target.value || null })}
              className={`${INPUT} font-mono text-xs`}
            />
          )}
        </Labelled>
        <Labelled label={words.assignGroup}>
          {(id) => (
            <input
              id={id}
              maxLength={200}
              value={rule.group ?? ''}
              placeholder={words.automatic}
              onChange={(event) => set({ group: event.target.value || null })}
              className={INPUT}
            />
          )}
        </Labelled>
        <Labelled label={words.classWord}>
          {(id) => (
            <select
              id={id}
              value={rule.class ?? ''}
              onChange={(event) => set({ class: event.target.value || null })}
              className={INPUT}
            >
              <option value="">{words.automatic}</option>
              {ERROR_CLASSES.map((name) => (
                <option key={name} value={name}>
                  {classLabel(name)}
                </option>
              ))}
            </select>
          )}
        </Labelled>
      </div>
      {(within > 0 || rule.note) && (
        <p className="text-xs text-ink-3">
          {rule.note} {within > 0 && words.only(counted(within, nouns.fingerprint))}
        </p>
      )}
    </fieldset>
  );
}

function Labelled(props: {
  label: string;
  className?: string;
  children: (id: string) => ReactNode;
}): ReactNode {
  const id = useId();
  return (
    <div className={`flex min-w-0 flex-col gap-1 ${props.className ?? ''}`}>
      <label htmlFor={id} className="text-xs text-ink-3">
        {props.label}
      </label>
      {props.children(id)}
    </div>
  );
}
