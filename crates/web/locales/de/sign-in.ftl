# Die Seiten vor der Anmeldung und das eigene Konto.

sign-in = Anmelden
sign-in-lead = Um Reservierungen zu sehen, was sie heute wert sind, und um sie zurückzugeben oder umzutauschen.
sign-in-signed-out = Sie sind abgemeldet.
sign-in-welcome = Ihr Passwort ist gesetzt. Melden Sie sich damit an.
sign-in-user = Benutzername
sign-in-password = Passwort
sign-in-with = Anmelden mit { $name }
sign-in-or = oder
sign-in-sign-out-there = Auch dort abmelden
sign-in-note = Eine Sitzung endet nach 30 Minuten ohne Benutzung. Kein Passwort mehr? Die Verwaltung Ihres Mandanten sendet Ihnen eine neue Einladung.
sign-in-as-program = Als Programm anmelden
sign-in-no-user = Geben Sie Ihren Benutzernamen ein.
sign-in-no-password = Geben Sie Ihr Passwort ein.
sign-in-wrong = Diesen Namen mit diesem Passwort hat niemand.
sign-in-too-many = { $seconds ->
    [one] Zu viele Versuche schlugen fehl. Warten Sie { $seconds } Sekunde und versuchen Sie es dann noch einmal.
   *[other] Zu viele Versuche schlugen fehl. Warten Sie { $seconds } Sekunden und versuchen Sie es dann noch einmal.
}

code-title = Geben Sie Ihren Code ein
code-lead = Die sechs Ziffern, die Ihre Anwendung jetzt zeigt, oder einer Ihrer Wiederherstellungscodes.
code-label = Code
code-note = Jeder Code wird einmal angenommen.
code-begin-again = Von vorn beginnen
code-none = Geben Sie den Code ein.
code-wrong = Dieser Code ist falsch oder wurde schon benutzt. Warten Sie auf den nächsten.

program-lead = Mit einem Client und seinem Geheimnis, um zu sehen, was das Programm sieht.
program-tenant = Mandantenkennung
program-client = Clientkennung
program-secret = Clientgeheimnis
program-note = Eine Sitzung endet nach 30 Minuten ohne Benutzung.
program-people = Personen melden sich mit ihrem Namen an
program-no-tenant = Geben Sie die Kennung des Mandanten ein.
program-bad-tenant = Geben Sie die Kennung als 32 Ziffern in fünf Gruppen ein, etwa 6f9619ff-8b86-4011-b42d-00c04fc964ff.
program-no-client = Geben Sie die Kennung des Clients ein.
program-no-secret = Geben Sie das Geheimnis des Clients ein.
program-wrong = Kein Client dieses Mandanten hat diese Kennung mit diesem Geheimnis.

tenants-title = Mandanten
tenants-lead = Wo Ihr Konto bekannt ist. Was Sie sehen und dürfen, gilt jeweils für einen Mandanten.
tenants-home = Heimat Ihres Kontos
tenants-guest = Hier sind Sie Gast
tenants-here = Sie sind hier
tenants-go = Weiter in { $name }

provider-not-in = Sie sind nicht angemeldet
provider-begin-again = Beginnen Sie noch einmal auf der Anmeldeseite.
provider-ask = Wenn Sie erwarteten, eingelassen zu werden, fragen Sie die Verwaltung Ihres Mandanten.

invitation-title = Wählen Sie Ihr Passwort
invitation-gone = Diese Einladung wurde schon angenommen oder ist verfallen.
invitation-gone-says = Bitten Sie die Verwaltung Ihres Mandanten um eine neue.
invitation-go-sign-in = Wenn Sie schon ein Passwort gewählt haben, melden Sie sich damit an
invitation-welcome = Willkommen, { $name }.
invitation-as = Sie melden sich an als
invitation-new = Neues Passwort
invitation-hint = Mindestens 12 Zeichen; vier oder fünf Wörter, die nicht zusammengehören, sind gut und leicht zu merken.
invitation-again = Dasselbe noch einmal
invitation-set = Passwort setzen
invitation-differ = Die beiden Passwörter sind nicht gleich.

# Was an einem Passwort falsch sein kann.
password-fault-short = Nehmen Sie mindestens 12 Zeichen. Mehrere Wörter, die nicht zusammengehören, sind leicht zu merken.
password-fault-long = Nehmen Sie höchstens 512 Bytes, das sind etwa 500 Zeichen.
password-fault-common = Dieses Passwort ist unter den ersten, die man versuchen würde. Mehrere Wörter, die nicht zusammengehören, sind besser.
password-fault-old = Das ist nicht Ihr jetziges Passwort.
password-fault-changed = Das wurde inzwischen geändert. Melden Sie sich noch einmal an.
password-fault-other = Dieses Passwort wurde nicht angenommen: { $fault }.

account-other-tenant = Weiter in einem anderen Mandanten
account-asked = Ihr Mandant verlangt einen zweiten Faktor, bevor etwas gekauft, zurückgegeben oder umgetauscht wird. Richten Sie ihn unten ein und melden Sie sich dann damit an.
account-name = Name
account-user-name = Benutzername
account-mail = E-Mail
account-no-mail = Keine
account-password = Passwort
account-password-since = Gesetzt
account-password-says = Wenn Sie es ändern, werden Sie überall sonst abgemeldet.
account-old = Jetziges Passwort
account-new = Neues Passwort, mindestens 12 Zeichen
account-change = Passwort ändern
account-factor = Zweiter Faktor
account-factor-since = Einmalcodes seit
account-codes-left = { $count ->
    [one] { $count } Wiederherstellungscode ist übrig.
   *[other] { $count } Wiederherstellungscodes sind übrig.
}
account-factor-none = Keiner. Mit einem lässt Ihr Passwort allein niemanden ein.
account-proof = Ihr Passwort, damit niemand sonst dies tut
account-new-codes = Neue Wiederherstellungscodes
account-remove = Entfernen
account-enrol = Einmalcodes einrichten
account-sessions = Wo Sie angemeldet sind
account-browser = Browser
account-address = Adresse
account-since = Seit
account-last-used = Zuletzt benutzt
browser-on-system = { $browser } auf { $system }
account-end = Beenden
account-this = Diese hier
account-end-all = Überall sonst abmelden
account-not-told = Nicht angegeben
account-not-known = Nicht bekannt
account-done-password = Ihr Passwort ist geändert. Überall sonst sind Sie abgemeldet.
account-done-ended = Diese Sitzung ist beendet.
account-done-ended-all = Überall sonst sind Sie abgemeldet.
account-done-removed = Ihr zweiter Faktor ist entfernt.

factor-title = Zweiten Faktor einrichten
factor-lead = Lassen Sie eine Anwendung für Einmalcodes dieses Bild lesen, oder tippen Sie die Buchstaben ein.
factor-picture = Die Adresse unten als Bild
factor-letters = Buchstaben zum Eintippen
factor-uri = Adresse
factor-code = Die sechs Ziffern, die sie jetzt zeigt
factor-confirm = Bestätigen
factor-not-now = Jetzt nicht
factor-wrong = Das ist nicht der Code, den die Anwendung jetzt zeigt.

recovery-title = Ihre Wiederherstellungscodes
recovery-lead = Jeder meldet Sie einmal anstelle eines Einmalcodes an. Drucken Sie sie aus, oder bewahren Sie sie dort auf, wo Ihr Telefon nicht ist: sie werden nicht wieder gezeigt.
recovery-done = Fertig
