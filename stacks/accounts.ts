/**
 * Cloudflare account identifiers. They are not secrets; credentials reach Terraform through its environment only.
 * Derived from the registers of the clients: `sluice doctor --fix` writes it.
 */
export const accounts = {
  acme: 'a1c0ffee5e7a11d0b5e55ed0ddba1100',
  borough: 'b0201194c0a7c1150f7e5fa1ce5e7700',
  platform: '51c0de00c0a1e5ceba5eba11ad0be000',
} as const;
