/** What follows from the country of a client. Continents by ISO 3166 code as GeoNames has them (country info, as of 2026-11). */
import type { RecordedRequest } from '../evaluate/request.ts';

const codes: Readonly<Record<string, string>> = {
  AF: 'AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EG EH ER ET GA GH GM GN GQ GW KE KM LR LS LY MA MG ML MR MU MW MZ NA NE NG RE RW SC SD SH SL SN SO SS ST SZ TD TG TN TZ UG YT ZA ZM ZW',
  AN: 'AQ BV GS HM TF',
  AS: 'AE AF AM AZ BD BH BN BT CC CN GE HK ID IL IN IO IQ IR JO JP KG KH KP KR KW KZ LA LB LK MM MN MO MV MY NP OM PH PK PS QA SA SG SY TH TJ TM TR TW UZ VN YE',
  EU: 'AD AL AT AX BA BE BG BY CH CY CZ DE DK EE ES FI FO FR GB GG GI GR HR HU IE IM IS IT JE LI LT LU LV MC MD ME MK MT NL NO PL PT RO RS RU SE SI SJ SK SM UA VA XK',
  NA: 'AG AI AW BB BL BM BQ BS BZ CA CR CU CW DM DO GD GL GP GT HN HT JM KN KY LC MF MQ MS MX NI PA PM PR SV SX TC TT US VC VG VI',
  OC: 'AS AU CK CX FJ FM GU KI MH MP NC NF NR NU NZ PF PG PN PW SB TK TL TO TV UM VU WF WS',
  SA: 'AR BO BR CL CO EC FK GF GY PE PY SR UY VE',
};

const continents: ReadonlyMap<string, string> = new Map(
  Object.entries(codes).flatMap(([continent, countries]) =>
    countries.split(' ').map((country): [string, string] => [country, continent]),
  ),
);

/** `EU`, `AS` and so on; null for a code that is not a country, such as `T1` and `XX`. */
function continentOf(country: string): string | null {
  return continents.get(country) ?? null;
}

/** Countries whose ISO 3166 codes Cloudflare counts to the European Union. */
const europeanUnion: ReadonlySet<string> = new Set(
  'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK'.split(' '),
);

/** The fields that a country in capitals settles. */
export function countryFields(country: string): RecordedRequest['fields'] {
  const continent = continentOf(country);
  return {
    'ip.src.country': country,
    'ip.src.is_in_european_union': europeanUnion.has(country),
    ...(continent === null ? {} : { 'ip.src.continent': continent }),
  };
}
