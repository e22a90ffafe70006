# Administration: principals, roles, receivers, lists, jobs, issuers.

admin-parts = Parts of the administration
admin-overview = Overview
admin-principals = Principals
admin-roles = Roles
admin-assignments = Role assignments
admin-receivers = Receivers
admin-imports = Imports
admin-jobs = Jobs
admin-issuers = Issuers

# What the overview says of each part.
admin-card-principals = { $people ->
    [one] { $people } person
   *[other] { $people } people
}, { $programs ->
    [one] { $programs } program
   *[other] { $programs } programs
}{ $guests ->
    [0] { "" }
    [one] , { $guests } guest
   *[other] , { $guests } guests
}
admin-card-roles = { $count ->
    [one] role of your own, beside the built-in ones
   *[other] roles of your own, beside the built-in ones
}
admin-card-receivers = { $count ->
    [0] nobody is told of what happens yet
    [one] is told of what happens
   *[other] are told of what happens
}
admin-card-parked-deliveries = { $count ->
    [one] { $count } notification did not arrive
   *[other] { $count } notifications did not arrive
}
admin-card-imports = { $count ->
    [one] import is on record here
   *[other] imports are on record here
}
admin-card-jobs = { $count ->
    [one] job waits for its instant
   *[other] jobs wait for their instant
}
admin-card-parked-jobs = { $count ->
    [one] { $count } job was given up
   *[other] { $count } jobs were given up
}
admin-card-issuers = { $count ->
    [0] only accounts of the desk itself sign in
    [one] issuer is trusted besides the desk
   *[other] issuers are trusted besides the desk
}

# Words that many pages share.
admin-show = Show
admin-save = Save the changes
admin-not-now = Not now
admin-optional = (optional)
admin-none = None
admin-never = Never
admin-not-told = Not told
admin-not-known = Not known
admin-name = Name
admin-kind = Kind
admin-state = State
admin-role = Role
admin-where = Where
admin-since = Since
admin-who = Who
admin-what = What
admin-when = When
admin-by-whom = By
admin-description = Description
admin-address = Address
admin-pages = Pages
admin-previous = Previous page
admin-next = Next page
admin-attempts = { $count ->
    [0] Not tried yet
    [one] Tried once
   *[other] Tried { $count } times
}
admin-done-changed = The changes are saved.

# Principals
admin-search = Name, user name, mail or id
admin-which = Which
admin-which-all = Everybody
admin-which-people = People
admin-which-programs = Programs
admin-which-guests = Guests
admin-principals-total = { $count ->
    [0] Nobody
    [one] { $count } principal
   *[other] { $count } principals
}
admin-no-principals = Nobody fits this search. Look for less of the name, or for everybody.
admin-signs-in-with = Signs in with
admin-kind-person = Person
admin-kind-program = Program
admin-kind-guest = Guest
admin-kind-guest-program = Guest program
admin-kind-gone = Not of this tenant any more
admin-by-home = Its own tenant
admin-by-code = Password and code
admin-by-password = Password
admin-by-issuer = Another issuer
admin-by-secrets = { $count ->
    [0] No secret
    [one] { $count } secret
   *[other] { $count } secrets
}
admin-state-active = Active
admin-state-invited = Invited
admin-state-disabled = Disabled

admin-add-person = Add a person
admin-add-person-lead = They get an invitation, a link with which they choose a password. They have no role until you give them one.
admin-user-name = User name
admin-user-name-hint = What they sign in with, such as anna@contoso.example
admin-display-name = What they are called
admin-mail = Mail
admin-add-and-invite = Add and invite
admin-invited = An invitation for { $name }
admin-invited-lead = Give them this link in a way that only they can read. It lets them choose a password, once. It is shown now and never again.
admin-invitation-link = Link
admin-good-until = Good until
admin-kept-it = I have kept it

admin-added = Added
admin-object-id = Object id
admin-client-id = Client id
admin-home = Home tenant
admin-sign-in = Signing in
admin-password = Password
admin-password-since = Chosen
admin-no-password = Not chosen yet
admin-invited-until = Invitation good until
admin-reset-password = Reset the password
admin-invite-again = Make a new invitation
admin-second-factor = Second factor
admin-second-factor-on = One-time codes are asked for
admin-second-factor-off = None; people set it up themselves, on the page of their account
admin-reset-factor = Reset the second factor
admin-account = Account
admin-account-open = Open
admin-account-closed = Disabled: nobody signs in with it
admin-account-own = Your own; another administrator would have to disable it
admin-account-at = Account at { $issuer }
admin-disable = Disable
admin-enable = Enable
admin-change-person = Name and mail

admin-secrets = Secrets
admin-secret = Secret
admin-no-secrets = This program has no secret, so it cannot sign in. Make one below.
admin-first-secret = From the world document
admin-begins-with = Begins with
admin-made = Made
admin-ends = Ends
admin-used = Last used
admin-secret-ended = ended
admin-secret-ends = ends { $when }
admin-add-secret = Add a secret
admin-secret-for = What it is for
admin-secret-days = Good for how many days
admin-make-secret = Make the secret
admin-remove-secret = Revoke
admin-secret-made = The new secret
admin-secret-made-lead = Put it where the program reads it from. It is shown now and never again; only its hash is kept.
admin-done-secret-removed = The secret is revoked, and every token that was issued for it.

admin-no-roles = No roles: they see nothing of this tenant.
admin-why = Why?
admin-sessions = Where they are signed in
admin-no-sessions = Nowhere at the moment.
admin-browser = Browser
admin-address-from = Address
admin-proof = Proved with
admin-proof-secret = Secret
admin-proof-password = Password
admin-proof-password-and-code = Password and code
admin-proof-issuer = Another issuer
admin-proof-issuer-and-code = Another issuer, with a second factor
admin-end = End
admin-end-all = End all sessions
admin-done-ended = That session is over.
admin-done-ended-all = All sessions and tokens are ended.
admin-done-second-factor = The second factor is taken away, and all sessions are ended.
admin-done-disabled = The account is disabled.
admin-done-enabled = The account is open again.

admin-make-invitation = Reset, and make an invitation
admin-confirm-reset = Reset the password of { $name }?
admin-confirm-reset-password = The present password stops working at once. They choose another with an invitation that you give them.
admin-confirm-reset-factor = Their second factor stays as it is.
admin-confirm-sessions-end = { $count ->
    [0] They are signed in nowhere at the moment.
    [one] Their one session ends.
   *[other] All { $count } of their sessions end.
}
admin-confirm-factor = Take the second factor of { $name } away?
admin-confirm-factor-says = From then on the password alone lets them in, until they set up another one. Do it only when you are sure who asks for it.
admin-confirm-end-all = End all sessions of { $name }?
admin-confirm-end-all-says = Every token that goes back to them ends too. They can sign in again.
admin-confirm-disable = Disable the account of { $name }?
admin-confirm-disable-says = Nobody signs in with it any more, and its tokens end.
admin-confirm-disable-kept = Its roles, and all that was done with it, stay as they are. You can open it again.
admin-confirm-secret = Revoke the secret “{ $name }”?
admin-confirm-secret-says = A program that still uses it cannot sign in any more, and every token that was issued for it ends at once.
admin-confirm-secret-used = It was last used on { $when }.
admin-confirm-secret-unused = It was never used.
admin-confirm-secret-unknown = It is not known when it was last used.

admin-fault-other = This was not taken: { $fault }.
admin-fault-user-name = Enter 3 to 64 letters, digits or signs of . _ - + @, such as anna@contoso.example.
admin-fault-user-name-taken = This user name is taken. Choose another.
admin-fault-display-name = Enter 1 to 128 characters.
admin-fault-mail = Enter an address such as anna@contoso.example, or nothing.
admin-fault-name = Enter 1 to 64 characters.
admin-fault-days = Enter a whole number from 1 to 730.

# Roles and assignments
admin-own-roles = Roles of your own
admin-no-own-roles = None yet. Make one where no built-in role allows just what somebody is to do.
admin-new-role = New role
admin-built-in = Built-in
admin-built-in-roles = Built-in roles
admin-allows = Allows
admin-role-actions = { $count ->
    [one] { $count } pattern
   *[other] { $count } patterns
}
admin-role-lead = What it allows, less what is taken out again, at the places where it is given and below them.
admin-role-in-parts = Its permissions are in several parts, so it is changed with the API and not here.
admin-changed-at = Last changed
admin-actions = Actions
admin-actions-hint = One a line; * stands for anything, such as Microsoft.Capacity/reservationOrders/*
admin-not-actions = Not actions
admin-not-actions-hint = What is taken out of the actions again, one a line
admin-assignable = Can be given at
admin-scopes-hint = Places, one a line, such as /providers/Microsoft.Capacity or /subscriptions/…
admin-make-role = Make the role
admin-delete-role = Delete the role
admin-who-has-it = Who has it
admin-done-role-made = The role is made. It can be given now.
admin-done-role-deleted = The role is deleted.
admin-confirm-role = Delete the role “{ $name }”?
admin-confirm-role-says = This works only while nobody has it, and it cannot be undone.
admin-fault-role-name = Enter a name of 1 to 128 characters.
admin-fault-role-description = Enter at most 1,000 characters.
admin-fault-actions = Enter one action a line, such as Microsoft.Capacity/reservationOrders/read.
admin-fault-no-actions = Enter at least one action.
admin-fault-scopes = Enter one place a line, such as /providers/Microsoft.Capacity.

admin-at = Place
admin-at-hint = Assignments here, above and below; / is the whole tenant
admin-only-role = Only assignments of { $role }.
admin-all-roles = Show all roles
admin-no-assignments = Nobody has a role here.
admin-place-root = The whole tenant
admin-place-capacity = All reservations
admin-place-order = Reservation order
admin-place-reservation = Reservation
admin-place-plan-order = Order of savings plans
admin-place-plan = Savings plan
admin-place-subscription = Subscription
admin-place-management-group = Management group
admin-place-benefits = All savings plans
admin-give-role = Give a role
admin-give-at = It will hold here and below:
admin-to = To whom
admin-to-hint = A name, a client id or an object id of this tenant
admin-choose-role = Choose a role
admin-what-for = What for
admin-remove-role = Take away
admin-done-given = The role is given.
admin-done-removed = The role is taken away.
admin-confirm-remove = Take the role { $role } away from { $name }?
admin-confirm-remove-says = It holds at: { $place }. What it allowed there ends with the next request.
admin-fault-place = This is no place at which roles are given. Enter a path such as /subscriptions/…
admin-fault-no-place = There is no such place, or you may not know of it.
admin-fault-to = Say who gets the role.
admin-fault-role = Choose a role.
admin-fault-nobody = This is nobody of this tenant, or the name of several. Give an object id.

# Receivers and deliveries
admin-receivers-lead = Programs are told by signed webhooks, people by mail, of what happens in this tenant.
admin-no-receivers = Nobody is told yet. Add a webhook or an address of mail.
admin-add-receiver = Add a receiver
admin-channel = By
admin-channel-webhook = Webhook
admin-channel-mail = Mail
admin-told-of = Told of
admin-all-kinds = Everything
admin-some-kinds = { $count ->
    [one] { $count } kind
   *[other] { $count } kinds
}
admin-receiver-active = On
admin-receiver-paused = Off
admin-receiver-gone = Gone
admin-kinds-hint = Tick what to tell of; nothing ticked means everything.
admin-address-hint = A URL that begins with https://, or addresses of mail with commas between
admin-test = Test
admin-test-says = Sends a notification that is about nothing
admin-send-test = Send a test
admin-telling = Telling
admin-telling-on = It is told of what happens
admin-telling-off = It is not told; what happens meanwhile is not told later
admin-switch-on = Switch on
admin-switch-off = Switch off
admin-webhook-secret = Signing secret
admin-webhook-secret-says = Each message is signed with it; a new one signs beside the former one for a day
admin-webhook-secret-made = The signing secret
admin-webhook-secret-lead = The receiver checks each message with it. It is shown now and never again.
admin-rotate = Make a new secret
admin-removal = Removal
admin-removal-says = With all that is on its way to it
admin-remove-receiver = Remove
admin-confirm-rotate = Make a new signing secret for { $name }?
admin-confirm-rotate-says = It is shown once. The former one signs beside it for 24 hours, and then no more.
admin-confirm-receiver = Remove { $name }?
admin-confirm-receiver-says = It is told of nothing any more, and what is on its way to it is dropped. This cannot be undone.
admin-done-receiver-added = The receiver is added.
admin-done-receiver-removed = The receiver is removed.
admin-done-tested = A test is on its way. If it does not arrive it is listed with the receivers, with what went wrong.
admin-done-paused = It is not told any more.
admin-done-active = It is told again.
admin-done-retried = It is tried again now.
admin-fault-url = Enter a URL that begins with https:// and has no name and password in it.
admin-fault-mails = Enter addresses of mail with commas between.
admin-fault-receiver-name = Enter at most 128 characters.
admin-fault-channel = Choose webhook or mail.
admin-fault-kind = One of these cannot be told of.
admin-parked = What did not arrive
admin-parked-lead = These were tried for three days and given up.
admin-nothing-parked = Everything that was to be told has arrived, or is still on its way.
admin-on-the-way = On its way
admin-to-whom = To
admin-happened = Happened
admin-trouble = What went wrong last
admin-retry = Try again
admin-retry-all = Try all again
admin-notice-test = A test
admin-notice-expiring = A reservation is about to end
admin-notice-expired = A reservation has ended
admin-notice-renewed = A reservation was renewed
admin-notice-not-renewed = A renewal failed
admin-notice-payment-failed = A payment failed
admin-notice-request-submitted = A request waits for approval
admin-notice-request-approved = A request was approved
admin-notice-request-rejected = A request was rejected
admin-notice-request-withdrawn = A request was withdrawn
admin-notice-request-stopped = A request was stopped
admin-notice-request-done = A request was carried out
admin-notice-request-failed = A request could not be carried out
admin-notice-request-expiring = A request is about to lapse
admin-notice-request-expired = A request has lapsed
admin-notice-ticket-opened = A support ticket was opened
admin-notice-ticket-answered = A support ticket was answered
admin-notice-ticket-closed = A support ticket was closed
admin-notice-exception-granted = An exception was granted

# Imports
admin-held = What is loaded
admin-list = List
admin-rows = Rows
admin-of-it = Of it
admin-dates = In force from
admin-since-between = { $oldest } to { $newest }
admin-held-prices = Prices in { $currency }
admin-held-ratios = Instance size flexibility ratios
admin-held-sizes = Machine sizes
admin-held-types = { $count ->
    [one] { $count } kind of product
   *[other] { $count } kinds of product
}
admin-held-groups = { $count ->
    [one] { $count } group
   *[other] { $count } groups
}
admin-list-retail-prices = Retail prices (JSON of the Retail Prices API)
admin-list-prices = Prices (CSV of your own)
admin-list-ratios = Instance size flexibility ratios (CSV)
admin-list-sizes = Machine sizes (CSV)
admin-list-utilization = Utilization by days (CSV of daily usage summaries)
admin-usage-tenant = Whose utilization
admin-usage-tenant-hint = For utilization: the id of the tenant that holds the reservations; your own where it is left out
admin-fault-tenant = Enter the id of a tenant, or nothing.
admin-take-in = Take a list in
admin-take-in-now = Take it in
admin-take-in-says = All good rows are taken together or none. Rows that cannot be used are listed with their line and the reason.
admin-since-day = Ratios hold from
admin-since-hint = For ratios, which say no day themselves; today where it is left out
admin-strict = Take nothing if any row is rejected
admin-file = File
admin-file-size = At most { $size } MiB here; larger files are taken in at the command line.
admin-past = The last imports
admin-no-past = Nothing was taken in here yet. What is loaded came with the program, a world document or the command line.
admin-written = New or changed
admin-unchanged = Unchanged
admin-rejected = Rejected
admin-import-taken = Taken
admin-import-partly = Taken in part
admin-import-refused = Refused
admin-import-running = A list is being taken in.
admin-import-look = See how far it is
admin-import-rows = { $count ->
    [0] Reading …
   *[other] { $count } rows read …
}
admin-import-working = This page brings itself up to date. You may leave it; the list is taken in all the same.
admin-look-again = Look again
admin-import-all = Every row was taken
admin-import-some = The good rows were taken
admin-import-nothing = Nothing was taken
admin-import-refused-strict = Rows were rejected, and you asked that nothing is taken then.
admin-import-refused-all-rejected = All rows were rejected.
admin-import-refused-failed = The list could not be written. The operator finds the reason in the log. Try again later.
admin-rejected-rows = Rejected rows
admin-line = Line
admin-field = Field
admin-reason = Reason
admin-import-more = { $count ->
    [one] { $count } more row was rejected.
   *[other] { $count } more rows were rejected.
}
admin-skipped = Passed over
admin-skipped-says = Sound rows that are of no use here.
admin-back-to-imports = All imports
admin-fault-form = The form could not be read. Choose the file again.
admin-fault-list = Choose which list it is.
admin-fault-day = Enter a day such as 2026-03-01, or nothing.
admin-fault-no-file = Choose a file.
admin-fault-file-size = This file is too large here. Take it in at the command line: prorata prices import, ratios import or sizes import.
admin-fault-file-broken = The file did not arrive whole, or is too large here. Choose it again, or take it in at the command line.
admin-fault-other-import = Another list is being taken in. Wait until it is done, then choose the file again.

# Jobs
admin-jobs-lead = What this desk does by itself: payments, notices and ends of orders, approved requests, sweeps.
admin-jobs-parked = { $count ->
    [0] None was given up
    [one] { $count } was given up
   *[other] { $count } were given up
}
admin-jobs-waiting = { $count ->
    [0] None waits
    [one] { $count } waits
   *[other] { $count } wait
}
admin-no-parked-jobs = Every job ran, or will be tried again by itself.
admin-no-jobs = Nothing falls due. Jobs are made when something is bought or requested.
admin-jobs-done-says = A job that was done is gone from here; what it did is in the history of its order and in the audit.
admin-job = Job
admin-due = Due
admin-run-again = Run again
admin-job-parked = Given up
admin-job-running = Running
admin-job-due = Due
admin-job-waiting = Waits
admin-job-of-order-due = What falls due of an order
admin-job-of-charge-instalment = A payment of an order
admin-job-of-expire-order = The end of an order
admin-job-of-savings-plan-due = What falls due of a savings plan
admin-job-of-request-due = A request
admin-job-of-sweep-quotes = Sweeping old quotes
admin-done-job = The job runs again.
admin-done-no-job = It was not given up any more, so there was nothing to do.

# Issuers
admin-issuers-lead = OpenID providers whose accounts and tokens are taken here. The operator of the desk changes them.
admin-no-issuers = None: only accounts of the desk itself sign in. The operator adds one with: prorata issuer add.
admin-issuer-unasked = Not asked yet
admin-issuer-good = Answers
admin-issuer-cached = Did not answer last
admin-issuer-down = Does not answer
admin-issuer-generic = OpenID Connect
admin-issuer-forms = Issuer
admin-issuer-id = Name in links
admin-issuer-shape = Kind
admin-issuer-use = Used for
admin-issuer-for-people = People at the portal, and tokens of programs
admin-issuer-for-programs = Tokens of programs
admin-issuer-provision = First sight makes a principal
admin-provision-none = For nobody
admin-provision-users = For people
admin-provision-all = For people and programs
admin-issuer-role = Needs the role
admin-issuer-audiences = Tokens must be for
admin-issuer-tenants = Speaks for the tenants
