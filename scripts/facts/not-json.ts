/** What people name in place of JSON: HCL, which only Terraform reads, and the plan file that `terraform plan -out` writes. */
import { InputError } from '../contract/errors.ts';

const hclName = /\.(?:tf|tofu|hcl|tfvars)$/;
/** A block or an assignment of a Terraform file, after blanks and comments. */
const hclStart =
  /^(?:\s|#[^\n]*\n|\/\/[^\n]*\n|\/\*[\s\S]*?\*\/)*(?:check|data|ephemeral|import|locals|module|moved|output|provider|removed|resource|terraform|variable)\b[^\n{]*\{/;
/** Enough of a text to find its first block behind a comment. */
const looked = 10_000;

/** Throws InputError, with what to run instead, for a text or a file name of HCL. */
export function refuseHcl(path: string, text: string): void {
  if (!hclName.test(path) && !hclStart.test(text.slice(0, looked))) {
    return;
  }
  throw new InputError({
    what: `${path} is HCL, which Sluice does not read.`,
    why: 'Only Terraform or OpenTofu can say what variables, functions and modules in it come to.',
    fix: 'Write the plan as JSON and give that: `terraform plan -out=plan.tfplan`, then the command below. With OpenTofu it is `tofu` in place of `terraform`.',
    next: 'terraform show -json plan.tfplan > plan.json && sluice check --terraform-plan plan.json',
  });
}

/** The refusal of a file that does not read and whose name is none of JSON: most likely the plan file itself. */
export function withoutContent(path: string, { parts }: InputError): InputError {
  return new InputError({
    ...parts,
    fix: 'A plan file of Terraform or OpenTofu is binary. Let the tool write it as JSON.',
    next: `terraform show -json ${path} > plan.json && sluice check --terraform-plan plan.json`,
  });
}
