/** Several runs that wait for each other before something is done once for all of them. */

interface MeetingMember<T> {
  /** Waits until nobody is missing any more; what was done then. */
  readonly arrive: () => Promise<T>;
  /** Nobody waits for this one any more. After `arrive` it means nothing. */
  readonly leave: () => void;
}

/** `act` is done when everybody has arrived or left, once, and not at all where nobody arrived. */
export function meetingOf<T>(
  expected: number,
  act: () => Promise<T>,
): { readonly member: () => MeetingMember<T> } {
  let missing = expected;
  let acted: Promise<T> | null = null;
  let open: (() => void) | null = null;
  const complete = new Promise<void>((resolve) => {
    open = resolve;
  });
  return {
    member: () => {
      let isExpected = true;
      const settle = (): void => {
        missing -= isExpected ? 1 : 0;
        isExpected = false;
        if (missing === 0) {
          open?.();
        }
      };
      return {
        arrive: async () => {
          settle();
          await complete;
          acted ??= act();
          return acted;
        },
        leave: settle,
      };
    },
  };
}
