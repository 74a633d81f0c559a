"""La ruta del gestor: the web application for field debt collection."""
