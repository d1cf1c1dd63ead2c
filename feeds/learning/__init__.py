"""What the engine learns from behaviour and tags: factors, versions of them, training."""
