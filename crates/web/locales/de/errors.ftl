# Was schiefging, was es bedeutet, und was man tun kann. Einzelheiten, die das System auf Englisch
# festhält, bleiben so und sind auf der Seite als Englisch gekennzeichnet.

error-number = Fehler { $status }
error-what-to-do = Was Sie tun können
error-reference = Referenz
error-to-home = Zur ersten Seite
error-to-list = Zur Liste der Reservierungen
error-to-sign-in = Zur Anmeldung

error-malformed = Die Anfrage war nicht lesbar
error-malformed-do = Gehen Sie zurück, berichtigen Sie sie und senden Sie sie noch einmal.
error-unknown = Sie sind nicht angemeldet
error-unknown-do = Melden Sie sich wieder an.
error-denied = Das dürfen Sie nicht
error-denied-what = Ihre Rollen erlauben Ihnen nicht, { $to }; gefragt war nach { $place }.
error-denied-do = Bitten Sie einen Besitzer des Auftrags oder die Verwaltung des Mandanten um eine Rolle, die es erlaubt.
error-second-factor = Ein zweiter Faktor wird verlangt
error-second-factor-what = Ihr Mandant verlangt einen zweiten Faktor, bevor Ihnen erlaubt ist, { $to }.
error-second-factor-set-up = Richten Sie einen auf der Seite Ihres Kontos ein; sie liegt oben hinter Ihrem Namen.
error-second-factor-sign-in = Melden Sie sich ab und mit ihm wieder an.
error-absent = Das gibt es hier nicht
error-absent-what = Das gibt es nicht, oder Sie dürfen es nicht sehen: { $what }.
error-absent-look = Prüfen Sie die Adresse auf Tippfehler.
error-absent-ask = Wenn Sie es erwartet haben, bitten Sie einen Besitzer um eine Rolle darauf.
error-key-reused = Das ist schon geschehen
error-key-reused-what = Schon mit anderem Inhalt verwendet: { $what }. Jetzt wurde nichts getan.
error-key-reused-look = Sehen Sie in der Liste der Reservierungen nach, was getan wurde.
error-key-reused-do = Holen Sie ein neues Angebot ein.
error-too-much = Das ist zu viel auf einmal
error-too-much-do = Teilen Sie es in kleinere Schritte.
error-busy = Im Moment nicht
error-busy-nothing = Es wurde nichts getan.
error-busy-do = Warten Sie einen Moment und senden Sie es noch einmal.
error-rejected = Das geht beim jetzigen Stand nicht
error-rejected-do = Sehen Sie nach, wer dort jetzt Zugriff hat.
error-refused = Das wurde abgelehnt
error-refused-do = Holen Sie ein neues Angebot ein.
error-broken = Bei uns stimmt etwas nicht
error-broken-what = Die Seite ließ sich nicht erstellen. Es wurde nichts geändert.
error-broken-again = Versuchen Sie es gleich noch einmal.
error-broken-tell = Wenn es so bleibt, nennen Sie dem Betreiber die Referenz unten.

error-form-unread = Das Formular war nicht lesbar
error-form-unread-do = Gehen Sie zurück und senden Sie das Formular noch einmal.
error-no-page = Diese Seite gibt es nicht
error-no-page-what = Unter dieser Adresse liegt nichts.
error-no-page-begin = Beginnen Sie bei der ersten Seite.
error-not-allowed = Diese Adresse ist keine Seite
error-not-allowed-what = Sie nimmt an, was ein Formular sendet, oder zeigt eine Seite, aber nicht das Verlangte.
error-not-our-form = Dieses Formular wurde nicht angenommen
error-not-our-form-what = Es brachte das Kennzeichen nicht zurück, das die Seiten dieser Sitzung ihren Formularen geben; darum wurde nichts getan.
error-not-our-form-reload = Gehen Sie zurück, laden Sie die Seite neu und senden Sie das Formular noch einmal.
error-not-our-form-cookies = Hilft das nicht, erlauben Sie Cookies für diese Seite.

kept-signed-out = Sie sind nicht mehr angemeldet
kept-signed-out-what = Ihre Sitzung war schon beendet, als Sie dies sandten; es wurde nichts getan. Was Sie eingegeben haben, steht in dieser Seite bereit: Melden Sie sich an, kehren Sie hierher zurück und senden Sie es noch einmal.
kept-of-earlier = Es stammt aus einer früheren Sitzung; es wurde nichts getan. Was Sie eingegeben haben, steht in dieser Seite bereit. Wenn Sie es noch wollen, senden Sie es noch einmal; was zu bestätigen ist, wird noch einmal gefragt.
kept-sign-in = In einem anderen Fenster anmelden
kept-send = Noch einmal senden

# Was jemand tun will, so wie es auf "ist erlaubt," folgt.
to-read = nachzusehen
to-catalog = den Katalog zu sehen
to-buy = zu kaufen
to-manage = Reservierungen zu ändern
to-renew = zu ändern, was am Ende der Laufzeit geschieht
to-return = Reservierungen zurückzugeben
to-exchange = Reservierungen umzutauschen
to-trade-in = Reservierungen einzutauschen
to-change-directory = Aufträge in einen anderen Mandanten zu verschieben
to-read-savings-plan = Sparpläne anzusehen
to-buy-savings-plan = Sparpläne zu kaufen
to-manage-savings-plan = Sparpläne zu ändern
to-read-assignments = zu sehen, wer welche Rolle hat
to-assign = Rollen zu geben
to-unassign = Rollen zu nehmen
to-read-roles = die Rollen zu sehen
to-define-role = Rollen zu definieren
to-delete-role = Rollen zu löschen
to-read-subscription = Abonnements zu sehen
to-read-management-group = Verwaltungsgruppen zu sehen
to-open-ticket = Supportanfragen zu stellen
to-read-ticket = Supportanfragen zu sehen
to-read-activity = das Aktivitätsprotokoll zu sehen
