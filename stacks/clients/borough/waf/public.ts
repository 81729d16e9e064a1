/** borough.example: the council's public site. */
import type { WafRule } from '../../../constructs/waf-custom-rules.ts';

export const publicWaf: readonly WafRule[] = [
  {
    ref: 'block-admin-outside-council',
    description: 'Site administration is for the council network only, before Access asks who it is',
    action: 'block',
    expression: '(http.host eq "admin.borough.example" and not ip.src in $borough_council_networks)',
  },
  {
    ref: 'block-dotfiles',
    description: 'Searches for repositories and secrets left on a web server',
    action: 'block',
    expression:
      '(http.request.uri.path contains "/.git" or http.request.uri.path contains "/.env"' +
      ' or http.request.uri.path contains "/.svn")',
  },
  {
    ref: 'block-unused-methods',
    description: 'Methods that the site does not use',
    action: 'block',
    expression: '(not http.request.method in {"GET" "HEAD" "POST" "OPTIONS"})',
  },
  {
    ref: 'block-xmlrpc',
    description: 'Remote publishing interface of the content system, switched off at the origin too',
    action: 'block',
    expression: '(http.request.uri.path in {"/xmlrpc.php" "/wp-json/wp/v2/users"})',
  },
  {
    ref: 'challenge-attack-class',
    description: 'Requests that the attack score calls an attack or likely one',
    action: 'managed_challenge',
    expression: '(cf.waf.score.class in {"attack" "likely_attack"} and not cf.client.bot)',
  },
  {
    ref: 'challenge-elections-anonymisers',
    description: 'Election pages through anonymising proxies',
    action: 'managed_challenge',
    expression: '(http.host eq "elections.borough.example" and ip.src in $cf.anonymizer)',
  },
];
