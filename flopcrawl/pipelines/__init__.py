"""What happens to an item, one verb each: normalize, validate, store, derive."""
