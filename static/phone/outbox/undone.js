/* Lines of the list whose visit was undone on this phone after the office had it. */

/* Mark the line of a stop as to be visited again. One that is not on the page, as it was done when the office made
   that, comes back to its place in `order`; `cardOf` gives the card of its page, `mark` stands for the result. */
export async function takeBack(stop, path, order, cardOf, mark) {
  const row = lineOf(stop);
  if (!row) return addRow(stop, path, order, await cardOf(), mark);
  if (!row.classList.contains("done")) return undefined;
  row.classList.remove("done");
  return row.querySelector(".result").replaceChildren(mark.cloneNode(true));
}

const lineOf = (stop) => document.querySelector(`.stops [data-stop="${stop}"]`);

function addRow(stop, path, order, card, mark) {
  const stops = document.querySelector(".stops");
  if (!stops || !card || lineOf(stop)) return;
  const row = document.getElementById("added").content.firstElementChild.cloneNode(true);
  row.dataset.stop = stop;
  row.querySelector("a").href = path;
  row.querySelector(".position").textContent = order.indexOf(stop) + 1;
  row.querySelector(".name").textContent = card.querySelector(".name").textContent.trim();
  row.querySelector(".result").replaceChildren(mark.cloneNode(true));
  const after = [...stops.children].find(({ dataset }) => order.indexOf(Number(dataset.stop)) > order.indexOf(stop));
  stops.insertBefore(row, after ?? null);
}
