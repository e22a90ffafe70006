// Buying, and reading what was bought.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, describe, test } from "node:test";
import { TODAY, all, deskOf, last, orderPath, refused } from "./desk.mjs";

const desk = deskOf(import.meta.url);
let customer, owner;
before(async () => {
  await desk.setClock(TODAY);
  customer = await desk.customer();
  ({ owner } = customer);
});

describe("reservationOrder.calculate", () => {
  test("prices a purchase", async () => {
    const { properties } = await owner.client.reservationOrder.calculate(
      owner.request({ sku: "standard_b1LS", quantity: 3 }),
    );
    assert.deepEqual(properties.billingCurrencyTotal, { currencyCode: "USD", amount: 96 });
    assert.equal(properties.skuTitle, "Reserved VM Instance, Standard_B1ls, US West, 1 Year");
    assert.match(properties.reservationOrderId, /^[0-9a-f-]{36}$/);
  });

  test("shows the payments of a monthly plan as dates and numbers", async () => {
    const { properties } = await owner.client.reservationOrder.calculate(
      owner.request({ billingPlan: "Monthly", quantity: 2 }),
    );
    assert.equal(properties.billingCurrencyTotal.amount, 63.84);
    assert.equal(properties.paymentSchedule.length, 12);
    const [first, second] = properties.paymentSchedule;
    assert.equal(new Date(first.dueDate).toISOString().slice(0, 10), "2026-03-02");
    assert.equal(new Date(second.dueDate).toISOString().slice(0, 10), "2026-04-02");
    assert.equal(second.pricingCurrencyTotal.amount, 5.32);
  });

  test("refuses what is not sold", async () => {
    const error = await refused(
      owner.client.reservationOrder.calculate(owner.request({ sku: "Standard_Nothing" })),
      400,
      "InvalidFulfillmentRequestParameters",
    );
    assert.match(error.message, /Standard_Nothing/);
  });

  test("refuses whoever may only read", async () => {
    const { reader } = customer;
    await refused(
      reader.client.reservationOrder.calculate(reader.request()),
      403,
      "AuthorizationFailed",
    );
  });
});

describe("reservationOrder.purchase", () => {
  test("buys, and ends at the order", async () => {
    const request = owner.request({ quantity: 3, renew: true, displayName: "Büro 東京" });
    const quote = await owner.client.reservationOrder.calculate(request);
    const id = quote.properties.reservationOrderId;
    const order = await owner.client.reservationOrder.purchase(id, request, {
      updateIntervalInMs: 20,
    });
    assert.equal(order.name, id);
    assert.equal(order.id.toLowerCase(), orderPath(id).toLowerCase());
    assert.equal(order.originalQuantity, 3);
    assert.ok(order.requestDateTime instanceof Date);

    const item = await owner.client.reservation.get(id, last(order.reservations[0].id));
    assert.equal(item.sku.name, "Standard_B1ls");
    assert.equal(item.location, "westus");
    assert.equal(item.etag, 1 * item.etag, "a number");
    const { properties } = item;
    assert.equal(properties.displayName, "Büro 東京");
    assert.equal(properties.quantity, 3);
    assert.equal(properties.renew, true);
    assert.equal(properties.provisioningState, "Succeeded");
    assert.equal(properties.billingScopeId, `/subscriptions/${customer.subscription}`);
  });

  test("again is the same purchase", async () => {
    const request = owner.request();
    const quote = await owner.client.reservationOrder.calculate(request);
    const id = quote.properties.reservationOrderId;
    const before = (await all(owner.client.reservationOrder.list())).length;
    const orders = [];
    for (let n = 0; n < 2; n += 1) {
      orders.push(await owner.client.reservationOrder.beginPurchaseAndWait(id, request));
    }
    assert.deepEqual(orders[0], orders[1]);
    assert.equal((await all(owner.client.reservationOrder.list())).length, before + 1);
  });

  test("without a quote is refused", async () => {
    const poller = owner.client.reservationOrder.purchase(randomUUID(), owner.request());
    await refused(poller, 400, "BadRequest");
  });

  test("names every fault of a request", async () => {
    const request = owner.request({ quantity: 0, term: "P9Y" });
    const error = await refused(
      owner.client.reservationOrder.calculate(request),
      400,
      "BadRequest",
    );
    assert.match(error.message, /quantity|term/);
  });
});

describe("reservationOrder.get", () => {
  test("shows the payments when asked to", async () => {
    const { order } = await owner.buy({ billingPlan: "Monthly", quantity: 2 });
    const plain = await owner.client.reservationOrder.get(order);
    assert.equal(plain.planInformation, undefined);
    const shown = await owner.client.reservationOrder.get(order, { expand: "schedule" });
    const { transactions, pricingCurrencyTotal } = shown.planInformation;
    assert.equal(transactions.length, 12);
    assert.equal(transactions[0].status, "Succeeded");
    assert.equal(transactions[1].status, "Scheduled");
    assert.equal(pricingCurrencyTotal.amount, 63.84);
  });

  test("shows nobody's order to anybody else", async () => {
    const { order, reservation } = await owner.buy();
    const stranger = (await desk.customer()).owner;
    for (const deed of [
      () => stranger.client.reservationOrder.get(order),
      () => stranger.client.reservation.get(order, reservation),
      () => all(stranger.client.reservation.list(order)),
    ]) {
      await refused(deed(), 404, "ReservationOrderNotFound");
    }
  });
});
