import { createContext, useContext, useState, type FormEvent, type ReactNode } from 'react';
import { useSecondsUntil, waitLabel } from '@/lib/wait';
import { problems as words } from '@/words';
import { Button } from '../Button';
import { Notice } from '../Notice';
import { failureOf, type Failure, type Refusals } from './failure';
import { Values } from './values';

interface State {
  busy: boolean;
  failure: Failure | null;
  /** The failure belongs to a field of this form and is shown there. */
  atField: boolean;
}

const FormContext = createContext<State>({ busy: false, failure: null, atField: false });

interface Props {
  /** The name of the form, if no dialog heading provides one. */
  label?: string;
  onSubmit: (values: Values) => Promise<void>;
  /** What error codes mean in this form. */
  refusals?: Refusals;
  className?: string;
  testId?: string;
  children: ReactNode;
}

/** A form that submits itself, is marked busy meanwhile, and shows a server error at the field that the error names. */
export function Form(props: Props): ReactNode {
  const [state, setState] = useState<State>({ busy: false, failure: null, atField: false });
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    event.stopPropagation();
    const form = event.currentTarget;
    const values = new Values(form);
    setState({ busy: true, failure: null, atField: false });
    try {
      await props.onSubmit(values);
      setState({ busy: false, failure: null, atField: false });
    } catch (error) {
      const failure = failureOf(error, Date.now(), props.refusals);
      const field = failure.field && form.elements.namedItem(failure.field);
      setState({ busy: false, failure, atField: field instanceof HTMLElement });
      if (field instanceof HTMLElement) field.focus();
    }
  };
  return (
    <FormContext value={state}>
      <form
        aria-label={props.label}
        data-testid={props.testId}
        onSubmit={(event) => void submit(event)}
        className={`flex flex-col gap-4 ${props.className ?? ''}`}
      >
        {props.children}
      </form>
    </FormContext>
  );
}

/** The server's error about a field, or null. */
export function useFieldError(name: string): string | null {
  const { failure, atField } = useContext(FormContext);
  return atField && failure?.field === name ? failure.message : null;
}

/** What went wrong with the form as a whole, and when to try again. */
export function FormProblem(): ReactNode {
  const { failure, atField } = useContext(FormContext);
  const wait = useSecondsUntil(failure?.waitUntil ?? 0);
  if (!failure || atField) return null;
  return (
    <Notice tone="bad">
      {failure.message}
      {failure.waitUntil > 0 && ` ${wait > 0 ? words.retryIn(waitLabel(wait)) : words.retryNow}`}
    </Notice>
  );
}

/** The submit button of the form; disabled while the server asks to wait. */
export function Submit(props: {
  children: ReactNode;
  disabled?: boolean;
  danger?: boolean;
  className?: string;
}): ReactNode {
  const { busy, failure } = useContext(FormContext);
  const wait = useSecondsUntil(failure?.waitUntil ?? 0);
  return (
    <Button
      type="submit"
      kind={props.danger ? 'danger' : 'primary'}
      disabled={busy || wait > 0 || props.disabled}
      aria-busy={busy}
      className={props.className}
    >
      {props.children}
    </Button>
  );
}
