/** How stacks, zones and their sources are called. Names of stacks and keys of zones never change once released. */

/** `acme-production` is declared by `declareAcmeProduction`. */
export function declareName(stack: string): string {
  return `declare${pascal(stack)}`;
}

/** `staging-shop.example` has the key `staging_shop`: the prefix of the logical ids of everything in the zone. */
export function zoneKey(domain: string): string {
  return firstLabel(domain)
    .replaceAll('-', '_')
    .replace(/^(?=\d)/, 'z');
}

/** File of a zone's records and rules, without its ending. */
export function zoneFile(domain: string): string {
  return firstLabel(domain);
}

/** `staging-shop` as the beginning of a name in code: `stagingShop`. */
export function camel(name: string): string {
  const whole = pascal(name.replaceAll('_', '-'));
  return `${whole.slice(0, 1).toLowerCase()}${whole.slice(1)}`;
}

function pascal(name: string): string {
  return name
    .split('-')
    .map((part) => `${part.slice(0, 1).toUpperCase()}${part.slice(1)}`)
    .join('');
}

function firstLabel(domain: string): string {
  return domain.split('.')[0] ?? domain;
}
