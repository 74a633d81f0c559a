"""Ciudad: the street pack in use, its base map and the commands that build it."""
