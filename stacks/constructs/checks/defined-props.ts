/** `T` without `undefined` in the values of its optional keys. */
export type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/**
 * Drops the keys whose value is undefined. Provider properties are optional but not undefined-able
 * (`exactOptionalPropertyTypes`), while input data often carries an explicit undefined.
 */
export function definedProps<T extends object>(props: T): Defined<T> {
  return Object.fromEntries(Object.entries(props).filter(([, value]) => value !== undefined)) as Defined<T>;
}
