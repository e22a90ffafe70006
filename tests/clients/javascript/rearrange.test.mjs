// Splitting, merging, changing, archiving and moving reservations: no money moves.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, test } from "node:test";
import { TODAY, all, deskOf, itemPath, last, refused } from "./desk.mjs";

const POLL = { updateIntervalInMs: 20 };
const desk = deskOf(import.meta.url);
let customer, owner, client;
before(async () => {
  await desk.setClock(TODAY);
  customer = await desk.customer();
  ({ owner } = customer);
  ({ client } = owner);
});

const live = (rows) => rows.filter(({ properties }) => properties.provisioningState === "Succeeded");

async function split({ order, reservation }, quantities) {
  return client.reservation.split(
    order,
    { quantities, reservationId: itemPath(order, reservation) },
    POLL,
  );
}

test("a reservation is split and merged again", async () => {
  const bought = await owner.buy({ quantity: 5 });
  const parts = live(await split(bought, [2, 3]));
  assert.deepEqual(parts.map(({ properties }) => properties.quantity).sort(), [2, 3]);
  const old = await client.reservation.get(bought.order, bought.reservation);
  assert.equal(old.properties.provisioningState, "Cancelled");
  assert.equal(old.properties.extendedStatusInfo.statusCode, "Split");

  const sources = parts.map(({ id }) => itemPath(bought.order, last(id)));
  const [whole] = live(await client.reservation.merge(bought.order, { sources }, POLL));
  assert.equal(whole.properties.quantity, 5);
  assert.equal(whole.properties.mergeProperties.mergeSources.length, 2);
});

test("quantities that do not sum are refused", async () => {
  const bought = await owner.buy({ quantity: 5 });
  await refused(split(bought, [2, 2]), 400, "BadRequest");
  const other = await owner.buy();
  const sources = [bought, other].map(({ order, reservation }) => itemPath(order, reservation));
  await refused(
    client.reservation.merge(bought.order, { sources }, POLL),
    400,
    "ReservationIdNotInReservationOrder",
  );
});

test("a reservation is renamed and applied elsewhere", async () => {
  const { order, reservation } = await owner.buy();
  const changed = await client.reservation.update(
    order,
    reservation,
    {
      name: "renamed",
      instanceFlexibility: "Off",
      appliedScopeType: "Single",
      appliedScopes: [`/subscriptions/${customer.subscription}`],
    },
    POLL,
  );
  assert.equal(changed.properties.displayName, "renamed");
  const shown = await client.reservation.get(order, reservation);
  assert.equal(shown.properties.instanceFlexibility, "Off");
  assert.equal(
    shown.properties.appliedScopeProperties.subscriptionId,
    `/subscriptions/${customer.subscription}`,
  );
  await refused(
    client.reservation.update(
      order,
      reservation,
      { appliedScopeType: "Single", appliedScopes: [`/subscriptions/${customer.subscription}`] },
      POLL,
    ),
    400,
    "AppliedScopesSameAsExisting",
  );
});

test("scopes are asked about", async () => {
  const { order, reservation } = await owner.buy();
  const own = `/subscriptions/${customer.subscription}`;
  const scopes = [own, `/subscriptions/${randomUUID()}`];
  const answer = await client.reservation.availableScopes(
    order,
    reservation,
    { properties: { scopes } },
    POLL,
  );
  assert.deepEqual(
    answer.properties.scopes.map(({ scope, valid }) => [scope, valid]),
    [[own, true], [scopes[1], false]],
  );
  await refused(
    client.reservation.availableScopes(
      order,
      randomUUID(),
      { properties: { scopes } },
      POLL,
    ),
    404,
    "ReservationIdNotInReservationOrder",
  );
});

test("an ended reservation is archived and taken out again", async () => {
  const bought = await owner.buy();
  const { order, reservation } = bought;
  await refused(
    client.reservation.archive(order, reservation),
    409,
    "OperationCannotBePerformedInCurrentState",
  );
  await owner.giveBack(bought, 1, (await owner.worth(bought)).sessionId);
  await client.reservation.archive(order, reservation);
  assert.equal((await client.reservation.get(order, reservation)).properties.archived, true);
  await client.reservation.unarchive(order, reservation);
  assert.equal((await client.reservation.get(order, reservation)).properties.archived, false);
});

test("revisions are listed, newest first", async () => {
  const { order, reservation } = await owner.buy();
  for (const name of ["one", "two"]) {
    await client.reservation.update(order, reservation, { name }, POLL);
  }
  const revisions = await all(client.reservation.listRevisions(order, reservation));
  const names = revisions.map(({ properties }) => properties.displayName);
  assert.equal(names[0], "two");
  assert.equal(names.at(-1), "web servers");
  assert.match(revisions[0].id, /\/revisions\/\d+$/);
  await refused(
    all(client.reservation.listRevisions(order, randomUUID())),
    404,
    "ReservationIdNotInReservationOrder",
  );
});

test("the orders that apply to a subscription are listed", async () => {
  const member = await desk.customer();
  const { order } = await member.owner.buy();
  const applied = await member.owner.client.getAppliedReservationList(member.subscription);
  const ids = applied.reservationOrderIds.value;
  assert.deepEqual(ids.map((id) => last(id).toLowerCase()), [order]);
  await assert.rejects(
    member.owner.client.getAppliedReservationList(customer.subscription),
    ({ statusCode }) => statusCode === 404 || statusCode === 403,
  );
});

test("an order goes to another tenant with all that is under it", async () => {
  const { order, reservation } = await owner.buy();
  const there = await desk.customer();
  const move = { destinationTenantId: there.tenant };
  await refused(client.reservationOrder.changeDirectory(order, move), 400, "InvalidTenantId");
  await owner.knownIn(there);
  const moved = await client.reservationOrder.changeDirectory(order, move);
  assert.equal(moved.reservationOrder.isSucceeded, true);
  assert.deepEqual(moved.reservations.map(({ isSucceeded }) => isSucceeded), [true]);
  await refused(client.reservation.get(order, reservation), 404, "ReservationOrderNotFound");
  assert.equal((await there.owner.client.reservationOrder.get(order)).name, order);
  await assert.rejects(
    there.owner.client.reservationOrder.changeDirectory(order, { destinationTenantId: "nowhere" }),
    ({ statusCode }) => statusCode === 400,
  );
});

test("service limits are told to be another product", async () => {
  await assert.rejects(
    all(client.quota.list(customer.subscription, "Microsoft.Compute", "eastus")),
    ({ statusCode }) => statusCode === 404,
  );
});

test("a number of rows is left out of the list", async () => {
  const member = (await desk.customer()).owner;
  for (const quantity of [1, 2, 3]) await member.buy({ quantity });
  const orderby = "properties/quantity";
  const rest = await all(member.client.reservation.listAll({ orderby, skiptoken: 2 }));
  assert.deepEqual(rest.map(({ properties }) => properties.quantity), [3]);
});
