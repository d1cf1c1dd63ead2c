"""Experiments: engine settings tried on a part of the readers, authors or notes, and measured."""
