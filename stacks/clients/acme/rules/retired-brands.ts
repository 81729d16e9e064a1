/** Addresses of brands and campaigns that Acme has given up. */
import type { BulkRedirectsProps } from '../../../constructs/bulk-redirects.ts';

export const retiredBrands: BulkRedirectsProps = {
  name: 'acme_retired_brands',
  description: 'Addresses of retired brands and campaigns',
  redirects: [
    {
      from: 'www.shop.example/garden',
      to: 'https://www.shop.example/c/garden',
      subpaths: true,
      comment: 'Merged 2024',
    },
    {
      from: 'www.shop.example/kids',
      to: 'https://www.shop.example/c/children',
      subpaths: true,
      comment: 'Renamed 2025',
    },
    { from: 'www.shop.example/sale2025', to: 'https://www.shop.example/offers', comment: 'Campaign ended' },
    { from: 'www.shop.example/jobs', to: 'https://careers.shop.example/', comment: 'Own host since 2023' },
    { from: 'stores.shop.example/finder', to: 'https://stores.shop.example/', comment: 'Old store finder' },
  ],
};
