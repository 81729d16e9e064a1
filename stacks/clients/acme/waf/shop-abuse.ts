/** shop.example: requests that no honest visitor makes. */
import type { WafRule } from '../../../constructs/waf-custom-rules.ts';

export const shopAbuse: readonly WafRule[] = [
  {
    ref: 'block-unused-methods',
    description: 'Methods that no application of the zone uses',
    action: 'block',
    expression: '(not http.request.method in {"GET" "HEAD" "POST" "PUT" "PATCH" "DELETE" "OPTIONS"})',
  },
  {
    ref: 'block-dotfiles',
    description: 'Searches for repositories and secrets left on a web server',
    action: 'block',
    expression:
      '(http.request.uri.path contains "/.git" or http.request.uri.path contains "/.env"' +
      ' or http.request.uri.path contains "/.svn" or http.request.uri.path contains "/.aws/")',
  },
  {
    ref: 'block-cms-probes',
    description: 'Sign-in pages of content systems that the shop does not run',
    action: 'block',
    expression:
      '(http.request.uri.path in {"/wp-login.php" "/xmlrpc.php" "/wp-admin/setup-config.php"' +
      ' "/administrator/index.php" "/user/login"} and not http.host eq "blog.shop.example")',
  },
  {
    ref: 'block-script-extensions',
    description: 'Server-side scripts in languages that the shop does not use',
    action: 'block',
    expression:
      '(http.request.uri.path.extension in {"php" "asp" "aspx" "jsp" "cgi" "pl"}' +
      ' and not http.host in {"blog.shop.example" "careers.shop.example"})',
  },
  {
    ref: 'block-scanners',
    description: 'Vulnerability scanners that name themselves',
    action: 'block',
    expression:
      '(lower(http.user_agent) contains "sqlmap" or lower(http.user_agent) contains "nikto"' +
      ' or lower(http.user_agent) contains "nuclei" or lower(http.user_agent) contains "masscan"' +
      ' or lower(http.user_agent) contains "zgrab")',
  },
  {
    ref: 'challenge-empty-agent',
    description: 'Visitors of the shop without a user agent that are not verified bots',
    action: 'managed_challenge',
    expression: '(http.host eq "www.shop.example" and http.user_agent eq "" and not cf.client.bot)',
  },
  {
    ref: 'block-path-traversal',
    description: 'Encoded and plain attempts to climb out of the web root',
    action: 'block',
    expression:
      '(raw.http.request.uri.path contains "/../" or lower(raw.http.request.uri.path) contains "%2e%2e%2f"' +
      ' or lower(raw.http.request.uri.path) contains "%252e%252e")',
  },
  {
    ref: 'block-attack-score',
    description: 'Requests that the attack score rates as almost certainly hostile',
    action: 'block',
    expression: '(cf.waf.score le 15 and not cf.client.bot)',
  },
  {
    ref: 'challenge-attack-score',
    description: 'Posted data that the attack score rates as probably hostile',
    action: 'managed_challenge',
    expression:
      '(cf.waf.score gt 15 and cf.waf.score le 30 and http.request.method eq "POST"' +
      ' and not http.host eq "webhooks.shop.example")',
  },
  {
    ref: 'block-leaked-credentials-on-admin',
    description: 'Administration sign-in with a user name and password known from a breach',
    action: 'block',
    expression:
      '(http.host eq "admin.shop.example" and cf.waf.credential_check.username_and_password_leaked)',
  },
  {
    ref: 'challenge-leaked-password-on-login',
    description: 'Customer sign-in with a password known from a breach',
    action: 'managed_challenge',
    expression:
      '(http.host eq "login.shop.example" and http.request.uri.path eq "/session"' +
      ' and http.request.method eq "POST" and cf.waf.credential_check.password_leaked)',
  },
  {
    ref: 'block-oversized-returns-photo',
    description: 'Uploads to the returns desk above 10 MiB',
    action: 'block',
    expression:
      '(http.host eq "returns.shop.example" and starts_with(http.request.uri.path, "/photos/")' +
      ' and http.request.body.size gt 10485760)',
  },
  {
    ref: 'block-unsigned-webhooks',
    description: 'Webhook calls without the signature header that all partners send',
    action: 'block',
    expression:
      '(http.host eq "webhooks.shop.example" and http.request.method eq "POST"' +
      ' and not any(lower(http.request.headers.names[*])[*] eq "x-acme-signature"))',
  },
  {
    ref: 'block-graphql-introspection',
    description: 'Schema introspection of the API from outside the offices',
    action: 'block',
    expression:
      '(http.host eq "api.shop.example" and http.request.uri.path eq "/graphql"' +
      ' and http.request.body.raw contains "__schema" and not ip.src in $acme_offices)',
  },
  {
    ref: 'challenge-gift-card-balance',
    description: 'Gift card balance enquiries without the session of the gift card page',
    action: 'managed_challenge',
    expression:
      '(http.host eq "giftcards.shop.example" and http.request.uri.path eq "/balance"' +
      ' and http.request.method eq "POST" and not any(len(http.request.cookies["gc_session"][*])[*] gt 0))',
  },
  {
    ref: 'block-malformed-order-number',
    description: 'Order pages whose number does not have the form of an order number',
    action: 'block',
    expression:
      '(http.host eq "orders.shop.example" and starts_with(http.request.uri.path, "/order/")' +
      ' and not http.request.uri.path matches "^/order/[A-Z]{2}[0-9]{8}(/[a-z-]+)?$")',
  },
  {
    ref: 'block-long-search-query',
    description: 'Search terms of a length that only injection tools send',
    action: 'block',
    expression: '(http.host eq "search.shop.example" and len(http.request.uri.query) gt 512)',
  },
];
