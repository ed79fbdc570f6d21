import * as v from 'valibot';
import { didYouMean } from '../text/did-you-mean';
import { wrong } from './validate';

/** A text of a YAML file, with its description for the JSON Schema. */
export const text = (description: string) =>
  v.pipe(v.string('must be a string in quotes'), v.metadata({ description }));

/** A text of a YAML file that must not be empty. */
export const nonEmptyText = (description: string) =>
  v.pipe(v.string('must be a string'), v.minLength(1, 'must not be empty'), v.metadata({ description }));

/**
 * Returns the schema of an object with these fields and no others.
 *
 * @param rejected messages for fields that users may expect @default none
 */
export function fields<const Entries extends v.ObjectEntries>(
  entries: Entries,
  description: string,
  rejected: Readonly<Record<string, string>> = {},
) {
  return v.pipe(
    v.strictObject(entries, (issue) => {
      if (issue.expected !== 'never')
        return issue.path
          ? wrong('is required', 'add it')
          : `must be a map with the fields ${Object.keys(entries).join(', ')}`;
      const key = String(issue.path?.at(-1)?.key);
      if (rejected[key]) return rejected[key];
      return wrong(
        'unknown field',
        `use one of ${Object.keys(entries).join(', ')}${didYouMean(key, Object.keys(entries))}`,
      );
    }),
    v.metadata({ description }),
  );
}
