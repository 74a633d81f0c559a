import assert from "node:assert/strict";
import test from "node:test";
import { dayAt, findClient, judge, lawOver, limitsLeft, wordsFor } from "../../static/phone/law/judge.js";

const TEXTS = [
  { rule: "hours", article: "art. 5", sentence: "A esa hora no se permite contactar (art. 5)" },
  { rule: "house.cap", article: "", sentence: "Ya se le buscó 3 veces en 7 días" },
];
const client = (more) => ({
  client: 7, windows: [[700, 2200]], closed: [[0, 699, [0]], [2201, 2399, [0]]], service_s: 48,
  contacts_left: [{ counts: "attempts", left: 1, text: 1 }], promise: null, ...more,
});

const TRIED = { channel: "visit", isContact: false };
const REACHED = { channel: "call", isContact: true };

test("inside its hours nothing is said", () => {
  const told = judge(client(), TEXTS, 1000);

  assert.deepEqual([told.isOpen, told.reasons, told.closesAt], [true, [], null]);
});

test("both ends of the hours belong to them", () => {
  assert.deepEqual([699, 700, 2200, 2201].map((at) => judge(client(), TEXTS, at).isOpen), [false, true, true, false]);
});

test("before them it says why, and when they begin; afterwards that they do not any more", () => {
  const before = judge(client(), TEXTS, 100);

  assert.deepEqual(before.reasons, [TEXTS[0]]);
  assert.equal(before.opensAt, 700);
  assert.equal(judge(client(), TEXTS, 2300).opensAt, null);
});

test("a visit that would last beyond the hours is told so", () => {
  assert.equal(judge(client(), TEXTS, 2160).closesAt, 2200);
  assert.equal(judge(client(), TEXTS, 2150).closesAt, null);
});

test("what was done on this phone since counts", () => {
  const once = judge(client(), TEXTS, 1000, [TRIED]);

  assert.deepEqual([once.isOpen, once.reasons, once.opensAt], [false, [TEXTS[1]], null]);
  assert.equal(judge(client({ contacts_left: [{ counts: "contacts", left: 1, text: 1 }] }), TEXTS, 1000, [TRIED]).isOpen, true);
});

test("two reasons of one rule are said once", () => {
  const closed = client({ windows: [], closed: [[0, 2399, [1]]], contacts_left: [{ counts: "attempts", left: 0, text: 1 }] });

  assert.deepEqual(judge(closed, TEXTS, 1000, [TRIED]).reasons, [TEXTS[1]]);
});

test("a client is found on the route first, then beside it", () => {
  const days = [{ stops: [{ client: 1 }], extras: [{ client: 2 }] }, { stops: [{ client: 2, id: 9 }], extras: [] }];

  assert.equal(findClient({ days }, 2).client.id, 9);
  assert.equal(findClient({ days }, 3), null);
});

test("a moment belongs to one day of the package, or to none", () => {
  const days = [{ from: 0, until: 2400 }, { from: 2400, until: 4800 }];

  assert.equal(dayAt({ days }, 2400), days[1]);
  assert.equal(dayAt({ days }, 4800), null);
});

test("a channel has a law of its own, or that of another", () => {
  const own = { windows: [[0, 2399]], closed: [], contacts_left: [] };
  const one = client({ remote: { call: "visit", letter: own, sms: "letter" } });

  assert.deepEqual(["visit", "call", "letter", "sms"].map((name) => lawOver(one, name) === own), [false, false, true, true]);
  assert.equal(judge(one, TEXTS, 100, [], "call").isOpen, false);
  assert.equal(judge(one, TEXTS, 100, [], "sms").isOpen, true);
});

test("a limit counts what goes over its channels, and contacts alone when it says so", () => {
  const limit = (counts, channels) => ({ contacts_left: [{ counts, channels, most: 3, left: 2, text: 1 }] });
  const left = (law) => limitsLeft(law, [TRIED, REACHED])[0].left;

  assert.equal(left(limit("attempts", ["visit", "call"])), 0);
  assert.equal(left(limit("contacts", ["visit", "call"])), 1);
  assert.equal(left(limit("attempts", ["visit"])), 1);
  assert.equal(left(limit("contacts", ["visit"])), 2);
});

test("a limit that the phone has not touched is the office's to tell", () => {
  const told = judge(client({ contacts_left: [{ counts: "attempts", left: 0, text: 1 }] }), TEXTS, 1000);

  assert.deepEqual([told.isOpen, told.limits[0].left], [true, 0]);
});

test("nobody says what the day forbids, nor what those forbid to whom the client owes", () => {
  const day = { words: [{ term: "embargo" }] };
  const terms = (one) => wordsFor(day, one).map(({ term }) => term);

  assert.deepEqual(terms(client({ creditors: { words: [{ term: "citatorio" }] } })), ["embargo", "citatorio"]);
  assert.deepEqual(terms(client({ creditors: null })), ["embargo"]);
  assert.deepEqual(terms(client({})), ["embargo"]); // of a package of before
  assert.deepEqual(terms(undefined), ["embargo"]);
});
