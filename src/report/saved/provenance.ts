/** When and where a result was measured: nothing of it in documents that are older than that. */

export interface Provenance {
  /** ISO 8601. */
  readonly date: string | null;
  /** Of the system that measured, such as `Europe/Berlin`. */
  readonly timeZone: string | null;
  readonly hostname: string | null;
  /** As `uname -r` prints it. */
  readonly kernelRelease: string | null;
}

/** What `environment` of a document says. */
export function provenanceOf(document: object): Provenance {
  const environment: unknown = 'environment' in document ? document.environment : undefined;
  const textOf = (name: string): string | null => {
    if (typeof environment !== 'object' || environment === null || !Object.hasOwn(environment, name))
      return null;
    const value: unknown = Reflect.get(environment, name);
    return typeof value === 'string' && value !== '' ? value : null;
  };
  return {
    date: textOf('startedAt'),
    timeZone: textOf('timeZone'),
    hostname: textOf('host'),
    kernelRelease: textOf('kernelRelease'),
  };
}
