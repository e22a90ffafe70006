// Everything that is listed, page by page.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { TODAY, all, deskOf, refused } from "./desk.mjs";

const PAGE = 50;
const desk = deskOf(import.meta.url);
let owner;
before(async () => {
  await desk.setClock(TODAY);
  ({ owner } = await desk.customer());
});

async function pagesOf(pages) {
  const found = [];
  for await (const page of pages.byPage()) found.push(page);
  return found;
}

test("operations", async () => {
  const names = (await all(owner.client.operation.list())).map(({ name }) => name.toLowerCase());
  assert.ok(names.includes("microsoft.capacity/reservationorders/return/action"));
  assert.equal(new Set(names).size, names.length);
});

test("the catalog, over all its pages", async () => {
  const { subscription } = owner;
  const wish = { reservedResourceType: "VirtualMachines" };
  const pages = await pagesOf(owner.client.getCatalog(subscription, wish));
  assert.ok(pages.length > 1);
  assert.ok(pages.slice(0, -1).every((page) => page.length === PAGE));
  const rows = pages.flat();
  const ids = rows.map((row) => `${row.name} ${row.locations}`);
  assert.equal(new Set(ids).size, ids.length, "a row is listed twice");
  const row = rows.find(({ name, locations }) => name === "Standard_B1ls" && locations.includes("westus"));
  assert.deepEqual(row.msrp.p1Y, { currencyCode: "USD", amount: 32 });
  assert.ok(row.billingPlans.p1Y.includes("Monthly"));
});

test("a filter of the catalog that cannot be read is refused", async () => {
  await refused(
    all(owner.client.getCatalog(owner.subscription, { reservedResourceType: "Spaceships" })),
    400,
    "BadRequest",
  );
});

test("orders and reservations beyond one page", async () => {
  const many = (await desk.customer()).owner;
  const count = PAGE + 3;
  for (let n = 0; n < count; n += 1) await many.buy({ quantity: 1 + (n % 2) });
  const orders = await pagesOf(many.client.reservationOrder.list());
  assert.deepEqual(orders.map((page) => page.length), [PAGE, count - PAGE]);
  assert.equal(new Set(orders.flat().map(({ name }) => name)).size, count);
  const held = await pagesOf(many.client.reservation.listAll({ orderby: "properties/quantity" }));
  assert.deepEqual(held.map((page) => page.length), [PAGE, count - PAGE]);
  const quantities = held.flat().map(({ properties }) => properties.quantity);
  assert.deepEqual(quantities, [...quantities].sort());
  const twos = await all(many.client.reservation.listAll({ filter: "properties/quantity eq 2" }));
  assert.equal(twos.length, Math.floor(count / 2));
  const none = await all(many.client.reservation.listAll({ selectedState: "Cancelled" }));
  assert.deepEqual(none, []);
});

test("a filter of reservations that cannot be read is refused", async () => {
  await refused(
    all(owner.client.reservation.listAll({ filter: "properties/quantity gt 3" })),
    400,
    "BadRequest",
  );
});
