"""Keep the catalogues of other countries short and true: only words that differ and still exist.

Reads translations/messages.pot, which has every word of the screens, and rewrites each
translations/<locale>/LC_MESSAGES/messages.po. A translator copies from the first to the second.
"""

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

TRANSLATIONS = Path(__file__).resolve().parent.parent / "translations"
HEADER = """\
msgid ""
msgstr ""
"Language: {locale}\\n"
"Plural-Forms: nplurals={plurals}; plural={rule};\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


def read(path: Path, locale: str | None = None) -> Catalog:
    """Return a catalogue of a file."""
    with path.open("rb") as file:
        return read_po(file, locale=locale)


def update(path: Path, words: Catalog) -> list[str]:
    """Rewrite a catalogue; return its words that no screen says any more."""
    locale = path.parent.parent.name
    old = read(path, locale)
    kept, gone = Catalog(locale=locale), []
    for message in old:
        if not message.id or not any(message.string or ()):
            continue
        if message.id in words:
            kept.add(message.id, message.string, flags=message.flags)
        else:
            gone.append(str(message.id))
    with path.open("wb") as file:
        header = HEADER.format(locale=locale, plurals=old.num_plurals, rule=old.plural_expr)
        file.write(header.encode())
        write_po(file, kept, omit_header=True, sort_output=True, width=100)
    print(f"{locale}: {len(kept)} of {len(words)} words differ")
    return gone


def main() -> None:
    """Update every catalogue."""
    words = read(TRANSLATIONS / "messages.pot")
    for path in sorted(TRANSLATIONS.glob("*/LC_MESSAGES/messages.po")):
        for word in update(path, words):
            print(f"  gone: {word}")


if __name__ == "__main__":
    main()
