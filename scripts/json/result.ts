/** A value, or what stood in its way: how every reader, and whatever else may fail in the ordinary course, answers. */
export type Result<T, Failure extends object> =
  | { readonly ok: true; readonly value: T }
  | ({ readonly ok: false } & Readonly<Failure>);
