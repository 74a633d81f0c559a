"""Problems, plans, places and zones as JSON; ``docs/routing.md`` documents the formats."""
