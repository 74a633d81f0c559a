/* Amounts as people write them; the same rules as core/money.py. Pure. */
const SPACES = "\u0020\u00a0\u2009\u202f\t";
const MARKS = /mx\$|\$|mxn\b|\bm\.\s?n\.|pesos\b/gi;
const ENDS = new RegExp(`^[${SPACES}\r\n]+|[${SPACES}\r\n]+$`, "g");
const WHOLE = /^(?<whole>[0-9]+)$/;
const DECIMAL = /^(?<whole>[0-9]*)[.,](?<decimals>[0-9]{1,2})$/;
const GROUPED = /^(?<whole>[1-9][0-9]{0,2}(?<group>[.,' ])[0-9]{3}(?:\k<group>[0-9]{3})*)(?:(?!\k<group>)[.,](?<decimals>[0-9]{1,2})0*)?$/;
const ZEROS = /^(?<whole>[0-9]+)[.,](?<decimals>[0-9]{2})0+$/;

function withoutSign(text) {
  const amount = text.replace(MARKS, " ").replace(ENDS, "")
    .replace(new RegExp(`[${SPACES}]`, "g"), " ").replaceAll("\u2019", "'");
  if (amount.startsWith("(") && amount.endsWith(")")) return [-1, amount.slice(1, -1).trim()];
  if ("-\u2212".includes(amount.at(0) ?? "x")) return [-1, amount.slice(1).trim()];
  if ("-\u2212".includes(amount.at(-1) ?? "x")) return [-1, amount.slice(0, -1).trim()];
  return [1, amount];
}

/* Cents of an amount, or null when it is none. */
export function cents(text) {
  const [sign, amount] = withoutSign(text);
  const read = [WHOLE, DECIMAL, GROUPED, ZEROS].map((one) => one.exec(amount)).find(Boolean);
  if (!read) return null;
  const { whole, decimals = "" } = read.groups;
  return sign * (Number(whole.replace(/[^0-9]/g, "") || "0") * 100 + Number((decimals ?? "").padEnd(2, "0")));
}
