"""The REST API for other systems: keys with scopes, lists in pages, a description of itself."""
