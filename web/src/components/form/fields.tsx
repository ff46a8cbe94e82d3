import { useId, useState, type InputHTMLAttributes, type ReactNode } from 'react';
import { passwordRule, SHORTEST_PASSWORD } from '@/lib/password';
import { components } from '@/words';
import { Icon } from '../Icon';
import { useFieldError } from './Form';

const words = components.fields;

/** The look of every input field. */
export const INPUT =
  'h-9 w-full min-w-0 rounded-md border border-line-strong bg-surface px-2.5 text-ink placeholder:text-ink-3 aria-invalid:border-bad disabled:opacity-60 pointer-coarse:h-11 pointer-coarse:text-base';

interface FrameProps {
  id: string;
  label: string;
  hint?: ReactNode;
  error: string | null;
  children: ReactNode;
}

/** A label, an input, and below it the hint or the error. */
function FieldFrame({ id, label, hint, error, children }: FrameProps): ReactNode {
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <label htmlFor={id} className="text-xs font-medium text-ink-2">
        {label}
      </label>
      {children}
      {error ? (
        <p id={`${id}-note`} role="alert" className="text-xs text-bad">
          {error}
        </p>
      ) : (
        hint && (
          <p id={`${id}-note`} className="text-xs text-ink-3">
            {hint}
          </p>
        )
      )}
    </div>
  );
}

type InputProps = Omit<InputHTMLAttributes<HTMLInputElement>, 'id' | 'className'> & {
  name: string;
  label: string;
  hint?: ReactNode;
  /** What is wrong with the value as it is typed; null if nothing is. */
  problem?: string | null;
  mono?: boolean;
};

/** A single-line text field. Required unless `required` is false. */
export function TextField({ label, hint, problem, mono, ...input }: InputProps): ReactNode {
  const id = useId();
  const refused = useFieldError(input.name);
  const error = problem ?? refused;
  return (
    <FieldFrame id={id} label={label} hint={hint} error={error}>
      <input
        required
        maxLength={300}
        {...input}
        id={id}
        aria-invalid={error !== null}
        aria-describedby={error || hint ? `${id}-note` : undefined}
        className={`${INPUT} ${mono ? 'font-mono' : ''}`}
      />
    </FieldFrame>
  );
}

/** An e-mail address. */
export function EmailField(props: Partial<InputProps>): ReactNode {
  return (
    <TextField
      name="email"
      label={words.email}
      type="email"
      inputMode="email"
      autoCapitalize="none"
      spellCheck={false}
      autoComplete="username"
      {...props}
    />
  );
}

/** A password field with a button that shows the password. While a new password is typed, it states the rule. */
export function PasswordField(props: {
  name?: string;
  label?: string;
  fresh?: boolean;
}): ReactNode {
  const { name = 'password', label = words.password, fresh = false } = props;
  const id = useId();
  const [shown, setShown] = useState(false);
  const [typed, setTyped] = useState('');
  const error = useFieldError(name);
  const rule = passwordRule(typed);
  return (
    <FieldFrame
      id={id}
      label={label}
      error={error}
      hint={
        fresh && (
          <span className={`inline-flex items-center gap-1 ${rule.met ? 'text-good' : ''}`}>
            {rule.met && <Icon name="check" size={12} />}
            {rule.message}
          </span>
        )
      }
    >
      <div className="relative">
        <input
          required
          id={id}
          name={name}
          type={shown ? 'text' : 'password'}
          autoComplete={fresh ? 'new-password' : 'current-password'}
          autoCapitalize="none"
          spellCheck={false}
          minLength={fresh ? SHORTEST_PASSWORD : undefined}
          maxLength={1024}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          aria-invalid={error !== null}
          aria-describedby={fresh || error ? `${id}-note` : undefined}
          className={`${INPUT} pr-16`}
        />
        <button
          type="button"
          aria-label={shown ? words.hideWhat(label) : words.showWhat(label)}
          aria-pressed={shown}
          onClick={() => setShown(!shown)}
          className="absolute inset-y-0 right-0 rounded-md px-3 text-xs text-ink-2 hover:text-ink"
        >
          {shown ? words.hide : words.show}
        </button>
      </div>
    </FieldFrame>
  );
}

/** A six-digit code from an authenticator app, or a recovery code. */
export function CodeField({ name = 'code' }: { name?: string }): ReactNode {
  const [recovery, setRecovery] = useState(false);
  return (
    <div className="flex flex-col items-start gap-1.5">
      <div className="w-full">
        <TextField
          key={String(recovery)}
          name={name}
          mono
          label={recovery ? words.recoveryCode : words.code}
          autoComplete={recovery ? 'off' : 'one-time-code'}
          inputMode={recovery ? 'text' : 'numeric'}
          autoCapitalize="none"
          spellCheck={false}
          maxLength={40}
          hint={recovery ? words.recoveryHint : words.codeHint}
        />
      </div>
      <button
        type="button"
        onClick={() => setRecovery(!recovery)}
        className="touch-target rounded text-xs text-accent hover:underline"
      >
        {recovery ? words.useCode : words.useRecoveryCode}
      </button>
    </div>
  );
}

/** A drop-down list. */
export function SelectField(props: {
  name: string;
  label: string;
  hint?: ReactNode;
  options: { value: string; label: string; disabled?: boolean }[];
  value?: string;
  defaultValue?: string;
  disabled?: boolean;
  onChange?: (value: string) => void;
}): ReactNode {
  const id = useId();
  const error = useFieldError(props.name);
  return (
    <FieldFrame id={id} label={props.label} hint={props.hint} error={error}>
      <select
        id={id}
        name={props.name}
        value={props.value}
        defaultValue={props.defaultValue}
        disabled={props.disabled}
        aria-describedby={error || props.hint ? `${id}-note` : undefined}
        onChange={(event) => props.onChange?.(event.target.value)}
        className={INPUT}
      >
        {props.options.map((option) => (
          <option key={option.value} value={option.value} disabled={option.disabled}>
            {option.label}
          </option>
        ))}
      </select>
    </FieldFrame>
  );
}

/** A checkbox, with a hint about what it does. */
export function CheckField(props: {
  name: string;
  label: string;
  hint?: ReactNode;
  value?: string;
  defaultChecked?: boolean;
  disabled?: boolean;
}): ReactNode {
  return (
    <label className="flex items-start gap-2 py-0.5 pointer-coarse:py-2">
      <input
        type="checkbox"
        name={props.name}
        value={props.value ?? 'on'}
        defaultChecked={props.defaultChecked}
        disabled={props.disabled}
        className="mt-0.5 size-4 accent-accent"
      />
      <span>
        {props.label}
        {props.hint && <span className="block text-xs text-ink-3">{props.hint}</span>}
      </span>
    </label>
  );
}

/** A multi-line text field; `prose` is for sentences, not for code. */
export function AreaField(props: {
  name: string;
  label: string;
  hint?: ReactNode;
  rows?: number;
  value: string;
  onChange: (value: string) => void;
  disabled?: boolean;
  prose?: boolean;
}): ReactNode {
  const id = useId();
  const error = useFieldError(props.name);
  return (
    <FieldFrame id={id} label={props.label} hint={props.hint} error={error}>
      <textarea
        id={id}
        name={props.name}
        rows={props.rows ?? 8}
        value={props.value}
        disabled={props.disabled}
        spellCheck={props.prose ?? false}
        aria-invalid={error !== null}
        aria-describedby={error || props.hint ? `${id}-note` : undefined}
        onChange={(event) => props.onChange(event.target.value)}
        className={`${INPUT} h-auto! py-2 leading-5 ${props.prose ? '' : 'font-mono text-xs'}`}
      />
    </FieldFrame>
  );
}
