# The pages before one is in, and one's own account.

sign-in = Sign in
sign-in-lead = To see reservations, what they are worth today, and to return or exchange them.
sign-in-signed-out = You are signed out.
sign-in-welcome = Your password is set. Sign in with it.
sign-in-user = User name
sign-in-password = Password
sign-in-with = Sign in with { $name }
sign-in-or = or
sign-in-sign-out-there = Sign out there, too
sign-in-note = A session ends after 30 minutes without use. No password any more? An administrator of your tenant sends you a new invitation.
sign-in-as-program = Sign in as a program
sign-in-no-user = Enter your user name.
sign-in-no-password = Enter your password.
sign-in-wrong = No user has this name and password.
sign-in-too-many = { $seconds ->
    [one] Too many attempts failed. Wait { $seconds } second, then try again.
   *[other] Too many attempts failed. Wait { $seconds } seconds, then try again.
}

code-title = Enter your code
code-lead = The six digits that your application shows now, or one of your recovery codes.
code-label = Code
code-note = Each code is taken once.
code-begin-again = Begin again
code-none = Enter the code.
code-wrong = This code is wrong, or was used before. Wait for the next one.

program-lead = With a client and its secret, to see what the program sees.
program-tenant = Tenant id
program-client = Client id
program-secret = Client secret
program-note = A session ends after 30 minutes without use.
program-people = People sign in with their name
program-no-tenant = Enter the tenant's id.
program-bad-tenant = Enter the id as 32 digits in five groups, such as 6f9619ff-8b86-4011-b42d-00c04fc964ff.
program-no-client = Enter the client's id.
program-no-secret = Enter the client's secret.
program-wrong = No client of this tenant has this id and secret.

tenants-title = Tenants
tenants-lead = Where your account is known. What you see and may do is of one tenant at a time.
tenants-home = Home of your account
tenants-guest = You are a guest here
tenants-here = You are here
tenants-go = Go on in { $name }

provider-not-in = You are not signed in
provider-begin-again = Begin again at the sign-in page.
provider-ask = If you expected to be let in, ask an administrator of your tenant.

invitation-title = Choose your password
invitation-gone = This invitation was taken up, or has lapsed.
invitation-gone-says = Ask an administrator of your tenant for a new one.
invitation-go-sign-in = If you have chosen a password already, sign in with it
invitation-welcome = Welcome, { $name }.
invitation-as = You sign in as
invitation-new = New password
invitation-hint = At least 12 characters; four or five words that do not belong together are good and easy to keep.
invitation-again = The same again
invitation-set = Set the password
invitation-differ = The two passwords are not the same.

# What may be wrong with a password.
password-fault-short = Take at least 12 characters. Several words that do not belong together are easy to keep.
password-fault-long = Take at most 512 bytes, which is some 500 characters.
password-fault-common = This password is among the first that would be tried. Several words that do not belong together are better.
password-fault-old = This is not your present password.
password-fault-changed = This was changed meanwhile. Sign in again.
password-fault-other = This password was not taken: { $fault }.

account-other-tenant = Go on in another tenant
account-asked = Your tenant asks for a second factor before anything is bought, returned or exchanged. Set one up below, then sign in with it.
account-name = Name
account-user-name = User name
account-mail = Mail
account-no-mail = None
account-password = Password
account-password-since = Set
account-password-says = Changing it signs you out everywhere else.
account-old = Present password
account-new = New password, at least 12 characters
account-change = Change the password
account-factor = Second factor
account-factor-since = One-time codes since
account-codes-left = { $count ->
    [one] { $count } recovery code is left.
   *[other] { $count } recovery codes are left.
}
account-factor-none = None. With one, your password alone lets nobody in.
account-proof = Your password, so that nobody else does this
account-new-codes = New recovery codes
account-remove = Take it away
account-enrol = Set up one-time codes
account-sessions = Where you are signed in
account-browser = Browser
account-address = Address
account-since = Since
account-last-used = Last used
browser-on-system = { $browser } on { $system }
account-end = End
account-this = This one
account-end-all = Sign out everywhere else
account-not-told = Not told
account-not-known = Not known
account-done-password = Your password is changed. You are signed out everywhere else.
account-done-ended = That session is over.
account-done-ended-all = You are signed out everywhere else.
account-done-removed = Your second factor is taken away.

factor-title = Set up your second factor
factor-lead = Let an application for one-time codes read this picture, or type the letters in.
factor-picture = The address below as a picture
factor-letters = Letters to type in
factor-uri = Address
factor-code = The six digits that it shows now
factor-confirm = Confirm
factor-not-now = Not now
factor-wrong = This is not the code that the application shows now.

recovery-title = Your recovery codes
recovery-lead = Each signs you in once in the place of a one-time code. Print them, or keep them where your telephone is not: they are not shown again.
recovery-done = Done
