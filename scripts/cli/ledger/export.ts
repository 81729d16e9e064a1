import type { SluiceContext } from '../../contract/context.ts';
import { exportEvidence } from '../../release/evidence/export-evidence.ts';
import { printedJson } from '../../render/text/printed-json.ts';
import { escapeTerminalLine } from '../../render/text/escape.ts';

export interface LedgerExportFlags {
  readonly out?: string;
  readonly format: 'text' | 'json';
}

/** `sluice ledger export`: the evidence of one change or release as a folder with a page. */
export async function ledgerExport(
  this: SluiceContext,
  flags: LedgerExportFlags,
  subject: string,
): Promise<void> {
  const services = await this.services();
  const { folder, files, digest } = await exportEvidence(
    services,
    subject,
    flags.out ?? `.sluice/evidence/${subject}`,
  );
  this.print(
    flags.format === 'json'
      ? printedJson({ kind: 'sluice.evidence-pack', version: 1, folder, files, digest })
      : escapeTerminalLine(`${folder}/index.html: ${String(files)} files, SHA256SUMS has ${digest}`) + '\n',
  );
}
