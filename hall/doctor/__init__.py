"""What people are told of a hall's parts, in the command and on the page: state, cause, advice."""
