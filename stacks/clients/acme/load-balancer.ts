/** www.shop.example: London first, Frankfurt when London is down. */
import type { LoadBalancerProps } from '../../constructs/load-balancer.ts';

export const shopLoadBalancer: LoadBalancerProps = {
  id: 'www_lb',
  name: 'www',
  description: 'Shop front, London with Frankfurt as the fallback',
  steering: 'off',
  affinity: 'cookie',
  pools: [
    {
      id: 'pool_london',
      description: 'London data centre',
      minimumOrigins: 2,
      origins: [
        { name: 'lon-web-1', address: '203.0.113.11', weight: 1 },
        { name: 'lon-web-2', address: '203.0.113.12', weight: 1 },
        { name: 'lon-web-3', address: '203.0.113.13', weight: 0.5 },
      ],
      monitor: { id: 'monitor_london', host: 'www.shop.example', path: '/healthz', expectedBody: 'ok' },
    },
    {
      id: 'pool_frankfurt',
      description: 'Frankfurt data centre',
      origins: [
        { name: 'fra-web-1', address: '203.0.113.14' },
        { name: 'fra-web-2', address: '203.0.113.15' },
      ],
      monitor: { id: 'monitor_frankfurt', host: 'www.shop.example', path: '/healthz', expectedBody: 'ok' },
    },
  ],
};
