/** What stands where a secret was taken out of recorded traffic. A field in which it stands is unknown. */
export const scrubMark = '~scrubbed~';
