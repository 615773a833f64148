"""The pages: kept in every version, revalidated, served as the last good copy, replayed without a socket."""
