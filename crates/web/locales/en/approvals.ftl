# The approval policies: who has to approve what.

approvals-heading = Approval policies
approvals-lead = Who has to approve what, before it is done. Each policy is satisfied for itself; where none speaks, one other person who may do the deed approves what is asked for.
approvals-none = No approval policy is set: nothing has to be asked for first, and one other person who may do it approves what is asked for.
approvals-add = Add a policy
approval-change = Change
approval-heading = Approval policy { $name }
approval-new-heading = New approval policy
approval-required = Has to be asked for
approval-not-required = May also be done without asking
approval-since = In force since { $day }
approval-about-tenant = All deeds of this tenant
approval-about-account = Billing account { $name }
approval-about-customer = Customer { $name }
approval-by = Approved by
approval-life = Waits for
approval-tolerance = May move by
approval-rules = Rules
approval-rules-hint = A rule binds when all that it says holds; of the rules that bind, the one that asks for most counts.
approval-col-kind = Kind
approval-col-from = At stake from
approval-col-asked = Asked for by
approval-col-approvals = Approvals
approval-any-amount = any amount
approval-asked-anyone = anybody
approval-asked-customers = customers { $names }
approval-asked-roles = with the role { $names }
approval-asked-except = not with the role { $names }
approval-approves-itself = none: it approves itself
approval-approvals = { $count ->
    [one] { $count } approval
   *[other] { $count } approvals
}

approval-name = Name
approval-name-hint = Letters, digits, dots, dashes and underscores
approval-scope = About
approval-required-tick = What needs approval cannot be done without asking for it
approval-approver-roles = Roles that approve
approval-approver-people = People who approve
approval-names-hint = With commas between, a name that has a comma in quotes; nobody named means whoever may do the deed
approval-people-hint = Names or object ids, with commas between; a name that has a comma in quotes
approval-life-field = Days for which a request waits
approval-optional = (optional)
approval-life-hint = From 1 to 365; else as the policy book says
approval-tolerance-field = How far its amounts may move
approval-tolerance-hint = Such as 2 % or 50.00 USD; else as the policy book says
approval-rule = Rule { $number }
approval-kinds = Kinds (none ticked means all)
approval-from = From this amount at stake on
approval-from-hint = Such as 500.00 USD
approval-approvals-field = How many have to approve
approval-approvals-hint = 0 lets it pass by itself
approval-customers = Only for these customers
approval-roles = Only asked for with these roles
approval-except = Not asked for with these roles
approval-add-rule = Add a rule
approval-drop-rule = Leave this rule out
approval-more = Customers and roles
approval-save = Save the policy
approval-back = Back to the policies
approval-remove-heading = Remove this policy
approval-remove-confirm = What { $name } asked for needs no approval by it from now on. Requests that wait keep what was asked of them.
approval-remove = Remove
approval-remove-missing = Tick the box to remove it.

approval-fault-name = Enter 1 to 64 letters, digits, dots, dashes or underscores; “four-eyes” and “right” are taken.
approval-fault-taken = There is a policy of this name already. Choose another name, or change that one.
approval-fault-changed = Somebody else changed this policy meanwhile. Go back and look at it first.
approval-fault-life = Enter a number of days from 1 to 365.
approval-fault-tolerance = Enter a percentage such as 2 % or an amount such as 50.00 USD.
approval-fault-people = Nobody of this tenant is called { $name }.
approval-fault-rules = A policy has at least one rule.
approval-fault-from = Enter an amount such as 500.00 USD.
approval-fault-approvals = Enter a number from 0 to 10.
