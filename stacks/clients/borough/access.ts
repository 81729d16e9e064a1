/** What staff reach through Access, and who they are. */
import type { AccessApplicationProps } from '../../constructs/access-application.ts';

export const siteAdministration: AccessApplicationProps = {
  id: 'admin',
  name: 'Borough site administration',
  location: 'admin',
  policies: [
    {
      id: 'admin_staff',
      name: 'Web team of the council',
      decision: 'allow',
      include: [{ email: 'web.editor@borough.example' }, { email: 'web.lead@borough.example' }],
      require: [{ country: 'GB' }],
      sessionDuration: '8h',
    },
    {
      id: 'admin_support',
      name: 'Managed service, with a reason',
      decision: 'allow',
      include: [{ email: 'ruth.okafor@sluice.example' }, { email: 'mats.lind@sluice.example' }],
      require: [{ ip: '198.51.100.64/28' }],
      sessionDuration: '2h',
      justification: true,
    },
  ],
};

export const caseManagement: AccessApplicationProps = {
  id: 'caseworker',
  name: 'Borough case management',
  location: 'caseworker',
  sessionDuration: '8h',
  policies: [
    {
      id: 'caseworker_staff',
      name: 'Case workers on the council network',
      decision: 'allow',
      include: [{ emailDomain: 'borough.example' }],
      require: [{ ip: '192.0.2.192/27' }, { country: 'GB' }],
      sessionDuration: '8h',
    },
  ],
};
