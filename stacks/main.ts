/** The program that `cdktf.json` names. */
import settings from '../cdktf.json' with { type: 'json' };
import { writeEstate } from './constructs/estate-program.ts';
import { estate } from './estate.ts';

writeEstate(settings, estate);
