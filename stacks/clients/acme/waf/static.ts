/** shop-static.example: files only. */
import type { WafRule } from '../../../constructs/waf-custom-rules.ts';

export const staticWaf: readonly WafRule[] = [
  {
    ref: 'block-known-abusers',
    description: 'Addresses blocked by the security team after confirmed fraud or attacks',
    action: 'block',
    expression: '(ip.src in $acme_blocked_addresses)',
  },
  {
    ref: 'block-writes-to-files',
    description: 'Anything but reading, except on the upload host',
    action: 'block',
    expression:
      '(not http.request.method in {"GET" "HEAD" "OPTIONS"} and not http.host eq "uploads.shop-static.example")',
  },
  {
    ref: 'block-uploads-outside-offices',
    description: 'Uploads come from the publishing tools in the offices only',
    action: 'block',
    expression: '(http.host eq "uploads.shop-static.example" and not ip.src in $acme_offices)',
  },
  {
    ref: 'block-hotlinked-images',
    description: 'Pictures embedded in pages of others; search engines and direct visits go through',
    action: 'block',
    expression:
      '(http.host in {"img1.shop-static.example" "img2.shop-static.example" "img3.shop-static.example"}' +
      ' and not http.referer eq "" and not http.referer contains "shop.example"' +
      ' and not http.referer contains "shop-trade.example" and not http.referer contains "shop-static.example"' +
      ' and not cf.client.bot)',
  },
  {
    ref: 'block-feeds-without-key',
    description: 'Product feeds are for partners with a key in the query',
    action: 'block',
    expression:
      '(http.host eq "feeds.shop-static.example" and not any(http.request.uri.args.names[*] eq "key")' +
      ' and not ip.src in $acme_partner_allow)',
  },
];
