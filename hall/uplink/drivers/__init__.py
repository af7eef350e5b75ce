"""Ways to the province, one file a driver, told apart by how `url` is written."""
