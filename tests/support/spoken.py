"""Which language a browser is spoken to in: one table for the library, the room and the function at the CDN's edges."""

SPOKEN = [
    ("", "", "en"),
    ("es", "", "es"),
    ("ES-mx", "", "es"),
    ("es-MX,es;q=0.9,en;q=0.8", "", "es"),
    ("fr-FR,ar;q=0.5,es;q=0.7", "", "es"),
    ("ar-EG, en;q=0.9", "", "ar"),
    ("ar;q=0.8,es;q=0.8", "", "ar"),
    ("de,fr;q=0.5", "", "en"),
    ("es;q=0,en;q=0.1", "", "en"),
    ("es;q=many", "", "en"),
    ("es;q=", "", "es"),
    ("es;", "", "es"),
    (",;,;q=1", "", "en"),
    ("*", "", "en"),
    ("es", "ar", "ar"),
    ("es", "xx", "es"),
]
"""`Accept-Language`, what was asked for by name, and the answer."""
