// Returning reservations for money.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, test } from "node:test";
import { TODAY, deskOf, refused } from "./desk.mjs";

const desk = deskOf(import.meta.url);
// One unit costs 49,000: two of them pass the cap of 50,000 together.
const LARGE = {
  resourceType: "VirtualMachines",
  sku: "Standard_Large",
  location: "westus",
  term: "P1Y",
  currency: "USD",
  unitTotal: "49000",
  since: "2019-01-01",
};
let owner;
before(async () => {
  await desk.setClock(TODAY);
  ({ owner } = await desk.customer({ prices: [LARGE] }));
});

test("part of a reservation is returned, and the rest lives on", async () => {
  const bought = await owner.buy({ quantity: 5 });
  const worth = await owner.worth(bought, 2);
  assert.equal(worth.billingRefundAmount.amount, 64);
  assert.equal(worth.billingInformation.billingCurrencyTotalPaidAmount.amount, 160);
  assert.equal(worth.policyResult.properties.maxRefundLimit.amount, 50000);
  assert.deepEqual(worth.policyResult.properties.policyErrors ?? [], []);

  const order = await owner.giveBack(bought, 2, worth.sessionId);
  assert.equal(order.name, bought.order, "what the client gets in the end is the order");
  const items = await owner.items(bought.order);
  const states = items.map((item) => [item.properties.provisioningState, item.properties.quantity]);
  assert.deepEqual(states.sort(), [["Cancelled", 5], ["Succeeded", 3]]);
});

test("a return asked for again is paid once", async () => {
  const bought = await owner.buy({ quantity: 2 });
  const { sessionId } = await owner.worth(bought, 1);
  const first = await owner.giveBack(bought, 1, sessionId);
  const again = await owner.giveBack(bought, 1, sessionId);
  assert.deepEqual(again, first);
  assert.equal((await owner.items(bought.order)).length, 2);
});

test("more than is held is refused", async () => {
  const bought = await owner.buy();
  await refused(owner.worth(bought, 2), 400, "InvalidRefundQuantity");
});

test("a session that nobody opened is refused", async () => {
  const bought = await owner.buy();
  await refused(owner.giveBack(bought, 1, randomUUID()), 400, "BadRequest");
});

test("what passes the cap is priced with the reason, and refused", async () => {
  const spender = (await desk.customer()).owner;
  const first = await spender.buy({ sku: "Standard_Large" });
  await spender.giveBack(first, 1, (await spender.worth(first)).sessionId);
  const second = await spender.buy({ sku: "Standard_Large" });
  const worth = await spender.worth(second);
  const { policyErrors, consumedRefundsTotal } = worth.policyResult.properties;
  assert.deepEqual(policyErrors.map(({ code }) => code), ["RefundLimitExceeded"]);
  assert.equal(consumedRefundsTotal.amount, 49000);
  await refused(spender.giveBack(second, 1, worth.sessionId), 400, "RefundLimitExceeded");
});
