import type { ReactNode } from 'react';
import { components as words } from '@/words';
import { Button } from './Button';
import { Form, FormProblem, Submit } from './form/Form';
import type { Refusals } from './form/failure';
import type { Values } from './form/values';
import { Modal } from './Modal';

interface Props {
  title: string;
  lead?: ReactNode;
  /** The label of the submit button. */
  action: string;
  danger?: boolean;
  disabled?: boolean;
  open: boolean;
  onClose: () => void;
  /** Submits the dialog. If it fails, the dialog stays open and says why; if it succeeds, the caller closes the dialog. */
  onSubmit: (values: Values) => Promise<void>;
  refusals?: Refusals;
  wide?: boolean;
  /** What stands next to the fields where there is room, and below them where there is not. */
  aside?: ReactNode;
  children?: ReactNode;
}

/** A modal dialog with a form. */
export function Dialog(props: Props): ReactNode {
  return (
    <Modal label={props.title} open={props.open} onClose={props.onClose} className={widthOf(props)}>
      <div className="flex flex-col gap-4 p-5">
        <DialogHead title={props.title} lead={props.lead} />
        <Form onSubmit={props.onSubmit} refusals={props.refusals}>
          <Fields aside={props.aside}>{props.children}</Fields>
          <FormProblem />
          <div className="flex justify-end gap-2">
            <Button onClick={props.onClose}>{words.cancel}</Button>
            <Submit danger={props.danger} disabled={props.disabled}>
              {props.action}
            </Submit>
          </div>
        </Form>
      </div>
    </Modal>
  );
}

const widthOf = ({ wide, aside }: Props): string =>
  aside ? 'max-w-5xl max-md:mt-4 max-md:max-h-[calc(100dvh-32px)]' : wide ? 'max-w-xl' : 'max-w-md';

function Fields({ aside, children }: Pick<Props, 'aside' | 'children'>): ReactNode {
  if (!aside) return children;
  return (
    <div className="grid grid-cols-1 gap-5 md:grid-cols-[minmax(0,18rem)_minmax(0,1fr)]">
      <div className="flex min-w-0 flex-col gap-4">{children}</div>
      {aside}
    </div>
  );
}

/** The heading of a dialog. */
export function DialogHead({ title, lead }: { title: string; lead?: ReactNode }): ReactNode {
  return (
    <div className="flex flex-col gap-1">
      <h2 className="text-base font-semibold wrap-anywhere">{title}</h2>
      {lead && <div className="text-ink-2">{lead}</div>}
    </div>
  );
}
