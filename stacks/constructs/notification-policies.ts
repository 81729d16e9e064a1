import { Construct } from 'constructs';
import { NotificationPolicy } from '@cdktf/provider-cloudflare/lib/notification-policy/index.js';
import type { EstateStack } from './estate-stack.ts';

export interface Notification {
  /** Logical id. */
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly alertType:
    | 'advanced_ddos_attack_l7_alert'
    | 'clickhouse_alert_fw_anomaly'
    | 'expiring_service_token_alert'
    | 'incident_alert'
    | 'load_balancing_health_alert'
    | 'universal_ssl_event_type';
  readonly emails: readonly [string, ...string[]];
}

/** Alerts that Cloudflare sends by mail. */
export class NotificationPolicies extends Construct {
  constructor(stack: EstateStack, notifications: readonly Notification[]) {
    super(stack, 'notification-policies');
    for (const { id: name, emails, ...notification } of notifications) {
      stack.declare(
        'cloudflare_notification_policy',
        name,
        (id) =>
          new NotificationPolicy(this, id, {
            accountId: stack.accountId,
            ...notification,
            enabled: true,
            mechanisms: { email: emails.map((email) => ({ id: email })) },
          }),
      );
    }
  }
}
