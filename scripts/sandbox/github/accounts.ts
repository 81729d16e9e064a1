/** Accounts by their number, which emulate finds by login only. */
import { passed, type Route } from './route.ts';

/** `ids`: account ids by login. */
export function accountRoutes(ids: () => ReadonlyMap<string, number>): readonly Route[] {
  return [
    {
      method: 'GET',
      path: /^\/user\/(\d+)$/,
      answer: async ({ found: [id = ''], upstream }) => {
        const login = [...ids()].find(([, number]) => String(number) === id)?.[0] ?? '';
        return login === ''
          ? { status: 404, body: { message: 'Not Found' } }
          : passed(await upstream(`/users/${login}`));
      },
    },
  ];
}
