"""Reservations and savings plans by billing account, through the official client of
Microsoft.Billing."""

import datetime

import pytest
from azure.core.exceptions import HttpResponseError
from azure.identity import ClientSecretCredential
from azure.mgmt.billing import BillingManagementClient, models

from desk import last
from plans import benefits, plan_request

PROFILE = "PRFL-0001"


def billing(member):
    base = member.desk.base_url
    credential = ClientSecretCredential(
        member.customer.tenant, member.client_id, member.secret, authority=base,
        disable_instance_discovery=True, connection_verify=member.desk.ca,
    )
    return BillingManagementClient(
        credential, member.customer.subscription, base_url=base,
        credential_scopes=[base + "/.default"], connection_verify=member.desk.ca,
        polling_interval=1, retry_total=0,
    )


def refused(call, *arguments, **keywords):
    with pytest.raises(HttpResponseError) as raised:
        result = call(*arguments, **keywords)
        list(result)
    return raised.value.status_code, raised.value.error.code


class Payer:
    """A customer under an agreement with a billing profile, with what it bought."""

    def __init__(self, desk):
        self.customer = desk.customer(agreement="mca", payment="wire", profile=PROFILE)
        self.owner = self.customer.owner
        self.account = self.customer.account["id"]
        self.client = billing(self.owner)
        self.order, self.reservation = self.owner.buy(quantity=2, plan="Monthly", name="web")
        self.second, _ = self.owner.buy(quantity=1, name="more")

    def buy_plan(self):
        bought = benefits(self.owner).savings_plan_order_alias.begin_create(
            "by-account", plan_request(self.customer.subscription, amount=2)
        ).result()
        order = last(bought.properties.savings_plan_order_id)
        [plan] = self.client.savings_plans.list_by_savings_plan_order(self.account, order)
        return order, plan.name


@pytest.fixture(scope="module")
def payer(desk):
    return Payer(desk)


@pytest.fixture(scope="module")
def planned(payer):
    return payer.buy_plan()


@pytest.fixture(scope="module")
def stranger(desk):
    return desk.customer().owner


def test_accounts_and_profiles_are_found(payer, stranger):
    [account] = payer.client.billing_accounts.list()
    assert account.name == payer.account
    assert account.properties.agreement_type == "MicrosoftCustomerAgreement"
    assert payer.client.billing_accounts.get(payer.account.upper()).id == account.id
    [profile] = payer.client.billing_profiles.list_by_billing_account(payer.account)
    assert (profile.name, profile.properties.currency) == (PROFILE, "USD")
    assert payer.client.billing_profiles.get(payer.account, PROFILE).id == profile.id
    theirs = billing(stranger)
    assert payer.account not in [row.name for row in theirs.billing_accounts.list()]
    assert refused(theirs.billing_accounts.get, payer.account) == (404, "ResourceNotFound")
    assert refused(theirs.billing_profiles.list_by_billing_account, payer.account)[0] == 404
    assert refused(payer.client.billing_profiles.get, payer.account, "other")[0] == 404


def test_reservations_are_listed_by_account_and_by_profile(payer, stranger):
    rows = list(payer.client.reservations.list_by_billing_account(payer.account))
    assert {last(row.id.rsplit("/reservations/")[0]) for row in rows} == {payer.order, payer.second}
    one = next(row for row in rows if row.name == payer.reservation)
    assert one.id == (f"/providers/Microsoft.Billing/billingAccounts/{payer.account}"
                      f"/reservationOrders/{payer.order}/reservations/{payer.reservation}")
    assert one.type == "Microsoft.Billing/billingAccounts/reservationOrders/reservations"
    assert (one.properties.quantity, one.properties.display_name) == (2, "web")
    by_profile = payer.client.reservations.list_by_billing_profile(payer.account, PROFILE)
    assert {row.name for row in by_profile} == {row.name for row in rows}

    some = payer.client.reservations.list_by_billing_account(
        payer.account, filter="properties/quantity eq 2",
        order_by="properties/displayName desc", selected_state="Succeeded",
    )
    assert [row.name for row in some] == [payer.reservation]
    paged = payer.client.reservations.list_by_billing_account(payer.account, take=1)
    assert len(list(paged)) == 2
    none = payer.client.reservations.list_by_billing_account(payer.account, selected_state="Expired")
    assert list(none) == []

    bad = refused(payer.client.reservations.list_by_billing_account, payer.account, filter="boats")
    assert bad[0] == 400
    theirs = billing(stranger).reservations
    assert refused(theirs.list_by_billing_account, payer.account) == (404, "ResourceNotFound")
    assert refused(theirs.list_by_billing_profile, payer.account, PROFILE)[0] == 404
    other = refused(payer.client.reservations.list_by_billing_profile, payer.account, "other")
    assert other == (404, "ResourceNotFound")


def test_the_counts_are_of_the_account_alone(payer):
    path = f"/providers/Microsoft.Billing/billingAccounts/{payer.account}/reservations"
    answer = payer.owner.call("GET", path + "?refreshSummary=true&take=1", version="2024-04-01")
    body = answer.json()
    assert body["summary"]["succeededCount"] == 2
    assert "skiptoken=" in body["nextLink"] and "api-version=2024-04-01" in body["nextLink"]


def test_orders_and_their_reservations_are_read_under_the_account(payer, stranger):
    client = payer.client
    orders = {row.name: row for row in client.reservation_orders.list_by_billing_account(payer.account)}
    assert set(orders) == {payer.order, payer.second}
    shown = client.reservation_orders.get_by_billing_account(payer.account, payer.order)
    assert shown.id == orders[payer.order].id
    assert shown.properties.plan_information is None
    expanded = client.reservation_orders.get_by_billing_account(
        payer.account, payer.order, expand="schedule"
    )
    assert len(expanded.properties.plan_information.transactions) == 12
    [item] = client.reservations.list_by_reservation_order(payer.account, payer.order)
    assert item.name == payer.reservation
    one = client.reservations.get_by_reservation_order(
        payer.account, payer.order, payer.reservation, expand="renewProperties"
    )
    assert (one.id, one.properties.quantity) == (item.id, 2)

    missing = (404, "ReservationOrderNotFound")
    for who, account in [(billing(stranger), payer.account), (client, "another-account")]:
        assert refused(who.reservation_orders.get_by_billing_account, account, payer.order) == missing
        assert refused(who.reservations.list_by_reservation_order, account, payer.order) == missing
        assert refused(
            who.reservations.get_by_reservation_order, account, payer.order, payer.reservation
        ) == missing
    assert refused(
        client.reservation_orders.list_by_billing_account, payer.account, filter="x eq 1"
    )[0] == 400
    assert refused(
        billing(stranger).reservation_orders.list_by_billing_account, payer.account
    )[0] == 404


def test_a_reservation_is_changed_under_the_account(payer, stranger):
    body = models.Patch(properties=models.PatchProperties(display_name="renamed"))
    change = payer.client.reservations.begin_update_by_billing_account
    done = change(payer.account, payer.order, payer.reservation, body).result()
    assert done.properties.display_name == "renamed"
    assert payer.owner.items(payer.order)[payer.reservation].properties.display_name == "renamed"

    nothing = models.Patch(properties=models.PatchProperties())
    status, _ = refused(lambda: change(payer.account, payer.order, payer.reservation, nothing).result())
    assert status == 400
    missing = (404, "ReservationOrderNotFound")
    assert refused(lambda: change("another", payer.order, payer.reservation, body)) == missing
    theirs = billing(stranger).reservations.begin_update_by_billing_account
    assert refused(lambda: theirs(payer.account, payer.order, payer.reservation, body)) == missing


def test_savings_plans_are_listed_and_read_under_the_account(payer, planned, stranger):
    order, plan = planned
    client = payer.client
    [listed] = client.savings_plan_orders.list_by_billing_account(payer.account)
    assert listed.name == order
    assert listed.id == (f"/providers/Microsoft.Billing/billingAccounts/{payer.account}"
                         f"/savingsPlanOrders/{order}")
    shown = client.savings_plan_orders.get_by_billing_account(payer.account, order, expand="schedule")
    assert shown.properties.plan_information.transactions
    [row] = client.savings_plans.list_by_billing_account(
        payer.account, filter="properties/displayProvisioningState eq 'Succeeded'",
        order_by="properties/displayName asc", take=5,
    )
    assert row.name == plan
    [of_order] = client.savings_plans.list_by_savings_plan_order(payer.account, order)
    one = client.savings_plans.get_by_billing_account(payer.account, order, plan)
    assert one.id == of_order.id == row.id
    assert one.properties.commitment.amount == 2

    theirs = billing(stranger)
    missing = (404, "SavingsPlanOrderNotFound")
    for who, account in [(theirs, payer.account), (client, "another-account")]:
        assert refused(who.savings_plan_orders.get_by_billing_account, account, order) == missing
        assert refused(who.savings_plans.list_by_savings_plan_order, account, order) == missing
        assert refused(who.savings_plans.get_by_billing_account, account, order, plan) == missing
    assert refused(theirs.savings_plan_orders.list_by_billing_account, payer.account)[0] == 404
    assert refused(theirs.savings_plans.list_by_billing_account, payer.account)[0] == 404
    assert refused(client.savings_plans.list_by_billing_account, payer.account, filter="?")[0] == 400


def test_a_savings_plan_is_changed_and_a_change_validated_under_the_account(payer, planned):
    order, plan = planned
    client = payer.client.savings_plans
    change = models.SavingsPlanUpdateRequestProperties(display_name="by the account")
    body = models.SavingsPlanUpdateRequest(properties=change)
    done = client.begin_update_by_billing_account(payer.account, order, plan, body).result()
    assert done.properties.display_name == "by the account"
    missing = (404, "SavingsPlanOrderNotFound")
    assert refused(lambda: client.begin_update_by_billing_account("other", order, plan, body)) == missing

    ask = models.SavingsPlanUpdateValidateRequest(benefits=[
        models.SavingsPlanUpdateRequestProperties(display_name="another name"),
        models.SavingsPlanUpdateRequestProperties(
            applied_scope_type="Single",
            applied_scope_properties=models.AppliedScopeProperties(
                subscription_id="/subscriptions/99999999-0000-4000-8000-000000000001"
            ),
        ),
    ])
    told = client.validate_update_by_billing_account(payer.account, order, plan, ask)
    assert [row.valid for row in told.benefits] == [True, False]
    assert refused(
        lambda: client.validate_update_by_billing_account("other", order, plan, ask)
    ) == missing


def test_a_caller_without_a_role_sees_nothing_of_the_account(desk, payer):
    nobody = payer.customer.hire("nobody", [])
    client = billing(nobody)
    assert list(client.billing_accounts.list()) == []
    assert list(client.reservations.list_by_billing_account(payer.account)) == []
    assert list(client.reservation_orders.list_by_billing_account(payer.account)) == []
    assert refused(
        client.reservation_orders.get_by_billing_account, payer.account, payer.order
    ) == (404, "ReservationOrderNotFound")
