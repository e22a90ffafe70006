# What went wrong, what it means, and what one can do. Details that the desk recorded stay as it has
# them and are marked as English in the page.

error-number = Error { $status }
error-what-to-do = What you can do
error-reference = Reference
error-to-home = To the first page
error-to-list = To the list of reservations
error-to-sign-in = To the sign-in page

error-malformed = The request could not be read
error-malformed-do = Go back, correct it, and send it again.
error-unknown = You are not signed in
error-unknown-do = Sign in again.
error-denied = You may not do this
error-denied-what = Your roles do not allow you { $to } at { $place }.
error-denied-do = Ask an owner of the reservation order, or an administrator of the tenant, for a role that does.
error-second-factor = A second factor is asked for
error-second-factor-what = Your tenant asks for a second factor before you are allowed { $to }.
error-second-factor-set-up = Set one up on the page of your account, which is behind your name above.
error-second-factor-sign-in = Sign out, and sign in with it.
error-absent = This is not there
error-absent-what = There is no { $what } that you may see.
error-absent-look = Check the address for a typing error.
error-absent-ask = If you expected to see it, ask an owner for a role on it.
error-key-reused = This was done already
error-key-reused-what = { $what } was used before with other content; nothing was done now.
error-key-reused-look = Look at the list of reservations for what was done.
error-key-reused-do = Ask for a new quote.
error-too-much = This is too much at once
error-too-much-do = Do it in smaller parts.
error-busy = Not now
error-busy-nothing = Nothing was done.
error-busy-do = Wait a moment, and send it again.
error-rejected = This cannot be done as things are
error-rejected-do = Look at who has access there now.
error-refused = This was refused
error-refused-do = Ask for a new quote.
error-broken = Something is wrong on our side
error-broken-what = The page could not be made. Nothing was changed.
error-broken-again = Try again in a moment.
error-broken-tell = If it stays like this, tell the operator the reference below.

error-form-unread = The form could not be read
error-form-unread-do = Go back, and send the form again.
error-no-page = There is no such page
error-no-page-what = Nothing is kept at this address.
error-no-page-begin = Begin at the first page.
error-not-allowed = This address is not a page
error-not-allowed-what = It takes what a form sends, or shows a page, but not what was asked.
error-not-our-form = This form was not accepted
error-not-our-form-what = It did not bring back the token that this session’s pages give to their forms, so nothing was done.
error-not-our-form-reload = Go back, reload the page, and send the form again.
error-not-our-form-cookies = If that does not help, allow cookies for this site.

kept-signed-out = You are not signed in any more
kept-signed-out-what = Your session had ended before this was sent, so nothing was done. What you entered is kept in this page: sign in, come back here, and send it again.
kept-of-earlier = It is of an earlier session, so nothing was done. What you entered is kept in this page. If it is what you still want, send it again; what has to be confirmed is asked once more.
kept-sign-in = Sign in, in another window
kept-send = Send it again

# What somebody wants to do, as it follows "is allowed".
to-read = to look
to-catalog = to see the catalog
to-buy = to buy
to-manage = to change reservations
to-renew = to change what happens at the end of the term
to-return = to return reservations
to-exchange = to exchange reservations
to-trade-in = to trade reservations in
to-change-directory = to move orders to another tenant
to-read-savings-plan = to look at savings plans
to-buy-savings-plan = to buy savings plans
to-manage-savings-plan = to change savings plans
to-read-assignments = to see who has which role
to-assign = to give roles
to-unassign = to take roles away
to-read-roles = to see the roles
to-define-role = to define roles
to-delete-role = to delete roles
to-read-subscription = to see subscriptions
to-read-management-group = to see management groups
to-open-ticket = to open support requests
to-read-ticket = to see support requests
to-read-activity = to see the activity log
