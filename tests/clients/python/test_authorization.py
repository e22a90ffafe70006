"""Roles as resources: the unmodified client looks at them, gives them and takes them away."""

import base64
import json
import uuid

import pytest
from azure.core.exceptions import HttpResponseError
from azure.identity import ClientSecretCredential
from azure.mgmt.authorization import AuthorizationManagementClient

from desk import CAPACITY, code, item_path, order_path

OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
ADMINISTRATOR = "a8889054-8d42-49c9-bc1c-52486c10e7cd"
WATCHER = "582fc458-8989-419f-a480-75249bc5db7e"
PURCHASER = "f7b75c60-3036-4b75-91c3-6b41c27c1689"
ACCESS = "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9"
BUILT_IN = {
    "Owner", "Contributor", "Reader", "User Access Administrator", "Reservation Purchaser",
    "Reservations Administrator", "Reservations Reader",
}
MEMBERS = {
    "owner": [("Owner", "/")],
    "administrator": [("Reservations Administrator", CAPACITY)],
    "reader": [("Reader", "/")],
    "payer": [("Owner", "/subscriptions/{subscription}")],
    "nobody": [],
    "newcomer": [],
}


@pytest.fixture(scope="module")
def team(desk):
    team = desk.customer(members=MEMBERS)
    desk.apply({"resourceGroups": [{"subscriptionId": team.subscription, "name": "Web"}]})
    return team


@pytest.fixture(scope="module")
def bought(team):
    return team.owner.buy(quantity=2)


@pytest.fixture
def somebody(team):
    """A principal without roles that no other test looks at."""
    return team.hire("somebody", [])


def roles(member, version=None):
    """The unmodified client of Microsoft.Authorization."""
    desk = member.desk
    credential = ClientSecretCredential(
        member.customer.tenant,
        member.client_id,
        member.secret,
        authority=desk.base_url,
        disable_instance_discovery=True,
        connection_verify=desk.ca,
    )
    return AuthorizationManagementClient(
        credential,
        member.customer.subscription,
        api_version=version,
        base_url=desk.base_url,
        credential_scopes=[desk.base_url + "/.default"],
        connection_verify=desk.ca,
        retry_total=0,
    )


def oid(member):
    """The object id of a principal, as its token has it."""
    body = member.token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))["oid"]


def role_id(role, scope=""):
    return f"{scope}/providers/Microsoft.Authorization/roleDefinitions/{role}"


def wish(role, principal, **more):
    return {"properties": {"roleDefinitionId": role_id(role), "principalId": principal} | more}


def give(member, scope, role, principal, name=None, **more):
    name = name or str(uuid.uuid4())
    return roles(member).role_assignments.create(scope, name, wish(role, principal, **more))


def refused(status, expected, call, *arguments, **keywords):
    with pytest.raises(HttpResponseError) as raised:
        call(*arguments, **keywords)
    assert raised.value.status_code == status, raised.value
    assert code(raised.value) == expected, raised.value
    return raised.value.error.message


def names(listed):
    return {row.name for row in listed}


# Role definitions.


def test_the_roles_of_a_scope_are_listed(team, bought):
    definitions = roles(team.owner).role_definitions
    listed = {role.role_name: role for role in definitions.list(CAPACITY)}
    assert BUILT_IN <= set(listed)
    owner = listed["Owner"]
    assert (owner.name, owner.role_type) == (OWNER, "BuiltInRole")
    assert owner.permissions[0].actions == ["*"] and owner.assignable_scopes == ["/"]
    assert owner.id == role_id(OWNER) and owner.type == "Microsoft.Authorization/roleDefinitions"
    assert "Microsoft.Authorization/*/Write" in listed["Contributor"].permissions[0].not_actions
    order, reservation = bought
    assert "Reservations Administrator" in {
        role.role_name for role in definitions.list(item_path(order, reservation))
    }


def test_what_can_be_given_at_a_subscription_has_no_roles_of_reservations(team):
    scope = f"/subscriptions/{team.subscription}"
    listed = {role.role_name: role for role in roles(team.payer).role_definitions.list(scope)}
    assert "Reservation Purchaser" in listed and "Reservations Administrator" not in listed
    assert listed["Owner"].id == role_id(OWNER, scope), "the id begins where it was asked"


@pytest.mark.parametrize("text, found", [
    ("roleName eq 'reservations reader'", {"Reservations Reader"}),
    ("type eq 'BuiltInRole' and roleName eq 'Owner'", {"Owner"}),
    ("type eq 'CustomRole' and roleName eq 'Owner'", set()),
    ("atScopeAndBelow() and roleName eq 'Reservations Reader'", {"Reservations Reader"}),
    ("atScope() and roleName eq 'Reader'", {"Reader"}),
])
def test_definitions_are_chosen_by_a_filter(team, text, found):
    listed = roles(team.owner).role_definitions.list(CAPACITY, filter=text)
    assert {role.role_name for role in listed} == found


def test_below_the_root_there_are_more_roles_than_at_it(team):
    definitions = roles(team.owner).role_definitions
    at = {role.role_name for role in definitions.list("/", filter="atScope()")}
    below = {role.role_name for role in definitions.list("/", filter="atScopeAndBelow()")}
    assert "Reservations Reader" not in at and at < below and "Reservations Reader" in below


def test_a_definition_is_read_by_name_and_by_its_whole_id(team):
    definitions = roles(team.owner).role_definitions
    by_name = definitions.get(CAPACITY, WATCHER.upper())
    assert by_name.role_name == "Reservations Reader"
    assert by_name.assignable_scopes == [CAPACITY]
    assert definitions.get_by_id(by_name.id).name == by_name.name
    message = refused(404, "RoleDefinitionDoesNotExist", definitions.get, CAPACITY, str(uuid.uuid4()))
    assert "role definition" in message
    refused(400, "InvalidRoleDefinitionId", definitions.get, CAPACITY, "Owner")


def custom(name, *actions, scopes, **more):
    return {"properties": {
        "roleName": name,
        "description": "made by a test",
        "type": "CustomRole",
        "permissions": [{"actions": list(actions), "notActions": []}],
        "assignableScopes": list(scopes),
    } | more}


def test_a_role_of_ones_own_is_made_given_changed_and_deleted(team, bought, somebody):
    definitions = roles(team.owner).role_definitions
    order, reservation = bought
    scope, name, role = order_path(order), f"Watcher {uuid.uuid4()}", str(uuid.uuid4())
    asked = custom(name, "Microsoft.Capacity/*/read", scopes=[CAPACITY])
    made = definitions.create_or_update(CAPACITY, role, asked)
    assert (made.name, made.role_name, made.role_type) == (role, name, "CustomRole")
    assert made.created_by == oid(team.owner) and made.created_on is not None
    again = definitions.create_or_update(CAPACITY, role, asked)
    assert again.updated_on == made.updated_on, "the same again changes nothing"
    assert role in names(definitions.list(CAPACITY, filter="type eq 'CustomRole'"))
    assert role not in names(definitions.list(f"/subscriptions/{team.subscription}"))

    refused_look = somebody.call("GET", order_path(order))
    assert refused_look.status_code == 404
    given = give(team.owner, scope, role, oid(somebody))
    assert somebody.call("GET", order_path(order)).status_code == 200
    message = refused(409, "RoleDefinitionHasAssignments", definitions.delete, CAPACITY, role)
    assert given.name in message, "the message names what is in the way"

    changed = custom(name, "Microsoft.Support/*", scopes=[CAPACITY])
    assert definitions.create_or_update(CAPACITY, role, changed).created_on == made.created_on
    assert somebody.call("POST", f"{order_path(order)}/calculateRefund", {}).status_code != 200
    with pytest.raises(HttpResponseError):
        somebody.client.reservation.get(order, reservation)

    roles(team.owner).role_assignments.delete_by_id(given.id)
    assert definitions.delete(CAPACITY, role).name == role
    assert definitions.delete(CAPACITY, role) is None, "there is none any more"
    refused(404, "RoleDefinitionDoesNotExist", definitions.get, CAPACITY, role)


def test_what_cannot_be_a_role_is_refused(team):
    definitions = roles(team.owner).role_definitions
    make = definitions.create_or_update
    new = lambda: str(uuid.uuid4())
    fine = custom("Fine", "*/read", scopes=[CAPACITY])
    refused(409, "BuiltInRoleCannotBeChanged", make, CAPACITY, OWNER, fine)
    refused(409, "BuiltInRoleCannotBeChanged", definitions.delete, CAPACITY, OWNER)
    owner = custom("owner", "*/read", scopes=[CAPACITY])
    refused(409, "RoleDefinitionWithSameNameExists", make, CAPACITY, new(), owner)
    everywhere = custom("Everywhere", "*/read", scopes=["/"])
    refused(400, "InvalidAssignableScope", make, CAPACITY, new(), everywhere)
    foreign = custom("Foreign", "*/read", scopes=[f"/subscriptions/{uuid.uuid4()}"])
    refused(404, "SubscriptionNotFound", make, CAPACITY, new(), foreign)
    wrong = custom("", "not an action", scopes=["nowhere"])
    answer = team.owner.call("PUT", role_id(new()), wrong, version="2022-04-01")
    told = {detail["target"] for detail in answer.json()["error"]["details"]}
    assert answer.status_code == 400 and told == {
        "properties.roleName",
        "properties.permissions[0].actions[0]",
        "properties.assignableScopes[0]",
    }


def test_roles_are_made_by_those_who_may_at_every_scope_they_reach(team):
    definitions = roles(team.payer).role_definitions
    scope, role = f"/subscriptions/{team.subscription}", str(uuid.uuid4())
    wide = custom(f"Wide {role}", "*/read", scopes=[scope, CAPACITY])
    message = refused(403, "AuthorizationFailed", definitions.create_or_update, scope, role, wide)
    assert "Microsoft.Authorization/roleDefinitions/write" in message
    narrow = custom(f"Narrow {role}", "*/read", scopes=[scope])
    assert definitions.create_or_update(scope, role, narrow).assignable_scopes == [scope]
    message = refused(403, "AuthorizationFailed", roles(team.reader).role_definitions.delete, scope, role)
    assert "roleDefinitions/delete" in message
    assert definitions.delete(scope, role).name == role


# Role assignments.


def test_the_buyer_owns_the_order(team, bought):
    order, _ = bought
    listed = list(roles(team.owner).role_assignments.list_for_scope(order_path(order)))
    own = [row for row in listed if row.scope.lower() == order_path(order).lower()]
    assert [row.principal_id for row in own] == [oid(team.owner)]
    assert own[0].role_definition_id == role_id(OWNER)
    assert own[0].principal_type == "ServicePrincipal"


def test_a_role_is_given_read_and_taken_away(team, bought, somebody):
    order, reservation = bought
    scope, name = order_path(order), str(uuid.uuid4())
    client = roles(team.owner).role_assignments
    assert somebody.call("GET", order_path(order)).status_code == 404
    given = client.create(scope, name, wish(WATCHER, oid(somebody), description="looks on"))
    assert given.name == name and given.type == "Microsoft.Authorization/roleAssignments"
    assert (given.scope, given.principal_id) == (scope, oid(somebody))
    assert given.description == "looks on" and given.principal_type == "ServicePrincipal"
    assert given.created_by == oid(team.owner) and given.created_on == given.updated_on
    assert somebody.client.reservation.get(order, reservation).name.endswith(reservation)

    for found in (client.get(scope, name), client.get_by_id(given.id)):
        assert found == given
    assert name in names(client.list_for_scope(scope))
    assert client.delete(scope, name).name == name
    assert client.delete(scope, name) is None, "there is none any more"
    assert somebody.call("GET", order_path(order)).status_code == 404
    refused(404, "RoleAssignmentNotFound", client.get, scope, name)


def test_the_same_again_is_the_same_and_another_name_a_conflict(team, somebody):
    client, name = roles(team.owner).role_assignments, str(uuid.uuid4())
    path = f"{CAPACITY}/providers/Microsoft.Authorization/roleAssignments/{name}"
    asked = wish(READER, oid(somebody))
    first = team.owner.call("PUT", path, asked, version="2022-04-01")
    again = team.owner.call("PUT", path, asked, version="2022-04-01")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    message = refused(409, "RoleAssignmentExists", client.create, CAPACITY, str(uuid.uuid4()), asked)
    assert name in message, "the message names the one there is"
    told = client.create(CAPACITY, name, wish(READER, oid(somebody), description="why"))
    assert told.description == "why" and told.created_on == client.get(CAPACITY, name).created_on
    other = wish(OWNER, oid(somebody))
    refused(400, "RoleAssignmentUpdateNotPermitted", client.create, CAPACITY, name, other)
    refused(400, "RoleAssignmentUpdateNotPermitted", client.create, "/", name, asked)
    client.delete(CAPACITY, name)


def test_a_name_of_another_tenants_assignment_is_not_taken_over(desk, team, somebody):
    stranger = desk.customer()
    given = give(stranger.owner, CAPACITY, READER, oid(stranger.owner))
    refused(
        400, "RoleAssignmentUpdateNotPermitted",
        roles(team.owner).role_assignments.create, CAPACITY, given.name, wish(READER, oid(somebody)),
    )
    assert roles(team.owner).role_assignments.delete(CAPACITY, given.name) is None
    assert roles(stranger.owner).role_assignments.get(CAPACITY, given.name) == given


@pytest.mark.parametrize("place", [
    "/",
    CAPACITY,
    "{order}",
    "{reservation}",
    "/providers/Microsoft.BillingBenefits",
    "/subscriptions/{subscription}",
    "/subscriptions/{subscription}/resourceGroups/Web",
    "/subscriptions/{subscription}/resourceGroups/Web/providers/Microsoft.Web/sites/shop",
])
def test_a_role_is_given_at_every_kind_of_scope(team, bought, somebody, place):
    order, reservation = bought
    scope = place.format(
        order=order_path(order),
        reservation=item_path(order, reservation),
        subscription=team.subscription,
    )
    client = roles(team.owner).role_assignments
    given = give(team.owner, scope, READER, oid(somebody))
    assert given.scope == scope
    by_id = f"{scope.rstrip('/')}/providers/Microsoft.Authorization/roleAssignments/{given.name}"
    assert given.id == by_id
    assert client.get(scope, given.name) == given
    assert client.get_by_id(given.id).name == given.name
    mine = client.list_for_scope(scope, filter=f"principalId eq '{oid(somebody)}'")
    assert names(mine) == {given.name}
    again = client.create_by_id(given.id, wish(READER, oid(somebody), description="by id"))
    assert again.name == given.name and again.description == "by id"
    assert client.delete_by_id(given.id).name == given.name


def test_what_is_no_scope_or_not_there_is_told(team, bought):
    client, order = roles(team.owner).role_assignments, bought[0]
    asked = wish(READER, oid(team.reader))
    for scope, status, expected in [
        ("/boats/7", 400, "InvalidScope"),
        (f"{CAPACITY}/reservationOrders/7", 400, "InvalidScope"),
        (f"{order_path(order)}/boats/7", 400, "InvalidScope"),
        (order_path(uuid.uuid4()), 404, "ReservationOrderNotFound"),
        (item_path(order, uuid.uuid4()), 404, "ReservationIdNotInReservationOrder"),
        (f"/subscriptions/{uuid.uuid4()}", 404, "SubscriptionNotFound"),
        (f"/subscriptions/{team.subscription}/resourceGroups/no", 404, "ResourceGroupNotFound"),
        ("/providers/Microsoft.Management/managementGroups/no", 404, "NotFound"),
        (f"/providers/Microsoft.BillingBenefits/savingsPlanOrders/{uuid.uuid4()}", 404,
         "SavingsPlanOrderNotFound"),
    ]:
        refused(status, expected, client.create, scope, str(uuid.uuid4()), asked)
        with pytest.raises(HttpResponseError) as raised:
            list(client.list_for_scope(scope))
        assert (raised.value.status_code, code(raised.value)) == (status, expected), scope


def test_what_cannot_be_given_is_refused(team, somebody):
    client, principal = roles(team.owner).role_assignments, oid(somebody)
    create = lambda scope, asked: client.create(scope, str(uuid.uuid4()), asked)
    stranger = str(uuid.uuid4())
    message = refused(400, "PrincipalNotFound", create, CAPACITY, wish(READER, stranger))
    assert stranger in message and team.tenant in message
    refused(
        404, "RoleDefinitionDoesNotExist", create, CAPACITY, wish(str(uuid.uuid4()), principal)
    )
    message = refused(
        400, "UnmatchedPrincipalType", create, CAPACITY, wish(READER, principal, principalType="User")
    )
    assert "ServicePrincipal" in message
    scope = f"/subscriptions/{team.subscription}"
    message = refused(
        400, "RoleDefinitionNotAssignableAtScope", create, scope, wish(WATCHER, principal)
    )
    assert "microsoft.capacity" in message.lower(), "the message names where it can be given"
    refused(
        400, "ConditionNotSupported", create, CAPACITY,
        wish(READER, principal, condition="@Resource[a] StringEquals 'b'", conditionVersion="2.0"),
    )
    answer = team.owner.call(
        "PUT", f"{CAPACITY}/providers/Microsoft.Authorization/roleAssignments/{uuid.uuid4()}",
        {"properties": {"roleDefinitionId": "Owner", "principalId": "me"}}, version="2022-04-01",
    )
    told = {detail["target"] for detail in answer.json()["error"]["details"]}
    assert told == {"properties.roleDefinitionId", "properties.principalId"}
    refused(400, "InvalidRoleAssignmentId", client.create, CAPACITY, "mine", wish(READER, principal))


def test_only_those_who_may_give_roles_give_them_and_no_further_up(team, bought, somebody):
    order, _ = bought
    asked = wish(READER, oid(somebody))
    for member in (team.reader, team.nobody):
        create = roles(member).role_assignments.create
        message = refused(403, "AuthorizationFailed", create, CAPACITY, str(uuid.uuid4()), asked)
        assert "Microsoft.Authorization/roleAssignments/write" in message
        assert member.client_id in message and "microsoft.capacity" in message.lower()
    create = roles(team.nobody).role_assignments.create
    refused(404, "ReservationOrderNotFound", create, order_path(order), str(uuid.uuid4()), asked)
    # Whoever may give roles on an order may not give any above it, nor on a subscription.
    given = give(team.owner, order_path(order), OWNER, oid(somebody))
    create = roles(somebody).role_assignments.create
    for scope in ("/", CAPACITY):
        refused(403, "AuthorizationFailed", create, scope, str(uuid.uuid4()), asked)
    message = refused(
        404, "SubscriptionNotFound", create, f"/subscriptions/{team.subscription}",
        str(uuid.uuid4()), asked,
    )
    assert team.subscription in message
    below = give(somebody, order_path(order), WATCHER, oid(team.newcomer))
    delete = roles(team.reader).role_assignments.delete
    refused(403, "AuthorizationFailed", delete, order_path(order), below.name)
    roles(somebody).role_assignments.delete_by_id(below.id)
    roles(team.owner).role_assignments.delete_by_id(given.id)


def test_somebody_who_may_give_roles_stays(desk):
    lone = desk.customer(members={"owner": [("Owner", "/")], "second": []})
    client = roles(lone.owner).role_assignments
    [own] = [row for row in client.list_for_scope("/") if row.scope == "/"]
    message = refused(409, "CannotDeleteLastRbacAdminAssignment", client.delete, "/", own.name)
    assert "Owner" in message, "the message says what to do first"
    give(lone.owner, "/", ACCESS, oid(lone.second))
    assert client.delete("/", own.name).name == own.name


def test_lists_hold_what_is_at_above_and_below(team, bought, somebody):
    order, reservation = bought
    client = roles(team.owner).role_assignments
    at = {
        scope: give(team.owner, scope, READER, oid(somebody)).name
        for scope in ("/", CAPACITY, order_path(order), item_path(order, reservation))
    }
    subscription = f"/subscriptions/{team.subscription}"
    aside = give(team.owner, subscription, READER, oid(somebody))
    group = give(team.owner, f"{subscription}/resourceGroups/Web", READER, oid(somebody))
    by = f"principalId eq '{oid(somebody)}'"
    all_of = set(at.values())
    assert names(client.list_for_scope(order_path(order), filter=by)) == all_of
    above = all_of - {at[item_path(order, reservation)]}
    for text in (f"atScope() and {by}", f"atScope() and assignedTo('{oid(somebody)}')"):
        assert names(client.list_for_scope(order_path(order), filter=text)) == above
    at_scope = names(client.list_for_scope(order_path(order), filter="atScope()"))
    assert above < at_scope and at[item_path(order, reservation)] not in at_scope
    assert names(client.list_for_scope("/", filter=by)) == all_of | {aside.name, group.name}
    assert names(client.list_for_scope("/", filter=f"atScope() and {by}")) == {at["/"]}

    # The same by the operations that the client has for subscriptions and what is in them.
    listed = names(client.list_for_subscription(filter=by))
    assert listed == {at["/"], aside.name, group.name}
    listed = list(client.list_for_resource_group("web", filter=by))
    assert names(listed) == {at["/"], aside.name, group.name}
    assert all(row.role_definition_id == role_id(READER, subscription) for row in listed)
    on_resource = client.list_for_resource("Web", "Microsoft.Web", "sites", "shop", filter=by)
    assert names(on_resource) == {at["/"], aside.name, group.name}


def test_everybody_may_look_at_their_own_roles_and_at_no_others(team, bought, somebody):
    given = give(team.owner, order_path(bought[0]), WATCHER, oid(somebody))
    client = roles(somebody).role_assignments
    mine = client.list_for_scope("/", filter=f"assignedTo('{oid(somebody)}')")
    assert names(mine) == {given.name}
    with pytest.raises(HttpResponseError) as raised:
        list(client.list_for_scope("/", filter=f"assignedTo('{oid(team.owner)}')"))
    assert code(raised.value) == "AuthorizationFailed"
    assert "roleAssignments/read" in raised.value.error.message
    with pytest.raises(HttpResponseError):
        list(client.list_for_scope("/"))
    assert given.name in names(client.list_for_scope(order_path(bought[0]))), "a reader sees all there"


@pytest.mark.parametrize("text", [
    "principalId eq 'me'", "colour eq 'red'", "atScope() or atScope()", "atScope(", "roleName eq 'a'"
])
def test_a_filter_that_cannot_be_read_is_refused(team, text):
    client = roles(team.owner)
    with pytest.raises(HttpResponseError) as raised:
        list(client.role_assignments.list_for_scope(CAPACITY, filter=text))
    assert raised.value.status_code == 400 and "`$filter`" in raised.value.error.message
    if not text.startswith("roleName"):
        with pytest.raises(HttpResponseError) as raised:
            list(client.role_definitions.list(CAPACITY, filter=text))
        assert raised.value.status_code == 400


def test_another_tenants_roles_are_not_there(desk, team, bought, somebody):
    stranger = desk.customer()
    order, _ = bought
    given = give(team.owner, order_path(order), WATCHER, oid(somebody))
    client = roles(stranger.owner)
    for call in (
        lambda: client.role_assignments.get(order_path(order), given.name),
        lambda: client.role_assignments.delete(order_path(order), given.name),
        lambda: list(client.role_assignments.list_for_scope(order_path(order))),
        lambda: give(stranger.owner, order_path(order), OWNER, oid(stranger.owner)),
    ):
        refused(404, "ReservationOrderNotFound", call)
    refused(
        400, "PrincipalNotFound", give, stranger.owner, CAPACITY, READER, oid(somebody)
    )
    assert given.name not in names(client.role_assignments.list_for_scope("/"))


# Permissions and what is walked beside.


def test_permissions_are_those_of_ones_roles(team, bought):
    order, _ = bought
    path = f"{order_path(order)}/providers/Microsoft.Authorization/permissions"
    answer = team.administrator.call("GET", path, version="2022-04-01").json()
    [allowed] = answer["value"]
    assert "Microsoft.Capacity/*/write" in allowed["actions"]
    assert team.nobody.call("GET", path, version="2022-04-01").status_code == 404
    root = "/providers/Microsoft.Authorization/permissions"
    assert team.nobody.call("GET", root, version="2022-04-01").json()["value"] == []
    client = roles(team.payer).permissions
    assert [row.actions for row in client.list_for_resource_group("Web")] == [["*"]]
    rows = client.list_for_resource("Web", "Microsoft.Web", "", "sites", "shop")
    assert [row.actions for row in rows] == [["*"]]


def test_there_are_no_deny_assignments_and_no_classic_administrators(team, bought):
    client = roles(team.payer)
    assert list(client.deny_assignments.list()) == []
    assert list(client.deny_assignments.list_for_resource_group("Web")) == []
    scope = order_path(bought[0])
    assert list(roles(team.owner).deny_assignments.list_for_scope(scope)) == []
    refused(
        404, "DenyAssignmentNotFound",
        roles(team.owner).deny_assignments.get, scope, str(uuid.uuid4()),
    )
    assert list(client.classic_administrators.list()) == []


def test_the_actions_of_roles_are_listed_by_provider(team):
    client = roles(team.nobody).provider_operations_metadata
    capacity = client.get("microsoft.capacity")
    listed = {
        operation.name.lower()
        for kind in capacity.resource_types
        for operation in kind.operations
    }
    assert "microsoft.capacity/reservationorders/read" in listed
    assert "Microsoft.Authorization" in {provider.name for provider in client.list()}
    refused(404, "ProviderNotFound", client.get, "Microsoft.Nothing")


@pytest.mark.parametrize("version", ["2015-07-01", "2018-09-01-preview", "2020-04-01-preview"])
def test_earlier_versions_of_the_client_give_and_list(team, somebody, version):
    client = roles(team.owner, version).role_assignments
    asked = wish(READER, oid(somebody))
    if version == "2015-07-01":
        asked = {"properties": {"roleDefinitionId": role_id(READER), "principalId": oid(somebody)}}
    given = client.create(CAPACITY, str(uuid.uuid4()), asked)
    listed = client.list_for_scope(CAPACITY, filter=f"principalId eq '{oid(somebody)}'")
    assert names(listed) == {given.name}
    assert client.delete(CAPACITY, given.name).name == given.name
