# Die Seite, auf der alle beginnen: worum man sich kümmern muss, über alles, was man sieht.

home-glance = Auf einen Blick
home-active = Aktive Reservierungen
home-of-customers = { $count ->
    [one] von { $count } Kunden
   *[other] von { $count } Kunden
}
home-commitment = Verpflichtung
home-commitment-means = über ihre ganzen Laufzeiten
home-ending = { $days ->
    [one] Enden binnen { $days } Tages
   *[other] Enden in den nächsten { $days } Tagen
}
home-of-these-renewed = { $count ->
    [0] keine wird verlängert
    [one] { $count } wird verlängert
   *[other] { $count } werden verlängert
}
home-waiting = Wartet auf Sie
home-requests-mean = Anträge zur Entscheidung
home-figures-of = Zahlen vom { $moment }; spätere Änderungen folgen in Sekunden.

home-none-title = Sie sehen noch keine Reservierungen
home-none = Die anderer erscheinen hier, sobald Sie eine Rolle für deren Aufträge haben. Was Sie kaufen, erscheint sofort.
home-none-why = Rollen vergibt die Verwaltung Ihres Mandanten; Ihr Konto sagt, wer Sie dort sind.
home-to-account = Zu Ihrem Konto
home-to-all = Alle ansehen
home-to-customers = Alle Kunden ansehen

home-expiring = Bald zu Ende
home-expiring-none = { $days ->
    [one] Nichts, was Sie sehen, endet binnen { $days } Tages.
   *[other] Nichts, was Sie sehen, endet in den nächsten { $days } Tagen.
}
home-renewal-means = Eine Verlängerung kauft am Tag des Endes dasselbe neu, zu dem Preis, der { $days } vorher festgeschrieben wird. Ohne sie endet der Nachlass an diesem Tag, und was weiterläuft, wird nach Verbrauch berechnet.
home-name = Reservierung
home-ends = Ende
home-then = Danach
home-renewed = Wird verlängert
home-not-renewed = Nicht verlängert

home-rights = Rechte, die bald verfallen
home-rights-left = { $count ->
    [one] Tag
   *[other] Tage
}
home-rights-until = bis zum { $day }
home-rights-means = Was ab diesem Tag gekauft oder verlängert wird, kann nicht mehr umgetauscht werden; das gilt für { $services ->
    [one] { $services } Dienst
   *[other] { $services } Dienste
}. { $last ->
    [0] Vorher gekaufte Einheiten behalten keinen Umtausch.
    [one] Vorher gekaufte Einheiten behalten { $last } letzten Umtausch.
   *[other] Vorher gekaufte Einheiten behalten { $last } letzte Umtausche.
}
home-rights-over = Seit dem { $day } kann nicht mehr umgetauscht werden, was gekauft oder verlängert wird; das gilt für { $services ->
    [one] { $services } Dienst
   *[other] { $services } Dienste
}.
home-rights-no-end = Nach den heutigen Regeln hat der Umtausch kein Ende.
home-rights-services = Welche Dienste
home-rights-rule = Die Regel und ihre Daten
home-rights-ahead = Bis dahin frei umtauschbar, danach einmal
home-rights-last = Haben ihren letzten Umtausch noch
home-rights-used = Haben ihren letzten Umtausch verbraucht
home-rights-gone = Zu spät gekauft oder verlängert
home-reservations = Reservierungen
home-traps = Verlängerungen, die ein Recht kosten
home-traps-means = Ihre Verlängerung ist an, und was sie kauft, ließe sich nicht umtauschen. Tauschen Sie vor dem Tag des Endes um, oder schalten Sie die Verlängerung aus.
home-traps-none = Keine eingeschaltete Verlängerung kostet ein Recht.
home-last-day = Verlängert sich

home-usage = Wenig genutzt
home-usage-below = { $count ->
    [0] Alle { $measured } mit Zahlen waren in ihren letzten sieben Tagen zu mindestens { $share } % ausgelastet.
    [one] { $count } von { $measured } mit Zahlen war in ihren letzten sieben Tagen zu weniger als { $share } % ausgelastet.
   *[other] { $count } von { $measured } mit Zahlen waren in ihren letzten sieben Tagen zu weniger als { $share } % ausgelastet.
}
home-usage-share = Auslastung
home-usage-none = { $days ->
    [one] Vom letzten Tag wurde keine Nutzung geladen, darum lässt sich nichts darüber sagen.
   *[other] Von den letzten { $days } Tagen wurde keine Nutzung geladen, darum lässt sich nichts darüber sagen.
}
home-usage-how = Zahlen nach Tagen kommen mit dem Weltdokument oder aus einer Datei der täglichen Nutzung:

home-caps = Spielraum der Obergrenzen
home-caps-means = Was noch zurückgegeben werden kann, in US-Dollar, bis die Obergrenze von { $cap } je Topf erreicht ist.
home-caps-none = Kein Konto, das Sie sehen, hat eine Obergrenze.
home-caps-whole = { $count ->
    [one] { $count } Topf ist noch unberührt.
   *[other] { $count } Töpfe sind noch unberührt.
}
home-caps-others = { $count ->
    [one] { $count } weiterer Topf ist weniger genutzt.
   *[other] { $count } weitere Töpfe sind weniger genutzt.
}
home-used = Genutzt
home-left = Übrig
home-comes-back = Kommt als Nächstes zurück
home-back = { $amount } am { $day }

home-requests-none = Nichts wartet auf Ihre Entscheidung.
home-request-by = gestellt von { $name }
home-request-until = bis { $day }

home-credits = Guthaben, die ablaufen
home-credits-means = Geld zurück für das, was unter einer beendeten Prepayment-Laufzeit gekauft war. Was bis zum letzten Tag nicht genutzt ist, verfällt.
home-amount = Betrag
home-account = Konto
home-lapses = Letzter Tag
