/** A proxied load balancer with its pools; every pool is watched by a monitor over HTTPS. */
import { Construct } from 'constructs';
import { LoadBalancer as CloudflareLoadBalancer } from '@cdktf/provider-cloudflare/lib/load-balancer/index.js';
import { LoadBalancerMonitor } from '@cdktf/provider-cloudflare/lib/load-balancer-monitor/index.js';
import { LoadBalancerPool } from '@cdktf/provider-cloudflare/lib/load-balancer-pool/index.js';
import { EstateError } from './checks/estate-error.ts';
import type { Zone } from './zone.ts';

export interface Origin {
  readonly name: string;
  readonly address: string;
  /** 0 to 1; default 1. */
  readonly weight?: number;
  /** Default true. */
  readonly enabled?: boolean;
}

export interface Pool {
  /** Logical id inside the zone, for example `pool_london`. */
  readonly id: string;
  readonly description: string;
  readonly origins: readonly Origin[];
  /** How many origins must be healthy; default 1. */
  readonly minimumOrigins?: number;
  /** Health check regions, Cloudflare's codes; default Western and Eastern Europe. */
  readonly checkRegions?: readonly string[];
  readonly monitor: Monitor;
}

export interface Monitor {
  /** Logical id inside the zone, for example `monitor_london`. */
  readonly id: string;
  readonly path: string;
  /** Host header of the check. */
  readonly host: string;
  /** Status codes that count as healthy; default 200. */
  readonly expectedCodes?: string;
  readonly expectedBody?: string;
  readonly intervalSeconds?: number;
}

export interface LoadBalancerProps {
  /** Logical id inside the zone. */
  readonly id: string;
  /** Host name, relative to the zone. */
  readonly name: string;
  readonly description: string;
  /** In order of preference; the last one takes the traffic when all are down. */
  readonly pools: readonly [Pool, ...Pool[]];
  readonly steering:
    | 'off'
    | 'geo'
    | 'random'
    | 'dynamic_latency'
    | 'proximity'
    | 'least_outstanding_requests';
  /** Keeps a visitor on one origin. Default cookie. */
  readonly affinity?: 'none' | 'cookie' | 'ip_cookie';
}

export class LoadBalancer extends Construct {
  constructor(zone: Zone, props: LoadBalancerProps) {
    super(zone, `load-balancer-${props.id}`);
    const pools = props.pools.map((pool) => this.declarePool(zone, pool).id);
    zone.stack.declare(
      'cloudflare_load_balancer',
      zone.scoped(props.id),
      (id) =>
        new CloudflareLoadBalancer(this, id, {
          zoneId: zone.zoneId,
          name: zone.hostname(props.name),
          description: props.description,
          proxied: true,
          enabled: true,
          defaultPools: pools,
          fallbackPool: pools.at(-1) ?? '',
          steeringPolicy: props.steering,
          sessionAffinity: props.affinity ?? 'cookie',
          ...(props.affinity !== 'none' && {
            sessionAffinityTtl: 1800,
            sessionAffinityAttributes: {
              samesite: 'Lax',
              secure: 'Always',
              zeroDowntimeFailover: 'temporary',
            },
          }),
        }),
    );
  }

  private declarePool(zone: Zone, pool: Pool): LoadBalancerPool {
    const name = zone.scoped(pool.id);
    const place = zone.stack.place('cloudflare_load_balancer_pool', name);
    checkOrigins(place, pool);
    const monitor = this.declareMonitor(zone, pool.monitor);
    return zone.stack.declare(
      'cloudflare_load_balancer_pool',
      name,
      (id) =>
        new LoadBalancerPool(this, id, {
          accountId: zone.stack.accountId,
          name: name.replaceAll('_', '-'),
          description: pool.description,
          enabled: true,
          minimumOrigins: pool.minimumOrigins ?? 1,
          checkRegions: [...(pool.checkRegions ?? ['WEU', 'EEU'])],
          monitor: monitor.id,
          origins: pool.origins.map(({ name: origin, address, weight = 1, enabled = true }) => ({
            name: origin,
            address,
            enabled,
            weight,
            header: { host: [pool.monitor.host] },
          })),
        }),
    );
  }

  private declareMonitor(zone: Zone, monitor: Monitor): LoadBalancerMonitor {
    return zone.stack.declare(
      'cloudflare_load_balancer_monitor',
      zone.scoped(monitor.id),
      (id) =>
        new LoadBalancerMonitor(this, id, {
          accountId: zone.stack.accountId,
          description: `Health of ${monitor.host}${monitor.path}`,
          type: 'https',
          method: 'GET',
          path: monitor.path,
          port: 443,
          header: { Host: [monitor.host] },
          expectedCodes: monitor.expectedCodes ?? '200',
          ...(monitor.expectedBody !== undefined && { expectedBody: monitor.expectedBody }),
          interval: monitor.intervalSeconds ?? 60,
          timeout: 5,
          retries: 2,
          followRedirects: false,
          allowInsecure: false,
        }),
    );
  }
}

function checkOrigins(place: string, { origins }: Pool): void {
  const names = new Set(origins.map((origin) => origin.name));
  if (origins.length === 0 || names.size !== origins.length) {
    throw new EstateError(
      place,
      'the pool has no origins, or two of the same name',
      'Name every origin once',
    );
  }
  const badWeight = origins.find(({ weight = 1 }) => weight < 0 || weight > 1);
  if (badWeight !== undefined) {
    throw new EstateError(place, `origin ${badWeight.name} has weight ${badWeight.weight}`, 'Use 0 to 1');
  }
}
