"""Finding people by part of a name or reference, whatever the letters' case and accents."""

import unicodedata


def folded(text: str) -> str:
    """`text` as it is compared: small letters, no accents, single spaces."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(letter for letter in letters if not unicodedata.combining(letter)).split())
