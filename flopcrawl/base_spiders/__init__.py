"""One file per shape of source: model hub, leaderboard, article listing, paper index, table."""
