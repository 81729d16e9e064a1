/** An ordinary day of the web shop and the trade portal. */
import { uninvited, welcome } from './profile.ts';
import type { Profile } from './profile.ts';

const market = [
  { weight: 70, code: 'gb' },
  { weight: 10, code: 'ie' },
  { weight: 8, code: 'de' },
  { weight: 6, code: 'fr' },
  { weight: 4, code: 'nl' },
  { weight: 1, code: 'us' },
  { weight: 1, code: 'ch' },
];
const home = [{ weight: 1, code: 'gb' }];

export const acme: Profile = {
  client: 'acme',
  seed: 20_261_126,
  visitors: [
    welcome('shopper', 420, {
      countries: market,
      asked: [
        {
          weight: 12,
          method: 'GET',
          host: 'www.shop.example',
          uris: ['/', '/c/{w}', '/c/{w}?page={n}', '/p/{w}-{n}'],
        },
        {
          weight: 5,
          method: 'GET',
          host: 'search.shop.example',
          uris: ['/?q={w}', '/?q={w}+{w}&sort=price'],
        },
        { weight: 3, method: 'GET', host: 'basket.shop.example', uris: ['/'] },
        { weight: 2, method: 'POST', host: 'api.shop.example', uris: ['/v2/basket/items'] },
        {
          weight: 1,
          method: 'GET',
          host: 'www.shop.example',
          uris: ['/checkout/address', '/checkout/payment'],
        },
        { weight: 1, method: 'POST', host: 'login.shop.example', uris: ['/session'] },
        { weight: 1, method: 'GET', host: 'orders.shop.example', uris: ['/order/AC{n8}/tracking'] },
        { weight: 1, method: 'GET', host: 'giftcards.shop.example', uris: ['/balance'] },
      ],
    }),
    welcome('assets', 330, {
      countries: market,
      asked: [
        {
          weight: 6,
          method: 'GET',
          host: 'img1.shop-static.example',
          uris: ['/p/{n}.webp', '/p/{n}-small.webp'],
        },
        {
          weight: 3,
          method: 'GET',
          host: 'css.shop-static.example',
          uris: ['/shop-4f3a9b21.css', '/shop-4f3a9b21.js'],
        },
        { weight: 1, method: 'GET', host: 'img2.shop-static.example', uris: ['/mail/header.png'] },
      ],
    }),
    welcome('app', 90, {
      countries: market,
      agents: [
        'AcmeShop/7.4.1 (iPhone; iOS 19.1)',
        'AcmeShop/7.4.0 (Android 16)',
        'AcmeShop/5.0.2 (Android 12)',
      ],
      botScore: [40, 90],
      asked: [
        {
          weight: 6,
          method: 'GET',
          host: 'api.shop.example',
          uris: ['/v2/products/{n}', '/v2/basket', '/v2/home'],
        },
        { weight: 2, method: 'POST', host: 'api.shop.example', uris: ['/v2/basket/items', '/graphql'] },
      ],
    }),
    welcome('old app', 6, {
      countries: market,
      agents: ['AcmeShop/3.1.0 (Android 9)'],
      botScore: [40, 90],
      tls: ['TLSv1.2', 'TLSv1.1'],
      asked: [
        {
          weight: 1,
          method: 'POST',
          host: 'api.shop.example',
          uris: ['/v1/checkout/start', '/v1/checkout/pay'],
        },
      ],
    }),
    welcome('monitoring', 24, {
      addresses: ['198.51.100.129', '198.51.100.130', '198.51.100.161'],
      asns: [64_504],
      countries: [
        { weight: 2, code: 'ie' },
        { weight: 1, code: 'us' },
      ],
      agents: ['AvailabilityMonitor/2.0'],
      botScore: [1, 1],
      botCategory: 'Monitoring & Analytics',
      asked: [
        { weight: 3, method: 'GET', host: 'www.shop.example', uris: ['/healthz'] },
        { weight: 1, method: 'GET', host: 'api.shop-trade.example', uris: ['/v2/health'] },
      ],
    }),
    welcome('office', 14, {
      addresses: ['203.0.113.193', '203.0.113.200', '203.0.113.61', '2001:db8:ac::'],
      asns: [64_505],
      countries: home,
      asked: [
        {
          weight: 3,
          method: 'GET',
          host: 'admin.shop.example',
          uris: ['/catalogue/editor/{n}', '/orders?page={n}'],
        },
        { weight: 1, method: 'GET', host: 'reports.shop.example', uris: ['/daily'] },
        { weight: 1, method: 'GET', host: 'staging.shop.example', uris: ['/', '/c/{w}'] },
      ],
    }),
    welcome('acquirer', 8, {
      addresses: ['192.0.2.33', '192.0.2.36', '192.0.2.70'],
      asns: [64_502],
      countries: [
        { weight: 1, code: 'nl' },
        { weight: 1, code: 'de' },
      ],
      agents: ['MeridianNotify/3.2'],
      botScore: [1, 10],
      asked: [
        { weight: 1, method: 'POST', host: 'pay.shop.example', uris: ['/callbacks/acquirer/confirmation'] },
      ],
    }),
    welcome('trade customer', 40, {
      countries: market,
      asked: [
        {
          weight: 1,
          method: 'GET',
          host: 'portal.shop-trade.example',
          uris: ['/', '/orders', '/catalogue?page={n}'],
        },
      ],
    }),
    welcome('trade system', 18, {
      addresses: ['192.0.2.97', '192.0.2.113', '192.0.2.130'],
      asns: [64_506],
      countries: home,
      agents: ['NorthernEDI/4', 'HarbourTMS/12.1'],
      botScore: [1, 20],
      protocols: ['HTTP/1.1'],
      asked: [
        { weight: 1, method: 'POST', host: 'edi.shop-trade.example', uris: ['/inbound/orders'] },
        { weight: 2, method: 'GET', host: 'api.shop-trade.example', uris: ['/v2/orders', '/v2/stock/{n}'] },
      ],
    }),
    welcome('known abuser', 6, {
      addresses: ['198.51.100.201', '198.51.100.202', '198.51.100.225', '198.51.100.238'],
      asns: [64_499],
      countries: market,
      botScore: [1, 25],
      asked: [
        { weight: 1, method: 'POST', host: 'login.shop.example', uris: ['/session'] },
        { weight: 1, method: 'POST', host: 'www.shop.example', uris: ['/checkout/payment'] },
      ],
    }),
    ...uninvited('www.shop.example', { host: 'login.shop.example', uri: '/session' }),
  ],
};
