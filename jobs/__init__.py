"""One unit of work each: read from the store, call the pure stages, keep the result. Faces call these and no more."""
