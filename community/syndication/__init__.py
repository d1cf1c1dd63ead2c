"""What leaves the community for machines of others: news, maps, teasers, embedded cards."""
