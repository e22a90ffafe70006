"""Splitting, merging and changing reservations, with the official client."""

import pytest
from azure.core.exceptions import HttpResponseError
from azure.mgmt.reservations import models

from desk import code, item_path, last, order_path


def refused(call, *arguments, **keywords):
    with pytest.raises(HttpResponseError) as raised:
        call(*arguments, **keywords)
    return raised.value


def split(owner, order, reservation, quantities):
    body = models.SplitRequest(
        quantities=quantities, reservation_id=item_path(order, reservation)
    )
    return owner.client.reservation.begin_split(order, body).result()


def test_a_split_makes_parts_and_ends_the_whole(owner):
    order, reservation = owner.buy(quantity=10, name="ten")
    before = owner.items(order)[reservation].properties
    *parts, whole = split(owner, order, reservation, [7, 3])
    assert [part.properties.quantity for part in parts] == [7, 3]
    for part in [*parts, whole]:
        assert part.name == f"{order}/{last(part.id)}"
    for part in parts:
        shown = part.properties
        assert shown.provisioning_state == "Succeeded"
        assert shown.display_name == "ten"
        assert shown.expiry_date == before.expiry_date
        assert shown.purchase_date_time == before.purchase_date_time
        assert shown.split_properties.split_source.lower() == item_path(order, reservation).lower()
    shown = whole.properties
    assert (shown.provisioning_state, shown.extended_status_info.status_code) == ("Cancelled", "Split")
    assert shown.quantity == 10
    assert shown.split_properties.split_destinations == [part.id for part in parts]
    # Looked at later, what it became is named by bare ids, as the real service does it.
    later = owner.client.reservation.get(order, reservation).properties.split_properties
    assert later.split_destinations == [last(part.id) for part in parts]
    live = [
        item.properties.quantity
        for item in owner.items(order).values()
        if item.properties.provisioning_state == "Succeeded"
    ]
    assert sorted(live) == [3, 7]


def test_a_split_that_does_not_add_up_is_refused_with_the_nearest_that_does(owner):
    order, reservation = owner.buy(quantity=10)
    for quantities, repaired in [([7, 2], "7 + 3"), ([10], "9 + 1"), ([11, 1], "9 + 1")]:
        error = refused(split, owner, order, reservation, quantities)
        assert (error.status_code, code(error)) == (400, "BadRequest")
        assert repaired in error.error.message
    assert len(owner.items(order)) == 1


def test_the_same_split_again_is_the_same_answer_and_another_is_refused(owner):
    order, reservation = owner.buy(quantity=4)
    first = split(owner, order, reservation, [1, 3])
    again = split(owner, order, reservation, [1, 3])
    assert [item.id for item in again] == [item.id for item in first]
    assert len(owner.items(order)) == 3
    error = refused(split, owner, order, reservation, [2, 2])
    assert (error.status_code, code(error)) == (409, "OperationCannotBePerformedInCurrentState")


def test_where_the_result_of_a_split_is_stays_good(owner):
    order, reservation = owner.buy(quantity=2)
    ends = owner.client.reservation.get(order, reservation).etag + 1
    body = {
        "properties": {"quantities": [1, 1], "reservationId": item_path(order, reservation)}
    }
    made = owner.call("POST", f"{order_path(order)}/split", body)
    assert made.status_code == 200
    assert f"{reservation}_{ends}?" in made.headers["Location"]
    assert "splitoperationresults" in made.headers["Location"]
    followed = owner.call("GET", made.headers["Location"])
    assert (followed.status_code, followed.json()) == (200, made.json())


def merge(owner, order, sources):
    body = models.MergeRequest(sources=[item_path(order, source) for source in sources])
    return owner.client.reservation.begin_merge(order, body).result()


def update(owner, order, reservation, **wish):
    return owner.client.reservation.begin_update(order, reservation, models.Patch(**wish)).result()


def live(owner, order):
    return {
        id: item.properties.quantity
        for id, item in owner.items(order).items()
        if item.properties.provisioning_state == "Succeeded"
    }


def test_what_was_split_is_merged_again(owner):
    order, reservation = owner.buy(quantity=10)
    parts = [last(part.id) for part in split(owner, order, reservation, [5, 3, 2])[:3]]
    *sources, merged = merge(owner, order, parts)
    assert [last(source.id) for source in sources] == parts
    for source in sources:
        shown = source.properties
        assert (shown.provisioning_state, shown.extended_status_info.status_code) == ("Cancelled", "Merged")
        assert last(shown.merge_properties.merge_destination) == last(merged.id)
        assert last(shown.split_properties.split_source) == reservation
    assert merged.name == f"{order}/{last(merged.id)}"
    assert merged.properties.quantity == 10
    assert [last(id) for id in merged.properties.merge_properties.merge_sources] == parts
    assert live(owner, order) == {last(merged.id): 10}
    again = merge(owner, order, parts)
    assert [item.id for item in again] == [item.id for item in [*sources, merged]]
    error = refused(merge, owner, order, parts[:2])
    assert (error.status_code, code(error)) == (409, "OperationCannotBePerformedInCurrentState")
    assert last(merged.id) in error.error.message


def test_what_differs_is_not_merged_and_the_refusal_says_in_what(owner):
    order, reservation = owner.buy(quantity=3)
    one, other = [last(part.id) for part in split(owner, order, reservation, [2, 1])[:2]]
    update(owner, order, other, instance_flexibility="Off")
    error = refused(merge, owner, order, [one, other])
    assert (error.status_code, code(error)) == (400, "BadRequest")
    assert "instance flexibility" in error.error.message
    update(owner, order, other, instance_flexibility="On")
    assert merge(owner, order, [one, other])[-1].properties.quantity == 3


def test_a_merge_wants_two_different_reservations_of_the_order(owner):
    order, reservation = owner.buy(quantity=2)
    _, stranger = owner.buy()
    for sources, wanted in [
        ([reservation], "BadRequest"),
        ([reservation, reservation], "BadRequest"),
        ([reservation, stranger], "ReservationIdNotInReservationOrder"),
    ]:
        assert code(refused(merge, owner, order, sources)) == wanted
    body = models.MergeRequest(sources=["/subscriptions/1"])
    error = refused(owner.client.reservation.begin_merge, order, body)
    assert code(error) == "InvalidReservationId"


def test_what_is_returned_after_a_split_is_worth_the_same(owner):
    order, reservation = owner.buy(quantity=10)
    before = owner.worth(order, reservation, 3).billing_refund_amount.amount
    part = last(split(owner, order, reservation, [3, 7])[0].id)
    assert owner.worth(order, part, 3).billing_refund_amount.amount == before
    owner.give_back(order, part, 3)
    assert sorted(live(owner, order).values()) == [7]


def test_a_split_ends_the_renewal_that_was_asked_for(owner):
    order, reservation = owner.buy(quantity=2, renew=True)
    *parts, whole = split(owner, order, reservation, [1, 1])
    assert [item.properties.renew for item in [*parts, whole]] == [False, False, False]
    assert parts[0].properties.user_friendly_renew_state == "Off"


def test_names_flexibility_renewal_and_review_are_changed(owner):
    order, reservation = owner.buy(quantity=2, name="old")
    bought = owner.client.reservation.get(order, reservation).etag
    changed = update(owner, order, reservation, name="new", instance_flexibility="Off")
    shown = changed.properties
    assert (shown.display_name, shown.instance_flexibility) == ("new", "Off")
    assert shown.provisioning_state == "Succeeded"
    assert changed.etag == bought + 1
    on = update(owner, order, reservation, renew=True).properties
    assert (on.renew, on.user_friendly_renew_state) == (True, "On")
    renewed = owner.client.reservation.get(order, reservation, expand="renewProperties")
    bought = renewed.properties.renew_properties.purchase_properties
    assert (bought.sku.name, bought.properties.quantity) == ("Standard_B1ls", 2)
    wish = models.PatchPropertiesRenewProperties(purchase_properties=owner.request(quantity=1, name="less"))
    update(owner, order, reservation, renew=True, renew_properties=wish)
    renewed = owner.client.reservation.get(order, reservation, expand="renewProperties")
    assert renewed.properties.renew_properties.purchase_properties.properties.quantity == 1
    # The Azure command line sends `renew: false` with everything, and so switches it off.
    off = update(owner, order, reservation, name="newer", renew=False).properties
    assert (off.display_name, off.renew) == ("newer", False)
    reviewed = update(owner, order, reservation, review_date_time="2026-09-01T00:00:00Z")
    assert reviewed.properties.review_date_time.year == 2026


def test_an_update_that_changes_nothing_is_refused(owner):
    order, reservation = owner.buy(name="same")
    bought = owner.client.reservation.get(order, reservation).etag
    for wish, wanted in [
        ({"name": "same"}, "PatchValuesSameAsExisting"),
        ({"renew": False}, "PatchValuesSameAsExisting"),
        ({"instance_flexibility": "On"}, "PatchValuesSameAsExisting"),
        ({"applied_scope_type": "Shared"}, "AppliedScopesSameAsExisting"),
        ({"applied_scope_type": "Shared", "renew": False}, "AppliedScopesSameAsExisting"),
        ({"applied_scope_type": "Single"}, "MissingAppliedScopesForSingle"),
        ({}, "BadRequest"),
    ]:
        error = refused(update, owner, order, reservation, **wish)
        assert (error.status_code, code(error)) == (400, wanted), wish
    assert owner.client.reservation.get(order, reservation).etag == bought


def test_scopes_are_changed_and_asked_about(desk):
    customer = desk.customer()
    owner, subscription = customer.owner, customer.subscription
    stranger = desk.customer().subscription
    desk.apply({
        "resourceGroups": [{"subscriptionId": subscription, "name": "web"}],
        "managementGroups": [
            {"tenantId": customer.tenant, "id": "corp", "name": "Corp"},
            {"tenantId": customer.tenant, "id": "prod", "name": "Prod", "parent": "corp"},
            {"tenantId": customer.tenant, "id": "empty", "name": "Empty"},
        ],
        "subscriptions": [customer.world["subscriptions"][0] | {"managementGroup": "prod"}],
    })
    order, reservation = owner.buy(quantity=2)
    bought = owner.client.reservation.get(order, reservation).etag
    groups = "/providers/Microsoft.Management/managementGroups"
    asked = {
        f"/subscriptions/{subscription}": True,
        f"/subscriptions/{subscription}/resourceGroups/WEB": True,
        f"/subscriptions/{subscription}/resourceGroups/none": False,
        f"/subscriptions/{stranger}": False,
        f"{groups}/corp": True,
        f"{groups}/empty": False,
        f"{groups}/none": False,
    }
    answer = owner.client.reservation.begin_available_scopes(
        order, reservation, models.AvailableScopeRequest(
            properties=models.AvailableScopeRequestProperties(scopes=list(asked))
        )
    ).result()
    assert {row.scope: row.valid for row in answer.properties.scopes} == asked

    single = update(
        owner, order, reservation,
        applied_scope_type="Single", applied_scopes=[f"/subscriptions/{subscription}"],
    ).properties
    assert single.applied_scope_type == "Single"
    assert last(single.applied_scope_properties.subscription_id) == subscription
    group = models.AppliedScopeProperties(resource_group_id=f"/subscriptions/{subscription}/resourceGroups/web")
    shown = update(
        owner, order, reservation, applied_scope_type="Single", applied_scope_properties=group
    ).properties
    assert shown.user_friendly_applied_scope_type == "ResourceGroup"
    managed = models.AppliedScopeProperties(
        tenant_id=customer.tenant, management_group_id=f"{groups}/corp"
    )
    shown = update(
        owner, order, reservation,
        applied_scope_type="ManagementGroup", applied_scope_properties=managed,
    ).properties
    assert shown.applied_scope_properties.management_group_id.endswith("/corp")
    for wish, wanted in [
        ({"applied_scope_type": "ManagementGroup", "applied_scope_properties": managed}, "AppliedScopesSameAsExisting"),
        ({"applied_scope_type": "Single", "applied_scopes": [f"/subscriptions/{stranger}"]}, "AppliedScopesNotAssociatedWithCommerceAccount"),
        ({"applied_scope_type": "Single", "applied_scopes": [f"/subscriptions/{subscription}"] * 2}, "InvalidSingleAppliedScopesCount"),
        ({"applied_scope_type": "ManagementGroup"}, "BadRequest"),
    ]:
        error = refused(update, owner, order, reservation, **wish)
        assert (error.status_code, code(error)) == (400, wanted), wish
    assert owner.client.reservation.get(order, reservation).etag == bought + 3


def test_revisions_are_listed_newest_first_and_in_pages(owner):
    order, reservation = owner.buy(name="0")
    last_of_purchase = owner.client.reservation.get(order, reservation).etag
    for number in range(1, 61):
        update(owner, order, reservation, name=str(number))
    newest = last_of_purchase + 60
    found = list(owner.client.reservation.list_revisions(order, reservation))
    assert [row.name for row in found] == [str(number) for number in range(newest, 0, -1)]
    assert [row.etag for row in found] == list(range(newest, 0, -1))
    assert [row.properties.display_name for row in found][:2] == ["60", "59"]
    assert found[0].id.endswith(f"/reservations/{reservation}/revisions/{newest}")
    # A purchase walks from its placing to what is held, and each step was a revision.
    states = [row.properties.provisioning_state for row in found[-last_of_purchase:]]
    assert states == [
        "Succeeded", "ConfirmedBilling", "PendingBilling", "ConfirmedCapacity", "PendingCapacity", "Creating"
    ]
    first = owner.call("GET", f"{item_path(order, reservation)}/revisions").json()
    assert len(first["value"]) == 50 and "nextLink" in first


def test_only_what_is_over_is_archived(owner):
    order, reservation = owner.buy(quantity=2)
    error = refused(owner.client.reservation.archive, order, reservation)
    assert (error.status_code, code(error)) == (409, "OperationCannotBePerformedInCurrentState")
    split(owner, order, reservation, [1, 1])
    assert owner.client.reservation.archive(order, reservation) is None
    assert owner.client.reservation.get(order, reservation).properties.archived is True
    owner.client.reservation.archive(order, reservation)
    listed = owner.client.reservation.list_all(filter="properties/archived eq true")
    assert [last(item.id) for item in listed] == [reservation]
    assert owner.client.reservation.unarchive(order, reservation) is None
    assert owner.client.reservation.get(order, reservation).properties.archived is False


def test_an_order_goes_to_another_tenant_with_all_that_is_under_it(desk):
    here = desk.customer(members={"owner": [("Owner", "/")], "reader": [("Reader", "/")]})
    there = desk.customer()
    desk.apply({
        "managementGroups": [{"tenantId": here.tenant, "id": "corp", "name": "Corp"}],
        "subscriptions": [here.world["subscriptions"][0] | {"managementGroup": "corp"}],
    })
    owner = here.owner
    order, reservation = owner.buy(quantity=3, name="travels")
    one, other = [last(part.id) for part in split(owner, order, reservation, [2, 1])[:2]]
    corp = models.AppliedScopeProperties(
        tenant_id=here.tenant,
        management_group_id="/providers/Microsoft.Management/managementGroups/corp",
    )
    update(owner, order, other, applied_scope_type="ManagementGroup", applied_scope_properties=corp)
    change = owner.client.reservation_order.change_directory
    for tenant, wanted in [
        (None, "MissingTenantId"),
        ("somewhere", "InvalidTenantId"),
        (here.tenant, "InvalidTenantId"),
        ("00000000-0000-0000-0000-00000000beef", "InvalidTenantId"),
        # Nobody can be given orders by strangers.
        (there.tenant, "InvalidTenantId"),
    ]:
        error = refused(change, order, models.ChangeDirectoryRequest(destination_tenant_id=tenant))
        assert (error.status_code, code(error)) == (400, wanted)
    owner.known_in(there)
    error = refused(
        here.reader.client.reservation_order.change_directory,
        order,
        models.ChangeDirectoryRequest(destination_tenant_id=there.tenant),
    )
    assert error.status_code == 403
    moved = change(order, models.ChangeDirectoryRequest(destination_tenant_id=there.tenant))
    assert (moved.reservation_order.id, moved.reservation_order.is_succeeded) == (order, True)
    assert {row.id for row in moved.reservations} == {reservation, one, other}
    assert all(row.is_succeeded for row in moved.reservations)
    again = change(order, models.ChangeDirectoryRequest(destination_tenant_id=there.tenant))
    assert again.as_dict() == moved.as_dict()

    assert code(refused(owner.client.reservation_order.get, order)) == "ReservationOrderNotFound"
    items = there.owner.items(order)
    assert set(items) == {reservation, one, other}
    assert last(items[one].properties.billing_scope_id) == here.subscription
    assert items[one].properties.display_provisioning_state == "Succeeded"
    assert items[other].properties.display_provisioning_state == "NoBenefit"
    found = list(there.owner.client.reservation.list_revisions(order, reservation))
    assert [row.etag for row in found] == list(range(len(found), 0, -1))
    assert found[0].properties.extended_status_info.status_code == "Split"
    worth = there.owner.worth(order, one, 2).billing_refund_amount.amount
    assert worth == 64.0
    shared = update(there.owner, order, other, applied_scope_type="Shared").properties
    assert shared.display_provisioning_state == "Succeeded"


def applied(owner, subscription):
    found = owner.client.get_applied_reservation_list(subscription)
    assert found.name == "default"
    return {last(id) for id in found.reservation_order_ids.value}


def test_applied_reservations_are_those_that_may_reach_a_subscription(desk):
    customer = desk.customer()
    owner, first = customer.owner, customer.subscription
    second, third = "%s" % __import__("uuid").uuid4(), "%s" % __import__("uuid").uuid4()
    row = customer.world["subscriptions"][0]
    other = dict(customer.account, id=customer.account["id"] + "-other")
    desk.apply({
        "billingAccounts": [other],
        "resourceGroups": [{"subscriptionId": first, "name": "web"}],
        "managementGroups": [{"tenantId": customer.tenant, "id": "corp", "name": "Corp"}],
        "subscriptions": [
            row | {"managementGroup": "corp"},
            row | {"id": second},
            row | {"id": third, "billingAccount": other["id"]},
        ],
    })
    shared, _ = owner.buy()
    single, item = owner.buy()
    update(owner, single, item, applied_scope_type="Single", applied_scopes=[f"/subscriptions/{first}/resourceGroups/web"])
    managed, item = owner.buy()
    corp = models.AppliedScopeProperties(
        tenant_id=customer.tenant,
        management_group_id="/providers/Microsoft.Management/managementGroups/corp",
    )
    update(owner, managed, item, applied_scope_type="ManagementGroup", applied_scope_properties=corp)
    returned, item = owner.buy()
    owner.give_back(returned, item)
    assert applied(owner, first) == {shared, single, managed}
    assert applied(owner, second) == {shared}
    assert applied(owner, third) == set()
    error = refused(owner.client.get_applied_reservation_list, desk.customer().subscription)
    assert error.status_code == 404


def test_a_scope_follows_the_world(desk):
    customer = desk.customer()
    owner, subscription = customer.owner, customer.subscription
    row = customer.world["subscriptions"][0]
    desk.apply({
        "resourceGroups": [{"subscriptionId": subscription, "name": "web"}],
        "managementGroups": [{"tenantId": customer.tenant, "id": "corp", "name": "Corp"}],
        "subscriptions": [row | {"managementGroup": "corp"}],
    })
    managed, group_item = owner.buy()
    bought = owner.client.reservation.get(managed, group_item).etag
    corp = models.AppliedScopeProperties(
        tenant_id=customer.tenant,
        management_group_id="/providers/Microsoft.Management/managementGroups/corp",
    )
    update(owner, managed, group_item, applied_scope_type="ManagementGroup", applied_scope_properties=corp)
    order, item = owner.buy()
    update(owner, order, item, applied_scope_type="Single", applied_scopes=[f"/subscriptions/{subscription}/resourceGroups/web"])

    # The last subscription of the payer leaves the group: the reservation is shared again.
    desk.apply({"subscriptions": [row]})
    shown = owner.client.reservation.get(managed, group_item)
    assert (shown.properties.applied_scope_type, shown.etag) == ("Shared", bought + 2)
    assert owner.client.reservation.get(order, item).etag == bought + 1

    desk.apply({"resourceGroups": [{"subscriptionId": subscription, "name": "web", "state": "Deleted"}]})
    shown = owner.client.reservation.get(order, item).properties
    assert (shown.provisioning_state, shown.display_provisioning_state) == ("Succeeded", "NoBenefit")
    assert "another scope" in shown.extended_status_info.message
    summary = owner.call("GET", "/providers/Microsoft.Capacity/reservations?refreshSummary=true").json()["summary"]
    assert (summary["noBenefitCount"], summary["succeededCount"]) == (1.0, 1.0)
    listed = owner.client.reservation.list_all(selected_state="NoBenefit")
    assert [last(found.id) for found in listed] == [item]

    update(owner, order, item, applied_scope_type="Single", applied_scopes=[f"/subscriptions/{subscription}"])
    assert owner.client.reservation.get(order, item).properties.display_provisioning_state == "Succeeded"
    desk.apply({"subscriptions": [row | {"state": "Deleted"}]})
    assert owner.client.reservation.get(order, item).properties.display_provisioning_state == "NoBenefit"
    # Once it is there again, so is the benefit.
    desk.apply({"subscriptions": [row]})
    assert owner.client.reservation.get(order, item).properties.display_provisioning_state == "Succeeded"
    before = owner.client.reservation.get(order, item).etag
    desk.apply({"subscriptions": [row]})
    assert owner.client.reservation.get(order, item).etag == before


def test_who_may_rearrange(desk):
    customer = desk.customer()
    order, reservation = customer.owner.buy(quantity=4)
    path = order_path(order)
    reader = customer.hire("reader", [("Reader", path)])
    helper = customer.hire("helper", [("Contributor", item_path(order, reservation))])
    stranger = customer.hire("stranger", [])
    for member, status in [(reader, 403), (stranger, 404)]:
        for call in [
            lambda: split(member, order, reservation, [2, 2]),
            lambda: update(member, order, reservation, name="mine"),
            lambda: member.client.reservation.archive(order, reservation),
            lambda: member.client.reservation_order.change_directory(
                order, models.ChangeDirectoryRequest(destination_tenant_id=customer.tenant)
            ),
        ]:
            assert refused(call).status_code == status
    assert list(reader.client.reservation.list_revisions(order, reservation))
    assert update(helper, order, reservation, name="ours").properties.display_name == "ours"
    parts = [last(part.id) for part in split(helper, order, reservation, [3, 1])[:2]]
    # Who had a role on the whole has it on what it became, and on nothing else.
    assert helper.client.reservation.get(order, parts[0]).properties.quantity == 3
    merged = last(merge(helper, order, parts)[2].id)
    assert update(helper, order, merged, name="still ours").properties.quantity == 4
    one, other = [last(part.id) for part in split(customer.owner, order, merged, [2, 2])[:2]]
    clerk = customer.hire("clerk", [("Contributor", item_path(order, one))])
    assert refused(merge, clerk, order, [one, other]).status_code == 404
    joined = last(merge(customer.owner, order, [one, other])[2].id)
    assert refused(clerk.client.reservation.get, order, joined).status_code == 404
    assert helper.client.reservation.get(order, joined).properties.quantity == 4
