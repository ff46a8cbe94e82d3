/** The values in the fields of a form. */
export class Values {
  private readonly data: FormData;

  constructor(form: HTMLFormElement) {
    this.data = new FormData(form);
  }

  /** The text of a field as typed; empty if there is no such field. */
  raw(name: string): string {
    const value = this.data.get(name);
    return typeof value === 'string' ? value : '';
  }

  /** The trimmed text of a field. */
  text(name: string): string {
    return this.raw(name).trim();
  }

  /** The trimmed text of a field, or undefined if it is empty. */
  optional(name: string): string | undefined {
    return this.text(name) || undefined;
  }

  /** The values of the boxes that are checked in a group of checkboxes. */
  all(name: string): string[] {
    return this.data.getAll(name).filter((value) => typeof value === 'string');
  }
}
