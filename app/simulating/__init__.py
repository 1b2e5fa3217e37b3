"""Who computes simulations? A process of its own, so that no request waits for it.

``workshop`` is the service's side of it; ``python -m app.simulating`` is that process.
"""
