/* Words that no message and no note may say, from the day package. Pure; the server has the same rule
   in compliance/rules/duties.py, `tests/javascript/words.test.js` reads its cases. */

const MARKS = /\p{M}/gu;
const BETWEEN = /[^\p{L}\p{N}]+/gu;

/* Words alone, small and without accents, one space between them. */
export const plain = (text) =>
  text.toLowerCase().normalize("NFKD").replace(MARKS, "").replace(BETWEEN, " ").trim();

/* `forbidden` are [{term, article, pattern}] of a day; returns those that a text says, never inside other
   words. Of a threat `pattern` finds every form: the office writes it (compliance/rules/threats.py). */
export function wordsIn(text, forbidden) {
  const said = plain(text);
  return forbidden.filter(({ term, pattern }) =>
    (pattern ? new RegExp(pattern).test(said) : ` ${said} `.includes(` ${plain(term)} `)));
}
