export type Seat =
  | 'engineer'
  | 'change-manager'
  | 'cab'
  | 'ecab'
  | 'security'
  | 'service-delivery'
  | 'client-approver'
  | 'process-owner';
