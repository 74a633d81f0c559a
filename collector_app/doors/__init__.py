"""The one door by which facts of a visit come in: from the form, from a phone, from the desk."""
