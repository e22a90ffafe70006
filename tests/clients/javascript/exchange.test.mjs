// Exchanging reservations: both calls are polled.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, test } from "node:test";
import { TODAY, all, deskOf, last, refused } from "./desk.mjs";

const desk = deskOf(import.meta.url);
let owner;
before(async () => {
  await desk.setClock(TODAY);
  ({ owner } = await desk.customer());
});

test("a reservation is exchanged for a larger size", async () => {
  const bought = await owner.buy({ quantity: 3 });
  const quote = await owner.exchangeQuote(
    [{ ...bought, quantity: 3 }],
    [{ sku: "Standard_B2s" }],
  );
  assert.equal(quote.status, "Succeeded");
  const { properties } = quote;
  assert.deepEqual(
    [properties.refundsTotal, properties.purchasesTotal, properties.netPayable].map((m) => m.amount),
    [96, 256, 160],
  );
  assert.deepEqual(properties.policyResult?.policyErrors ?? [], []);
  const [wanted] = properties.reservationsToPurchase;
  assert.equal(wanted.properties.sku.name, "Standard_B2s");

  const done = await owner.exchange(properties.sessionId);
  assert.equal(done.status, "Succeeded");
  assert.equal(last(done.id), properties.sessionId);
  const [made] = done.properties.reservationsToPurchase;
  const item = await owner.client.reservation.get(
    last(made.reservationOrderId),
    last(made.reservationId),
  );
  assert.equal(item.sku.name, "Standard_B2s");
  const old = await owner.client.reservation.get(bought.order, bought.reservation);
  assert.equal(old.properties.provisioningState, "Cancelled");
});

test("the same exchange again charges once", async () => {
  const member = (await desk.customer()).owner;
  const bought = await member.buy({ quantity: 2 });
  const { properties } = await member.exchangeQuote([bought], [{ sku: "Standard_B2s" }]);
  const first = await member.exchange(properties.sessionId);
  const again = await member.exchange(properties.sessionId);
  assert.deepEqual(again, first);
  assert.equal((await all(member.client.reservationOrder.list())).length, 2);
});

test("too little is priced with the reason, and refused", async () => {
  const bought = await owner.buy({ sku: "Standard_B2s" });
  const { status, properties } = await owner.exchangeQuote([bought], [{ sku: "Standard_B1ls" }]);
  assert.equal(status, "Succeeded", "a quote that breaks a policy is still an answer");
  const [error] = properties.policyResult.policyErrors;
  assert.match(error.message, /224\.00 USD/);
  await assert.rejects(owner.exchange(properties.sessionId), (failed) => {
    assert.ok(failed.message.includes(error.code), failed.message);
    assert.ok(failed.message.includes(error.message), failed.message);
    return true;
  });
  const item = await owner.client.reservation.get(bought.order, bought.reservation);
  assert.equal(item.properties.provisioningState, "Succeeded");
});

test("an unknown order and an unknown session are refused", async () => {
  const nothing = { order: randomUUID(), reservation: randomUUID() };
  await refused(
    owner.exchangeQuote([nothing], [{ sku: "Standard_B2s" }]),
    404,
    "ReservationOrderNotFound",
  );
  await refused(owner.exchange(randomUUID()), 400, "BadRequest");
});
