"""What the hall, its services and counters are called in another language, by the YAML.

A name without a translation stays Vietnamese: nothing is left out because nobody translated it.
"""

from collections.abc import Iterator, Mapping

from hall.runtime.sections import Names, Shared
from hall.wording.glossary import VIETNAMESE, glossary_of


def names_in(config: Shared, lang: str) -> Mapping[str, str]:
    """Vietnamese name to name in `lang`, where there is one."""
    told = {}
    for name, names in _named(config):
        found = _of(names, lang)
        if found is not None:
            told[name] = found
    for counter in config.counters:
        usual = VIETNAMESE.counter.named(counter.id)
        if counter.title == usual:
            told.setdefault(usual, glossary_of(lang).counter.named(counter.id))
    return told


def languages_named(config: Shared) -> frozenset[str]:
    """In which languages the hall has given any name."""
    return frozenset(lang for _, names in _named(config) for lang in names)


def untranslated(config: Shared, lang: str) -> tuple[str, ...]:
    """Names that people who read `lang` are shown in Vietnamese."""
    known = names_in(config, lang)
    return tuple(dict.fromkeys(name for name, _ in _named(config) if name not in known))


def _named(config: Shared) -> Iterator[tuple[str, Names]]:
    yield config.hall.name, config.hall.names
    for service in config.services:
        yield service.name, service.names
        if service.elsewhere is not None:
            yield service.elsewhere.name, service.elsewhere.names
    for counter in config.counters:
        yield counter.title, counter.names
    for priority in config.priorities:
        yield priority.name, _default(priority.name, priority.names)
    for choice in (*config.ratings.questions, *config.ratings.reasons):
        yield choice.name, choice.names
    for field in config.fields:
        yield field.name, field.names


def _default(name: str, names: Names) -> Names:
    """The class that a hall has without writing any down is translated already."""
    if name != VIETNAMESE.priority:
        return names
    return {"en": glossary_of("en").priority, **names}


def _of(names: Names, lang: str) -> str | None:
    return names.get(lang) or names.get(lang.split("-", maxsplit=1)[0])
