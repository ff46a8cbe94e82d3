/** What stands in the fields of a form. */
export class Values {
  private readonly data: FormData;

  constructor(form: HTMLFormElement) {
    this.data = new FormData(form);
  }

  /** The text of a field as it was typed; empty where there is none. */
  raw(name: string): string {
    const value = this.data.get(name);
    return typeof value === 'string' ? value : '';
  }

  /** The text of a field without spaces around it. */
  text(name: string): string {
    return this.raw(name).trim();
  }

  /** The text, or undefined where the field was left empty. */
  optional(name: string): string | undefined {
    return this.text(name) || undefined;
  }

  /** Every chosen value of a group of checkboxes. */
  all(name: string): string[] {
    return this.data.getAll(name).filter((value) => typeof value === 'string');
  }
}
