"""HTTP: who may call, what comes in, what goes out."""
