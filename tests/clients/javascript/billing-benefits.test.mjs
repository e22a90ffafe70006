// Savings plans, and reservations bought under a name.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, test } from "node:test";
import { TODAY, all, deskOf, last } from "./desk.mjs";

const POLL = { updateIntervalInMs: 20 };
const desk = deskOf(import.meta.url);
let customer, owner, client;
before(async () => {
  await desk.setClock(TODAY);
  customer = await desk.customer();
  ({ owner } = customer);
  client = owner.benefits;
});

const plan = (wish = {}) => ({
  sku: { name: "Compute_Savings_Plan" },
  displayName: "computers",
  billingScopeId: `/subscriptions/${customer.subscription}`,
  term: "P1Y",
  billingPlan: "P1M",
  appliedScopeType: "Shared",
  commitment: { grain: "Hourly", currencyCode: "USD", amount: 1.5 },
  ...wish,
});

/** Buys a plan under a new name; answers the ids of its order and of itself. */
async function buy(wish, buyer = client) {
  const alias = await buyer.savingsPlanOrderAlias.beginCreateAndWait(
    `plan-${randomUUID()}`,
    plan(wish),
    POLL,
  );
  const order = last(alias.savingsPlanOrderId);
  const [held] = await all(buyer.savingsPlan.list(order));
  return { order, held: last(held.id) };
}

test("operations", async () => {
  const names = (await all(client.operations.list())).map(({ name }) => name.toLowerCase());
  assert.ok(names.includes("microsoft.billingbenefits/savingsplanorderaliases/write"));
});

test("a plan is bought under a name, once", async () => {
  const first = await client.savingsPlanOrderAlias.beginCreateAndWait("shop", plan(), POLL);
  assert.equal(first.name, "shop");
  assert.equal(first.provisioningState, "Succeeded");
  assert.deepEqual(first.commitment, { grain: "Hourly", currencyCode: "USD", amount: 1.5 });
  const again = await client.savingsPlanOrderAlias.beginCreateAndWait("shop", plan(), POLL);
  assert.equal(again.savingsPlanOrderId, first.savingsPlanOrderId);
  const found = await client.savingsPlanOrderAlias.get("shop");
  assert.equal(found.savingsPlanOrderId, first.savingsPlanOrderId);
});

test("another plan under the same name is refused", async () => {
  await client.savingsPlanOrderAlias.beginCreateAndWait("taken", plan(), POLL);
  const other = plan({ commitment: { grain: "Hourly", currencyCode: "USD", amount: 2 } });
  await assert.rejects(
    client.savingsPlanOrderAlias.beginCreateAndWait("taken", other, POLL),
    ({ statusCode }) => statusCode === 409 || statusCode === 400,
  );
});

test("an order and its plan are read and listed", async () => {
  const { order, held } = await buy({ term: "P3Y", displayName: "read" });
  const shown = await client.savingsPlanOrder.get(order, { expand: "schedule" });
  assert.equal(shown.term, "P3Y");
  assert.equal(shown.planInformation.transactions.length, 36);
  assert.ok(shown.planInformation.transactions[0].dueDate instanceof Date);
  const item = await client.savingsPlan.get(order, held);
  assert.equal(item.commitment.amount, 1.5);
  assert.equal(item.displayProvisioningState, "Succeeded");
  assert.equal(item.effectiveDateTime.toISOString().slice(0, 10), "2026-03-02");
  const orders = await all(client.savingsPlanOrder.list());
  assert.ok(orders.some(({ name }) => name === order));
  const filter = "properties/displayName eq 'read'";
  const listed = await all(client.savingsPlan.listAll({ filter, refreshSummary: "true" }));
  assert.deepEqual(listed.map(({ id }) => last(id)), [held]);
});

test("plans beyond one page are listed", async () => {
  const many = (await desk.customer()).owner;
  const wish = { billingScopeId: `/subscriptions/${many.subscription}` };
  for (let n = 0; n < 51; n += 1) await buy(wish, many.benefits);
  for (const pages of [many.benefits.savingsPlanOrder.list(), many.benefits.savingsPlan.listAll()]) {
    const rows = await all(pages);
    assert.equal(new Set(rows.map(({ id }) => id)).size, 51);
  }
});

test("a plan is renamed and renewed, and a change of nothing is refused", async () => {
  const { order, held } = await buy();
  const changed = await client.savingsPlan.update(order, held, {
    properties: { displayName: "renamed", renew: true },
  });
  assert.equal(changed.displayName, "renamed");
  assert.equal((await client.savingsPlan.get(order, held)).renew, true);
  const nowhere = { appliedScopeType: "Single", appliedScopeProperties: {} };
  await assert.rejects(
    client.savingsPlan.update(order, held, { properties: nowhere }),
    ({ statusCode }) => statusCode === 400,
  );
});

test("a change is validated before it is made", async () => {
  const { order, held } = await buy();
  const { benefits } = await client.savingsPlan.validateUpdate(order, held, {
    benefits: [{ displayName: "would do" }, { appliedScopeType: "Single" }],
  });
  assert.deepEqual(benefits.map(({ valid }) => valid), [true, false]);
  assert.ok(benefits[1].reason);
});

test("a purchase is validated before it is made", async () => {
  const { benefits } = await client.validatePurchase({
    benefits: [plan(), plan({ sku: { name: "Spaceship_Plan" } })],
  });
  assert.deepEqual(benefits.map(({ valid }) => valid), [true, false]);
  assert.ok(benefits[1].reasonCode);
});

test("the caller becomes owner of an order", async () => {
  const { order } = await buy();
  const role = await client.savingsPlanOrder.elevate(order);
  assert.match(role.scope, new RegExp(order));
  assert.ok(role.principalId);
});

test("a reservation is bought under a name", async () => {
  const wish = {
    sku: { name: "Standard_B1ls" },
    location: "westus",
    reservedResourceType: "VirtualMachines",
    billingScopeId: `/subscriptions/${customer.subscription}`,
    term: "P1Y",
    appliedScopeType: "Shared",
    quantity: 2,
    displayName: "by name",
  };
  const bought = await client.reservationOrderAlias.beginCreateAndWait("servers", wish, POLL);
  assert.equal(bought.quantity, 2);
  const found = await client.reservationOrderAlias.get("servers");
  const order = await owner.client.reservationOrder.get(last(found.reservationOrderId));
  assert.equal(order.originalQuantity, 2);
  await assert.rejects(
    client.reservationOrderAlias.beginCreateAndWait(
      "nothing",
      { ...wish, sku: { name: "Standard_Nothing" } },
      POLL,
    ),
    ({ code, message }) => /InvalidFulfillment/.test(code) && /Standard_Nothing/.test(message),
  );
});

test("what is not there, and what is not allowed, is refused", async () => {
  await assert.rejects(client.savingsPlanOrder.get(randomUUID()), ({ statusCode }) => statusCode === 404);
  await assert.rejects(client.savingsPlanOrderAlias.get("nobody"), ({ statusCode }) => statusCode === 404);
  await assert.rejects(
    client.savingsPlanOrderAlias.beginCreateAndWait("bad", plan({ commitment: undefined }), POLL),
    ({ statusCode }) => statusCode === 400,
  );
  await assert.rejects(
    customer.reader.benefits.savingsPlanOrderAlias.beginCreateAndWait("mine", plan(), POLL),
    ({ statusCode, code }) => statusCode === 403 && code === "AuthorizationFailed",
  );
  const stranger = (await desk.customer()).owner;
  const { order, held } = await buy();
  await assert.rejects(stranger.benefits.savingsPlan.get(order, held), ({ statusCode }) => statusCode === 404);
});
