/* On the list of turns: says when they follow another order than the one chosen on this phone. The turns of
   a new order need the streets, which the office has. */
import { orderHere } from "./order_here.js";

const note = document.getElementById("changed");

if (note && await orderHere(document.body.dataset.user)) note.hidden = false;
