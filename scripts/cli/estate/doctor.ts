import packageFile from '../../../package.json' with { type: 'json' };
import type { SluiceContext } from '../../contract/context.ts';
import { examineEstate } from '../../estate/repository/examine.ts';
import { writeDerived } from '../../estate/repository/files.ts';
import { renderDiagnostics } from '../../render/findings/diagnostics.ts';

export interface DoctorFlags {
  readonly fix: boolean;
}

/** `sluice doctor`: ends with invalidInput when there is an error; warnings end with ok. */
export async function doctorCommand(this: SluiceContext, { fix }: DoctorFlags): Promise<void> {
  const services = await this.services();
  const root = await services.git.root();
  if (fix) {
    for (const path of await writeDerived(services.files, root)) {
      this.print(`wrote  ${path}\n`);
    }
  }
  const findings = await examineEstate({ services, root, version: packageFile.version });
  for (const level of ['error', 'warning'] as const) {
    const own = findings.filter((finding) => finding.level === level).map(({ diagnostic }) => diagnostic);
    if (own.length > 0) {
      this.print(
        `${level === 'error' ? 'Errors' : 'Warnings'}:\n${renderDiagnostics(own, { style: this.style })}`,
      );
    }
  }
  const errors = findings.filter(({ level }) => level === 'error').length;
  this.print(
    `${errors === 0 ? 'The estate is in order' : 'The estate is not in order'}: ${String(errors)} error(s), ${String(findings.length - errors)} warning(s).\n`,
  );
  if (errors > 0) {
    this.exit('invalidInput');
  }
}
