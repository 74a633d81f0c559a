"""Days on which a collector does not work: vacation, sickness, training, leave."""
