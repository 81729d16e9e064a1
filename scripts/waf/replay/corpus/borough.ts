/** An ordinary day of the council's site and its services. */
import { uninvited, welcome } from './profile.ts';
import type { Profile } from './profile.ts';

const residents = [
  { weight: 92, code: 'gb' },
  { weight: 2, code: 'ie' },
  { weight: 2, code: 'es' },
  { weight: 2, code: 'fr' },
  { weight: 1, code: 'je' },
  { weight: 1, code: 'us' },
];
const home = [{ weight: 1, code: 'gb' }];

export const borough: Profile = {
  client: 'borough',
  seed: 48_201_774,
  visitors: [
    welcome('resident', 560, {
      countries: residents,
      asked: [
        {
          weight: 8,
          method: 'GET',
          host: 'www.borough.example',
          uris: ['/', '/waste/collection-days', '/parking', '/council-tax/pay', '/schools/{w}'],
        },
        {
          weight: 2,
          method: 'GET',
          host: 'www.borough.example',
          uris: ['/documents/council/2026-{n}-agenda.pdf'],
        },
        {
          weight: 4,
          method: 'GET',
          host: 'www.borough.example',
          uris: ['/assets/site.css', '/assets/site.js', '/assets/{w}.svg'],
        },
      ],
    }),
    welcome('applicant', 230, {
      countries: residents,
      asked: [
        {
          weight: 3,
          method: 'GET',
          host: 'forms.borough-services.example',
          uris: ['/missed-bin', '/report/{w}'],
        },
        { weight: 1, method: 'POST', host: 'forms.borough-services.example', uris: ['/missed-bin'] },
        {
          weight: 2,
          method: 'GET',
          host: 'my.borough-services.example',
          uris: ['/council-tax', '/messages'],
        },
        { weight: 1, method: 'POST', host: 'my.borough-services.example', uris: ['/sign-in'] },
        { weight: 1, method: 'GET', host: 'benefits.borough-services.example', uris: ['/claim/step-{n}'] },
        {
          weight: 2,
          method: 'GET',
          host: 'planning.borough-services.example',
          uris: ['/application/26-{n5}-FUL/comments', '/search?q={w}'],
        },
        { weight: 1, method: 'POST', host: 'payments.borough-services.example', uris: ['/pay'] },
      ],
    }),
    welcome('council network', 60, {
      addresses: ['192.0.2.193', '192.0.2.200', '192.0.2.225'],
      asns: [64_507],
      countries: home,
      asked: [
        { weight: 2, method: 'GET', host: 'www.borough.example', uris: ['/', '/intranet'] },
        {
          weight: 1,
          method: 'GET',
          host: 'planning.borough-services.example',
          uris: ['/application/26-{n5}-FUL/comments'],
        },
      ],
    }),
    welcome('payment service', 10, {
      addresses: ['198.51.100.97', '198.51.100.98'],
      asns: [64_508],
      countries: home,
      agents: ['PaymentService/1'],
      botScore: [1, 10],
      asked: [{ weight: 1, method: 'POST', host: 'payments.borough-services.example', uris: ['/notify'] }],
    }),
    welcome('address lookup', 40, {
      countries: home,
      agents: ['BoroughForms/2.3'],
      botScore: [5, 40],
      asked: [
        {
          weight: 1,
          method: 'GET',
          host: 'api.borough-services.example',
          uris: ['/v1/addresses?postcode=ZZ{n}ZZ'],
        },
      ],
    }),
    ...uninvited('www.borough.example', { host: 'my.borough-services.example', uri: '/sign-in' }),
  ],
};
