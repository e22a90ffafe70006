# Der Umtausch in seinen drei Schritten.

exchange-search = Katalog durchsuchen
exchange-not-into = Eine Reservierung vom Typ { $from } darf nicht dazu werden
